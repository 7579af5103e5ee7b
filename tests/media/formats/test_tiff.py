"""TIFF: byte order, palettes, colours and planes that Pillow would misread."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageSequence

from tests.commands import Run
from tests.media.formats.builders import page, read_as, tiff
from tests.pictures import PILLOW

GREY = [[0, 1, 2], [3, 4, 250]]
SIGNED = [[-300, 1, 2], [3, 4, 500]]


@pytest.mark.parametrize("big", [False, True])
@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("dtype", ["u1", "u2", "i2", "i4", "f4"])
def test_samples_of_either_byte_order(
    run: Run, dtype: str, order: str, packed: bool, big: bool
) -> None:
    values = GREY if dtype[0] == "u" else SIGNED
    one = page(np.array(values, dtype), packed=packed, order=order)
    Path("in.tif").write_bytes(tiff(one, order=order, big=big))
    assert read_as(run, "in.tif") == ([values], "")


def test_pages_and_tags_of_a_big_endian_bigtiff(run: Run) -> None:
    pages = [page(np.full((2, 2), n, "u1"), order=">", tag296=[2]) for n in (7, 8)]
    Path("in.tif").write_bytes(tiff(*pages, order=">", big=True))
    assert read_as(run, "in.tif", "--frame", "1") == ([[[8, 8], [8, 8]]], "")
    assert run("max", "in.tif", "out.tif", "-k", 2).code == 0
    with Image.open("out.tif") as image:
        assert len(list(ImageSequence.Iterator(image))) == 2


@pytest.mark.parametrize("factor", [1, 257])
@pytest.mark.parametrize("packed", [False, True])
def test_colour_map_of_8_or_16_bits(run: Run, packed: bool, factor: int) -> None:
    colours = np.zeros((3, 256), "u2")
    colours[:, 5] = np.array([10, 20, 30]) * factor
    indices = np.array([[5, 0]], "u1")
    one = page(indices, packed=packed, tag262=[3], tag320=colours.ravel().tolist())
    Path("in.tif").write_bytes(tiff(one))
    assert read_as(run, "in.tif") == ([[[10, 0]], [[20, 0]], [[30, 0]]], "")


@pytest.mark.parametrize("packed", [False, True])
def test_grey_and_alpha_plane_by_plane(run: Run, packed: bool) -> None:
    grey, alpha = np.array([[1, 2], [3, 4]], "u1"), np.array([[9, 255], [0, 8]], "u1")
    tags, first = page(grey, packed=packed)
    _, second = page(alpha, packed=packed)
    tags |= {258: [8, 8], 277: [2], 284: [2], 338: [2], 339: [1, 1]}
    tags |= {273: [0, len(first)], 279: [len(first), len(second)]}
    Path("in.tif").write_bytes(tiff((tags, first + second)))
    assert read_as(run, "in.tif") == ([grey.tolist(), alpha.tolist()], "")


needs_pillow_13 = pytest.mark.skipif(
    PILLOW < (13,), reason="Pillow before 13 gives libtiff no data without compression"
)


@needs_pillow_13
def test_luminance_and_chrominance_become_red_green_blue(run: Run) -> None:
    x = np.array([[[76, 85, 255], [255, 128, 128]]], "u1")
    Path("in.tif").write_bytes(tiff(page(x, tag262=[6], tag530=[1, 1])))
    (red, green, blue), said = read_as(run, "in.tif")
    assert said == ""
    assert np.allclose([red, green, blue], [[[254, 255]], [[0, 255]], [[0, 255]]], atol=2)


@needs_pillow_13
def test_subsampled_chrominance_uncompressed(run: Run) -> None:
    """One block of 2×2: four luminances, then the chrominances that they share."""
    tags, _ = page(np.zeros((2, 2, 3), "u1"), tag262=[6], tag530=[2, 2])
    Path("in.tif").write_bytes(tiff((tags | {279: [6]}, bytes([10, 20, 30, 40, 128, 128]))))
    grey = [[10, 20], [30, 40]]
    assert read_as(run, "in.tif") == ([grey, grey, grey], "")


def test_older_pillows_refuse_chrominance(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("PIL.__version__", "12.3.0")
    Path("in.tif").write_bytes(tiff(page(np.zeros((2, 2, 3), "u1"), tag262=[6], tag530=[1, 1])))
    assert run("max", "in.tif", "out.tif", "-k", 2).failure == (
        "in.tif: is an uncompressed YCbCr TIFF, which Pillow 12.3.0 cannot read; "
        "install 13 or newer"
    )


OVERVIEW: dict[str, Any] = {"tag254": [1]}
MASK: dict[str, Any] = {"tag254": [4], "tag262": [4]}
FULL = np.array([[1, 2], [3, 4]], "u1")
SMALL = np.array([[9]], "u1")


@pytest.mark.parametrize(
    ("others", "note"),
    [
        ([OVERVIEW], "1 reduced-resolution page was passed over"),
        ([OVERVIEW, OVERVIEW], "2 reduced-resolution pages were passed over"),
        ([{"tag255": [2]}], "1 reduced-resolution page was passed over"),
        ([MASK], "1 mask page was passed over"),
    ],
)
@pytest.mark.parametrize("first", [True, False])
def test_pages_that_are_no_pictures_of_their_own(
    run: Run, others: list[dict[str, Any]], note: str, first: bool
) -> None:
    passed = [page(SMALL, **tags) for tags in others]
    if not first and others == [MASK]:
        return  # Pillow opens no file that begins with a mask
    pages = [page(FULL), *passed] if first else [*passed, page(FULL)]
    Path("in.tif").write_bytes(tiff(*pages))
    for words in ([], ["--frame", "0"], ["--frame", "-1"]):
        assert read_as(run, "in.tif", *words) == ([FULL.tolist()], note)
    assert run("max", "in.tif", "out.tif", "-k", 1).code == 0
    with Image.open("out.tif") as image:
        assert [one.size for one in ImageSequence.Iterator(image)] == [(2, 2)]


def test_pages_are_counted_without_those_passed_over(run: Run) -> None:
    pages = [page(FULL), page(SMALL, **OVERVIEW), page(FULL * 2), page(SMALL, **OVERVIEW)]
    Path("in.tif").write_bytes(tiff(*pages))
    assert read_as(run, "in.tif", "--frame", "1")[0] == [(FULL * 2).tolist()]
    assert run("max", "in.tif", "out.npy", "-k", 1, "--frame", 2).failure == (
        "in.tif: has no frame 2; use 0 to 1"
    )


def test_a_file_of_reduced_pages_alone_is_read(run: Run) -> None:
    Path("in.tif").write_bytes(tiff(page(FULL, **OVERVIEW)))
    assert read_as(run, "in.tif") == ([FULL.tolist()], "")


MAKES = {"NEF": b"NIKON\0", "ARW": b"SONY\0", "PEF": b"PENTAX\0"}


@pytest.mark.parametrize(("kind", "make"), MAKES.items())
def test_a_camera_raw_file_is_not_its_preview(run: Run, kind: str, make: bytes) -> None:
    preview = page(np.zeros((2, 2, 3), "u1"), tag262=[2])
    sensor = page(FULL, tag262=[32803])
    preview[0][271] = list(make)
    Path("in.tif").write_bytes(tiff(preview, sensor))
    assert run("max", "in.tif", "out.png", "-k", 1).failure == (
        f"in.tif: is a camera raw file ({kind}), of which only previews could be read; "
        "develop it to TIFF or PNG first (darktable, RawTherapee, dcraw)"
    )


def test_a_digital_negative_and_a_canon_are_named(run: Run) -> None:
    Path("in.dng").write_bytes(tiff(page(FULL, tag50706=[1, 4, 0, 0])))
    assert "is a camera raw file (DNG)" in run("max", "in.dng", "out.png", "-k", 1).failure
    data = bytearray(b"II*\0\x10\0\0\0CR\2\0\0\0\0\0") + tiff(page(FULL))[8:]
    Path("in.cr2").write_bytes(data)
    assert "is a camera raw file (CR2)" in run("max", "in.cr2", "out.png", "-k", 1).failure


@pytest.mark.usefixtures("pillow_alone")
@pytest.mark.parametrize(
    ("dtype", "channels", "said"),
    [
        ("f2", 1, "1 × 16-bit floats (grey)"),
        ("f8", 1, "1 × 64-bit floats (grey)"),
        ("f4", 3, "3 × 32-bit floats (RGB)"),
        ("u2", 9, "9 × 16-bit unsigned integers (grey)"),
    ],
)
def test_samples_that_cannot_be_read_are_named(
    run: Run, dtype: str, channels: int, said: str
) -> None:
    tags: dict[str, Any] = {"tag262": [2]} if channels == 3 else {}
    Path("in.tif").write_bytes(tiff(page(np.zeros((2, 2, channels), dtype), **tags)))
    assert run("max", "in.tif", "out.png", "-k", 1).failure == (
        f"in.tif: is a TIFF of {said}, which cannot be read; pip install '.[tiff]' reads it, or "
        "save it with 8 bits, or as grey of 16 or signed 32 bits or floats, or as .npy"
    )
