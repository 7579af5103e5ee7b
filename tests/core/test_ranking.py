"""Median and mode: by eye, against the oracle, and by every way that poolcli takes to them."""

import tracemalloc
from functools import partial
from math import inf, nan
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from poolcli.core.adaptive import adaptive_pool
from poolcli.core.engine import taps
from poolcli.core.poolings.ranks import window_by_window
from poolcli.core.ranking import median_pool, mode_pool
from poolcli.errors import PoolingError
from tests import oracle
from tests.cases import FLOATS, INTEGERS, Case, cases, random
from tests.core.test_pooling import FOUR, same
from tests.oracle import Array

examples = partial(settings, deadline=None, derandomize=True)


def nothing(dtype: np.dtype[Any]) -> Any:
    return nan if dtype.kind == "f" else 0


def mode(taps: Array) -> Any:
    which = oracle.commonest(taps.tolist())
    return nothing(taps.dtype) if which < 0 else taps[which]


def test_median_by_eye() -> None:
    assert same(median_pool(FOUR, 2), [[3, 1], [1, 1]])  # 1 3 4 6, 0 1 2 5, 1 1 2 3, 0 1 2 4
    assert same(median_pool(FOUR, 3, 1), [[3, 1], [2, 2]])
    assert same(median_pool(FOUR, 3, 2, 1), [[3, 2], [2, 2]])  # of 4, 6, 6 and 9
    assert same(median_pool(FOUR, 3, 3, ceil_mode=True), [[3, 0], [2, 4]])
    assert same(median_pool(np.array([[5.0, nan, 1, 2, 3, inf]]), (1, 3)), [[nan, 3.0]])
    assert same(median_pool(np.array([[True, False, True]]), (1, 3)), [[True]])
    assert same(median_pool(np.array([[True, False]]), (1, 2)), [[False]])
    assert same(median_pool(FOUR, 1), FOUR)


def test_mode_by_eye() -> None:
    assert same(mode_pool(FOUR, 2), [[1, 2], [1, 1]])  # of four different ones, the first
    assert same(mode_pool(np.array([[7, 3, 2, 1], [3, 7, 1, 0]]), 2), [[7, 1]])
    assert same(mode_pool(np.array([[nan, 1, nan, 2]]), (1, 4)), [[nan]])
    assert same(mode_pool(np.array([[2, -0.0, 1, 0.0]]), (1, 4)), [[0.0]])
    quiet_and_loud = np.array([0x3F800000, 0x7FC00000, 0x7FC00001], np.uint32).view(np.float32)
    assert same(mode_pool(quiet_and_loud, 3, axes=0), [nan], np.float32)  # 1 and two sorts of NaN
    assert same(mode_pool(FOUR, 3, 3, 1), [[1, 2], [1, 1]])


def test_whole_pixels_by_eye() -> None:
    """Red twice; a channel each on its own would give yellow, which nobody painted."""
    red, green, white = (9, 0, 0), (0, 9, 0), (9, 9, 9)
    x = np.array([[green, red], [red, white]], np.uint8)
    assert same(mode_pool(x, 2, axes=(0, 1), channel_axis=2), [[red]], np.uint8)
    assert same(mode_pool(x, 2, axes=(0, 1)), [[(9, 9, 0)]], np.uint8)
    first = x.transpose(2, 0, 1)
    assert same(mode_pool(first, 2, channel_axis=0), [[[9]], [[0]], [[0]]], np.uint8)


@pytest.mark.parametrize("dtype", [float, np.uint8, bool])
@pytest.mark.parametrize("pool", [median_pool, mode_pool])
def test_window_without_a_tap(pool: Any, dtype: Any) -> None:
    got = pool(np.ones((3, 1), dtype), (2, 1), 1, (1, 0), (4, 1))
    assert same(got, [[nothing(np.dtype(dtype))]], dtype)


@examples(max_examples=150)
@given(cases(INTEGERS + FLOATS, special=True))
@pytest.mark.parametrize(("pool", "reduce"), [(median_pool, oracle.median), (mode_pool, mode)])
def test_against_the_oracle(pool: Any, reduce: Any, case: Case) -> None:
    want = oracle.pool(case.x, *case.numbers, reduce)
    assert same(case.run(pool), want, case.x.dtype)


