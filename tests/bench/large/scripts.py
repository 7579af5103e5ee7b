"""The scripts that people write for large images: ``scripts.py PEER OPERATION SOURCE DEST``.

OPERATION is that of a pyramid to make, or ``pool`` for the maximum of 2×2 windows.
"""

import sys
from importlib import import_module
from math import ceil, log2
from typing import Any

SMALLEST = 256


def libvips(operation: str, source: str, destination: str) -> None:
    lib = import_module("pyvips")
    image = lib.Image.new_from_file(source, access="sequential")
    tiled = {"tile": True, "tile_width": 512, "tile_height": 512, "bigtiff": True}
    packed = {"compression": "deflate", "predictor": "horizontal"}
    if operation == "pool":
        ranked = image.rank(2, 2, 3).crop(1, 1, image.width - 1, image.height - 1)
        even = ranked.embed(0, 0, image.width // 2 * 2, image.height // 2 * 2)
        even.subsample(2, 2).tiffsave(destination, **tiled, **packed)
        return
    shrink = {"avg": "mean"}.get(operation, operation)
    pyramid = {"pyramid": True, "subifd": True, "region_shrink": shrink}
    image.tiffsave(destination, **tiled, **packed, **pyramid)


def ome_zarr_pyramid(operation: str, source: str, destination: str) -> None:
    lib = import_module("ome_zarr_pyramid")
    base = lib.io.read_pyramid(source)
    levels = 1 + max(0, ceil(log2(max(base.base_array.shape) / SMALLEST)))
    method = {"avg": "mean"}.get(operation, operation)
    made = base.downscale(n_layers=levels, scale_factor=(1, 2, 2), downscale_method=method)
    lib.io.write_pyramid(made, destination, overwrite=True)


def dask(_operation: str, source: str, destination: str) -> None:
    np, array = import_module("numpy"), import_module("dask.array")
    tifffile, zarr = import_module("tifffile"), import_module("zarr")
    with tifffile.TiffFile(source) as tif:
        store: Any = zarr.open_array(tif.pages[0].aszarr(), mode="r")
        whole = array.from_array(store, chunks=(2048, 2048, 3))
        pooled = array.coarsen(np.max, whole, {0: 2, 1: 2}, trim_excess=True).compute()
    options = {"tile": (512, 512), "compression": "zlib", "predictor": True}
    tifffile.imwrite(destination, pooled, photometric="rgb", **options)


PEERS = {"libvips": libvips, "ome-zarr-pyramid": ome_zarr_pyramid, "dask": dask}


def main(peer: str, operation: str, source: str, destination: str) -> None:
    PEERS[peer](operation, source, destination)


if __name__ == "__main__":
    main(*sys.argv[1:])
