"""The OME-TIFF that a pyramid is: every level by brute force, as other readers see it."""

import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import poolcli
from poolcli import max_pool
from tests.commands import Run
from tests.jobs.chunks.stores import planes
from tests.jobs.pyramids.brute import METHODS, level_of_some, some
from tests.oracle import Array

tifffile = pytest.importorskip("tifffile", reason="the extra [tiff] is not installed")
pytest.importorskip("imagecodecs", reason="the extra [tiff] is not installed")


def levels(path: str | Path) -> tuple[str, list[Array]]:
    """Axes, and all levels, as tifffile reads them."""
    with tifffile.TiffFile(path) as tif:
        (series,) = tif.series
        assert tif.is_bigtiff
        assert [level.keyframe.is_reduced for level in series.levels[1:]] == [True] * (
            len(series.levels) - 1
        )
        return series.axes, [level.asarray() for level in series.levels]


@pytest.mark.usefixtures("small_blocks")
@pytest.mark.parametrize("dtype", ["u1", "i2", "u4", "f4"])
@pytest.mark.parametrize("name", METHODS)
def test_every_level_equals_windows_of_level_0(run: Run, here: Path, name: str, dtype: str) -> None:
    np.save("in.npy", some(dtype))
    words = ("in.npy", "out.ome.tif", "--min-size", 2, "--chunk", 16, "-j", 2)
    done = run("pyramid", name, *words)
    line = "out.ome.tif: 6 levels, 2×37×53 → … → 2×2×2\n"
    assert (done.code, done.out, done.err) == (0, line, "")
    axes, found = levels("out.ome.tif")
    assert (axes, len(found)) == ("CYX", 6)
    assert sorted(path.name for path in here.iterdir()) == ["in.npy", "out.ome.tif"]
    np.testing.assert_array_equal(found[0], some(dtype))
    for number in range(1, 6):
        wanted = level_of_some(name, dtype, 2**number)
        exact = not (name == "avg" and dtype == "f4")
        np.testing.assert_allclose(found[number], wanted, rtol=0 if exact else 1e-5, atol=1e-6)


@pytest.mark.parametrize(
    ("dtype", "ome"),
    [(one, True) for one in ("i1", "u2", "i4", "f8", ">u2")]
    + [(one, False) for one in ("u8", "i8", "f2")],
)
def test_every_dtype(run: Run, dtype: str, ome: bool) -> None:
    x = (planes((3, 37, 53)) % 120).astype(dtype)
    np.save("in.npy", x)
    words = ("--levels", 3, "--chunk", 16)
    done = run("pyramid", "median", "in.npy", "out.ome.tif", *words)
    if not ome:
        assert "which OME-XML has no type for; name a .tif or an .ome.zarr" in done.failure
        done = run("pyramid", "median", "in.npy", "out.tif", *words)
    assert done.code == 0, done.err
    axes, found = levels("out.ome.tif" if ome else "out.tif")
    assert (axes, found[2].dtype) == ("CYX", np.dtype(dtype).newbyteorder("="))
    np.testing.assert_array_equal(found[2], poolcli.median_pool(x, 4, ceil_mode=True))


def test_booleans_are_zeros_and_ones(run: Run) -> None:
    np.save("in.npy", planes((37, 53)) % 2 > 0)
    done = run("pyramid", "mode", "in.npy", "out.ome.tif", "--levels", 2)
    assert done.err == "poolcli: note: in.npy: booleans are stored as 0 and 1\n"
    wanted = poolcli.mode_pool((planes((37, 53)) % 2).astype("u1"), 2, ceil_mode=True)
    np.testing.assert_array_equal(levels("out.ome.tif")[1][1], wanted)


@pytest.mark.parametrize("axes", ["yx", "cyx", "zyx", "tcyx", "tczyx", "ctzyx", "yxc"])
def test_axes_and_readers(run: Run, here: Path, axes: str) -> None:
    lengths = {"t": 2, "c": 3, "z": 4, "y": 37, "x": 53}
    x = planes(tuple(lengths[axis] for axis in axes), "u1")
    np.save("in.npy", x)
    words = ("--axes", axes, "--levels", 3, "--chunk", 16)
    assert run("pyramid", "max", "in.npy", "out.ome.tif", *words).code == 0
    told, found = levels("out.ome.tif")
    assert told == axes.upper().replace("YXC", "YXS")
    where = (axes.index("y"), axes.index("x"))
    for number in range(3):
        wanted = max_pool(x, 2**number, axes=where, ceil_mode=True)
        np.testing.assert_array_equal(found[number], wanted)
    _check_by_vips(here / "out.ome.tif", found)  # libvips keeps what it read of a name
    _check_by_ome_types("out.ome.tif", {axis: lengths[axis] for axis in axes})


def _check_by_vips(path: Path, found: list[Array]) -> None:
    try:
        import pyvips  # type: ignore[import-untyped]
    except (ImportError, OSError):
        return
    shape = found[0].shape[-2:] if found[0].shape[-1] != 3 else found[0].shape[-3:]
    pages = found[0].size // int(np.prod(shape))
    for page in range(pages):
        for number, level in enumerate(found[1:]):
            image = pyvips.Image.new_from_file(path, page=page, subifd=number)
            wanted = level.reshape(pages, *level.shape[-len(shape) :])[page]
            np.testing.assert_array_equal(image.numpy(), wanted)


def _check_by_ome_types(path: str, lengths: dict[str, int]) -> None:
    ome_types = pytest.importorskip("ome_types", reason="ome-types is not installed")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        (image,) = ome_types.from_tiff(path).images
    told = {axis: getattr(image.pixels, f"size_{axis}") for axis in "tczyx"}
    assert told == {axis: lengths.get(axis, 1) for axis in "tczyx"}


