"""TIFFs of every kind pooled into TIFFs, read back by another library than wrote them."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from poolcli.jobs import perform
from tests import oracle
from tests.commands import Run
from tests.oracle import Array
from tests.pictures import noise

tifffile = pytest.importorskip("tifffile", reason="the extra [tiff] is not installed")
imagecodecs = pytest.importorskip("imagecodecs", reason="the extra [tiff] is not installed")

HIGH, WIDE = 41, 54


def by_libtiff(name: str) -> Array:
    """All pages of a TIFF as libtiff decodes them, in the machine's byte order."""
    values: Array = imagecodecs.tiff_decode(Path(name).read_bytes(), index=None)
    return values.astype(values.dtype.newbyteorder("="))


def values_of(dtype: str, shape: tuple[int, ...]) -> Array:
    if np.dtype(dtype).kind == "f":
        return np.random.default_rng(5).normal(size=shape).astype(dtype)
    return noise(shape, dtype)


def largest(x: Array, axes: tuple[int, int]) -> Array:
    pooled: Array = oracle.pool(x, axes, 3, 2, 1, 1, False, reduce=np.max)
    return pooled.astype(x.dtype)


WINDOW = ("-k", 3, "-s", 2, "-p", 1)

DTYPES = ["u1", "u2", "u4", "u8", "i1", "i2", "i4", "i8", "f2", "f4", "f8"]


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("channels", [1, 2, 3, 5])
def test_every_dtype_and_number_of_channels(run: Run, dtype: str, channels: int) -> None:
    x = values_of(dtype, (HIGH, WIDE, channels))
    planar = "contig" if channels > 1 else None
    stored = x if channels > 1 else x[..., 0]
    tifffile.imwrite("a.tif", stored, photometric=1, planarconfig=planar, metadata=None)
    assert run("max", "a.tif", "b.tif", *WINDOW).code == 0
    got = tifffile.imread("b.tif")
    np.testing.assert_array_equal(got, largest(x, (0, 1)).reshape(got.shape))
    assert got.dtype == x.dtype


LAYOUTS: dict[str, dict[str, Any]] = {
    "strips": {"rowsperstrip": 7},
    "tiles": {"tile": (16, 32)},
    "planar tiles": {"planarconfig": "separate", "tile": (16, 16)},
    "planar strips": {"planarconfig": "separate", "rowsperstrip": 5},
    "BigTIFF, big-endian": {"bigtiff": True, "byteorder": ">"},
}
CODINGS: dict[str, dict[str, Any]] = {
    "plain": {},
    "lzw": {"compression": "lzw"},
    "lzw, predictor": {"compression": "lzw", "predictor": True},
    "deflate, predictor": {"compression": "zlib", "predictor": True},
    "zstd, predictor": {"compression": "zstd", "predictor": True},
    "packbits": {"compression": "packbits"},
    "lzma": {"compression": "lzma"},
    "lossless WebP": {"compression": "webp", "compressionargs": {"lossless": True}},
    "JPEG 2000": {"compression": "jpeg2000", "compressionargs": {"reversible": True}},
}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("coding", CODINGS)
def test_every_layout_and_compression(run: Run, layout: str, coding: str) -> None:
    dtype = "u1" if coding in ("lossless WebP", "packbits", "JPEG 2000") else "u2"
    x, how = noise((HIGH, WIDE, 3), dtype), {**LAYOUTS[layout], **CODINGS[coding]}
    planar = how.get("planarconfig") == "separate"
    if planar and coding == "lossless WebP":
        how["planarconfig"], planar = "contig", False  # WebP holds whole pixels alone
    stored = np.moveaxis(x, -1, 0) if planar else x
    tifffile.imwrite("a.tif", stored, photometric="rgb", metadata=None, **how)
    assert run("max", "a.tif", "b.tif", *WINDOW).code == 0
    got = by_libtiff("b.tif")
    got = np.moveaxis(got, 0, -1) if got.shape[0] == 3 else got
    np.testing.assert_array_equal(got, largest(x, (0, 1)))


@pytest.mark.parametrize("dtype", ["f2", "f4", "f8"])
def test_predictors_of_floats(run: Run, dtype: str) -> None:
    x = values_of(dtype, (HIGH, WIDE, 2))
    tifffile.imwrite("a.tif", x, metadata=None, tile=(16, 16), compression="zlib", predictor=3,
                     photometric=1, planarconfig="contig")  # fmt: skip
    assert run("max", "a.tif", "b.tif", *WINDOW).code == 0
    with tifffile.TiffFile("b.tif") as tif:
        assert tif.pages[0].predictor == 3
        np.testing.assert_array_equal(tif.pages[0].asarray(), largest(x, (0, 1)))


