"""Pyramids of one image by every tool that is installed, each as its own manual says.

A maker is given the operation, a picture (H, W) uint8, a folder and the number of levels above the
picture, and returns the last level with where it says it lies; it raises `NotOfferedError` for an
operation that its tool does not have.
"""

from collections.abc import Callable, Mapping
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple, TypeAlias

import numpy as np

from tests.bench.programs.children import poolcli, run
from tests.oracle import Array

__all__ = ["MAKERS", "Made", "NotOfferedError", "installed"]

_TILE = 64


class NotOfferedError(Exception):
    """The tool has no such operation."""


class Made(NamedTuple):
    """The last level.

    Attributes
    ----------
    values : (H, W) ndarray
    scale, translation : float, optional
        Of its rows, in rows of the picture; None where the tool's format tells none.
    """

    values: Array
    scale: float | None = None
    translation: float | None = None


Maker: TypeAlias = Callable[[str, Array, Path, int], Made]


def _lookup(names: Mapping[str, str], operation: str) -> str:
    if operation not in names:
        raise NotOfferedError
    return names[operation]


def _by_poolcli(operation: str, picture: Array, folder: Path, above: int) -> Made:
    source, made = folder / "in.npy", folder / "out.ome.zarr"
    np.save(source, picture)
    words = ("--levels", str(above + 1), "--chunk", str(_TILE))
    usage = run(poolcli("poolcli", "pyramid", operation, source, made, *words))
    if usage.error:
        raise RuntimeError(usage.error)
    return _last_of_zarr(made, above)


def _last_of_zarr(path: Path, above: int) -> Made:
    zarr = import_module("zarr")
    group = zarr.open_group(str(path), mode="r")
    attributes = dict(group.attrs)
    described = attributes.get("ome", attributes)["multiscales"][0]["datasets"][above]
    told: dict[str, float | None] = {"scale": None, "translation": None}
    for one in described["coordinateTransformations"]:
        told[one["type"]] = float(one[one["type"]][-2])
    values = np.asarray(group[described["path"]])
    return Made(values.reshape(values.shape[-2:]), told["scale"], told["translation"])


def _by_libvips(operation: str, picture: Array, folder: Path, above: int) -> Made:
    names = {name: name for name in ("max", "min", "median", "mode")} | {"avg": "mean"}
    vips, tifffile = import_module("pyvips"), import_module("tifffile")
    image = vips.Image.new_from_array(np.ascontiguousarray(picture))
    options = {"tile_width": _TILE, "tile_height": _TILE, "depth": "onepixel"}
    shrink = _lookup(names, operation)
    path = str(folder / "out.tif")
    image.tiffsave(path, tile=True, pyramid=True, subifd=True, region_shrink=shrink, **options)
    with tifffile.TiffFile(path) as tif:
        return Made(tif.series[0].levels[above].asarray())


def _by_ome_zarr_pyramid(operation: str, picture: Array, folder: Path, above: int) -> Made:
    names = {name: name for name in ("max", "min", "median", "mode")} | {"avg": "mean"}
    library = import_module("ome_zarr_pyramid")
    base = library.Pyramid().from_arrays(
        [picture], axis_order="yx", unit_list=["pixel"] * 2, scales=[[1, 1]], version="0.5"
    )
    method = _lookup(names, operation)
    made = base.downscale(n_layers=above + 1, scale_factor=(2, 2), downscale_method=method)
    path = folder / "out.ome.zarr"
    library.io.write_pyramid(made, str(path), overwrite=True)
    return _last_of_zarr(path, above)


def _by_ome_zarr_py(operation: str, picture: Array, folder: Path, above: int) -> Made:
    writer, scale = import_module("ome_zarr.writer"), import_module("ome_zarr.scale")
    method = scale.Methods(_lookup({"avg": "local_mean"}, operation))
    path = folder / "out.ome.zarr"
    group = import_module("zarr").open_group(str(path), mode="w")
    factors = [2**number for number in range(1, above + 1)]
    writer.write_image(picture, group, scale_factors=factors, method=method, axes="yx")
    return _last_of_zarr(path, above)


def _by_ngff_zarr(operation: str, picture: Array, _folder: Path, above: int) -> Made:
    names = {"avg": "itkwasm_bin_shrink", "mode": "itkwasm_label_image"}
    library = import_module("ngff_zarr")
    method = library.Methods(_lookup(names, operation))
    image = library.to_ngff_image(picture, dims=["y", "x"])
    factors = [2**number for number in range(1, above + 1)]
    last = library.to_multiscales(image, factors, method=method, chunks=_TILE).images[above]
    return Made(np.asarray(last.data), last.scale["y"], last.translation["y"])


def _by_tinybrain(operation: str, picture: Array, _folder: Path, above: int) -> Made:
    names = {
        "avg": "downsample_with_averaging",
        "max": "downsample_with_max_pooling",
        "mode": "downsample_segmentation",
    }
    make = getattr(import_module("tinybrain"), _lookup(names, operation))
    volume = np.asfortranarray(picture[:, :, None])
    levels = make(volume, (2, 2, 1), num_mips=above)
    return Made(np.asarray(levels[above - 1])[:, :, 0])


MAKERS: dict[str, tuple[tuple[str, ...], Maker]] = {
    "poolcli": (("zarr",), _by_poolcli),
    "libvips": (("pyvips", "tifffile"), _by_libvips),
    "ome-zarr-pyramid": (("ome_zarr_pyramid",), _by_ome_zarr_pyramid),
    "ome-zarr-py": (("ome_zarr",), _by_ome_zarr_py),
    "ngff-zarr": (("ngff_zarr",), _by_ngff_zarr),
    "tinybrain": (("tinybrain",), _by_tinybrain),
}
"""The packages that each tool needs, and its maker."""


def installed(name: str) -> bool:
    """Tell whether a tool can be run."""
    return all(find_spec(package) is not None for package in MAKERS[name][0])
