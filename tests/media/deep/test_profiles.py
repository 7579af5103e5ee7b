"""Colours into sRGB by their profile, if that is asked for."""

import io
import struct
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms

from poolcli.media.options import Reading
from poolcli.media.pictures import probe_picture
from tests.commands import Run
from tests.media.deep.files import samples
from tests.pictures import deep_png

pytestmark = pytest.mark.usefixtures("here")


@cache
def srgb() -> bytes:
    """Make a profile, the same one at any time of the run: it holds the time to the second."""
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def red_for_blue() -> bytes:
    """Make a profile whose red is the blue of sRGB, and the other way round."""
    data = srgb()
    assert data.count(b"rXYZ") == data.count(b"bXYZ") == 1
    return data.replace(b"rXYZ", b"????").replace(b"bXYZ", b"rXYZ").replace(b"????", b"bXYZ")


def tag(kind: bytes, body: bytes) -> bytes:
    data = kind + bytes(4) + body
    return data + bytes(-len(data) % 4)


def inks() -> bytes:
    """Make a profile of CMYK in which cyan is all that makes a difference: from white to grey."""
    ramp = bytes(range(256))
    grid = b"".join(bytes([255 - 136 * (n >> 3), 128, 128]) for n in range(16))
    matrix = struct.pack(">9i", *[65536 * (n % 4 == 0) for n in range(9)])
    table = tag(b"mft1", bytes([4, 3, 2, 0]) + matrix + ramp * 4 + grid + ramp * 3)
    words = b"cyan"
    named = tag(b"desc", struct.pack(">I", len(words) + 1) + words + bytes(1 + 78))
    white = tag(b"XYZ ", struct.pack(">3i", 63190, 65536, 54061))
    tags = {b"desc": named, b"cprt": tag(b"text", b"none\0"), b"wtpt": white, b"A2B0": table}
    at, entries = 128 + 4 + 12 * len(tags), b""
    for name, data in tags.items():
        entries += struct.pack(">4sII", name, at, len(data))
        at += len(data)
    head = struct.pack(">I4sI4s4s4s", at, b"lcms", 0x02400000, b"prtr", b"CMYK", b"Lab ")
    head += struct.pack(">6H4s", 2026, 1, 1, 0, 0, 0, b"acsp").ljust(68 - len(head), b"\0")
    head = head.ljust(68, b"\0") + struct.pack(">3i", 63190, 65536, 54061)
    return head.ljust(128, b"\0") + struct.pack(">I", len(tags)) + entries + b"".join(tags.values())


def test_colours_become_those_that_they_look_like(run: Run) -> None:
    Image.new("RGB", (2, 2), (255, 0, 0)).save("in.png", icc_profile=red_for_blue())
    done = run("max", "in.png", "out.png", "-k", 2, "--profile", "srgb")
    assert "in.png: its colours were converted to sRGB from its profile 'sRGB built-in'" in done.err
    with Image.open("out.png") as image:
        assert (image.mode, image.getpixel((0, 0))) == ("RGB", (0, 0, 255))
        assert "icc_profile" not in image.info


def test_nothing_is_converted_unless_it_is_asked_for(run: Run) -> None:
    Image.new("RGB", (2, 2), (255, 0, 0)).save("in.png", icc_profile=red_for_blue())
    assert run("max", "in.png", "out.png", "-k", 2).err == ""
    with Image.open("out.png") as image:
        assert image.getpixel((0, 0)) == (255, 0, 0)
        assert image.info["icc_profile"] == red_for_blue()


def test_alpha_stays(run: Run) -> None:
    Image.new("RGBA", (2, 2), (255, 0, 0, 77)).save("in.png", icc_profile=red_for_blue())
    assert run("max", "in.png", "out.png", "-k", 2, "--profile", "srgb").code == 0
    with Image.open("out.png") as image:
        assert (image.mode, image.getpixel((0, 0))) == ("RGBA", (0, 0, 255, 77))


def test_inks_become_colours(run: Run) -> None:
    for suffix in ("tif", "jpg"):
        image = Image.new("CMYK", (2, 2), (255, 9, 9, 9))
        image.save(f"in.{suffix}", icc_profile=inks(), quality=100)
        assert probe_picture(Path(f"in.{suffix}"), Reading(profile="srgb")) == (2, 2, 3)
        done = run("max", f"in.{suffix}", "out.png", "-k", 2, "--profile", "srgb")
        assert done.err.endswith("its colours were converted to sRGB from its profile 'cyan'\n")
        with Image.open("out.png") as result:
            pixel = result.getpixel((0, 0))
            assert isinstance(pixel, tuple)
            assert result.mode == "RGB"
            assert max(pixel) - min(pixel) <= 1
            assert abs(pixel[0] - 110) < 6  # L* of 119/255


def test_inks_without_a_profile_are_told_of(run: Run) -> None:
    Image.new("CMYK", (2, 2), (0, 255, 255, 0)).save("in.tif")
    done = run("max", "in.tif", "out.png", "-k", 2, "--profile", "srgb")
    assert "has no colour profile: its CMYK was converted to RGB without one" in done.err
    with Image.open("out.png") as image:
        assert image.getpixel((0, 0)) == (255, 0, 0)


@pytest.mark.parametrize("icc", [b"junk", srgb()])
def test_a_profile_that_does_not_fit_is_dropped(run: Run, icc: bytes) -> None:
    Image.new("CMYK", (2, 2), (0, 255, 255, 0)).save("in.tif", icc_profile=icc)
    done = run("max", "in.tif", "out.png", "-k", 2, "--profile", "srgb")
    assert "its colour profile is damaged or not for CMYK and was dropped" in done.err
    with Image.open("out.png") as image:
        assert image.getpixel((0, 0)) == (255, 0, 0)


def test_what_has_no_profile_stays(run: Run) -> None:
    Image.new("RGB", (2, 2), (1, 2, 3)).save("in.png")
    assert run("max", "in.png", "out.png", "-k", 2, "--profile", "srgb").err == ""
    with Image.open("out.png") as image:
        assert image.getpixel((0, 0)) == (1, 2, 3)


def test_sixteen_bits_are_not_cut_in_silence(run: Run) -> None:
    buffer = io.BytesIO()
    Image.new("RGB", (1, 1)).save(buffer, "PNG", icc_profile=red_for_blue())
    chunk = buffer.getvalue()
    at = chunk.index(b"iCCP") - 4
    end = at + 12 + int.from_bytes(chunk[at : at + 4], "big")
    x = np.zeros_like(samples("RGB"))
    x[..., 0] = 65535
    data = deep_png(x)
    Path("in.png").write_bytes(data[:33] + chunk[at:end] + data[33:])
    done = run("max", "in.png", "out.png", "-k", 2, "--profile", "srgb")
    assert "--convert RGB --scale" in done.failure
    words = ["--profile", "srgb", "--convert", "RGB", "--scale"]
    assert run("max", "in.png", "out.png", "-k", 2, *words).code == 0
    with Image.open("out.png") as image:
        assert image.getpixel((0, 0)) == (0, 0, 255)
