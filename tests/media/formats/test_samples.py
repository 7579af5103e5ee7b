"""Samples of unusual bits: portable maps and JPEG 2000 keep the values that are stored."""

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.commands import Run
from tests.media.formats.builders import read_as


@pytest.mark.parametrize("largest", [1, 7, 100, 255, 256, 1023, 4095, 65534, 65535])
@pytest.mark.parametrize("plain", [False, True])
def test_a_grey_map_keeps_its_values(run: Run, plain: bool, largest: int) -> None:
    row = [0, 1, largest // 2, largest]
    packed = np.array(row, ">u2" if largest > 255 else "u1").tobytes()
    data = " ".join(map(str, row)).encode() if plain else packed
    Path("in.pgm").write_bytes(f"P{2 if plain else 5} 4 1 {largest}\n".encode() + data)
    white = 255 if largest < 256 else 65535
    said = f"its white is {largest}, not {white}: values stay as stored"
    assert read_as(run, "in.pgm") == ([[row]], said if largest != white else "")


@pytest.mark.parametrize("plain", [False, True])
def test_a_colour_map_keeps_its_values(run: Run, plain: bool) -> None:
    data = b"0 50 100" if plain else bytes([0, 50, 100])
    Path("in.ppm").write_bytes(f"P{3 if plain else 6} 1 1 100\n".encode() + data)
    said = "its white is 100, not 255: values stay as stored"
    assert read_as(run, "in.ppm") == ([[[0]], [[50]], [[100]]], said)


@pytest.mark.parametrize("data", [b"P1\n# a comment\n3 1\n1 0 1\n", b"P1 3 1 101", b"P4 3 1\n\xa0"])
def test_a_bit_map_has_black_ones(run: Run, data: bytes) -> None:
    Path("in.pbm").write_bytes(data)
    assert read_as(run, "in.pbm") == ([[[0, 255, 0]]], "")


def test_the_scale_of_a_float_map_is_noted(run: Run) -> None:
    Path("in.pfm").write_bytes(b"Pf\n1 1\n-2.0\n" + np.array([0.5], "<f4").tobytes())
    assert read_as(run, "in.pfm") == ([[[0.5]]], "its scale of 2 was not applied")


def jpeg2000(values: list[int], bits: int, signed: bool = False) -> bytes:
    """Values as if the samples had this many bits: those of Pillow's 8 or 16, less the half."""
    full, dtype = (16, "u2") if bits > 8 else (8, "u1")
    middle = 0 if signed else 1 << (bits - 1)
    stored = [value - middle + (1 << (full - 1)) for value in values]
    file = io.BytesIO()
    tile = np.tile(np.array(stored, dtype), (4, 1))
    Image.fromarray(tile).save(file, "JPEG2000", no_jp2=True)
    data = bytearray(file.getvalue())
    data[data.index(b"\xff\x4f\xff\x51") + 42] = bits - 1 | signed << 7
    return bytes(data)


@pytest.mark.parametrize("bits", [4, 7, 8, 9, 10, 12, 15, 16])
def test_a_jpeg_2000_keeps_its_values(run: Run, bits: int) -> None:
    largest = (1 << bits) - 1
    row = [0, 1, largest // 2, largest]
    Path("in.j2k").write_bytes(jpeg2000(row, bits))
    white = 255 if bits <= 8 else 65535
    said = f"its white is {largest}, not {white}: values stay as stored"
    assert read_as(run, "in.j2k") == ([[row] * 4], said if largest != white else "")


@pytest.mark.parametrize("bits", [8, 12, 16])
def test_a_jpeg_2000_keeps_its_sign(run: Run, bits: int) -> None:
    row = [-100, -1, 0, 127]
    Path("in.j2k").write_bytes(jpeg2000(row, bits, signed=True))
    assert read_as(run, "in.j2k") == ([[row] * 4], "")


def test_colours_of_a_jpeg_2000_with_a_sign_are_noted(run: Run) -> None:
    file = io.BytesIO()
    Image.new("RGB", (4, 4), (1, 2, 3)).save(file, "JPEG2000", no_jp2=True, signed=True)
    Path("in.j2k").write_bytes(file.getvalue())
    assert read_as(run, "in.j2k")[1] == "its samples have a sign, and 128 was added to each"
