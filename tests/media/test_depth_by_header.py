"""Depth that only a header tells of: files made byte by byte, as no library here writes them."""

import io
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from poolcli.jobs.operation import Operation
from poolcli.jobs.perform import perform
from poolcli.jobs.plan import Task
from tests.commands import Run
from tests.oracle import Array
from tests.pictures import noise, photo, pooled, read, same

CUT = "of which only 8 can be read; use --convert RGB to accept that"


def encoded(image: Image.Image, name: str, **options: object) -> bytearray:
    file = io.BytesIO()
    image.save(file, name, **options)
    return bytearray(file.getvalue())


def dds(dxgi: int) -> bytes:
    """Four by four pixels in one block of 16 bytes, of a kind by Direct3D's number."""
    pixel_format = struct.pack("<2I4s5I", 32, 4, b"DX10", 0, 0, 0, 0, 0)
    header = struct.pack("<7I44s", 124, 0x1007, 4, 4, 16, 0, 0, bytes(44)) + pixel_format
    return b"DDS " + header + struct.pack("<5I", 0x1000, 0, 0, 0, 0) + struct.pack(
        "<5I", dxgi, 3, 0, 1, 0
    ) + bytes(16)  # fmt: skip


@pytest.mark.parametrize("dxgi", [95, 96])
def test_half_floats_of_a_texture_are_refused(run: Run, dxgi: int) -> None:
    Path("in.dds").write_bytes(dds(dxgi))
    assert run("max", "in.dds", "out.png", "-k", 2).failure.endswith(CUT)
    assert run("max", "in.dds", "out.png", "-k", 2, "--convert", "RGB").code == 0


def test_bytes_of_a_texture_are_not_refused(run: Run) -> None:
    Path("in.dds").write_bytes(dds(98))
    assert run("max", "in.dds", "out.png", "-k", 2).err == ""


def sgi(x: Array) -> bytes:
    """Planes from the bottom up, in the bytes of their samples."""
    high, wide, channels = x.shape
    head = struct.pack(">hBBHHHH", 474, 0, x.dtype.itemsize, 3, wide, high, channels)
    return head.ljust(512, b"\0") + x[::-1].transpose(2, 0, 1).tobytes()


def test_a_flat_sgi_has_one_byte_a_sample(run: Run) -> None:
    x = noise((4, 6, 3))
    Path("in.sgi").write_bytes(sgi(x))
    assert run("max", "in.sgi", "out.png", "-k", 2).err == ""
    assert same(read("out.png")[1], pooled("max", x, 2))


@pytest.mark.parametrize(("top", "deep"), [(100, False), (255, False), (256, True), (1023, True)])
@pytest.mark.parametrize("plain", [False, True])
def test_a_portable_map_is_deep_from_256_on(run: Run, top: int, deep: bool, plain: bool) -> None:
    x = np.full((2, 2, 3), top, ">u2" if deep else "u1")
    head = f"P{3 if plain else 6} 2 2 {top}\n".encode()
    data = " ".join(map(str, x.flat)).encode() if plain else x.tobytes()
    Path("in.ppm").write_bytes(head + data)
    done = run("max", "in.ppm", "out.png", "-k", 2)
    assert done.code == 0
    if deep:
        assert run("max", "out.png", "out.npy", "-k", 1).err == ""
        assert np.load("out.npy").tolist() == [[[top]]] * 3
        assert run("max", "in.ppm", "out.npy", "-k", 2, "--convert", "RGB").code == 0
        assert np.load("out.npy").tolist() == [[[255]]] * 3
    else:
        assert read("out.png")[1].tolist() == [[[top] * 3]]


@pytest.mark.parametrize(("flag", "bits"), [(0x40, 10), (0x60, 12)])
def test_an_avif_of_more_than_8_bits_is_refused(run: Run, flag: int, bits: int) -> None:
    """As the third byte of its configuration says, and its pixels' information."""
    data = encoded(photo("RGB", (16, 16)), "AVIF")
    Path("in.avif").write_bytes(data)
    assert run("max", "in.avif", "out.png", "-k", 2).err == ""
    at = data.index(b"av1C") + 4 + 2
    assert not data[at] & 0x60
    data[at] |= flag
    told = data.index(b"pixi") + 4 + 4
    assert data[told : told + 4] == b"\3\10\10\10"
    data[told + 1 : told + 4] = bytes([bits] * 3)
    Path("in.avif").write_bytes(data)
    assert run("max", "in.avif", "out.png", "-k", 2).failure.endswith(CUT)


