"""Means in linear light: of grey and colours of 8 and 16 bits, alpha apart."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests import alpha, oracle
from tests.commands import Run
from tests.media.deep.files import samples
from tests.media.deep.test_reading import read
from tests.oracle import Array
from tests.pictures import deep_png, noise, photo, pooled, same

pytestmark = pytest.mark.usefixtures("here")


def decoded(code: float) -> float:
    return code / 12.92 if code <= 0.04045 else ((code + 0.055) / 1.055) ** 2.4


def encoded(light: float) -> float:
    return light * 12.92 if light <= 0.0031308 else 1.055 * light ** (1 / 2.4) - 0.055


def by_definition(x: Array, power: float = 1) -> Array:
    """Pool windows of 3 and stride 2 by the curve, sample by sample."""
    top = np.iinfo(x.dtype).max
    light = np.vectorize(decoded)(x / top) ** power
    means = oracle.pool(light, (0, 1), 3, 2, 0, 1, False, reduce=np.mean).astype(float)
    codes: Array = np.floor(np.vectorize(encoded)(means ** (1 / power)) * top + 0.5)
    return codes.astype(x.dtype)


def test_black_and_white_is_half_the_light(run: Run) -> None:
    Image.fromarray(np.array([[0, 255]], "u1")).save("in.png")
    for words, want in ((["--linear"], 188), ([], 128)):
        assert run("avg", "in.png", "out.png", "-k", "1x2", *words).err == ""
        assert read("out.png")[1].item() == want


@pytest.mark.parametrize("operation", ["avg", "gem"])
@pytest.mark.parametrize("mode", ["L", "RGB", "16 L", "16 RGB"])
def test_by_definition(run: Run, operation: str, mode: str) -> None:
    if mode.startswith("16"):
        x = noise((15, 20, 1 if mode.endswith("L") else 3), "u2")
        Path("in.png").write_bytes(deep_png(x))
    else:
        photo(mode).save("in.png")
        x = read("in.png")[1]
    assert run(operation, "in.png", "out.png", "-k", 3, "-s", 2, "--linear").err == ""
    assert same(read("out.png")[1], by_definition(x, 3 if operation == "gem" else 1))


@pytest.mark.parametrize("deep", [False, True])
def test_colours_are_weighed_by_alpha_which_has_no_curve(run: Run, deep: bool) -> None:
    x = samples("RGBA")
    if deep:
        Path("in.png").write_bytes(deep_png(x))
    else:
        x = (x >> 8).astype("u1")
        Image.fromarray(x).save("in.png")
    assert run("avg", "in.png", "out.png", "-k", 3, "-s", 2, "--linear").err == ""
    got = read("out.png")[1]
    assert same(got[..., 3:], pooled("avg", x[..., 3:], 3, 2))
    top = np.iinfo(x.dtype).max
    for row, column in np.ndindex(*got.shape[:2]):
        seen = x[2 * row : 2 * row + 3, 2 * column : 2 * column + 3].reshape(9, 4)
        weights = seen[:, 3].astype(float)
        for channel in range(3):
            light = [decoded(code / top) for code in seen[:, channel]]
            mean = float(np.dot(light, weights) / weights.sum()) if weights.any() else 0.0
            assert got[row, column, channel] == np.floor(encoded(mean) * top + 0.5)
    assert not same(got, alpha.pooled("avg", x, 3, 2))


def test_alpha_as_a_plain_channel_has_no_curve_either(run: Run) -> None:
    x = samples("RGBA")
    Path("in.png").write_bytes(deep_png(x))
    words = ["--linear", "--alpha", "channel"]
    assert run("avg", "in.png", "out.png", "-k", 3, "-s", 2, *words).err == ""
    got = read("out.png")[1]
    assert same(got[..., :3], by_definition(x[..., :3]))
    assert same(got[..., 3:], pooled("avg", x[..., 3:], 3, 2))


@pytest.mark.parametrize("dtype", ["u1", "u2"])
def test_every_flat_picture_stays_what_it_is(run: Run, dtype: str) -> None:
    codes = np.arange(np.iinfo(dtype).max + 1).astype(dtype)
    Image.fromarray(np.repeat(codes[None], 3, 0)).save("in.png")
    assert run("avg", "in.png", "out.png", "-k", "3x1", "--linear").err == ""
    assert read("out.png")[1].ravel().tolist() == codes.tolist()


def test_padding_counts_as_black_unless_it_is_left_out(run: Run) -> None:
    Image.fromarray(np.full((2, 2), 255, "u1")).save("in.png")
    for words, want in (([], 137), (["--exclude-pad"], 255)):
        assert run("avg", "in.png", "out.png", "-k", 2, "-p", 1, "--linear", *words).err == ""
        assert read("out.png")[1][0, 0, 0] == want


def test_what_has_no_curve_is_refused(run: Run) -> None:
    photo("CMYK").save("in.tif")
    assert "holds CMYK" in run("avg", "in.tif", "out.tif", "-k", 2, "--linear").failure
    photo("F").save("f.tif")
    assert "holds F" in run("avg", "f.tif", "out.tif", "-k", 2, "--linear").failure
    np.save("in.npy", noise((4, 4)))
    assert "is for pictures" in run("avg", "in.npy", "out.npy", "-k", 2, "--linear").failure
    photo("L").save("in.png")
    failure = run("gem", "in.png", "out.png", "-k", 2, "--linear", "--power", 99).failure
    assert "--linear takes powers from -40 to 40, not 99" in failure
    assert run("max", "in.png", "out.png", "-k", 2, "--linear").code == 2
    assert "values to skip" in (
        run("avg", "in.png", "out.png", "-k", 2, "--linear", "--skip", 7).failure
    )


def test_samples_of_another_white_are_refused(run: Run) -> None:
    Path("in.ppm").write_bytes(b"P6 1 2 1023\n" + np.array([0] * 3 + [1023] * 3, ">u2").tobytes())
    words = "avg", "in.ppm", "out.npy", "-k", "2x1", "--linear"
    assert "cannot be pooled as light: its white is 1023, not 65535" in run(*words).failure
    assert run(*words, "--convert", "RGB", "--scale", "0,1023").code == 0
    assert np.load("out.npy").ravel().tolist() == [188] * 3
