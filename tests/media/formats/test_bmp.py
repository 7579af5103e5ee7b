"""BMP of 16 and 32 bits a pixel, whose channels lie under masks."""

import struct
from pathlib import Path

import pytest

from tests.commands import Run
from tests.media.formats.builders import read_as


def bmp(
    bits: int, masks: tuple[int, ...], pixels: list[int], size: int = 40, kind: int = 3
) -> bytes:
    """One row of pixels; the masks follow a header of 40 bytes, or are a part of a longer one."""
    data = struct.pack(f"<{len(pixels)}{'H' if bits == 16 else 'I'}", *pixels)
    data = data.ljust(-(-len(data) // 4) * 4, b"\0")
    fields = (size, len(pixels), 1, 1, bits, kind, len(data), 0, 0, 0, 0)
    head = struct.pack("<IiiHHIIiiII", *fields) + struct.pack(f"<{len(masks)}I", *masks)
    head = head.ljust(size, b"\0")
    start = 14 + len(head)
    return b"BM" + struct.pack("<IHHI", start + len(data), 0, 0, start) + head + data


RGB = (0x7C00, 0x03E0, 0x001F)
DEEP = (0x00FF0000, 0x0000FF00, 0x000000FF)


@pytest.mark.parametrize(
    ("data", "channels"),
    [
        (bmp(16, (0xF800, 0x07E0, 0x001F), [0xF800, 0x07E0]), [[255, 0], [0, 255], [0, 0]]),
        (bmp(16, RGB, [0x7C00, 0x03E0]), [[255, 0], [0, 255], [0, 0]]),
        (bmp(16, (), [0x7C00, 0x83E0], kind=0), [[255, 0], [0, 255], [0, 0]]),
        (bmp(16, (*RGB, 0x8000), [0x7C00, 0x83E0], 56), [[255, 0], [0, 255], [0, 0], [0, 255]]),
        (bmp(16, (0xF00, 0xF0, 0xF), [0x123, 0xFED]), [[17, 255], [34, 238], [51, 221]]),
        (bmp(32, (*DEEP, 0xFF000000), [0x09010203], 108), [[1], [2], [3], [9]]),
        (bmp(32, (*DEEP, 0xFF000000), [0x09010203], kind=6), [[1], [2], [3], [9]]),
        (bmp(32, (0xFF000000, 0xFF0000, 0xFF00), [0x01020309]), [[1], [2], [3]]),
    ],
)
def test_masks(run: Run, data: bytes, channels: list[list[int]]) -> None:
    Path("in.bmp").write_bytes(data)
    assert read_as(run, "in.bmp") == ([[row] for row in channels], "")


def test_ten_bits_a_channel_are_refused(run: Run) -> None:
    Path("in.bmp").write_bytes(bmp(32, (0x3FF00000, 0xFFC00, 0x3FF), [0x12345678]))
    assert run("max", "in.bmp", "out.png", "-k", 1).failure == (
        "in.bmp: is a BMP of 10-10-10 bits, of which only 8 can be read; "
        "save it as a 16-bit TIFF or .npy in grey"
    )


def test_masks_with_gaps_are_refused(run: Run) -> None:
    Path("in.bmp").write_bytes(bmp(16, (0x5000, 0x03E0, 0x001F), [0x1234, 0x5678]))
    assert "masks have gaps" in run("max", "in.bmp", "out.png", "-k", 1).failure


def test_fewer_pixels_than_the_header_says(run: Run) -> None:
    Path("in.bmp").write_bytes(bmp(16, (0xF00, 0xF0, 0xF), [0x123, 0xFED])[:-2])
    assert run("max", "in.bmp", "out.png", "-k", 1).failure.startswith("in.bmp: is truncated")