@pytest.mark.parametrize("suffix", ["jp2", "j2k"])
@pytest.mark.parametrize("component", [0, 2])
def test_a_jpeg_2000_of_several_depths_is_refused(run: Run, suffix: str, component: int) -> None:
    """Each component has three bytes at the end of the SIZ marker."""
    data = encoded(photo("RGB", (16, 16)), "JPEG2000", no_jp2=suffix == "j2k")
    at = data.index(b"\xff\x4f\xff\x51") + 42 + 3 * component
    assert data[at : at + 3] == b"\7\1\1"
    data[at] = 11
    Path(f"in.{suffix}").write_bytes(data)
    for words in ([], ["--convert", "RGB"]):
        told = run("max", f"in.{suffix}", "out.png", "-k", 2, *words).failure
        assert "has more than 8 bits in each of its RGB samples, which cannot be read; " in told


def test_a_sign_makes_a_jpeg_2000_no_deeper(run: Run) -> None:
    """The top bit says that samples have a sign; there are 8 of them all the same."""
    data = encoded(photo("L", (16, 16)), "JPEG2000", signed=True)
    at = data.index(b"\xff\x4f\xff\x51") + 42
    assert data[at] == 0x87
    Path("in.jp2").write_bytes(data)
    assert run("max", "in.jp2", "out.tif", "-k", 2).err == ""
    assert read("out.tif")[0] == "I"


def notes_of(name: str) -> tuple[str, ...]:
    return perform(Task(Operation("max", 2), Path(name), Path("out.png"))).notes


def tiff(x: Array, extra: int) -> bytes:
    """RGB and so many samples of no stated use; what takes more than 4 bytes comes first."""
    high, wide, channels = x.shape
    bits, uses = struct.pack(f"<{channels}H", *[8] * channels), bytes(2 * extra)
    data = 8 + len(bits) + len(uses)
    tags = [
        (256, 1, wide), (257, 1, high), (258, channels, 8), (262, 1, 2), (273, 1, data),
        (277, 1, channels), (278, 1, high), (279, 1, x.size),
        (338, extra, 8 + len(bits) if extra > 2 else 0),
    ]  # fmt: skip
    entries = b"".join(struct.pack("<HHII", tag, 3, count, value) for tag, count, value in tags)
    head = b"II*\0" + struct.pack("<I", data + x.size) + bits + uses
    return head + x.tobytes() + struct.pack("<H", len(tags)) + entries + bytes(4)


@pytest.mark.parametrize(("extra", "told"), [(1, "1 extra channel of"), (3, "3 extra channels of")])
def test_channels_of_no_stated_use_are_told_of(here: Path, extra: int, told: str) -> None:
    assert here.exists()
    x = noise((4, 6, 3 + extra))
    Path("in.tif").write_bytes(tiff(x, extra))
    (note,) = notes_of("in.tif")
    assert note.startswith(told)
    assert same(read("out.png")[1], pooled("max", x[..., :3], 2))


def test_a_transparent_colour_of_16_bits_is_told_of(here: Path) -> None:
    assert here.exists()
    Image.fromarray(noise((4, 6, 3))).save("in.png", transparency=(1, 2, 255))
    assert notes_of("in.png") == ()
    data = Path("in.png").read_bytes()
    chunk = data.index(b"tRNS")
    body = struct.pack(">3H", 1, 2, 256)
    fixed = b"tRNS" + body + struct.pack(">I", zlib.crc32(b"tRNS" + body))
    Path("in.png").write_bytes(data[:chunk] + fixed + data[chunk + len(fixed) :])
    told = "its transparent colour has 16 bits and was read as any other"
    assert notes_of("in.png") == (told,)


@pytest.mark.usefixtures("pillow_alone")
def test_signed_bytes_of_a_tiff_are_refused(run: Run) -> None:
    data = encoded(photo("L", (6, 4)), "TIFF", compression="raw", tiffinfo={339: 1})
    entry = struct.pack("<HHII", 339, 3, 1, 1)
    assert data.count(entry) == 1
    Path("in.tif").write_bytes(data)
    assert run("max", "in.tif", "out.png", "-k", 2).err == ""
    Path("in.tif").write_bytes(data.replace(entry, struct.pack("<HHII", 339, 3, 1, 2)))
    assert "signed 8-bit samples, which cannot be read" in (
        run("max", "in.tif", "out.png", "-k", 2).failure
    )
