"""Kinds that cannot be read are named, and nothing but poolcli's own line is printed."""

import struct
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from tests.commands import Run, Shell
from tests.media.formats.builders import page, tiff
from tests.pictures import noise

KINDS = {
    "a.heic": (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "HEIC"),
    "b.heic": (b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic", "HEIC"),
    "a.cr3": (b"\0\0\0\x18ftypcrx \0\0\0\1crx isom", "camera raw file (CR3)"),
    "a.mp4": (b"\0\0\0\x18ftypisom\0\0\0\0isommp42", "video"),
    "a.jxl": (b"\xff\x0a" + bytes(30), "JPEG XL"),
    "b.jxl": (b"\0\0\0\x0cJXL \r\n\x87\n" + bytes(30), "JPEG XL"),
    "a.exr": (b"\x76\x2f\x31\x01\2\0\0\0" + bytes(30), "OpenEXR"),
    "a.hdr": (b"#?RADIANCE\n\n-Y 1 +X 1\n", "Radiance HDR"),
    "a.pdf": (b"%PDF-1.4\n", "PDF"),
    "a.svg": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG"),
    "b.svg": (b"\xef\xbb\xbf<?xml version='1.0'?>\n<!-- -->\n<svg width='1'/>", "SVG"),
    "a.html": (b"\n<!DOCTYPE html><html><body>404</body></html>", "HTML"),
    "html.png": (b"<html><svg ></svg></html>", "SVG"),
    "a.dcm": (bytes(128) + b"DICM", "DICOM"),
    "a.psb": (b"8BPS" + struct.pack(">H6xHIIHH", 2, 3, 4, 4, 8, 3) + bytes(14), "PSB"),
    "a.psd": (b"8BPS" + struct.pack(">H6xHIIHH", 1, 3, 4, 4, 16, 3) + bytes(14), "16-bit RGB"),
    "lfs.png": (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n", "Git LFS"),
    "a.raf": (b"FUJIFILMCCD-RAW 0201", "camera raw file (RAF)"),
    "a.pam": (b"P7\nWIDTH 1\n", "PAM"),
    "a.pfm": (b"PF\n1 1\n-1\n" + bytes(12), "colour PFM"),
    "a.h5": (b"\x89HDF\r\n\x1a\n" + bytes(40), "HDF5"),
    "a.gz": (b"\x1f\x8b\x08" + bytes(20), "gzip"),
    "array.png": (b"\x93NUMPY\1\0", "NumPy array"),
    "a.jls": (b"\xff\xd8\xff\xf7\0\x0b\x08\0\1\0\1\1\1\x11\0", "JPEG-LS"),
    "a.jpg": (b"\xff\xd8\xff\xc1\0\x0b\x0c\0\1\0\1\1\1\x11\0", "JPEG of 12 bits"),
}


@pytest.mark.parametrize("name", KINDS)
def test_a_kind_is_named(run: Run, name: str) -> None:
    data, kind = KINDS[name]
    Path(name).write_bytes(data)
    failure = run("max", name, "out.png", "-k", 1).failure
    assert kind in failure.partition(";")[0]
    assert "damaged" not in failure


def test_what_has_no_known_begin_is_not_a_picture(run: Run) -> None:
    Path("in.png").write_bytes(b"plain text")
    assert run("max", "in.png", "out.png", "-k", 1).failure == (
        "in.png: is not a picture in a format that can be read"
    )


def test_a_kind_that_pillow_knows_but_does_not_decode_is_not_called_damaged(run: Run) -> None:
    header = struct.pack("<IiiHHIIiiII", 40, 2, 2, 1, 24, 5, 16, 0, 0, 0, 0)
    Path("in.bmp").write_bytes(b"BM" + struct.pack("<IHHI", 70, 0, 0, 54) + header + bytes(16))
    assert run("max", "in.bmp", "out.png", "-k", 1).failure == (
        "in.bmp: is of a kind that cannot be read (Unsupported BMP compression (5)); "
        "save it as PNG or TIFF"
    )


def many_samples() -> bytes:
    return tiff(page(noise((2, 2, 9), "u2")))


def unknown_compression() -> bytes:
    tags, data = page(noise((8, 8, 3)), tag262=[2])
    return tiff((tags | {259: [50001]}, data))


def damaged_strip() -> bytes:
    tags, data = page(noise((64, 64)), packed=True)
    return tiff((tags, data[:20] + bytes(len(data) - 20)))


def no_fax() -> bytes:
    tags, data = page(noise((8, 8)), tag258=[1], tag262=[0])
    return tiff((tags | {259: [4]}, data))


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("write", [many_samples, unknown_compression, damaged_strip, no_fax])
def test_libraries_print_nothing_of_their_own(shell: Shell, write: Callable[[], bytes]) -> None:
    Path("in.tif").write_bytes(write())
    done = shell("max", "in.tif", "out.png", "-k", 1)
    lines = done.err.splitlines()
    assert len(lines) <= 1
    assert all(line.startswith("poolcli: ") for line in lines)


@pytest.mark.usefixtures("here")
def test_warnings_of_pillow_are_not_printed(shell: Shell) -> None:
    Image.new("L", (2, 2)).save("in.tif", compression="raw")
    data = Path("in.tif").read_bytes()
    Path("in.tif").write_bytes(data[:-6])
    assert len(shell("max", "in.tif", "out.png", "-k", 1).err.splitlines()) <= 1
