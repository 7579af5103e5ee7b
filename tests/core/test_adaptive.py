"""Pooling to a size: by eye, against the oracle, and of windows too long to hold."""

import gc
import operator
import tracemalloc
from functools import partial
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from poolcli.core.adaptive import adaptive_pool
from poolcli.core.averaging import avg_pool, gem_pool
from poolcli.core.engine import one_axis
from poolcli.core.pooling import max_pool, min_pool
from poolcli.core.ranking import median_pool, mode_pool
from poolcli.errors import PoolingError, WindowError
from poolcli.functional import adaptive_avg_pool1d
from tests import oracle
from tests.cases import Slices, random
from tests.core.test_gem import mean
from tests.core.test_pooling import FIVE, same
from tests.core.test_ranking import mode
from tests.oracle import Array

SLIDING: dict[str, Any] = {
    "max": max_pool,
    "min": min_pool,
    "avg": avg_pool,
    "gem": gem_pool,
    "median": median_pool,
    "mode": mode_pool,
}

DEFINED: dict[str, Any] = {
    "max": np.max,
    "min": np.min,
    "avg": lambda taps: oracle.mean(taps, taps.size),
    "gem": lambda taps: mean(taps, taps.size, 3.0),
    "median": oracle.median,
    "mode": mode,
}


def near(got: Array, want: Array, dtype: np.dtype[Any]) -> bool:
    """Equal, or of floats that were summed, to 4 ulp of their size."""
    if dtype.kind != "f":
        return same(got, want, dtype)
    close = np.allclose(got.astype(float), want.astype(float), 4e-3 if dtype == "f2" else 1e-6)
    return got.dtype == dtype and got.shape == want.shape and close


def test_by_eye() -> None:
    row = np.arange(1.0, 8)[None]
    assert same(adaptive_pool(row, (1, 3)), [[2.0, 4, 6]])  # 1 2 3, 3 4 5, 5 6 7
    assert same(adaptive_pool(row, (1, 3), "max"), [[3.0, 5, 7]])
    assert same(adaptive_pool(row[:, :3], (None, 5)), [[1, 1.5, 2, 2.5, 3]])  # 1, 1 2, 2, 2 3, 3
    assert same(adaptive_pool(row[:, :1], (1, 4)), [[1.0] * 4])
    assert same(adaptive_pool(FIVE, 1, "median"), [[12.0]])
    assert same(adaptive_pool(FIVE, (2, None), "min"), [[0.0, 1, 2, 3, 4], [10, 11, 12, 13, 14]])
    assert same(adaptive_pool(np.array([[7, 7, 1, 2, 2]]), (1, 2), "mode"), [[7, 2]])
    assert adaptive_pool(np.ones((4, 3, 4, 4)), 1).shape == (4, 3, 1, 1)
    assert adaptive_pool(FIVE, (0, 2)).shape == (0, 2)
    value, where = adaptive_pool(row, (1, 3), "max", return_indices=True)
    assert same(value, [[3.0, 5, 7]])
    assert same(where, [[2, 4, 6]], np.int64)


@st.composite
def sizes(draw: st.DrawFn, least: int = 1) -> Any:
    shape = tuple(draw(st.integers(1, 9)) for _ in range(draw(st.integers(1, 3))))
    axes = draw(st.permutations(range(len(shape))))[: draw(st.integers(1, len(shape)))]
    size = [draw(st.none() | st.just(1) | st.integers(least, 12)) for _ in axes]
    return shape, tuple(axes), size


@settings(max_examples=80, deadline=None, derandomize=True)
@given(
    sizes(),
    st.sampled_from(["?", "u1", ">i2", "f2", "f4", "f8", "i8", "u8"]),
    st.integers(0, 99),
)
@pytest.mark.parametrize("name", SLIDING)
def test_against_the_oracle(name: str, where: Any, dtype: str, seed: int) -> None:
    shape, axes, size = where
    x = random(shape, dtype, seed)
    if name == "gem" and x.dtype.kind != "f":
        x = random(shape, "u1", seed)
    windows = {
        axis: oracle.shares(shape[axis], one or shape[axis])
        for axis, one in zip(axes, size, strict=True)
    }
    got = adaptive_pool(x if x.dtype.kind != "f" else np.abs(x), size, name, axes=axes)
    want = oracle.over(np.abs(x) if x.dtype.kind == "f" else x, windows, DEFINED[name])
    if name == "gem" and x.dtype.kind != "f":
        want = np.frompyfunc(lambda v: int(v + 0.5), 1, 1)(want)
    assert near(got, want, x.dtype)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(sizes(), st.sampled_from(["?", "u1", ">i2", "f4"]), st.integers(0, 99))
@pytest.mark.parametrize(("name", "better"), [("max", operator.gt), ("min", operator.lt)])
def test_indices(name: str, better: Any, where: Any, dtype: str, seed: int) -> None:
    shape, axes, size = where
    x = random(shape, dtype, seed, special=True)
    windows = {
        axis: oracle.shares(shape[axis], one or shape[axis])
        for axis, one in zip(axes, size, strict=True)
    }
    which = oracle.over(x, windows, lambda taps: oracle.winner(taps, better))
    places = oracle.over(oracle.places(shape, axes), windows, lambda taps: taps)
    want = np.frompyfunc(lambda taps, winner: taps[winner], 2, 1)(places, which)
    values, got = adaptive_pool(x, size, name, return_indices=True, axes=axes)
    assert same(got, want, np.int64)
    assert same(values.astype(x.dtype), adaptive_pool(x, size, name, axes=axes), x.dtype)


