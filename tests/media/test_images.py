"""Pictures of every mode and format, through the command line: no value is lost on the way."""

import io
import struct
from collections.abc import Callable
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.commands import Run, Shell
from tests.oracle import Array
from tests.pictures import (
    PILLOW,
    Photo,
    deep_png,
    deep_tiff,
    noise,
    pixels,
    pooled,
    read,
    same,
)

LOSSLESS = {
    "1": "png tif bmp pbm pcx",
    "L": "png tif bmp pgm pcx tga sgi dds jp2",
    "P": "png tif bmp pcx tga",
    "PA": "tif",
    "LA": "png tif tga dds jp2",
    "RGB": "png tif bmp ppm pcx tga sgi dds qoi jp2",
    "RGBA": "png tif tga sgi dds qoi jp2",
    "CMYK": "tif jp2",
    "LAB": "tif",
    "I;16": "png tif pgm jp2",
    "I;16B": "tif",
    "I": "tif",
    "F": "tif pfm",
}
DEEP = {"I;16", "I", "F"}
POOLED_AS = {"1": "L", "P": "RGB", "PA": "RGBA", "I;16B": "I;16"}
READ_AS = {("I;16", "pgm"): "I"}
"""What Pillow calls a PGM of 16 bits; its values are the same."""


@pytest.mark.parametrize(
    ("mode", "suffix"), [(mode, suffix) for mode in LOSSLESS for suffix in LOSSLESS[mode].split()]
)
def test_mode_and_format(photo: Photo, run: Run, mode: str, suffix: str) -> None:
    image, wanted = photo(mode), POOLED_AS.get(mode, mode)
    image.save(f"in.{suffix}")
    if mode == "YCbCr" and PILLOW < (13,):
        assert "uncompressed YCbCr TIFF" in run("max", "in.tif", "out.tif", "-k", 2).failure
        return
    x = pixels(image)
    shape = f"{x.shape[2]}×15×20 → {x.shape[2]}×8×10"
    words = ["-k3", "-s2", "-p1", "--alpha=channel"]  # the other way: test_alpha.py
    for operation in ("max", "min", "avg"):
        done = run(operation, f"in.{suffix}", f"out.{suffix}", *words)
        assert (done.out, done.err) == (f"out.{suffix}: {shape}\n", "")
        got_mode, got = read(f"out.{suffix}")
        assert got_mode == READ_AS.get((wanted, suffix), wanted)
        near = 1e-6 if (mode, operation) == ("F", "avg") else 0  # poolcli sums in float32
        assert same(got.astype(x.dtype), pooled(operation, x, 3, 2, 1), near)


@pytest.mark.parametrize(("mode", "suffix"), [("RGB", "jpg"), ("RGB", "webp"), ("P", "gif")])
def test_lossy_source(photo: Photo, run: Run, mode: str, suffix: str) -> None:
    photo(mode).save(f"in.{suffix}")
    assert run("avg", f"in.{suffix}", "out.png", "-k", "4x3").code == 0
    assert same(read("out.png")[1], pooled("avg", read(f"in.{suffix}")[1], (4, 3)))


@pytest.mark.parametrize("suffix", ["png", "gif"])
def test_palette_with_transparency(photo: Photo, run: Run, suffix: str) -> None:
    photo("P").save(f"in.{suffix}", transparency=photo("P").getpixel((3, 3)))
    x = read(f"in.{suffix}")[1]
    assert x[3, 3, 3] == 0
    assert run("min", f"in.{suffix}", "out.png", "-k", 2, "--alpha=channel").code == 0
    mode, got = read("out.png")
    assert mode == "RGBA"
    assert same(got, pooled("min", x, 2))


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("suffix", ["png", "tif", "pgm"])
def test_sixteen_bits_to_the_last(run: Run, order: str, suffix: str) -> None:
    """Every 16-bit value there is, in either byte order, through a pooling that changes nothing."""
    values = np.arange(65536, dtype=f"{order}u2").reshape(256, 256)
    mode = {"<": "I;16", ">": "I;16B"}[order]
    Image.frombytes(mode, (256, 256), values.tobytes()).save("in.tif")
    for source, destination in (("in.tif", f"mid.{suffix}"), (f"mid.{suffix}", "out.tif")):
        assert run("max", source, destination, "-k", 1).err == ""
        assert np.array_equal(read(destination)[1][..., 0], values)
    assert read("out.tif")[0] == "I;16"


