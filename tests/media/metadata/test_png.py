"""Chunks of a PNG: colour and texts."""

import struct
import zlib
from pathlib import Path

import pytest
from PIL import ExifTags, Image
from PIL.PngImagePlugin import PngInfo

from tests.commands import Run
from tests.pictures import photo

LINEAR = {
    "gAMA": struct.pack(">I", 100000),
    "cHRM": struct.pack(">8I", 31270, 32900, 68000, 32000, 26500, 69000, 15000, 6000),
    "cICP": bytes([9, 16, 0, 1]),
}
SRGB = {
    "gAMA": struct.pack(">I", 45455),
    "cHRM": struct.pack(">8I", 31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000),
    "sRGB": b"\0",
}


def chunk(name: str, data: bytes) -> bytes:
    body = name.encode() + data
    return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))


def write(path: str, chunks: dict[str, bytes]) -> None:
    """Write a picture with chunks after its header."""
    photo("RGB").save(path)
    data = Path(path).read_bytes()
    extra = b"".join(chunk(*each) for each in chunks.items())
    Path(path).write_bytes(data[:33] + extra + data[33:])


def chunks_of(path: str) -> dict[str, bytes]:
    data, found = Path(path).read_bytes()[8:], {}
    while data:
        (length,) = struct.unpack(">I", data[:4])
        found[data[4:8].decode()] = data[8 : 8 + length]
        data = data[12 + length :]
    return found


@pytest.mark.parametrize("colours", [LINEAR, SRGB])
def test_colour_chunks_stay_as_they_are(run: Run, colours: dict[str, bytes]) -> None:
    write("in.png", colours)
    assert run("avg", "in.png", "out.png", "-k", 2).err == ""
    kept = chunks_of("out.png")
    assert {name: kept[name] for name in colours} == colours


@pytest.mark.parametrize("suffix", ["jpg", "tif", "webp", "gif"])
@pytest.mark.parametrize("name", LINEAR)
def test_colours_that_are_not_srgb_are_noted(run: Run, name: str, suffix: str) -> None:
    write("in.png", {name: LINEAR[name]})
    assert "colour chunks dropped" in run("avg", "in.png", f"out.{suffix}", "-k", 2).err
    write("in.png", SRGB)
    assert "colour chunks" not in run("avg", "in.png", f"out.{suffix}", "-k", 2).err


def test_display_of_hdr_is_noted(run: Run) -> None:
    write("in.png", {"cLLI": bytes(8)})
    err = run("avg", "in.png", "out.png", "-k", 2).err
    assert err == "poolcli: note: in.png: PNG chunk cLLI dropped\n"


def write_texts(path: str) -> None:
    texts = PngInfo()
    texts.add_text("Author", "Ann")
    texts.add_text("Comment", "drawn")
    texts.add_itxt("parameters", "steps: 猫")
    photo("RGB").save(path, pnginfo=texts)


@pytest.mark.parametrize(
    ("suffix", "comment", "artist"),
    [
        ("jpg", "drawn\nparameters: steps: 猫", "Ann"),
        ("gif", "drawn\nAuthor: Ann\nparameters: steps: 猫", None),
        ("webp", "drawn\nparameters: steps: 猫", "Ann"),
        ("tif", "drawn\nparameters: steps: 猫", "Ann"),
    ],
)
def test_texts_find_a_place(run: Run, suffix: str, comment: str, artist: str | None) -> None:
    write_texts("in.png")
    err = run("max", "in.png", f"out.{suffix}", "-k", 2).err
    assert "texts" not in err
    with Image.open(f"out.{suffix}") as image:
        exif = image.getexif()
        found = image.info.get("comment")
        if found is None:
            found = exif[ExifTags.Base.ImageDescription].encode("latin-1")
    assert found.decode() == comment
    assert exif.get(ExifTags.Base.Artist) == artist


def test_texts_without_a_place_are_noted(run: Run) -> None:
    write_texts("in.png")
    err = run("max", "in.png", "out.ppm", "-k", 2).err
    assert err == "poolcli: note: in.png: texts dropped: PPM has no place for them\n"
    assert run("max", "in.png", "out.ppm", "-k", 2, "--strip").err == ""
