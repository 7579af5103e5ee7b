"""Alpha: what is invisible has no vote in a colour, whatever the operation, mode and format."""

import struct
import subprocess
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from poolcli.jobs.operation import Operation
from tests import alpha, pictures
from tests.alpha import OPERATIONS
from tests.commands import Run
from tests.oracle import Array
from tests.pictures import PILLOW, pixels, read, same
from tests.programs import needs_imagemagick

HOLDING = {"LA": "png tif tga dds jp2", "RGBA": "png tif tga sgi dds qoi jp2 webp avif"}
LOSSLESS = {"webp": ["--lossless"], "avif": ["--lossless"]}


def holey(channels: int, size: tuple[int, int] = (15, 20), seed: int = 3) -> Array:
    """Noise of which half is invisible, some opaque; a block of it wholly invisible."""
    rng = np.random.default_rng(seed)
    x = rng.integers(0, 256, (*size, channels), np.uint8)
    x[..., -1] = np.where(x[..., -1] < 128, 0, x[..., -1])
    x[..., -1] = np.where(x[..., -1] > 220, 255, x[..., -1])
    x[6:12, 8:16, -1] = 0
    return x


def apply(name: str, x: Array, **numbers: object) -> Array:
    operation = Operation(name, **numbers)  # type: ignore[arg-type]
    result: Array = operation.apply(x, channel_axis=2, alpha=True)
    return result


small = st.integers(1, 4)
pairs = st.tuples(small, small)


