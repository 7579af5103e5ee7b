"""Depth: 16 and 32 bits and floats stay what they are; what would be cut is refused by name."""

import io
import struct
import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from poolcli.jobs.operation import Operation
from poolcli.jobs.perform import perform
from poolcli.jobs.plan import Task
from poolcli.media.options import Reading
from tests import oracle, pictures
from tests.commands import Run
from tests.oracle import Array
from tests.pictures import deep_png, deep_tiff, noise, pixels, read, same
from tests.programs import needs_avifenc, needs_imagemagick

DOUBLE = Operation("max", (2, 2))
DEEP = {
    "I;16": "png tif pgm",
    "I;16B": "png tif pgm",
    "I": "tif",
    "F": "tif pfm",
}


def with_imagemagick(name: str, *words: str) -> bytes:
    """A gradient in 16 bits of colour, written by ImageMagick."""
    line = ["convert", "-size", "24x16", "gradient:red-blue", *words, name]
    subprocess.run(line, check=True, capture_output=True)
    return Path(name).read_bytes()


def by_definition(operation: str, x: Array) -> Array:
    if operation in ("max", "min", "avg"):
        return pictures.pooled(operation, x, 3, 2, 1)
    numbers = ((0, 1), 3, 2, 1, 1, False)
    if operation == "median":
        return oracle.pool(x, *numbers, reduce=oracle.median).astype(x.dtype)
    pick = lambda taps: taps[oracle.commonest(taps.tolist())]  # noqa: E731
    return oracle.pool(x, *numbers, reduce=pick).astype(x.dtype)


@pytest.mark.parametrize("operation", ["max", "min", "avg", "median", "mode"])
@pytest.mark.parametrize(
    ("mode", "source", "suffix"),
    [
        (mode, source, suffix)
        for mode, suffixes in DEEP.items()
        for source in ("tif", "png" if mode == "I;16" else "tif")
        for suffix in suffixes.split()
    ],
)
def test_to_the_last_bit(run: Run, operation: str, mode: str, source: str, suffix: str) -> None:
    image = pictures.photo(mode)
    image.save(f"in.{source}")
    x = pixels(image)
    done = run(operation, f"in.{source}", f"out.{suffix}", "-k", 3, "-s", 2, "-p", 1)
    assert done.err == ""
    got_mode, got = read(f"out.{suffix}")
    native = "I;16" if mode == "I;16B" else mode
    assert got_mode == ("I" if (native, suffix) == ("I;16", "pgm") else native)
    near = 1e-6 if (mode, operation) == ("F", "avg") else 0  # poolcli sums in float32
    assert same(got.astype(x.dtype), by_definition(operation, x), near)


def test_signed_sixteen_bits(run: Run) -> None:
    values = np.array([[-32768, -1], [0, 32767]], "<i2")
    data = io.BytesIO()
    Image.fromarray(values.view("<u2")).save(data, "TIFF", tiffinfo={339: 2}, compression="raw")
    raw = data.getvalue()
    assert struct.pack("<HHI", 339, 3, 1) in raw
    Path("in.tif").write_bytes(raw)
    with Image.open("in.tif") as image:
        assert image.mode == "I"
    for operation, value in (("max", 32767), ("min", -32768), ("avg", 0)):
        assert run(operation, "in.tif", "out.tif", "-k", 2).err == ""
        assert read("out.tif")[1].tolist() == [[[value]]]


@pytest.mark.usefixtures("pillow_alone")
def test_unsigned_thirty_two_bits(run: Run) -> None:
    for top, code in ((2**31 - 1, 0), (2**31, 1)):
        values = np.array([[0, top], [5, 6]], "<u4")
        Image.fromarray(values.view("<i4")).save("in.tif", compression="raw")
        raw = Path("in.tif").read_bytes()
        entry = struct.pack("<HHII", 339, 3, 1, 2)
        assert entry in raw
        Path("in.tif").write_bytes(raw.replace(entry, struct.pack("<HHII", 339, 3, 1, 1)))
        done = run("max", "in.tif", "out.tif", "-k", 2)
        assert done.code == code
        if code:
            assert done.failure.startswith("in.tif: has values above 2147483647")
        else:
            assert read("out.tif")[1].item() == top


def test_white_is_zero(run: Run) -> None:
    """As Pillow does in 8 bits: what is written looks as what was read."""
    for dtype, top in (("u1", 255), ("u2", 65535)):
        values = np.array([[0, 1], [top - 3, top]], dtype)
        Image.fromarray(values).save("in.tif", compression="raw")
        raw = Path("in.tif").read_bytes()
        entry = struct.pack("<HHII", 262, 3, 1, 1)
        assert raw.count(entry) == 1
        Path("in.tif").write_bytes(raw.replace(entry, struct.pack("<HHII", 262, 3, 1, 0)))
        assert run("max", "in.tif", "out.png", "-k", "1x2").code == 0
        assert read("out.png")[1].ravel().tolist() == [top, 3]


