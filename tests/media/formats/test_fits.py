"""FITS: signs, scales, planes and extensions."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tests.commands import Run
from tests.media.formats.builders import headed, read_as

STORED = {8: ">u1", 16: ">i2", 32: ">i4", -32: ">f4"}


def picture(bits: int, *rows: list[float], **cards: object) -> bytes:
    """A unit of two axes, whose first row is the lowest."""
    data = np.array(rows, STORED[bits])
    axes = {"NAXIS": 2, "NAXIS1": data.shape[1], "NAXIS2": data.shape[0]}
    return headed({"SIMPLE": "T", "BITPIX": bits, **axes, **cards}, data.tobytes())


@pytest.mark.parametrize(
    ("data", "values"),
    [
        (picture(8, [0, 255]), [0, 255]),
        (picture(8, [0, 255], BZERO=-128), [-128, 127]),
        (picture(16, [-5, 3]), [-5, 3]),
        (picture(16, [-32668, 7232], BZERO=32768, BSCALE=1), [100, 40000]),
        (picture(16, [-5, 3], BSCALE=0.5, BZERO="1.0D1"), [7.5, 11.5]),
        (picture(32, [-70000, 3]), [-70000, 3]),
        (picture(32, [-(2**31)], BZERO=2**31), [0]),
        (picture(-32, [0.5, -1.5], BSCALE=2, BZERO=1), [2, -2]),
    ],
)
def test_values(run: Run, data: bytes, values: list[float]) -> None:
    Path("in.fits").write_bytes(data)
    assert read_as(run, "in.fits") == ([[values]], "")


def test_rows_begin_at_the_top(run: Run) -> None:
    Path("in.fits").write_bytes(picture(16, [1, 2], [-3, 4]))
    assert read_as(run, "in.fits")[0] == [[[-3, 4], [1, 2]]]


def test_an_undefined_pixel_of_scaled_values_is_not_a_number(run: Run) -> None:
    Path("in.fits").write_bytes(picture(16, [1, 9], BSCALE=0.5, BLANK=9))
    ((row,),), said = read_as(run, "in.fits")
    assert (row[0], np.isnan(row[1])) == (0.5, True)
    assert said == "its no-data value nan had no vote; --skip none lets it count"


@pytest.mark.parametrize(
    ("bits", "cards", "words", "want", "note"),
    [
        (16, {}, "", 3, "its no-data value 9 had no vote; --skip none lets it count"),
        (16, {}, "--skip nodata", 3, ""),
        (16, {}, "--skip none", 5, ""),
        (16, {"BZERO": 32768}, "", 32771, "its no-data value 32777 had no vote"),
        (8, {}, "", 3, "its no-data value 9 had no vote"),
        (16, {"BSCALE": 0.5}, "", 1.5, "its no-data value nan had no vote"),
        (16, {"BSCALE": 0.5}, "--skip nodata", 1.5, ""),
        (16, {}, "--convert F", 5, "no-data value (BLANK) dropped"),
    ],
)
def test_undefined_pixels_have_no_vote(
    run: Run, bits: int, cards: dict[str, float], words: str, want: float, note: str
) -> None:
    Path("in.fits").write_bytes(picture(bits, [1, 9, 5], BLANK=9, **cards))
    told = run("avg", "in.fits", "out.tif", "-k", "1x3", *words.split())
    assert (told.code, note in told.err) == (0, True)
    with Image.open("out.tif") as image:
        assert np.asarray(image).item() == want
        tags: Any = dict(image.tag_v2)  # type: ignore[attr-defined]
    value = "nan" if "BSCALE" in cards else str(9 + int(cards.get("BZERO", 0)))
    assert tags.get(42113) == (None if "--convert" in words else value)


def test_unsigned_values_above_31_bits_are_refused(run: Run) -> None:
    Path("in.fits").write_bytes(picture(32, [7], BZERO=2**31))
    done = run("max", "in.fits", "out.npy", "-k", 1)
    assert done.failure.startswith("in.fits: has values above 2147483647")


def test_further_planes_are_noted(run: Run) -> None:
    axes = {"NAXIS": 3, "NAXIS1": 2, "NAXIS2": 1, "NAXIS3": 3}
    data = headed({"SIMPLE": "T", "BITPIX": 8, **axes}, bytes([1, 2, 3, 4, 5, 6]))
    Path("in.fits").write_bytes(data)
    assert read_as(run, "in.fits") == ([[[1, 2]]], "holds 3 planes, of which the first was taken")


EMPTY = headed({"SIMPLE": "T", "BITPIX": 8, "NAXIS": 0}, b"")
TABLE = headed(
    {"XTENSION": "'BINTABLE'", "BITPIX": 8, "NAXIS": 2, "NAXIS1": 4, "NAXIS2": 2}, bytes(8)
)


def extension(bits: int, *rows: list[float]) -> bytes:
    return picture(bits, *rows).replace(
        b"SIMPLE  =                    T", b"XTENSION= 'IMAGE   '".ljust(30)
    )


def test_the_first_picture_is_taken_not_a_table(run: Run) -> None:
    Path("in.fits").write_bytes(EMPTY + TABLE + extension(16, [-5, 3]) + extension(8, [1]))
    note = "holds 2 more extensions, 1 of them pictures, not read"
    assert read_as(run, "in.fits") == ([[[-5, 3]]], note)


def test_a_file_of_tables_alone_is_refused(run: Run) -> None:
    Path("in.fits").write_bytes(EMPTY + TABLE)
    assert "is a FITS without a picture" in run("max", "in.fits", "out.npy", "-k", 1).failure


def test_other_compressions_are_named(run: Run) -> None:
    cards = {"ZIMAGE": "T", "ZCMPTYPE": "'RICE_1'", "ZBITPIX": 16, "ZNAXIS": 0}
    axes = {"NAXIS": 2, "NAXIS1": 4, "NAXIS2": 2}
    data = headed({"XTENSION": "'BINTABLE'", "BITPIX": 8, **axes, **cards}, bytes(8))
    Path("in.fits").write_bytes(EMPTY + data)
    assert run("max", "in.fits", "out.npy", "-k", 1).failure == (
        "in.fits: is a FITS compressed by RICE_1, which cannot be read; funpack it first"
    )


def test_the_header_alone_tells_the_channels(run: Run) -> None:
    Path("in.fits").write_bytes(picture(16, [-5, 3]))
    assert run("max", "in.fits", "out.npy", "-k", 1, "--dry-run").code == 0