def test_wide_values(run: Run) -> None:
    extremes = np.array([[-(2**31), 2**31 - 1], [2**31 - 1, 2**31 - 1]], np.int32)
    Image.fromarray(extremes).save("in.tif")
    for operation, value in (("max", 2**31 - 1), ("min", -(2**31)), ("avg", 2**30 - 1)):
        assert run(operation, "in.tif", "out.tif", "-k", 2).code == 0
        assert read("out.tif")[1].tolist() == [[[value]]]


UPRIGHT: dict[int, Callable[[Array], Array]] = {
    1: lambda x: x,
    2: lambda x: x[:, ::-1],
    3: lambda x: x[::-1, ::-1],
    4: lambda x: x[::-1],
    5: lambda x: x.swapaxes(0, 1),
    6: lambda x: np.rot90(x, -1),
    7: lambda x: x[::-1, ::-1].swapaxes(0, 1),
    8: lambda x: np.rot90(x, 1),
}
"""By the EXIF standard, where row 0 and column 0 of what is stored are to be seen."""


@pytest.mark.parametrize("orientation", UPRIGHT)
@pytest.mark.parametrize("suffix", ["png", "tif", "jpg"])
def test_orientation(photo: Photo, run: Run, suffix: str, orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    photo("RGB").save(f"in.{suffix}", exif=exif)
    photo("RGB").save(f"flat.{suffix}")
    x = UPRIGHT[orientation](read(f"flat.{suffix}")[1])
    high, wide = x.shape[:2]
    done = run("max", f"in.{suffix}", "out.png", "-k", 5)
    assert done.out == f"out.png: 3×{high}×{wide} → 3×{high // 5}×{wide // 5}\n"
    assert same(read("out.png")[1], pooled("max", x, 5))
    with Image.open("out.png") as image:
        assert image.getexif().get(0x0112, 1) == 1


def test_orientation_in_odd_exif(photo: Photo, run: Run) -> None:
    """A resolution that is no fraction, as some cameras write it, is no reason to give up."""
    entry = struct.Struct("<HHII")
    exif = b"Exif\0\0II*\0" + struct.pack("<IH", 8, 2)
    exif += entry.pack(0x0112, 3, 1, 6) + entry.pack(0x011A, 3, 1, 72) + bytes(4)
    photo("RGB").save("in.jpg", exif=exif)
    assert run("max", "in.jpg", "out.png", "-k", 1).out == "out.png: 3×20×15 → 3×20×15\n"


def deep_ppm(x: Array) -> bytes:
    return b"P6 %d %d 65535\n" % (x.shape[1], x.shape[0]) + x.astype(">u2").tobytes()


def plain_ppm(x: Array) -> bytes:
    return b"P3 %d %d 65535\n" % (x.shape[1], x.shape[0]) + " ".join(map(str, x.flat)).encode()


@pytest.mark.usefixtures("pillow_alone")
@pytest.mark.parametrize(
    ("name", "channels", "write"),
    [
        ("in.png", 3, deep_png),
        ("in.png", 4, deep_png),
        ("in.png", 2, deep_png),
        ("in.tif", 3, deep_tiff),
        ("in.tif", 3, lambda x: deep_tiff(x, order=">")),
        ("in.ppm", 3, deep_ppm),
        ("in.ppm", 3, plain_ppm),
    ],
)
def test_depth_is_lost_if_a_conversion_asks_for_it(
    run: Run, name: str, channels: int, write: Callable[[Array], bytes]
) -> None:
    x = noise((7, 9, channels), "u2")
    Path(name).write_bytes(write(x))
    mode = "RGB" if channels == 3 else "RGBA"
    done = run("max", name, "out.png", "-k", 2, "--convert", mode)
    assert done.code == 0
    assert "only 8 bits of each of its" in done.err
    got_mode, got = read("out.png")
    assert got_mode == mode
    if channels == 2:
        x = x[:, :, [0, 0, 0, 1]]
    near = 1 if name.endswith("ppm") else 0  # Pillow scales a PPM, and takes others' upper halves
    assert np.abs(got - pooled("max", (x >> 8).astype(np.int16), 2)).max() <= near


@pytest.mark.usefixtures("pillow_alone")
def test_planes_become_channels(run: Run) -> None:
    x = noise((7, 9, 3), "u2")
    Path("in.tif").write_bytes(deep_tiff(x, planar=True))
    done = run("max", "in.tif", "out.png", "-k", 2, "--convert", "RGB")
    assert done.err.endswith("only 8 bits of each of its RGB samples were read\n")
    assert same(read("out.png")[1], pooled("max", (x >> 8).astype(np.uint8), 2))


@pytest.mark.parametrize(
    ("mode", "suffix"),
    [
        *product(["I;16", "I", "F", "CMYK"], ["webp", "gif", "avif", "bmp"]),
        *product(["I", "F", "CMYK"], ["png"]),
        *product(["LA", "RGBA", "F"], ["jpeg"]),
        *[("I", "ppm"), ("RGBA", "ppm"), ("RGBA", "bmp"), ("LA", "gif")],
    ],
)
def test_format_that_cannot_hold_the_mode(photo: Photo, run: Run, mode: str, suffix: str) -> None:
    """Many of these Pillow would write, clipping all values at 255, or without alpha."""
    photo(mode).save("in.tif")
    done = run("max", "in.tif", f"out.{suffix}", "-k", 2)
    assert done.code == 1
    assert done.failure == (
        f"out.{suffix}: {suffix.upper()} cannot hold mode {mode}; "
        f"use another format, or --convert L {'--scale' if mode in DEEP else 'or RGB'}"
    )
    assert not Path(f"out.{suffix}").exists()
    assert run("max", "in.tif", f"out.{suffix}", "-k", 2, "--convert", "RGB").code == 0


def test_format_that_would_scale(photo: Photo, run: Run) -> None:
    photo("RGB").save("in.png")
    for name in ("out.ico", "out.icns"):
        done = run("max", "in.png", name, "-k", 2)
        assert done.code == 2
        assert "does not name a format that can be written" in done.failure


@pytest.mark.parametrize(
    ("mode", "other", "suffix"),
    [("RGB", "L", "png"), ("CMYK", "RGB", "jpg"), ("F", "L", "png"), ("RGB", "CMYK", "tif")],
)
def test_convert(photo: Photo, run: Run, mode: str, other: str, suffix: str) -> None:
    photo(mode).save("in.tif")
    with Image.open("in.tif") as image:
        x = pixels(image.convert(other))
    assert run("min", "in.tif", f"out.{suffix}", "-k", 2, "--convert", other).code == 0
    got_mode, got = read(f"out.{suffix}")
    assert got_mode == other
    assert suffix == "jpg" or same(got, pooled("min", x, 2))


def test_convert_to_no_mode(photo: Photo, run: Run) -> None:
    photo("CMYK").save("in.tif")
    done = run("min", "in.tif", "out.tif", "-k", 2, "--convert", "RGB2")
    assert done.code == 1
    assert done.failure.startswith("in.tif: cannot be converted from CMYK to RGB2 (")


def test_several_frames_for_a_format_of_one(photo: Photo, run: Run) -> None:
    photo("P").save("in.gif", save_all=True, append_images=[photo("L"), photo("1")])
    done = run("max", "in.gif", "out.bmp", "-k", 2)
    assert done.code == 1
    assert done.failure.startswith("out.bmp: BMP cannot hold the 3 frames of this picture; ")
    assert "--frame N" in done.failure


@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize("suffix", ["png", "jpg", "tif", "webp", "gif", "bmp", "ppm"])
def test_damaged_files(photo: Photo, run: Run, suffix: str) -> None:
    """Cut short anywhere, or with any byte wrong: a picture, or one line."""
    whole = io.BytesIO()
    photo("RGB").save(whole, Image.registered_extensions()[f".{suffix}"])
    data, rng = whole.getvalue(), np.random.default_rng(0)
    for place in [*range(60), *rng.integers(60, len(data), 20).tolist()]:
        for broken in (data[:place], data[:place] + b"\xff" + data[place + 1 :]):
            Path(f"in.{suffix}").write_bytes(broken)
            done = run("max", f"in.{suffix}", "out.png", "-k", 1)
            if done.code:
                assert done.failure.startswith(f"in.{suffix}: ")
            else:
                lines = done.err.splitlines()
                assert all(line.startswith(f"poolcli: note: in.{suffix}: ") for line in lines)


def test_no_warning_of_pillows(photo: Photo, shell: Shell) -> None:
    """Pillow warns of a TIFF that ends early before it gives up; the user gets one line."""
    photo("RGB").save("in.tif")
    Path("in.tif").write_bytes(Path("in.tif").read_bytes()[:40])
    done = shell("max", "in.tif", "out.png", "-k", 2)
    assert done.code == 1
    assert done.failure.startswith("in.tif: is ")
