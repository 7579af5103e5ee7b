"""max, min and avg: by eye, and against the oracle."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from poolcli.core.averaging import avg_pool
from poolcli.core.pooling import max_pool, min_pool
from poolcli.errors import PoolingError, WindowError
from tests import oracle
from tests.cases import FLOATS, INTEGERS, POOLINGS, Case, cases, random
from tests.oracle import Array

FOUR = np.array([[1, 3, 2, 1], [4, 6, 5, 0], [3, 1, 1, 0], [1, 2, 2, 4]])
FIVE = np.arange(25.0).reshape(5, 5)
inf, nan = np.inf, np.nan

examples = partial(settings, deadline=None, derandomize=True)


def same(got: Array, want: Any, dtype: Any = None) -> bool:
    """Equal values (NaN too, and 0.0 is -0.0), shape and dtype."""
    want = np.asarray(want, dtype)
    return got.dtype == want.dtype and np.array_equal(got, want, equal_nan=want.dtype.kind == "f")


def test_four_by_four() -> None:
    assert same(max_pool(FOUR, 2), [[6, 5], [3, 4]])
    assert same(min_pool(FOUR, 2), [[1, 0], [1, 0]])
    assert same(avg_pool(FOUR, 2), [[4, 2], [2, 2]])  # 14/4, 8/4, 7/4, 7/4: half goes up
    assert same(avg_pool(FOUR / 1, 2), [[3.5, 2], [1.75, 1.75]])
    assert same(max_pool(FOUR, 2, 1), [[6, 6, 5], [6, 6, 5], [3, 2, 4]])
    assert same(max_pool(FOUR, (1, 4)), [[3], [6], [3], [4]])
    assert same(max_pool(FOUR, 4, axes=0), [[4, 6, 5, 4]])


def test_five_by_five() -> None:
    assert same(max_pool(FIVE, 3), [[12.0]])
    assert same(max_pool(FIVE, 3, ceil_mode=True), [[12.0, 14], [22, 24]])
    assert same(avg_pool(FIVE, 3, ceil_mode=True), [[6.0, 8.5], [18.5, 21]])
    assert same(min_pool(FIVE, 3, 2), [[0.0, 2], [10, 12]])


def test_overhang_of_two() -> None:
    """The last window covers 4 … 7 of 0 … 4; it is cut at 7, where the padding ends."""
    args = ((1, 4), (1, 3), (0, 2))
    assert same(avg_pool(np.ones((1, 5)), *args, ceil_mode=True), [[0.5, 1, 1 / 3]])
    ones = avg_pool(np.ones((1, 5)), *args, ceil_mode=True, count_include_pad=False)
    assert same(ones, [[1.0, 1, 1]])
    assert same(max_pool(FIVE[:1], *args, ceil_mode=True), [[1.0, 4, 4]])
    assert same(avg_pool(FIVE, 4, 3, ceil_mode=True), [[9.0, 11], [19, 21]])


def test_padding() -> None:
    row = np.array([[1.0, 2, 3, 4]])
    assert same(max_pool(np.array([[-5, -6]]), (1, 3), 1, (0, 1)), [[-5, -5]])
    assert same(avg_pool(row, (1, 4), 4, (0, 1), ceil_mode=True), [[1.5, 2]])
    assert same(avg_pool(row, (1, 3), 2, (0, 1)), [[1.0, 3]])
    assert same(avg_pool(row, (1, 3), 2, (0, 1), count_include_pad=False), [[1.5, 3]])


def test_dilation() -> None:
    row = np.array([1.0, 2, 3, 4, 5, 6])
    assert same(max_pool(row, 2, 1, 0, 3, axes=0), [4.0, 5, 6])
    assert same(avg_pool(row, 2, 1, 0, 3, axes=0), [2.5, 3.5, 4.5])
    # AveragePool of ONNX, which has dilations
    assert same(avg_pool(row, 2, 1, 1, 2, axes=0), [1, 2, 3, 4, 5, 2.5])
    once = avg_pool(row, 2, 1, 1, 2, axes=0, count_include_pad=False)
    assert same(once, [2.0, 2, 3, 4, 5, 5])


@pytest.mark.parametrize(
    ("dtype", "highest", "lowest", "mean"),
    [(float, -inf, inf, nan), (np.int8, -128, 127, 0), (np.uint8, 0, 255, 0), (bool, 0, 1, 0)],
)
def test_window_without_a_tap(dtype: Any, highest: float, lowest: float, mean: float) -> None:
    pool: Any = partial(lambda f, **more: f(np.ones(3, dtype), 2, 1, 1, 4, axes=0, **more))
    assert same(pool(max_pool), [highest], dtype)
    assert same(pool(min_pool), [lowest], dtype)
    assert same(pool(avg_pool, count_include_pad=False), [mean], dtype)


def test_special_floats() -> None:
    row = np.array([[1, nan, 5, inf, -inf, 7, -inf, -inf]])
    assert same(max_pool(row, (1, 2)), [[nan, inf, 7, -inf]])
    assert same(min_pool(row, (1, 2)), [[nan, 5, -inf, -inf]])
    assert same(avg_pool(row, (1, 2)), [[nan, inf, -inf, -inf]])
    assert same(avg_pool(np.array([[inf, -inf]]), (1, 2)), [[nan]])
    assert same(max_pool(np.full((2, 2), -inf), 2, 1, 1), np.full((3, 3), -inf))
    for zero, divisor in ((-0.0, None), (0.0, -2)):
        mean = avg_pool(np.full((2, 2), zero), 2, divisor_override=divisor)
        assert not np.signbit(mean).any()


@pytest.mark.parametrize("kernel", [2, (2, 2)], ids=["small", "any"])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_mean_of_the_smallest_floats(dtype: type[np.floating[Any]], kernel: Any) -> None:
    """A fourth between two numbers is the even one of them, and never -0.0."""
    tiny = np.finfo(dtype).smallest_subnormal
    x = np.zeros((2, 16), dtype)
    x[0, ::2] = np.array([6, 10, -2, -6, 4, inf, -inf, nan], dtype) * tiny
    mean = avg_pool(x, kernel)
    assert same(mean / tiny, [[2, 2, 0, -2, 1, inf, -inf, nan]], dtype)
    assert not np.signbit(mean[0, 2])


def test_float16_is_summed_wider() -> None:
    x = np.full((2, 300), 60000, np.float16)
    assert same(avg_pool(x, 2), np.full((1, 150), 60000), np.float16)
    assert same(avg_pool(x, (1, 300)), [[60000], [60000]], np.float16)


def test_extreme_integers() -> None:
    assert same(max_pool(np.full((2, 2), -128, np.int8), 2, 1, 1), np.full((3, 3), -128, np.int8))
    assert same(min_pool(np.array([[0, 5]], np.uint8), (1, 2), 1, (0, 1)), [[0, 0, 5]], np.uint8)
    assert same(max_pool(np.array([[2**53, 2**53 + 1]]), (1, 2)), [[2**53 + 1]])
    assert same(avg_pool(np.full((2, 4), 2**63 - 1), 2), [[2**63 - 1] * 2])
    assert same(avg_pool(np.full((2, 2), -(2**63)), 2), [[-(2**63)]])
    top = 2**64 - 1
    wide = np.array([[top, top, top, 0], [top, top - 2, 1, 0]], np.uint64)
    assert same(avg_pool(wide, 2), [[top, 2**62]], np.uint64)  # top - ½ goes up


def test_sum_that_only_just_fits() -> None:
    """257 · 255 = 2¹⁶ - 1, and half of 257 must be added to it."""
    assert same(avg_pool(np.full(257, 255, np.uint8), 257, axes=0), [255], np.uint8)
    assert same(avg_pool(np.full(256, -128, np.int8), 256, axes=0), [-128], np.int8)


def test_booleans() -> None:
    x = np.array([[1, 0, 0, 0], [1, 0, 0, 1]], bool)
    assert same(max_pool(x, 2), [[True, True]])
    assert same(min_pool(x, (2, 1)), [[True, False, False, False]])
    assert same(avg_pool(x, 2), [[True, False]])


def test_half_goes_up_below_zero_too() -> None:
    x = np.array([[-1, -2, -3, 0, 1, 2]], np.int16)
    assert same(avg_pool(x, (1, 2)), [[-1, -1, 2]], np.int16)


@pytest.mark.parametrize(
    ("fill", "dtype", "kernel", "divisor", "mean"),
    [
        (2, np.uint8, 2, 3, 3),
        (200, np.uint8, 2, 3, 255),
        (200, np.uint8, 2, -3, 0),
        (200, np.uint8, 2, 70_000, 0),
        (100, np.int8, 2, -3, -128),
        (-128, np.int8, 16, -1, 127),
        (1, bool, 2, 1, True),
        (1, bool, 2, 9, False),
        (2**62, np.int64, 2, 1, 2**63 - 1),
        (2**62, np.int64, 2, -1, -(2**63)),
        (2**64 - 1, np.uint64, 2, 2**31 - 1, 2**35 + 16),
        (1.5, np.float32, 2, -3, -2),
    ],
)
def test_divisor_override(fill: Any, dtype: Any, kernel: int, divisor: int, mean: Any) -> None:
    x = np.full((kernel, kernel), fill, dtype)
    assert same(avg_pool(x, kernel, divisor_override=divisor), [[mean]], dtype)


def test_carry_of_a_wide_sum() -> None:
    """The upper halves leave all but one of the divisor, the lower ones carry into it."""
    x = np.array([[(2**31 - 2 << 32) + 2**32 - 1, 2**32 - 1], [2**32 - 1] * 2], np.uint64)
    for divisor, mean in ((2**31 - 1, 2**32 + 6), (1 - 2**31, 0)):
        assert same(avg_pool(x, 2, divisor_override=divisor), [[mean]], np.uint64)


def test_divisor_override_replaces_every_count() -> None:
    got = avg_pool(np.ones((3, 3)), 2, 2, ceil_mode=True, divisor_override=3)
    assert same(got, [[4 / 3, 2 / 3], [2 / 3, 1 / 3]])


@pytest.mark.parametrize("pool", POOLINGS)
def test_seeds(pool: Callable[..., Array]) -> None:
    assert pool(np.zeros((3, 201, 250), np.uint8), 6, 2).shape == (3, 98, 123)
    assert pool(np.zeros((28, 28), np.uint8), 2).shape == (14, 14)


@pytest.mark.parametrize("kernel", [(6, 6), (31, 7), (201, 250), (1, 600), (601, 1)])
def test_a_photograph(kernel: tuple[int, int]) -> None:
    x = random((3, max(201, kernel[0]), max(250, kernel[1])), "f", 0)
    every = np.lib.stride_tricks.sliding_window_view(x, kernel, (1, 2))[:, ::2, ::2]
    assert same(max_pool(x, kernel, 2), every.max((3, 4)))
    exact = every.mean((3, 4), dtype=float)
    scale = np.abs(every).mean((3, 4))
    assert (np.abs(avg_pool(x, kernel, 2) - exact) <= 4 * np.spacing(scale)).all()


@examples(max_examples=250)
@given(case=cases(INTEGERS + FLOATS, special=True))
@pytest.mark.parametrize(("pool", "reduce"), [(max_pool, np.max), (min_pool, np.min)])
def test_extremes(pool: Any, reduce: Any, case: Case) -> None:
    info: Any = np.iinfo(case.x.dtype) if case.x.dtype.kind in "iu" else None
    lowest, highest = (info.min, info.max) if info else (-inf, inf)
    if case.x.dtype.kind == "b":
        lowest, highest = False, True
    nothing = lowest if pool is max_pool else highest
    want = oracle.pool(case.x, *case.numbers, lambda taps: reduce(taps) if taps.size else nothing)
    assert same(case.run(pool), want, case.x.dtype)


@examples(max_examples=300)
@given(cases(INTEGERS), st.booleans(), st.none() | st.integers(-40, 40).filter(bool))
def test_integer_means(case: Case, include_pad: bool, override: int | None) -> None:
    more = {"count_include_pad": include_pad, "divisor_override": override}
    want = oracle.avg_pool(case.x, *case.numbers, include_pad, override)
    dtype = case.x.dtype
    low, high = (0, 1) if dtype.kind == "b" else (np.iinfo(dtype).min, np.iinfo(dtype).max)
    assert same(case.run(avg_pool, **more), np.clip(want, low, high), dtype)


@examples(max_examples=250)
@given(cases(FLOATS), st.booleans(), st.none() | st.integers(-9, 9).filter(bool), st.booleans())
def test_float_means(case: Case, include_pad: bool, override: int | None, positive: bool) -> None:
    """Within 4 ulp of the mean of what is summed, signs aside: where they differ, sums cancel."""
    x = np.abs(case.x) if positive else case.x
    got = replace(case, x=x).run(avg_pool, count_include_pad=include_pad, divisor_override=override)
    exact = oracle.avg_pool(x, *case.numbers, include_pad, override).astype(float)
    sizes = oracle.avg_pool(np.abs(x), *case.numbers, include_pad, override).astype(float)
    ulp = np.spacing(np.nan_to_num(np.abs(sizes)).astype(x.dtype)).astype(float)
    assert (got.dtype, got.shape) == (x.dtype, exact.shape)
    assert (np.isnan(got) == np.isnan(exact)).all()
    assert not (np.abs(got - exact) > 4 * ulp).any()


@pytest.mark.filterwarnings("ignore:the matrix subclass")
@pytest.mark.parametrize("pool", POOLINGS)
def test_inputs_of_other_types(pool: Callable[..., Array]) -> None:
    want = pool(FIVE, 2, axes=1)
    for x in (FIVE.tolist(), np.asmatrix(FIVE)):
        assert type(pool(x, 2, axes=np.int64(1))) is np.ndarray
        assert same(pool(x, np.uint8(2), axes=[-1]), want)


@pytest.mark.parametrize("pool", POOLINGS)
@pytest.mark.parametrize(
    ("x", "kernel", "more", "error", "message"),
    [
        (FIVE * 1j, 2, {}, PoolingError, "^cannot pool dtype complex128; use integers, booleans"),
        (np.array([["a"]]), 1, {}, PoolingError, "^cannot pool dtype <U1; use"),
        (FIVE, 2, {"axes": (0, -2)}, PoolingError, r"^axes \(0, -2\) do not suit an array of 2 di"),
        (FIVE, 2, {"axes": 2}, PoolingError, r"^axes \(2,\) do not suit an array of 2 dimensions$"),
        (FIVE, 2, {"axes": -3}, PoolingError, r"^axes \(-3,\) do not suit"),
        (FIVE[0], 2, {}, PoolingError, r"^axes \(-2, -1\) do not suit an array of 1 dimensions$"),
        (FIVE, 6, {}, WindowError, "^kernel 6 is larger than the input of 5$"),
        (FIVE[:, :0], 1, {}, WindowError, "^kernel 1 is larger than the input of 0$"),
        (FIVE, 3, {"padding": 2}, WindowError, "^padding 2 is not between 0 and half the kernel"),
        (FIVE, 3, {"stride": 0}, WindowError, "^stride 0 is too small"),
        (FIVE, (2, 2, 2), {}, WindowError, "^kernel has 3 numbers; give 1 or 2$"),
        (FIVE, 2.0, {}, TypeError, "^kernel must be an integer or a tuple of integers, not 2.0$"),
    ],
)
def test_errors(pool: Any, x: Any, kernel: Any, more: Any, error: Any, message: str) -> None:
    with pytest.raises(error, match=message):
        pool(x, kernel, **more)


@pytest.mark.parametrize(
    ("divisor", "error", "message"),
    [
        (0, WindowError, "^divisor 0 cannot divide; use any other integer$"),
        (2**31, WindowError, "^divisor 2147483648 is too large; use less than 2147483648$"),
        (-(2**31), WindowError, "^divisor -2147483648 is too large"),
        (2.5, TypeError, "^divisor_override must be an integer, not 2.5$"),
        (True, TypeError, "^divisor_override must be an integer, not True$"),
    ],
)
def test_divisor_errors(divisor: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        avg_pool(FIVE, 2, divisor_override=divisor)
