"""Colours of 16 bits through every operation into every format that holds them, and back."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from poolcli.jobs.operation import Operation
from poolcli.jobs.perform import perform
from poolcli.jobs.plan import Task
from poolcli.media.options import Reading
from tests import alpha, oracle
from tests.commands import Run
from tests.media.deep.files import CHANNELS, ppm, samples
from tests.media.deep.test_reading import read
from tests.oracle import Array
from tests.pictures import deep_png, deep_tiff, pooled, same

pytestmark = pytest.mark.usefixtures("here")

WRITERS: dict[str, tuple[str, Callable[[Array], bytes]]] = {
    "LA": ("png", deep_png),
    "RGB": ("tif", deep_tiff),
    "RGBA": ("png", deep_png),
}
SUFFIXES = {"LA": "png tif npy", "RGB": "png tif ppm npy", "RGBA": "png tif npy"}


def by_definition(name: str, x: Array) -> Array:
    """Pool each channel on its own, (height, width, channels), by windows of 3 and stride 2."""
    if name in ("max", "min", "avg"):
        return pooled(name, x, 3, 2)
    numbers = ((0, 1), 3, 2, 0, 1, False)
    reduce = {
        "median": oracle.median,
        "mode": lambda taps: taps[oracle.commonest(taps.tolist())],
        "gem": lambda taps: np.floor(np.mean(taps.astype(float) ** 3) ** (1 / 3) + 0.5),
    }
    return oracle.pool(x, *numbers, reduce=reduce[name]).astype(x.dtype)


def case(name: str, mode: str) -> tuple[Array, Array]:
    """Make samples and what they become; for mode, of few colours, which stay whole."""
    x = samples(mode)
    if name != "mode":
        return x, by_definition(name, x)
    colours, numbers = x[0, :4], x[..., :1] % 4
    return colours[numbers[..., 0]], colours[by_definition(name, numbers)[..., 0]]


@pytest.mark.parametrize("name", ["max", "min", "avg", "median", "mode", "gem"])
@pytest.mark.parametrize(
    ("mode", "suffix"),
    [(mode, suffix) for mode, suffixes in SUFFIXES.items() for suffix in suffixes.split()],
)
def test_each_operation_in_each_format(run: Run, name: str, mode: str, suffix: str) -> None:
    source, write = WRITERS[mode]
    x, want = case(name, mode)
    Path(f"in.{source}").write_bytes(write(x))
    done = run(name, f"in.{source}", f"out.{suffix}", "-k", 3, "-s", 2, "--alpha", "channel")
    assert (done.code, done.err) == (0, "")
    if suffix == "npy":
        got = np.moveaxis(np.load("out.npy"), 0, -1)
    else:
        found, got, notes = read(f"out.{suffix}")
        assert (found, notes) == (mode, ())
    assert same(got, want)


@pytest.mark.parametrize("name", alpha.OPERATIONS)
@pytest.mark.parametrize("mode", ["LA", "RGBA"])
def test_colours_are_weighed_by_alpha(run: Run, name: str, mode: str) -> None:
    x = samples(mode)
    Path("in.png").write_bytes(deep_png(x))
    assert run(name, "in.png", "out.tif", "-k", 3, "-s", 2).err == ""
    assert same(read("out.tif")[1], alpha.pooled(name, x, 3, 2))


def test_invisible_pixels_have_no_vote(run: Run) -> None:
    x = np.array([[[60000, 1, 2, 0], [5, 6, 7, 1]], [[9, 9, 9, 0], [4, 8, 7, 65535]]], "u2")
    Path("in.png").write_bytes(deep_png(x))
    for name, want in (("max", [5, 8, 7, 65535]), ("min", [4, 6, 7, 0])):
        assert run(name, "in.png", "out.png", "-k", 2).err == ""
        assert read("out.png")[1].tolist() == [[want]]


@pytest.mark.parametrize("mode", CHANNELS)
@pytest.mark.parametrize("compression", ["raw", "tiff_lzw", "tiff_adobe_deflate", "packbits"])
def test_tifffile_reads_what_was_written(mode: str, compression: str) -> None:
    tifffile = pytest.importorskip("tifffile")
    pytest.importorskip("imagecodecs")
    x = samples(mode)
    kinds = {"photometric": "minisblack" if mode == "LA" else "rgb", "planarconfig": "contig"}
    codes = {"raw": None, "tiff_lzw": "lzw", "tiff_adobe_deflate": "zlib", "packbits": "packbits"}
    extra = ["unassalpha"] if mode.endswith("A") else None
    tifffile.imwrite("in.tif", x, compression=codes[compression], extrasamples=extra, **kinds)
    reading = Reading(plain_alpha=True)
    perform(Task(Operation("max", (1, 1)), Path("in.tif"), Path("out.tif"), reading=reading))
    with tifffile.TiffFile("out.tif") as file:
        page = file.pages[0]
        assert same(page.asarray(), x)
        assert page.photometric.name == ("MINISBLACK" if mode == "LA" else "RGB")
        assert [int(one) for one in page.extrasamples] == ([2] if extra else [])
        assert page.compression.name.lower() in (codes[compression] or "none", "adobe_deflate")


def test_opencv_reads_what_was_written() -> None:
    cv2 = pytest.importorskip("cv2")
    x = samples("RGB")
    Path("in.ppm").write_bytes(ppm(x))
    for suffix in ("png", "tif", "ppm"):
        perform(Task(Operation("max", (1, 1)), Path("in.ppm"), Path(f"out.{suffix}")))
        assert same(cv2.imread(f"out.{suffix}", cv2.IMREAD_UNCHANGED)[..., ::-1], x)


def test_pages_and_their_resolution() -> None:
    tifffile = pytest.importorskip("tifffile")
    pages = [samples("RGB", (6, 4 + 2 * number)) for number in range(3)]
    with tifffile.TiffWriter("in.tif") as file:
        for page in pages:
            file.write(page, photometric="rgb", resolution=(300, 300), resolutionunit="inch")
    assert perform(Task(Operation("max", (2, 2)), Path("in.tif"), Path("out.tif"))).error is None
    with tifffile.TiffFile("out.tif") as file:
        for page, written in zip(pages, file.pages, strict=True):
            assert same(written.asarray(), pooled("max", page, 2))
            assert written.tags["XResolution"].value == (150, 1)


def test_an_array_of_sixteen_bits_is_a_picture(run: Run) -> None:
    x = samples("RGB")
    np.save("in.npy", np.moveaxis(x, -1, 0))
    assert run("max", "in.npy", "out.png", "-k", 2).err == ""
    assert same(read("out.png")[1], pooled("max", x, 2))
    assert run("max", "in.npy", "out.jpg", "-k", 2, "--convert", "RGB", "--scale").err == ""


def test_unpooled(run: Run) -> None:
    x = samples("RGB")
    Path("in.png").write_bytes(deep_png(x))
    assert run("max", "in.png", "small.tif", "-k", 3, "--indices", "at.npz").err == ""
    assert run("unpool", "small.tif", "at.npz", "out.png").err == ""
    got = read("out.png")[1]
    assert same(pooled("max", got, 3), pooled("max", x, 3))
    assert np.count_nonzero(got) == 5 * 6 * 3


@pytest.mark.parametrize(
    ("mode", "suffix", "words"),
    [
        ("RGB", "jpg", "JPEG cannot hold 16-bit RGB; use .png, .tif or .npy, or --convert RGB"),
        ("RGBA", "jpg", "JPEG cannot hold 16-bit RGBA; use .png, .tif or .npy, or --convert RGB"),
        ("LA", "jpg", "JPEG cannot hold 16-bit LA; use .png, .tif or .npy, or --convert L"),
        ("RGBA", "webp", "WEBP cannot hold 16-bit RGBA; use .png, .tif or .npy, or --convert RGBA"),
        ("RGBA", "ppm", "PPM cannot hold 16-bit RGBA; use .png, .tif or .npy, or --convert RGB"),
    ],
)
def test_a_format_of_eight_bits_says_what_to_do(
    run: Run, mode: str, suffix: str, words: str
) -> None:
    Path("in.png").write_bytes(deep_png(samples(mode)))
    done = run("max", "in.png", f"out.{suffix}", "-k", 2)
    assert done.code == 1
    assert done.failure.endswith(f"{words} --scale for 8 bits")
    assert not Path(f"out.{suffix}").exists()
    convert = words.split()[-1]
    again = run("max", "in.png", f"out.{suffix}", "-k", 2, "--convert", convert, "--scale")
    assert (again.code, again.err) == (0, "")


@pytest.mark.parametrize("suffix", ["png", "ppm"])
def test_scaled_to_eight_bits(suffix: str) -> None:
    x = np.array([[[0, 128, 129], [65535, 65406, 300]]], "u2")
    Path(f"in.{suffix}").write_bytes({"png": deep_png, "ppm": ppm}[suffix](x))
    assert read(f"in.{suffix}", convert="RGB", scale=True)[1].tolist() == [
        [[0, 0, 1], [255, 254, 1]]
    ]
    _, got, notes = read(f"in.{suffix}", convert="RGB", scale=(0.0, 300.0))
    assert got.tolist() == [[[0, 109, 110], [255, 255, 255]]]
    assert notes == ("what is outside 0 to 300 was clipped",)


def test_alpha_is_scaled_from_its_own_range() -> None:
    Path("in.png").write_bytes(deep_png(np.array([[[150, 300, 0, 32768]]], "u2")))
    _, got, notes = read("in.png", convert="RGBA", scale=(0.0, 300.0))
    assert (got.tolist(), notes) == ([[[128, 255, 0, 128]]], ())


def test_eight_bits_are_taken_if_no_scale_is_asked_for() -> None:
    Path("in.png").write_bytes(deep_png(samples("RGBA")))
    reading = Reading(convert="RGB")
    done = perform(Task(Operation("max", (2, 2)), Path("in.png"), Path("out.jpg"), reading=reading))
    assert done.notes == ("only 8 bits of each of its RGBA samples were read",)


def test_metadata_is_kept() -> None:
    from PIL import Image, ImageCms

    from tests.media.deep.files import with_chunk

    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    data = with_chunk(deep_png(samples("RGB")), b"gAMA", (45455).to_bytes(4, "big"))
    data = with_chunk(data, b"pHYs", (11811).to_bytes(4, "big") * 2 + b"\1")
    Path("plain.png").write_bytes(data)
    Image.new("RGB", (1, 1)).save("p.png", icc_profile=profile)
    chunk = Path("p.png").read_bytes()
    at = chunk.index(b"iCCP") - 4
    length = int.from_bytes(chunk[at : at + 4], "big") + 12
    Path("in.png").write_bytes(data[:33] + chunk[at : at + length] + data[33:])
    for suffix in ("png", "tif"):
        done = perform(Task(Operation("avg", (2, 2)), Path("in.png"), Path(f"out.{suffix}")))
        assert done.notes == ()
        with Image.open(f"out.{suffix}") as image:
            assert image.info["icc_profile"] == profile
            assert round(image.info["dpi"][0]) == 150
    assert b"gAMA" in Path("out.png").read_bytes()