def test_colours_profile_and_resolution_of_a_picture(run: Run, source: Path) -> None:
    with Image.open(source) as image:
        x = np.asarray(image)
        image.save("in.png", icc_profile=b"profile" * 9, dpi=(300, 300))
    assert run("pyramid", "avg", "in.png", "out.ome.tif", "--levels", 3).code == 0
    axes, found = levels("out.ome.tif")
    assert axes == "YXS"
    np.testing.assert_array_equal(found[0], x)
    wanted = poolcli.avg_pool(x, 4, axes=(0, 1), ceil_mode=True)
    np.testing.assert_array_equal(found[2], wanted)
    with tifffile.TiffFile("out.ome.tif") as tif:
        page = tif.pages.first
        assert (page.photometric, page.tags[34675].value) == (2, b"profile" * 9)
        assert page.get_resolution(2) == pytest.approx((300, 300), rel=1e-3)


OPTIONS: list[tuple[dict[str, Any], bool]] = [
    ({"compression": "zstd", "predictor": True, "tile": (32, 48)}, True),
    ({"compression": "lzw", "tile": (32, 32)}, True),
    ({"tile": (64, 64), "bigtiff": True}, True),
    ({"compression": "deflate", "tile": (80, 32)}, False),  # not in whole boxes
    ({"compression": "deflate", "rowsperstrip": 16}, False),
    ({"tile": (32, 32), "byteorder": ">"}, False),
]


@pytest.mark.parametrize(("options", "copied"), OPTIONS)
@pytest.mark.parametrize("rgb", [False, True])
def test_tiles_of_a_source_are_copied(
    run: Run, options: dict[str, Any], copied: bool, rgb: bool
) -> None:
    x = planes((301, 267, 3) if rgb else (2, 301, 267))
    photometric = "rgb" if rgb else "minisblack"
    tifffile.imwrite("in.ome.tif", x, photometric=photometric, **options)
    words = ("--chunk", 96, "--levels", 3)
    assert run("pyramid", "median", "in.ome.tif", "out.ome.tif", *words).code == 0
    axes, found = levels("out.ome.tif")
    assert axes == ("YXS" if rgb else "CYX")
    np.testing.assert_array_equal(found[0], x)
    where = (0, 1) if rgb else (1, 2)
    wanted = poolcli.median_pool(x, 4, axes=where, ceil_mode=True)
    np.testing.assert_array_equal(found[2], wanted)
    with tifffile.TiffFile("in.ome.tif") as old, tifffile.TiffFile("out.ome.tif") as new:
        for before, after in zip(old.pages, new.pages, strict=True):
            assert (segments(old, before) == segments(new, after)) == copied


def segments(tif: Any, page: Any) -> list[bytes]:
    """Every segment of a page as it is stored."""
    found = []
    for offset, size in zip(page.dataoffsets, page.databytecounts, strict=True):
        tif.filehandle.seek(offset)
        found.append(tif.filehandle.read(size))
    return found


def test_metadata_of_an_ome_tiff_are_kept(run: Run) -> None:
    told = {
        "axes": "TZYX",
        "PhysicalSizeX": 0.5,
        "PhysicalSizeXUnit": "nm",
        "TimeIncrement": 3.0,
        "Channel": {"Name": "DAPI"},
    }
    x = planes((2, 3, 70, 50))
    options = {"photometric": "minisblack", "tile": (32, 32), "metadata": told}
    tifffile.imwrite("in.ome.tif", x, **options)
    assert run("pyramid", "max", "in.ome.tif", "out.ome.tif", "--levels", 2).code == 0
    axes, found = levels("out.ome.tif")
    assert axes == "TZYX"
    np.testing.assert_array_equal(found[1], max_pool(x, 2, ceil_mode=True))
    with tifffile.TiffFile("out.ome.tif") as tif:
        text = tif.ome_metadata
    for word in ('Name="DAPI"', 'PhysicalSizeX="0.5"', 'TimeIncrement="3.0"', 'SizeX="50"'):
        assert word in text


def test_what_a_tiff_does_not_have_is_told(run: Run, here: Path) -> None:
    np.save("in.npy", planes())
    (here / "folder.tif").mkdir()
    np.save("deep.npy", planes((4, 3, 19, 19)))
    cells: list[tuple[list[Any], str]] = [
        (["in.npy", "a.ome.tif", "--shards", 512], "a.ome.tif: is a TIFF, which has no shards"),
        (["in.npy", "a.tif", "--chunk", 100], "use a --chunk that is a multiple of 16"),
        (["in.npy", "folder.tif"], "folder.tif: exists and is not a file"),
        (["in.npy", "in.npy"], "in.npy: is not the name of a pyramid"),
        (
            ["deep.npy", "a.tif", "--axes", "zcyx", "-k", "2x2x2"],
            "whose levels have all planes of level 0: axis z stays as it is; use -k FxF",
        ),
    ]
    for words, said in cells:
        done = run("pyramid", "max", *words)
        assert (done.code, said in done.failure) == (1, True), done.err
    assert not [path for path in here.iterdir() if path.name.startswith(("a.", "."))]


def test_without_the_extra_its_name_is_told(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    np.save("in.npy", planes())
    monkeypatch.setattr("poolcli.media.volumes.tiff_output.is_installed", lambda: False)
    done = run("pyramid", "max", "in.npy", "a.ome.tif")
    wanted = "a.ome.tif: is a TIFF in tiles, which needs an extra; pip install '.[tiff]'"
    assert done.failure == wanted