@pytest.mark.parametrize("name", SLIDING)
@pytest.mark.parametrize("dtype", ["u1", "f4"])
def test_divisor_is_plain_pooling(name: str, dtype: str) -> None:
    x = random((3, 12, 20), dtype, 1)
    for size, kernel in (((4, 5), (3, 4)), (4, (3, 5)), ((12, 20), 1), (1, (12, 20))):
        assert adaptive_pool(x, size, name).tobytes() == SLIDING[name](x, kernel).tobytes()


@pytest.mark.parametrize("size", [1, (1, 7), (7, 1), (3, 2), (1300, 1), (5, None)])
@pytest.mark.parametrize("name", ["max", "min", "avg", "gem", "median", "mode"])
def test_sources_are_as_arrays(name: str, size: Any) -> None:
    """Windows of more than 256 taps too; bit by bit, of any layout."""
    few = name in ("median", "mode")
    if few and size == (1300, 1):
        size = (13, 1)
    for dtype, shape in (("f4", (2, 13, 14) if few else (2, 1300, 21)), ("u1", (29, 31))):
        x = np.abs(random(shape, dtype, 2))
        want = adaptive_pool(x, size, name).tobytes()
        assert adaptive_pool(Slices(x), size, name).tobytes() == want
        assert adaptive_pool(x[::-1].copy()[::-1], size, name).tobytes() == want
        assert adaptive_pool(np.asfortranarray(x), size, name).tobytes() == want


def test_long_windows_are_exact() -> None:
    x = random((1, 3000), "f4", 5)
    every = x.astype(float)
    for size in (1, 2, 3, 7):
        spans = oracle.shares(3000, size)
        want = np.array([[every[0, span.start : span.stop].mean() for span in spans]])
        scale = np.array([[np.abs(every[0, s.start : s.stop]).mean() for s in spans]])
        got = adaptive_pool(x, (1, size))
        assert (np.abs(got - want) <= 4 * np.spacing(scale.astype("f4"))).all()


def test_only_a_part_is_taken_of_a_source() -> None:
    x = Slices(np.zeros((64, 500, 1000), np.uint8))
    for name in ("avg", "max"):
        adaptive_pool(x, 1, name)
        assert x.largest <= 4 << 20


@pytest.mark.parametrize("long_window", [2, 5, 256])
@pytest.mark.parametrize("name", ["max", "avg"])
def test_long_windows_of_integers(
    name: str, long_window: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    x = random((40, 50), "i2", 3)
    want = adaptive_pool(x, (3, 7), name)
    monkeypatch.setattr(one_axis, "_LONG_WINDOW", long_window)
    assert same(adaptive_pool(x, (3, 7), name), want)


@pytest.mark.parametrize(
    ("size", "more", "error", "message"),
    [
        (-1, {}, WindowError, "^size -1 is negative; use 0 or more$"),
        ((2, 2, 2), {}, WindowError, "^size has 3 numbers; give 1 or 2$"),
        (2.0, {}, TypeError, "^size must be an integer or a tuple of integers, not 2.0$"),
        (True, {}, TypeError, "^size must be an integer or a tuple of integers, not True$"),
        (
            2,
            {"operation": "total"},
            PoolingError,
            "^operation 'total' is unknown; use max, min, avg",
        ),
        (2, {"axes": 5}, PoolingError, r"^axes \(5,\) do not suit an array of 2 dimensions$"),
    ],
)
def test_errors(size: Any, more: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        adaptive_pool(FIVE, size, **more)


@pytest.mark.parametrize("name", SLIDING)
def test_empty(name: str) -> None:
    assert adaptive_pool(np.zeros((0, 5, 5)), 2, name).shape == (0, 2, 2)
    with pytest.raises(WindowError, match=r"^an input of length 0 has no value to keep; use 1"):
        partial(adaptive_pool, np.zeros((0, 5)))(2, name)


def test_indices_where_there_are_none() -> None:
    x = np.zeros((4, 4))
    with pytest.raises(PoolingError, match="indices are told by max and min, without out"):
        adaptive_pool(x, 2, "avg", return_indices=True)
    with pytest.raises(PoolingError, match="indices are told by max and min, without out"):
        adaptive_pool(x, 2, "max", return_indices=True, out=np.zeros((2, 2)))


def test_windows_of_long_axes_are_not_kept() -> None:
    x = np.zeros((1, 1, 40_000), np.float32)
    adaptive_avg_pool1d(x, 30_000)
    gc.collect()
    tracemalloc.start()
    try:
        for size in range(30_001, 30_009):
            adaptive_avg_pool1d(x, size)
        gc.collect()
        assert tracemalloc.get_traced_memory()[0] < 1_000_000  # the windows of one size take 2.4 MB
    finally:
        tracemalloc.stop()
