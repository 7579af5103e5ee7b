"""PNG: chunks that a picture can do without, and the transparent value of few bits."""

import zlib
from pathlib import Path

import pytest

from tests.commands import Run
from tests.media.formats.builders import chunk, png, read_as

ROWS = [[1, 2], [3, 4]]
LONG = b"long " * 400_000
WRONG_CHECKSUM = chunk(b"tEXt", b"Comment\0hello")[:-4] + bytes(4)


@pytest.mark.parametrize(
    ("bits", "key", "row"),
    [(1, 1, [0, 1]), (2, 1, [0, 1, 2, 3]), (2, 3, [0, 1, 2, 3]), (4, 9, [0, 1, 9, 15])],
)
def test_a_transparent_value_is_scaled_as_the_samples(
    run: Run, bits: int, key: int, row: list[int]
) -> None:
    Path("in.png").write_bytes(png([row], bits, chunk(b"tRNS", bytes([0, key]))))
    factor = 255 // ((1 << bits) - 1)
    grey, alpha = [value * factor for value in row], [255 * (value != key) for value in row]
    assert read_as(run, "in.png") == ([[grey], [alpha]], "")


def with_chunk(place: str, one: bytes) -> bytes:
    return png(ROWS, before=one) if place == "before" else png(ROWS, after=one)


@pytest.mark.parametrize("place", ["before", "after"])
@pytest.mark.parametrize(
    ("name", "bad"),
    [
        ("tEXt", WRONG_CHECKSUM),
        ("cHRM", chunk(b"cHRM", b"")),
        ("pHYs", chunk(b"pHYs", b"")),
        ("gAMA", chunk(b"gAMA", b"\0")),
        ("sRGB", chunk(b"sRGB", b"")),
        ("tRNS", chunk(b"tRNS", b"\0")),
        ("zTXt", chunk(b"zTXt", b"Comment\0\0not zlib")),
        ("iCCP", chunk(b"iCCP", b"profile\0\7unknown")),
    ],
)
def test_a_damaged_chunk_is_dropped_with_a_note(
    run: Run, name: str, bad: bytes, place: str
) -> None:
    Path("in.png").write_bytes(with_chunk(place, bad))
    note = f"its {name} chunk is damaged or too long and was dropped"
    assert read_as(run, "in.png") == ([ROWS], note)


@pytest.mark.parametrize("place", ["before", "after"])
@pytest.mark.parametrize(
    "long",
    [
        chunk(b"tEXt", b"Comment\0" + LONG),
        chunk(b"zTXt", b"Comment\0\0" + zlib.compress(LONG)),
        chunk(b"iTXt", b"Comment\0\1\0\0\0" + zlib.compress(LONG)),
        chunk(b"iCCP", b"profile\0\0" + zlib.compress(LONG)),
    ],
)
def test_two_megabytes_of_text_or_profile_are_read(run: Run, long: bytes, place: str) -> None:
    Path("in.png").write_bytes(with_chunk(place, long))
    assert read_as(run, "in.png") == ([ROWS], "")


def test_a_text_that_inflates_without_end_is_dropped(run: Run) -> None:
    bomb = chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(1 << 27)))
    Path("in.png").write_bytes(png(ROWS, before=bomb))
    note = "its zTXt chunk is damaged or too long and was dropped"
    assert read_as(run, "in.png") == ([ROWS], note)


def test_damaged_pixels_are_still_an_error(run: Run) -> None:
    data = bytearray(png(ROWS))
    data[data.index(b"IDAT") + 6] ^= 0xFF
    Path("in.png").write_bytes(data)
    assert run("max", "in.png", "out.png", "-k", 1).failure.startswith("in.png: is truncated")
