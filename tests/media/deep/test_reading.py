"""Colours of 16 bits, read to the last bit from every kind of file that holds them."""

import struct
from collections.abc import Callable
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from poolcli.media.options import Reading
from poolcli.media.pictures import open_picture, probe_picture
from tests.media.deep.files import (
    CHANNELS,
    filtered,
    grey_and_alpha_tiff,
    interlaced,
    plain_ppm,
    ppm,
    samples,
    tiff_by,
    with_chunk,
)
from tests.oracle import Array
from tests.pictures import deep_png, deep_tiff, same

pytestmark = pytest.mark.usefixtures("here")

Write = Callable[[Array], bytes]

PNG: dict[str, Write] = {"png": deep_png, "interlaced": interlaced, "filtered": filtered}
TIFF: dict[str, Write] = {
    f"{order}{kind}": partial(deep_tiff, order=order, planar=kind == "planar")
    for order in "<>"
    for kind in ("planar", "chunky")
}
PPM: dict[str, Write] = {"ppm": ppm, "plain": plain_ppm}


def read(name: str, **options: Any) -> tuple[str, Array, tuple[str, ...]]:
    """Read the first frame's mode and pixels, and the notes; its header promises its shape."""
    with open_picture(Path(name), Reading(**options)) as picture:
        frame = next(iter(picture.frames))
        x = np.array(frame.pixels[(slice(None),)])
        notes = tuple(picture.notes)
    assert probe_picture(Path(name), Reading(**options)) == x.shape
    return frame.mode, x, notes


def check(write: Write, mode: str, suffix: str) -> None:
    x = samples(mode)
    Path(f"in.{suffix}").write_bytes(write(x))
    found, got, notes = read(f"in.{suffix}")
    assert (found, notes) == (mode, ())
    assert same(got, x)


@pytest.mark.parametrize("kind", PNG)
@pytest.mark.parametrize("mode", CHANNELS)
def test_png(kind: str, mode: str) -> None:
    check(PNG[kind], mode, "png")


@pytest.mark.parametrize("kind", TIFF)
def test_tiff_without_compression(kind: str) -> None:
    check(TIFF[kind], "RGB", "tif")


@pytest.mark.parametrize("order", "<>")
def test_grey_and_alpha_in_a_tiff(order: str) -> None:
    check(lambda x: grey_and_alpha_tiff(x, order), "LA", "tif")


@pytest.mark.parametrize("kind", PPM)
def test_ppm(kind: str) -> None:
    check(PPM[kind], "RGB", "ppm")


@pytest.mark.parametrize("order", "<>")
@pytest.mark.parametrize(
    ("compression", "predictor"),
    [
        *product([None, "lzw", "zlib", "packbits", "zstd"], [False]),
        *product(["lzw", "zlib", "zstd"], [True]),
    ],
)
@pytest.mark.parametrize(
    ("layout", "mode"),
    [
        *product(["strips", "tiles"], CHANNELS),
        *product(["planes", "planes of tiles"], ["RGB", "RGBA"]),
    ],
)
def test_tiff_by_tifffile(
    order: str, compression: str | None, layout: str, predictor: bool, mode: str
) -> None:
    tifffile = pytest.importorskip("tifffile")
    pytest.importorskip("imagecodecs")
    options: dict[str, Any] = {"rowsperstrip": 4}
    if "tiles" in layout:
        options = {"tile": (16, 16)}
    if "planes" in layout:
        options["planarconfig"] = "separate"
    write = tiff_by(
        tifffile, byteorder=order, compression=compression, predictor=predictor or None, **options
    )
    check(write, mode, "tif")


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_png_by_opencv(mode: str) -> None:
    cv2 = pytest.importorskip("cv2")
    x = samples(mode)
    swapped = np.ascontiguousarray(x[..., [2, 1, 0, 3][: x.shape[2]]])
    cv2.imwrite("in.png", swapped)
    found, got, notes = read("in.png")
    assert (found, notes) == (mode, ())
    assert same(got, x)