def half_floats() -> bytes:
    """A FITS of 64-bit floats, which Pillow halves."""
    cards = ["SIMPLE  = T", "BITPIX  = -64", "NAXIS   = 2", "NAXIS1  = 3", "NAXIS2  = 2", "END"]
    head = "".join(card.ljust(80) for card in cards).ljust(2880).encode()
    return head + np.arange(6, dtype=">f8").tobytes().ljust(2880, b"\0")


REDUCED: dict[str, tuple[str, Callable[[], bytes]]] = {
    "double.fits": ("F", half_floats),
}
BY_OTHERS = {
    "rgb.jp2": ("RGB", ["-depth", "16"]),
    "twelve.jp2": ("RGB", ["-depth", "12"]),
    "code.j2k": ("RGB", ["-depth", "16"]),
    "rgb.sgi": ("RGB", ["-depth", "16"]),
}


def check_refused(run: Run, name: str, mode: str) -> None:
    done = run("max", name, "out.tif", "-k", 2)
    assert done.code == 1
    advice = "pip install '.[tiff]' reads it, or " if name.endswith(".tif") else ""
    assert done.failure.endswith(f"can be read; {advice}use --convert {mode} to accept that")
    assert not Path("out.tif").exists()
    done = run("max", name, "out.tif", "-k", 2, "--convert", mode)
    assert done.code == 0
    assert read("out.tif")[0] == mode


@pytest.mark.usefixtures("pillow_alone")
@pytest.mark.parametrize("name", REDUCED)
def test_what_would_be_reduced(run: Run, name: str) -> None:
    mode, write = REDUCED[name]
    Path(name).write_bytes(write())
    check_refused(run, name, mode)


@pytest.mark.usefixtures("pillow_alone")
@needs_imagemagick
@pytest.mark.parametrize("name", BY_OTHERS)
def test_what_others_wrote(run: Run, name: str) -> None:
    mode, words = BY_OTHERS[name]
    with_imagemagick(name, *words)
    check_refused(run, name, mode)


@needs_avifenc
@pytest.mark.parametrize("bits", [8, 10, 12])
def test_avif(run: Run, bits: int) -> None:
    Path("in.png").write_bytes(deep_png(noise((16, 24, 3), "u2")))
    line = ["avifenc", "-s", "10", "-d", str(bits), "in.png", "in.avif"]
    subprocess.run(line, check=True, capture_output=True)
    if bits == 8:
        assert run("max", "in.avif", "out.png", "-k", 2).err == ""
    else:
        check_refused(run, "in.avif", "RGB")


@pytest.mark.usefixtures("pillow_alone")
def test_what_cannot_be_read_at_all(run: Run) -> None:
    """12 bits of colour: a TIFF of no kind that Pillow knows."""
    data = deep_tiff(noise((7, 9, 3), "u2")).replace(struct.pack("<3H", 16, 16, 16), b"\x0c\0" * 3)
    Path("in.tif").write_bytes(data)
    done = run("max", "in.tif", "out.png", "-k", 2)
    assert done.failure == (
        "in.tif: is a TIFF of 3 × 12-bit unsigned integers (RGB), which cannot be read; pip "
        "install '.[tiff]' reads it, or save it with 8 bits, or as grey of 16 or signed 32 bits or "
        "floats, or as .npy"
    )


@pytest.mark.parametrize(
    ("mode", "other", "lost"),
    [
        (
            "I;16",
            "L",
            "uint16 values were converted to uint8: what is outside 0 to 255 was clipped; "
            "--scale keeps it in proportion",
        ),
        (
            "I",
            "L",
            "int32 values were converted to uint8: what is outside 0 to 255 was clipped; "
            "--scale keeps it in proportion",
        ),
        ("F", "I", "float32 values were converted to int32: fractions were cut off"),
        ("I", "F", "int32 values were converted to float32: beyond 2^24 they were rounded"),
        ("L", "I;16", ""),
        ("RGB", "L", ""),
        ("I;16", "I", ""),
        ("I;16", "F", ""),
        ("P", "RGB", ""),
    ],
)
def test_convert_tells_what_it_cost(here: Path, mode: str, other: str, lost: str) -> None:
    pictures.photo(mode).save(here / "in.tif")
    task = Task(DOUBLE, Path("in.tif"), Path("out.tif"), reading=Reading(convert=other))
    assert perform(task).notes == ((lost,) if lost else ())


def test_transparent_value_of_sixteen_bits(here: Path) -> None:
    pictures.photo("I;16").save(here / "in.png", transparency=500)
    reading = Reading(convert="I;16")
    notes = perform(Task(DOUBLE, Path("in.png"), Path("out.png"), reading=reading)).notes
    assert notes == ("its transparent value 500 was read as any other",)
