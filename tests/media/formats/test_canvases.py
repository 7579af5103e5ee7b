"""Icons of several depths, GIFs that leave a part of their canvas free, and layers."""

import io
import struct
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.commands import Run
from tests.media.formats.builders import read_as
from tests.pictures import read


def bitmap(bits: int, colour: int) -> bytes:
    """Eight by eight pixels of one colour, opaque, as icons hold them."""
    pixel = bytes([colour] * 3 + [255])
    palette = pixel * 16 if bits == 4 else b""
    rows = bytes(32) if bits == 4 else pixel * 64
    return (
        struct.pack("<IiiHHIIiiII", 40, 8, 16, 1, bits, 0, 0, 0, 0, 0, 0)
        + palette
        + rows
        + bytes(32)
    )


def icon(*pictures: tuple[int, bytes]) -> bytes:
    """Pictures, each with the bits that the directory says."""
    directory, data, start = struct.pack("<3H", 0, 1, len(pictures)), b"", 6 + 16 * len(pictures)
    for bits, picture in pictures:
        entry = (8, 8, 0, 0, 1, bits, len(picture), start + len(data))
        directory += struct.pack("<4B2H2I", *entry)
        data += picture
    return directory + data


@pytest.mark.parametrize("told", [(4, 32), (32, 4), (0, 0)])
@pytest.mark.parametrize("deep_first", [True, False])
def test_the_deepest_picture_of_an_icon(run: Run, deep_first: bool, told: tuple[int, int]) -> None:
    pictures = [(told[0], bitmap(4, 10)), (told[1], bitmap(32, 200))]
    Path("in.ico").write_bytes(icon(*pictures[:: -1 if deep_first else 1]))
    values, said = read_as(run, "in.ico")
    assert np.unique(values[:3]).tolist() == [200]
    assert said == "holds 2 pictures of its largest size (4, 32 bits), and the deepest was taken"


def gif(*frames: tuple[int, int, bytes]) -> bytes:
    """A canvas of three by three, and frames of two by two at (left, top), of four greys."""
    colours = bytes(value for grey in (10, 20, 30, 40) for value in [grey] * 3)
    out = b"GIF89a" + struct.pack("<HHBBB", 3, 3, 0x81, 0, 0) + colours
    for left, top, indices in frames:
        file = io.BytesIO()
        image = Image.frombytes("P", (2, 2), indices)
        image.putpalette(colours)
        image.save(file, "GIF", optimize=False)
        data = file.getvalue()
        body = data[data.index(b",\0\0\0\0") + 10 : -1]
        out += b"!\xf9\4\0\n\0\0\0" + b"," + struct.pack("<4HB", left, top, 2, 2, 0) + body
    return out + b";"


SOME = bytes([1, 2, 3, 1])
CORNER = [[255, 255, 0], [255, 255, 0], [0, 0, 0]]


def test_what_the_first_frame_of_a_gif_leaves_free_is_transparent(run: Run) -> None:
    Path("in.gif").write_bytes(gif((0, 0, SOME)))
    (grey, _, _, alpha), said = read_as(run, "in.gif")
    assert (alpha, said) == (CORNER, "")
    assert [row[:2] for row in grey[:2]] == [[20, 30], [40, 20]]
    assert run("mode", "in.gif", "out.png", "-k", 1).code == 0
    assert read("out.png")[1][..., 3].tolist() == CORNER


@pytest.mark.parametrize("words", [["--frame", "1"], ["--frame", "-1"]])
def test_later_frames_of_a_gif_cover_more_of_it(run: Run, words: list[str]) -> None:
    Path("in.gif").write_bytes(gif((0, 0, SOME), (1, 1, SOME)))
    both = [[255, 255, 0], [255, 255, 255], [0, 255, 255]]
    assert read_as(run, "in.gif", *words)[0][3] == both
    assert run("max", "in.gif", "out.gif", "-k", 1).code == 0
    with Image.open("out.gif") as image:
        for number, alpha in enumerate([CORNER, both]):
            image.seek(number)
            assert np.asarray(image.convert("RGBA"))[..., 3].tolist() == alpha


def test_a_gif_whose_first_frame_fills_it_stays_opaque(run: Run) -> None:
    Image.new("L", (3, 3), 7).save("in.gif")
    assert len(read_as(run, "in.gif")[0]) in (1, 3)


@pytest.mark.parametrize("words", [[], ["--frame", "0"]])
def test_frame_0_of_layers_is_their_picture(run: Run, words: list[str]) -> None:
    header = b"8BPS" + struct.pack(">H6xHIIHH", 1, 1, 1, 2, 8, 1)
    Path("in.psd").write_bytes(header + bytes(12) + bytes([0, 0, 7, 9]))
    assert read_as(run, "in.psd", *words) == ([[[7, 9]]], "")