def test_a_transparent_colour_is_compared_in_all_bits() -> None:
    x = np.array([[[1, 2, 500], [1, 2, 244]], [[257, 2, 500], [1, 2, 501]]], "u2")
    Path("in.png").write_bytes(with_chunk(deep_png(x), b"tRNS", struct.pack(">3H", 1, 2, 500)))
    mode, got, notes = read("in.png")
    assert (mode, notes) == ("RGBA", ())
    assert same(got[..., :3], x)
    assert got[..., 3].tolist() == [[0, 65535], [65535, 65535]]


def test_a_transparent_value_of_grey_is_compared_in_all_bits() -> None:
    x = np.array([[[500], [244]], [[501], [500]]], "u2")
    Path("in.png").write_bytes(with_chunk(deep_png(x), b"tRNS", struct.pack(">H", 500)))
    mode, got, notes = read("in.png")
    assert (mode, notes) == ("LA", ())
    assert got.tolist() == [[[500, 0], [244, 65535]], [[501, 65535], [500, 0]]]


def test_premultiplied_alpha_becomes_straight() -> None:
    tifffile = pytest.importorskip("tifffile")
    x = np.array([[[100, 300, 0, 30000], [7, 7, 7, 0], [9, 8, 7, 65535]]], "u2")
    tifffile.imwrite("in.tif", x, photometric="rgb", extrasamples=["assocalpha"])
    mode, got, _ = read("in.tif")
    assert mode == "RGBA"
    assert got.tolist() == [[[218, 655, 0, 30000], [0, 0, 0, 0], [9, 8, 7, 65535]]]


def test_every_page_of_a_tiff() -> None:
    """The second bytes are those of the page, not of the first one."""
    tifffile = pytest.importorskip("tifffile")
    pages = [samples("RGB", (5, 4 + number)) for number in range(3)]
    with tifffile.TiffWriter("in.tif") as file:
        for page in pages:
            file.write(page, photometric="rgb", compression="zlib")
    with open_picture(Path("in.tif")) as picture:
        for frame, page in zip(picture.frames, pages, strict=True):
            assert same(np.array(frame.pixels[(slice(None),)]), page)
    assert same(read("in.tif", frame=2)[1], pages[2])


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["png", "<chunky", ">planar"])
def test_orientation(orientation: int, kind: str) -> None:
    from PIL import Image, ImageOps

    x = samples("RGB")
    exif = Image.Exif()
    exif[274] = orientation
    if kind == "png":
        data = with_chunk(deep_png(x), b"eXIf", exif.tobytes()[6:])
    else:
        data = TIFF[kind](x)
        order = kind[0]
        # In place of the tag of rows in a strip, which may be absent where there is one strip.
        entry = struct.pack(f"{order}HHII", 278, 4, 1, x.shape[0])
        at = data.index(entry)
        body = struct.pack(f"{order}HHIHH", 274, 3, 1, orientation, 0)
        before = data.rindex(
            struct.pack(f"{order}HHI", 273, 4, 3 if "planar" in kind else 1), 0, at
        )
        data = data[:before] + data[before:at] + body + data[at + 12 :]
    Path("in.png" if kind == "png" else "in.tif").write_bytes(data)
    _, got, _ = read("in.png" if kind == "png" else "in.tif")
    for channel in range(3):
        image = Image.fromarray(x[..., channel].astype("i4"))
        image.getexif()[274] = orientation
        want = np.asarray(ImageOps.exif_transpose(image))
        assert np.array_equal(got[..., channel], want)


@pytest.mark.parametrize("write", [ppm, plain_ppm])
def test_a_ppm_of_twelve_bits_keeps_its_values(write: Callable[..., bytes]) -> None:
    x = samples("RGB") % 4096
    Path("in.ppm").write_bytes(write(x, 4095))
    mode, got, notes = read("in.ppm")
    assert (mode, notes) == ("RGB", ("its white is 4095, not 65535: values stay as stored",))
    assert same(got, x)


def test_bands_and_columns_are_those_of_the_whole() -> None:
    for mode, write in (("RGB", deep_png), ("LA", deep_png), ("RGBA", interlaced)):
        x = samples(mode)
        Path("in.png").write_bytes(write(x))
        with open_picture(Path("in.png")) as picture:
            rows = next(iter(picture.frames)).pixels
            key = slice(3, 9), slice(2, 20, 3), slice(1, None)
            assert same(rows[key], x[key])
            assert same(rows[(slice(14, 99),)], x[14:])