@st.composite
def numbers(draw: st.DrawFn) -> dict[str, object]:
    if draw(st.booleans()):
        return {"size": draw(pairs)}
    kernel, dilation = draw(pairs), draw(st.tuples(st.integers(1, 2), st.integers(1, 2)))
    padding = tuple(draw(st.integers(0, k // 2)) for k in kernel)
    return {
        "kernel": kernel,
        "stride": draw(pairs),
        "padding": padding,
        "dilation": dilation,
        "ceil_mode": draw(st.booleans()),
    }


@settings(deadline=None, derandomize=True, max_examples=150)
@given(
    name=st.sampled_from(OPERATIONS),
    channels=st.sampled_from([2, 4]),
    given=numbers(),
    size=st.tuples(st.integers(7, 9), st.integers(7, 9)),
    seed=st.integers(0, 9),
)
def test_by_definition(
    name: str, channels: int, given: dict[str, object], size: tuple[int, int], seed: int
) -> None:
    x = holey(channels, size, seed)
    assert same(apply(name, x, **given), alpha.pooled(name, x, **given))  # type: ignore[arg-type]


@settings(deadline=None, derandomize=True, max_examples=150)
@given(name=st.sampled_from(OPERATIONS), given=numbers(), seed=st.integers(0, 9))
def test_an_invisible_colour_never_appears(name: str, given: dict[str, object], seed: int) -> None:
    """Another colour under alpha 0 changes nothing; one that nothing else has is not there."""
    x = holey(4, (9, 8), seed)
    x[..., :3] //= 2
    hidden = x[..., 3] == 0
    x[hidden, :3] = 0
    want = apply(name, x, **given)
    for colour in ((255, 255, 255), (200, 0, 255), (0, 129, 1)):
        x[hidden, :3] = colour
        got = apply(name, x, **given)
        assert np.array_equal(got, want)
    assert got[..., :3].max() <= 127


@settings(deadline=None, derandomize=True, max_examples=100)
@given(name=st.sampled_from(["max", "min"]), given=numbers(), seed=st.integers(0, 9))
def test_indices_point_to_what_is_visible(name: str, given: dict[str, object], seed: int) -> None:
    x = holey(4, (9, 8), seed) // np.uint8(64) * np.uint8(64)
    operation = Operation(name, **given)  # type: ignore[arg-type]
    values, indices = operation.apply(x, channel_axis=2, alpha=True, return_indices=True)
    assert np.array_equal(values, apply(name, x, **given))
    flat = x.reshape(-1, 4)
    for channel in range(4):
        at = indices[..., channel]
        found = flat[at]
        assert np.array_equal(values[..., channel], np.where(at < 0, 0, found[..., channel]))
        if channel < 3:
            assert (found[..., 3][at >= 0] > 0).all()
            assert (values[..., channel][at < 0] == 0).all()


@pytest.mark.parametrize(
    ("name", "mode", "suffix"),
    [
        (name, mode, suffix)
        for name, (mode, suffixes) in product(OPERATIONS, HOLDING.items())
        for suffix in suffixes.split()
        if (name, suffix) != ("mode", "avif")  # which is refused: colours go through YCbCr
    ],
)
def test_formats(run: Run, name: str, mode: str, suffix: str) -> None:
    x = holey(len(mode))
    Image.fromarray(x).save("in.png")
    words = ["-k", "3", "-s", "2", "-p", "1", *LOSSLESS.get(suffix, [])]
    assert run(name, "in.png", f"out.{suffix}", *words).err == ""
    got_mode, got = read(f"out.{suffix}")
    want = alpha.pooled(name, x, 3, 2, 1)
    assert got_mode == mode
    if suffix == "avif":  # colours go through YCbCr; alpha is whole
        assert same(got[..., 3], want[..., 3])
        assert same(got[want[..., 3] > 0].astype(float), want[want[..., 3] > 0].astype(float), 4)
    else:
        assert same(got, want)


@pytest.mark.parametrize("name", OPERATIONS)
@pytest.mark.parametrize("suffix", ["png", "tif"])
@pytest.mark.parametrize("mode", ["La", "RGBa", "PA"])
def test_other_ways_to_hold_alpha(run: Run, name: str, suffix: str, mode: str) -> None:
    """Premultiplied, or a palette with alpha: in a TIFF, or in what Pillow makes of it."""
    x = holey(2 if mode == "La" else 4)
    plain = Image.fromarray(x)
    if mode == "PA":
        image = pictures.photo("PA")
        image.putalpha(plain.getchannel("A"))
    else:
        image = plain
    image.save("in.tif", compression="raw")
    if mode != "PA":
        data = Path("in.tif").read_bytes()
        straight, multiplied = (struct.pack("<HHII", 338, 3, 1, kind) for kind in (2, 1))
        assert data.count(straight) == 1
        Path("in.tif").write_bytes(data.replace(straight, multiplied))
    if mode == "La" and PILLOW < (13,):
        pytest.skip("Pillow before 13 reads no premultiplied grey")
    with Image.open("in.tif") as opened:
        y = pixels(opened) if mode == "PA" else np.asarray(opened.convert(plain.mode))
    assert (y[..., -1] == 0).any()
    assert run(name, "in.tif", f"out.{suffix}", "-k", 2).err == ""
    if name == "mode" and mode == "PA":
        assert read(f"out.{suffix}")[1].shape == (7, 10, 4)
    assert same(read(f"out.{suffix}")[1], alpha.pooled(name, y, 2))


@pytest.mark.parametrize("name", OPERATIONS)
@pytest.mark.parametrize("mode", ["1", "L", "RGB"])
def test_a_colour_that_is_transparent(run: Run, name: str, mode: str) -> None:
    """A PNG's tRNS chunk: the pixels of one colour are invisible."""
    image = pictures.photo("L").point(lambda v: v // 64 * 64).convert(mode)
    key = image.getpixel((2, 1))
    image.save("in.png", transparency=key)
    colours = pixels(image)
    hidden = (colours == colours[1, 2]).all(-1, keepdims=True)
    x = np.concatenate([colours, np.where(hidden, 0, 255).astype("u1")], -1)
    assert run(name, "in.png", "out.png", "-k", 3).err == ""
    assert read("out.png")[0] == ("RGBA" if mode == "RGB" else "LA")
    assert same(read("out.png")[1], alpha.pooled(name, x, 3))


@pytest.mark.parametrize("name", ["max", "min", "avg"])
def test_alpha_as_a_channel(run: Run, name: str) -> None:
    x = holey(4)
    Image.fromarray(x).save("in.png")
    assert run(name, "in.png", "out.png", "-k", 3, "--alpha", "channel").code == 0
    assert same(read("out.png")[1], pictures.pooled(name, x, 3))


@pytest.mark.parametrize("value", [0, 1, 254, 255])
@pytest.mark.parametrize("name", OPERATIONS)
def test_alpha_everywhere_the_same(run: Run, name: str, value: int) -> None:
    x = holey(4)
    x[..., 3] = value
    Image.fromarray(x).save("in.png")
    assert run(name, "in.png", "out.png", "-k", 3, "-s", 2, "-p", 1).code == 0
    got = read("out.png")[1]
    assert same(got, alpha.pooled(name, x, 3, 2, 1))
    if value == 0:
        assert not got.any()


def test_converting_away_from_alpha(run: Run) -> None:
    x = holey(4)
    Image.fromarray(x).save("in.png")
    assert run("max", "in.png", "out.png", "-k", 2, "--convert", "RGB").code == 0
    x[x[..., 3] == 0] = 0
    assert same(read("out.png")[1], pictures.pooled("max", x[..., :3], 2))


@needs_imagemagick
def test_against_imagemagick(run: Run) -> None:
    """-scale by whole numbers weighs colours by alpha too, to a level of rounding."""
    Image.fromarray(holey(4, (16, 20))).save("in.png")
    subprocess.run(["convert", "in.png", "-scale", "50%", "PNG32:im.png"], check=True)
    assert run("avg", "in.png", "out.png", "-k", 2).code == 0
    got, want = read("out.png")[1].astype(int), read(Path("im.png"))[1].astype(int)
    assert np.abs(got[..., 3] - want[..., 3]).max() <= 1
    assert np.abs(got - want)[got[..., 3] > 8].max() <= 1