@pytest.mark.parametrize("padding", [0, 1])
@pytest.mark.parametrize("dtype", ["?", "u1", ">i2", "f2", "f4", "<u8"])
@pytest.mark.parametrize(
    "kernel", [(1, 2), (5, 5), (2, 13), (8, 8), (5, 13), (9, 9), (12, 12), (1, 144)]
)
@pytest.mark.parametrize(("pool", "reduce"), [(median_pool, oracle.median), (mode_pool, mode)])
def test_every_way(pool: Any, reduce: Any, kernel: Any, dtype: str, padding: int) -> None:
    """Pairs up to 25 taps and sorting beyond; a network up to 64 and partial sorting beyond."""
    x = random((14, 150) if max(kernel) > 14 else (14, 14), dtype, 3, special=True)
    x = np.where(random(x.shape, "?", 5), x, x.flat[0])  # ties
    numbers = (kernel, (2, 3), (padding * (kernel[0] // 2), padding), 1)
    k, s, p, d = numbers
    want = oracle.pool(x, (0, 1), k, s, p, d, False, reduce)
    assert same(pool(x, *numbers), want, x.dtype)


def test_adversaries_of_a_network() -> None:
    """A network that sorts every row of 0 and 1 sorts everything (the 0-1 principle)."""
    for count in range(1, 13):
        rows = (np.arange(2**count)[:, None] >> np.arange(count) & 1).astype(np.uint8)
        want = np.sort(rows, axis=1)[:, [(count - 1) // 2]]
        assert same(median_pool(rows, (1, count)), want)
    for count in (25, 49, 63, 64, 65):
        rows = random((500, count), "f4", count)
        assert same(median_pool(rows, (1, count)), np.sort(rows)[:, [(count - 1) // 2]])


def by_pixels(x: Array, numbers: Any, channel_axis: int) -> Array:
    pixels = np.moveaxis(x, channel_axis, -1)
    each = np.empty(pixels.shape[:-1], object)
    for place in np.ndindex(each.shape):
        each[place] = tuple(pixels[place].tolist())
    none = (nothing(x.dtype),) * pixels.shape[-1]

    def reduce(taps: Array) -> Any:
        which = oracle.commonest(taps)
        return none if which < 0 else taps[which]

    k, s, p, d = numbers
    chosen = oracle.pool(each, (0, 1), k, s, p, d, False, reduce)
    flat = np.array(chosen.ravel().tolist(), x.dtype)
    return np.moveaxis(flat.reshape(*chosen.shape, -1), -1, channel_axis)


@examples(max_examples=150)
@given(
    st.sampled_from(["u1", "?", "f4", "u2", ">i2", "f2", "f8"]),
    st.integers(1, 5),
    st.sampled_from([0, 2, -1]),
    st.tuples(st.integers(1, 6), st.integers(1, 6), st.integers(1, 3), st.integers(1, 2)),
    st.booleans(),
    st.integers(0, 99),
)
def test_whole_pixels(
    dtype: str, channels: int, channel_axis: int, numbers: Any, padded: bool, seed: int
) -> None:
    """1 to 5 channels; float32 by 4 and uint16 by 5 are wider than 64 bits."""
    high, wide, s, d = numbers
    rng = np.random.default_rng(seed)
    palette = random((3, channels), dtype, seed, special=True)
    x = palette[rng.integers(0, 3, (d * high + 3, d * wide + 2))]
    padding = (high // 2, wide // 2) if padded else 0
    x = np.moveaxis(x, -1, channel_axis)
    axes = (0, 1) if channel_axis else (1, 2)
    numbers = ((high, wide), s, padding, d)
    got = mode_pool(x, *numbers, axes=axes, channel_axis=channel_axis)
    want = by_pixels(x, numbers, channel_axis)
    assert same(got, want, x.dtype)


@examples(max_examples=80)
@given(cases(INTEGERS + FLOATS, special=True), st.sampled_from([1, 2**22]))
@pytest.mark.parametrize("pool", [median_pool, mode_pool])
def test_large_windows(pool: Any, case: Case, part_bytes: int) -> None:
    """Looked at one by one: with the same result."""
    want = case.run(pool)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(window_by_window, "_MOST_TAPS", 0)
        patch.setattr(window_by_window, "_PART_BYTES", part_bytes)
        assert same(case.run(pool), want)


def test_large_windows_at_a_border_are_not_cut_into_taps(monkeypatch: pytest.MonkeyPatch) -> None:
    x = random((80, 80), "u1", 0)
    want = oracle.pool(x, (0, 1), (60, 60), (40, 40), (30, 0), (1, 1), False, oracle.median)
    monkeypatch.setattr("poolcli.core.poolings.ranks.rank_pooling.taps", None)
    assert same(median_pool(x, 60, 40, (30, 0)), want, x.dtype)


@pytest.mark.parametrize("dtype", ["u1", "f4", ">u2", "f8"])
@pytest.mark.parametrize("channel_axis", [0, 2])
def test_large_windows_of_pixels(
    dtype: str, channel_axis: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    x = random((3, 5), dtype, 1)[np.random.default_rng(1).integers(0, 3, (2, 17, 19))]
    x = np.moveaxis(x[0], -1, channel_axis)
    axes = (1, 2) if channel_axis == 0 else (0, 1)
    want = mode_pool(x, 5, 3, 2, axes=axes, channel_axis=channel_axis)
    monkeypatch.setattr(window_by_window, "_MOST_TAPS", 0)
    assert same(mode_pool(x, 5, 3, 2, axes=axes, channel_axis=channel_axis), want)


@pytest.mark.parametrize("name", ["median", "mode"])
def test_a_whole_picture(name: str) -> None:
    """A million taps are no million arrays."""
    x = random((1000, 1000), "u1", 0)
    want = np.bincount(x.ravel()).argmax() if name == "mode" else np.sort(x, axis=None)[499_999]
    tracemalloc.start()
    try:
        got = adaptive_pool(x, 1, name)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert same(got, [[want]], np.uint8)
    assert peak < 40e6


@pytest.mark.parametrize("tile_bytes", [1, 1000])
@pytest.mark.parametrize("kernel", [3, 6, 9])
def test_tiles_do_not_matter(kernel: int, tile_bytes: int, monkeypatch: pytest.MonkeyPatch) -> None:
    runs: list[Any] = [median_pool, mode_pool, partial(mode_pool, channel_axis=0)]
    xs = [random((3, 9, 12), dtype, 4) for dtype in ("u1", "f4")]
    numbers = (kernel, 2, kernel // 2)
    want = [run(x, *numbers).tobytes() for run in runs for x in xs]
    monkeypatch.setattr(taps, "_TILE_BYTES", tile_bytes)
    assert [run(x, *numbers).tobytes() for run in runs for x in xs] == want


def test_wide_floats_are_told_apart() -> None:
    one = np.longdouble(1)
    near = one + np.finfo(np.longdouble).eps
    x = np.array([[one, near, near, nan, one, near]])
    assert same(mode_pool(x, (1, 6)), [[near]], np.longdouble)


@pytest.mark.parametrize(
    ("pool", "shape", "kernel", "stride", "most"),
    [
        (median_pool, (2000, 2000), 5, 8, 40e6),
        (mode_pool, (2000, 2000), 5, 8, 40e6),
        (median_pool, (60, 3000), 60, 1, 4e6),  # one row of windows has 10 million taps
    ],
)
def test_memory(pool: Any, shape: Any, kernel: int, stride: int, most: float) -> None:
    x = random(shape, "u1", 0)
    tracemalloc.start()
    try:
        pool(x, kernel, stride)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < most


def test_channel_axis_errors() -> None:
    x = np.zeros((4, 4, 3))
    with pytest.raises(PoolingError, match=r"^channel_axis 1 is pooled; use another one$"):
        mode_pool(x, 2, channel_axis=1)
    with pytest.raises(PoolingError, match=r"^channel_axis 3 does not suit an array of 3 dim"):
        mode_pool(x, 2, axes=(0, 1), channel_axis=3)