def test_large_results_are_tiled_and_their_tiles_fit_at_the_edges(run: Run) -> None:
    x = noise((1100, 1300, 3))
    tifffile.imwrite("a.tif", x, photometric="rgb", compression="zlib", predictor=2, metadata=None,
                     tile=(64, 64), extratags=[(42113, "s", 0, "0", True)])  # fmt: skip
    assert run("max", "a.tif", "b.tif", "-k", 2, "-s", 1).code == 0
    with tifffile.TiffFile("b.tif") as tif:
        page = tif.pages[0]
        assert (page.tile, page.compression, page.predictor) == ((512, 512), 8, 2)
    want = np.maximum(np.maximum(x[:-1, :-1], x[1:, :-1]), np.maximum(x[:-1, 1:], x[1:, 1:]))
    np.testing.assert_array_equal(by_libtiff("b.tif"), want)


@pytest.mark.parametrize("operation", ["max", "min", "avg", "median", "mode", "gem"])
@pytest.mark.parametrize("samples", ["planar", "rgba", "la"])
def test_alpha_and_planes_in_boxes_as_in_one(
    run: Run, monkeypatch: pytest.MonkeyPatch, operation: str, samples: str
) -> None:
    from poolcli.media.tiff import encoding
    from poolcli.media.tiff import reader as tiff_reader

    channels = {"planar": 3, "rgba": 4, "la": 2}[samples]
    x = noise((HIGH, WIDE, channels)) // 64 * 64
    how: dict[str, Any] = {"photometric": "rgb" if channels > 2 else 1, "planarconfig": "contig"}
    if samples == "planar":
        x, how["planarconfig"] = np.moveaxis(x, -1, 0), "separate"
    else:
        how["extrasamples"] = ["unassalpha"]
    tifffile.imwrite("a.tif", x, metadata=None, tile=(16, 16), **how)
    assert run(operation, "a.tif", "whole.npy", *WINDOW).code == 0
    monkeypatch.setattr(tiff_reader, "_LARGE", 0)
    monkeypatch.setattr(encoding, "_TILE", 16)
    assert run(operation, "a.tif", "b.tif", *WINDOW).code == 0
    with tifffile.TiffFile("b.tif") as tif:
        assert tif.pages[0].tile == (16, 16)
        got = tif.pages[0].asarray()
    got = got if samples == "planar" and operation != "mode" else np.moveaxis(got, -1, 0)
    np.testing.assert_array_equal(got, np.load("whole.npy"))


def test_a_palette_is_kept_by_mode_and_expanded_by_others(run: Run) -> None:
    tags = [(33550, "d", 3, (1, 1, 0), True)]
    x, colours = noise((HIGH, WIDE)), noise((3, 256), "u2")
    tifffile.imwrite("a.tif", x, photometric="palette", colormap=colours, metadata=None,
                     extratags=tags)  # fmt: skip
    assert run("mode", "a.tif", "b.tif", "-k", 1).code == 0
    with tifffile.TiffFile("b.tif") as tif:
        np.testing.assert_array_equal(tif.pages[0].asarray(), x)
        np.testing.assert_array_equal(tif.pages[0].colormap, colours)
    assert run("max", "a.tif", "c.tif", "-k", 1).code == 0
    np.testing.assert_array_equal(by_libtiff("c.tif"), (colours >> 8).T.astype("u1")[x])


