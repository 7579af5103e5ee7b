"""--axes: as many numbers as axes named, in arrays of any number of them."""

import json
from typing import Any

import numpy as np
import pytest

import poolcli
from poolcli import Operation, pool_file
from poolcli.errors import WindowError
from tests.cases import random
from tests.commands import Run

pytestmark = pytest.mark.usefixtures("here")

X = random((2, 7, 8, 10), "i2", 3)


@pytest.mark.parametrize(
    ("words", "axes", "numbers", "told"),
    [
        ("--axes ZYX -k 2x1x3", (1, 2, 3), {"kernel": (2, 1, 3)},
         "2×Z7×Y8×X10 → 2×Z3×Y8×X3 (1 of Z and 1 column unused)"),
        ("-k 2x2x5 -s 1x2x5 -p 1x0x2 --axes zyx", (1, 2, 3),
         {"kernel": (2, 2, 5), "stride": (1, 2, 5), "padding": (1, 0, 2)},
         "2×Z7×Y8×X10 → 2×Z8×Y4×X2 (2 columns unused)"),
        ("--axes X -k 3 -d 2", (3,), {"kernel": 3, "dilation": 2},
         "2×7×8×X10 → 2×7×8×X2 (4 columns unused)"),
        ("--axes CZYX -k 2", (0, 1, 2, 3), {"kernel": 2},
         "C2×Z7×Y8×X10 → C1×Z3×Y4×X5 (1 of Z unused)"),
        ("--axes YX -k 2x5", (2, 3), {"kernel": (2, 5)}, "2×7×Y8×X10 → 2×7×Y4×X2"),
        ("--axes ZY -k 7x8 --layout hwc", (1, 2), {"kernel": (7, 8)},
         "2×Z7×Y8×10 → 2×Z1×Y1×10"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("name", ["max", "avg", "median", "sum"])
def test_axes_by_name(run: Run, name: str, words: str, axes: Any, numbers: Any, told: str) -> None:
    np.save("in.npy", X)
    done = run(name, "in.npy", "out.npy", *words.split())
    assert (done.out, done.err) == (f"out.npy: {told}\n", "")
    assert run(name, "in.npy", "not.npy", *words.split(), "-n").out == f"not.npy: {told}\n"
    want = getattr(poolcli, f"{name}_pool")(X, axes=axes, **numbers)
    got = np.load("out.npy")
    assert got.dtype == want.dtype
    assert np.array_equal(got, want)


def test_sizes_by_name(run: Run) -> None:
    np.save("in.npy", X)
    out = run("avg", "in.npy", "out.npy", "--axes", "ZYX", "--size", "7x2x1").out
    assert out == "out.npy: 2×Z7×Y8×X10 → 2×Z7×Y2×X1\n"
    want = poolcli.adaptive_pool(X, (7, 2, 1), axes=(1, 2, 3))
    assert np.array_equal(np.load("out.npy"), want)
    run("avg", "in.npy", "out.npy", "--axes", "ZYX", "--global")
    assert np.load("out.npy").shape == (2, 1, 1, 1)


def test_envelope_of_a_signal(run: Run) -> None:
    signal = np.sin(np.arange(1003.0))
    np.save("in.npy", signal)
    assert run("max", "in.npy", "high.npy", "--axes", "X", "-k", 50).out == (
        "high.npy: X1003 → X20 (3 columns unused)\n"
    )
    run("min", "in.npy", "low.npy", "--axes", "X", "-k", 50)
    each = signal[:1000].reshape(20, 50)
    assert np.array_equal(np.load("high.npy"), each.max(1))
    assert np.array_equal(np.load("low.npy"), each.min(1))


def test_json_tells_axes(run: Run) -> None:
    np.save("in.npy", X)
    told = json.loads(run("max", "in.npy", "o.npy", "--axes", "ZYX", "-k", 2, "--json").out)
    assert (told["axes"], told["kernel"], told["unused"]) == ("ZYX", [2, 2, 2], [1, 0, 0])


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        ("out.npy --axes ZYX -k 2x2", 2, "'2x2' is neither a number nor one for each of ZYX; use"),
        ("out.npy --axes X -k 2x2", 2, "'2x2' is neither a number nor one for each of X; use 2"),
        ("out.npy -k 1x2x2", 2, "'1x2x2' is neither a number nor HxW; use 6, 6x4 or 6,4"),
        ("out.npy --axes Z1 -k 2", 2, "axes 'Z1' are not letters, each once; use YX, ZYX or X"),
        ("out.npy --axes XX -k 2", 2, "axes 'XX' are not letters, each once"),
        ("out.npy --axes ZYX -k 2 --global", 2, "--size and --global replace -k"),
        (
            "out.npy --axes TCZYX -k 2",
            1,
            "in.npy: has shape (2, 7, 8, 10), and --axes names TCZYX;",
        ),
        ("out.npy --axes ZYX -k 9x1x1", 1, "kernel 9 is longer than the image (7 positions along"),
        (
            "out.png --axes ZYX -k 2",
            1,
            "in.npy: is pooled as a picture, along YX; --axes ZYX needs",
        ),
        ("out.npy --axes ZYX -k 2 --indices a.npz", 2, "do not go with --axes; leave one out"),
    ],
)
def test_axes_that_cannot_be(run: Run, words: str, code: int, message: str) -> None:
    np.save("in.npy", X)
    done = run("max", "in.npy", *words.split())
    assert done.code == code
    assert message in done.err


def test_operations_of_python() -> None:
    np.save("in.npy", X)
    result = pool_file("max", "in.npy", "out.npy", kernel=(2, 1, 3), axes="ZYX")
    assert (result.output_shape, result.unused) == ((2, 3, 8, 3), (1, 0, 1))
    with pytest.raises(WindowError, match="kernel has 2 numbers; give 1 or 3"):
        Operation("max", (2, 2), axes="ZYX")
    with pytest.raises(WindowError, match="size 0x1x1 is too small"):
        Operation("max", size=(0, 1, 1), axes="ZYX")