def test_pages_of_several_shapes_and_types(run: Run) -> None:
    pages = [noise((6, 8)).astype("f8"), noise((4, 6, 3), "u2"), noise((2, 2))]
    for number, x in enumerate(pages):
        how = {"photometric": "rgb"} if x.ndim == 3 else {}
        tifffile.imwrite("a.tif", x, append=number > 0, metadata=None, **how)
    assert run("max", "a.tif", "b.tif", "-k", 2).code == 0
    with tifffile.TiffFile("b.tif") as tif:
        got = [page.asarray() for page in tif.pages]
    want = [x.reshape(len(x) // 2, 2, x.shape[1] // 2, 2, *x.shape[2:]).max((1, 3)) for x in pages]
    assert [x.dtype for x in got] == [x.dtype for x in want]
    assert all(map(np.array_equal, got, want))


def test_one_frame_of_a_stack(run: Run) -> None:
    x = noise((3, 2, 8, 8), "u2")
    tifffile.imwrite("a.tif", x, metadata={"axes": "ZCYX"}, photometric=1)
    assert run("max", "a.tif", "b.tif", "-k", 2, "--frame", -1).code == 0
    want = x[2, 1].reshape(4, 2, 4, 2).max((1, 3))
    np.testing.assert_array_equal(by_libtiff("b.tif"), want)
    assert run("max", "a.tif", "b.png", "-k", 2, "--frame", 5).code == 0
    assert "use 0 to 5" in run("max", "a.tif", "c.tif", "-k", 2, "--frame", 6).failure


def test_a_stack_becomes_an_array_of_its_axes(run: Run) -> None:
    x = noise((3, 2, 9, 8), "u2")
    tifffile.imwrite("a.ome.tif", x, metadata={"axes": "ZCYX"}, photometric=1)
    assert run("min", "a.ome.tif", "b.npy", "-k", 2).code == 0
    want = x[..., :8, :].reshape(3, 2, 4, 2, 4, 2).min((3, 5))
    np.testing.assert_array_equal(np.load("b.npy"), want)


def test_indices_of_one_plane(run: Run) -> None:
    x = noise((8, 8)).astype("f4") + 1
    tags = [(42113, "s", 0, "-1", True)]
    tifffile.imwrite("a.tif", x, metadata=None, extratags=tags)
    assert run("max", "a.tif", "b.tif", "-k", 2, "--indices", "at.npz").code == 0
    assert run("unpool", "b.tif", "at.npz", "c.npy").code == 0
    got = np.load("c.npy")[0]
    assert (got[got != 0] == x[got != 0]).all()
    assert (got != 0).sum() == 16
    tifffile.imwrite("z.tif", noise((2, 8, 8), "u8"), metadata={"axes": "ZYX"}, photometric=1)
    assert "--frame" in run("max", "z.tif", "d.tif", "-k", 2, "--indices", "z.npz").failure


def test_results_do_not_depend_on_threads(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    from poolcli.media.tiff import encoding

    monkeypatch.setattr(encoding, "_TILE", 16)
    x = noise((30, 70, 90), "u2")
    tifffile.imwrite("a.tif", x, metadata={"axes": "ZYX"}, photometric=1, tile=(16, 16),
                     compression="zlib")  # fmt: skip
    for threads in (1, 7):
        run("max", "a.tif", f"{threads}.tif", "-k", 2, "-j", threads)
    assert Path("1.tif").read_bytes() == Path("7.tif").read_bytes()
    np.testing.assert_array_equal(by_libtiff("7.tif"), x.reshape(30, 35, 2, 45, 2).max((2, 4)))


def test_in_python_and_in_place(here: Path) -> None:
    tifffile.imwrite("a.tif", noise((8, 8)).astype("f8"), metadata=None)
    result = perform.pool_file("max", here / "a.tif", here / "a.tif", kernel=2)
    assert (result.input_shape, result.output_shape) == ((1, 8, 8), (1, 4, 4))
    assert (result.dtype, result.frames) == ("float64", 1)
    assert tifffile.imread("a.tif").shape == (4, 4)


def test_alpha_of_floats_is_a_channel_as_any_other(run: Run) -> None:
    x = values_of("f4", (4, 4, 4))
    tifffile.imwrite("a.tif", x, photometric="rgb", extrasamples=["unassalpha"], metadata=None)
    note = "its alpha, of float32, was pooled as any other channel"
    assert note in run("max", "a.tif", "b.tif", "-k", 2).err
    assert run("max", "a.tif", "b.tif", "-k", 2, "--alpha", "channel").err == ""


def test_texts_and_resolution_go_into_a_picture(run: Run) -> None:
    from PIL import Image

    own = [(315, "s", 0, "A painter", True), (42113, "s", 0, "-9", True)]
    x = noise((8, 8))
    tifffile.imwrite("a.tif", x, description="a map", extratags=own, metadata=None,
                     resolution=(200, 200), resolutionunit="INCH")  # fmt: skip
    err = run("max", "a.tif", "b.png", "-k", 2).err
    assert err == "poolcli: note: a.tif: no-data value dropped: PNG has no place for it\n"
    with Image.open("b.png") as image:
        np.testing.assert_array_equal(np.asarray(image), x.reshape(4, 2, 4, 2).max((1, 3)))
        assert image.getexif()[315] == "A painter"
        assert round(image.info["dpi"][0]) == 100


JPEG = {"compression": "jpeg", "compressionargs": {"level": 80}}


@pytest.mark.parametrize("how", [JPEG, {**JPEG, "tile": (32, 32), "subsampling": (1, 1)}])
def test_lossy_sources_become_lossless(run: Run, how: dict[str, Any]) -> None:
    own = [(42113, "s", 0, "-9", True)]
    x = np.indices((64, 64, 3)).sum(0).astype("u1")
    tifffile.imwrite("a.tif", x, photometric="rgb", metadata=None, extratags=own, **how)
    assert run("max", "a.tif", "b.tif", "-k", 1).err == ""
    np.testing.assert_array_equal(by_libtiff("b.tif"), tifffile.imread("a.tif"))
    with tifffile.TiffFile("b.tif") as tif:
        assert (tif.pages[0].compression, tif.pages[0].photometric) == (8, 2)


@pytest.mark.parametrize("orientation", [1, 3, 6, 7])
def test_turned_pages_and_their_resolution(
    run: Run, monkeypatch: pytest.MonkeyPatch, orientation: int
) -> None:
    from PIL import Image

    from poolcli.media.tiff import reader as tiff_reader

    exif = Image.Exif()
    exif[274] = orientation
    Image.fromarray(noise((12, 18, 3))).save("a.tif", exif=exif, dpi=(100, 40))
    found = []
    for large in (1 << 30, 0):
        monkeypatch.setattr(tiff_reader, "_LARGE", large)
        assert run("max", "a.tif", "b.tif", "-k", "3x2").err == ""
        with tifffile.TiffFile("b.tif") as tif:
            page = tif.pages[0]
            resolution = [page.tags[name].value for name in ("XResolution", "YResolution")]
            found.append((page.asarray().tolist(), [a / b for a, b in resolution]))
    assert found[0][0] == found[1][0]
    assert found[0][1] == pytest.approx(found[1][1])


@pytest.mark.parametrize(("dtype", "mode"), [("f8", "F"), ("i8", "F"), ("u8", "F"), ("f2", "F")])
def test_deep_samples_are_converted_for_a_picture(run: Run, dtype: str, mode: str) -> None:
    x = (np.arange(16).reshape(4, 4) * 17).astype(dtype)
    tifffile.imwrite("a.tif", x, metadata=None)
    assert run("max", "a.tif", "b.png", "-k", 2, "--convert", "L", "--scale", "0,255").code == 0
    assert by_png("b.png").tolist() == [[5 * 17, 7 * 17], [13 * 17, 15 * 17]]
    assert run("max", "a.tif", "c.npy", "-k", 2, "--convert", mode).code == 0
    assert np.load("c.npy").dtype == np.float32


def by_png(name: str) -> Array:
    values: Array = imagecodecs.png_decode(Path(name).read_bytes())
    return values


@pytest.mark.parametrize("tile", [None, (16, 16)])
def test_values_without_a_vote_and_sums(run: Run, tile: Any) -> None:
    x = np.arange(40 * 40, dtype="i2").reshape(40, 40)
    x[::2, ::2] = x[:2, :2] = -9
    tifffile.imwrite("a.tif", x, tile=tile, extratags=[(42113, "s", 0, "-9", True)], metadata=None)
    run("avg", "a.tif", "avg.tif", "-k", 2)
    run("sum", "a.tif", "sum.tif", "-k", 2, "--skip", "nodata")
    run("sum", "a.tif", "all.tif", "-k", 2, "--skip", "none", "--dtype", "float32")
    windows = x.reshape(20, 2, 20, 2).swapaxes(1, 2).reshape(20, 20, 4)
    there = np.ma.masked_equal(windows, -9)
    assert np.array_equal(tifffile.imread("sum.tif"), there.sum(-1).filled(-9))
    assert tifffile.imread("sum.tif").dtype == "i8"
    means = np.floor(there.mean(-1) + 0.5).filled(-9)
    assert np.array_equal(tifffile.imread("avg.tif"), means)
    assert np.array_equal(tifffile.imread("all.tif"), windows.sum(-1).astype("f4"))


@pytest.mark.parametrize(
    ("operation", "dtype", "want"), [("sum", "uint64", 510), ("range", "uint8", 255)]
)
def test_results_of_wide_types_are_written_of_what_pillow_reads(
    run: Run, operation: str, dtype: str, want: int
) -> None:
    Image.fromarray(np.array([[0, 255], [0, 255]], np.uint8)).save("a.tif")
    assert run(operation, "a.tif", "b.tif", "-k", 2).err == ""
    got = tifffile.imread("b.tif")
    assert (got.dtype.name, got.item()) == (dtype, want)
