"""Generalised means: by eye, and against sums that lose nothing."""

from functools import partial
from math import copysign, floor, fsum, inf, isfinite, nan
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from poolcli.core.adaptive import adaptive_pool
from poolcli.core.averaging import avg_pool, gem_pool
from poolcli.core.pooling import max_pool, min_pool
from poolcli.errors import PoolingError, WindowError
from tests import oracle
from tests.cases import FLOATS, INTEGERS, Case, cases, random
from tests.core.test_pooling import FIVE, FOUR, same
from tests.oracle import Array

examples = partial(settings, deadline=None, derandomize=True)

ROW = np.array([[1.0, 7, 5, 5]])


def mean(taps: Array, count: int, power: float) -> float:
    """(Σ x^p / count)^(1/p), with the largest value taken out of the sum; odd powers have signs."""
    values = list(map(float, taps.tolist()))
    if not values or not count:
        return 0.0 if count else nan
    odd = power % 2 == 1
    largest = max(map(abs, values))
    if largest == 0 or (power < 0 and 0 in values):
        return 0.0
    shares = [abs(v) / largest for v in values]
    if power < 0:  # the smallest rules
        largest = min(map(abs, values))
        shares = [abs(v) / largest for v in values]
    signs = [copysign(1, v) if odd else 1 for v in values]
    total = fsum(sign * share**power for sign, share in zip(signs, shares, strict=True)) / count
    if total == 0:
        return 0.0 if power > 0 else inf
    return copysign(abs(total) ** (1 / power) * largest, total)


def test_by_eye() -> None:
    assert same(gem_pool(ROW, (1, 2), power=2), [[5.0, 5]])  # (1 + 49) / 2 = 25
    assert same(gem_pool(ROW, (1, 2), power=-1), [[1.75, 5]])  # 2 / (1 + 1/7)
    assert same(gem_pool(np.array([[1.0, 9]]), (1, 2), power=0.5), [[4.0]])  # ((1 + 3) / 2)²
    assert same(gem_pool(np.array([[1, 3], [5, 5]]), 2, power=2), [[4]])  # √15
    assert same(gem_pool(np.array([[-1, -3], [-5, -5]]), 2), [[-4]])  # ∛-69.5 = -4.11
    assert same(gem_pool(np.array([[-3, 3, 4]], np.int16), (1, 3)), [[3]], np.int16)  # ∛(64/3)
    assert same(gem_pool(np.array([[-1.0, 8]]), (1, 2), power=0.5), [[nan]])
    assert same(gem_pool(np.array([[True, False]]), (1, 2), power=2), [[True]])  # √½ goes up
    assert same(gem_pool(np.array([[1, 0, 0, 0, 0]], bool), (1, 5), power=2), [[False]])


def test_known_means() -> None:
    x = random((3, 20, 21), "f8", 1)
    for power, pool in ((inf, max_pool), (-inf, min_pool), (1, avg_pool)):
        for one in (x, (x * 9).astype(np.int16), x > 0):
            assert same(gem_pool(one, 3, 2, 1, power=power), pool(one, 3, 2, 1))
    x = np.abs(x)
    assert np.allclose(gem_pool(x, 3, power=1000), max_pool(x, 3), rtol=1e-2)
    assert np.allclose(gem_pool(x, 3, power=-1000), min_pool(x, 3), rtol=1e-2)
    assert same(gem_pool(x, 3, power=2), np.sqrt(avg_pool(x * x, 3)))
    assert same(adaptive_pool(x, (2, 3), "gem", power=2), np.sqrt(adaptive_pool(x * x, (2, 3))))
    photo = random((30, 31), "u1", 0)
    assert same(gem_pool(photo, 4, power=300), max_pool(photo, 4), np.uint8) is False
    assert (np.abs(gem_pool(photo, 4, power=5000) - max_pool(photo, 4).astype(int)) <= 1).all()


def test_padding() -> None:
    """Counts as zeros, or not at all; with a negative power never, or all would be 0."""
    ones = np.ones((1, 3))
    args = ((1, 3), 2, (0, 1))
    assert np.allclose(gem_pool(ones, *args), [[(2 / 3) ** (1 / 3)] * 2], rtol=1e-15)
    assert same(gem_pool(ones, *args, count_include_pad=False), [[1.0, 1]])
    assert same(gem_pool(ones, *args, power=-1), [[1.0, 1]])
    assert same(gem_pool(ones, (1, 4), 3, ceil_mode=True), [[1.0]])
    tiny = gem_pool(ones * 1e-200, *args, count_include_pad=False)
    assert np.allclose(tiny, 1e-200, rtol=1e-12, atol=0)


@pytest.mark.parametrize(
    ("dtype", "value"), [(float, nan), (np.uint8, 0), (np.int16, 0), (bool, 0)]
)
@pytest.mark.parametrize("power", [2, 3, -2, 400])
def test_window_without_a_tap(dtype: Any, value: float, power: float) -> None:
    got = gem_pool(np.ones(3, dtype), 2, 1, 1, 4, axes=0, power=power, count_include_pad=False)
    assert same(got, [value], dtype)


@pytest.mark.parametrize("power", [2, 3, 2.5, -1, -2, -3, 0.5, 8, 9, 301, 500])
def test_special_floats(power: float) -> None:
    x = np.array([[inf, 1, nan, 1, 0, 0, 0, 2]], np.float32)
    got = gem_pool(x, (1, 2), power=power)[0]
    assert got[0] == (inf if power > 0 else pytest.approx(2 ** (-1 / power)))
    assert np.isnan(got[1])
    assert got[2] == 0
    assert got[3] == (pytest.approx(2 * 0.5 ** (1 / power)) if power > 0 else 0)


def test_signs_and_zeros_beyond_what_powers_can_hold() -> None:
    """9^401 is no float64, so logarithms are summed; they have no sign of their own."""
    row = np.array([[-9, -9, 0, 0, -9, 9, 9, -1]])
    for dtype in ("i2", "f4", "f8"):
        got = gem_pool(row.astype(dtype), (1, 2), power=401)[0]
        assert same(got.round(1), [-9, 0, 0, 9], dtype)
        assert not np.signbit(got[1:]).any()
        assert same(gem_pool(row.astype(dtype), (1, 2), power=400)[0].round(1), [9, 0, 9, 9], dtype)
    got = gem_pool(row.astype("f8"), (1, 2), power=400.5)[0]
    assert same(got.round(1), [nan, 0, nan, nan])


def test_sums_beyond_what_each_power_holds() -> None:
    """Each square is a float64, and the sum of 40 000 of them is none."""
    value = 1e152
    assert isfinite(value * value)
    assert not isfinite(value * value * 40_000)
    got = gem_pool(np.full((200, 200), value), 200, power=2)
    assert got[0, 0] == pytest.approx(value)


POWERS = [2.0, 3.0, 2.5, 0.5, -1.0, -2.0, -3.0, 7.0, 8.0, 33.0, 64.0, 900.0]


@examples(max_examples=250)
@given(cases(FLOATS), st.sampled_from(POWERS), st.booleans(), st.sampled_from([0, 150, -150]))
def test_floats(case: Case, power: float, include_pad: bool, exponent: int) -> None:
    """To 10 ulp of the dtype, or 10⁻¹¹; where an odd power's terms cancel, of their size."""
    x = case.x
    if x.dtype.itemsize == 8:
        x = x * 10.0**exponent
    if power % 1:
        x = np.abs(x)
    case = Case(**{**case.__dict__, "x": x})
    include = include_pad and power > 0
    got = case.run(gem_pool, power=power, count_include_pad=include_pad).astype(float)
    reduce = partial(mean, power=power)
    want = oracle.avg_pool(x, *case.numbers, include, mean=reduce).astype(float)
    assert (np.isnan(got) == np.isnan(want)).all()
    if power % 2 == 1:
        sizes = oracle.avg_pool(np.abs(x), *case.numbers, include, mean=reduce).astype(float)
        sure = np.abs(want) > 0.1 * sizes
        got, want = got[sure], want[sure]
    with np.errstate(over="ignore", under="ignore"):
        limits: Any = np.finfo(x.dtype)
        top = float(limits.max)
        near = np.isclose(
            got, np.clip(want, -top, top), max(10 * float(limits.eps), 1e-11),
            2 * float(limits.smallest_subnormal), equal_nan=True,
        )  # fmt: skip
    assert (near | (np.abs(got) == inf) & (np.abs(want) >= top)).all()


def root(taps: Array, count: int, power: int) -> int:
    """The mean of integers, exactly, rounded half up: the largest r with (2r - 1)^p ≤ 2^p·Σ/n."""
    total = sum(v**power for v in taps.tolist()) * 2**power
    guess = floor(mean(taps, count, power) + 0.5) if count else 0
    low = guess - 2
    while count and _power(2 * low + 1, power) * count <= total:
        low += 1
    return low if count else 0


def _power(base: int, power: int) -> int:
    """Of an even power, negative roots are below every mean."""
    return -1 if power % 2 == 0 and base < 0 else base**power


@examples(max_examples=250)
@given(
    cases([code for code in INTEGERS if code[-1] in "?bBhH"]),
    st.sampled_from([2, 3, 4, 5, 8, 60, 151]),
    st.booleans(),
)
def test_integers(case: Case, power: int, include_pad: bool) -> None:
    got = case.run(gem_pool, power=power, count_include_pad=include_pad)
    wide = case.x.astype(object)
    wide = np.frompyfunc(int, 1, 1)(wide)
    reduce = partial(root, power=power)
    want = oracle.avg_pool(wide, *case.numbers, include_pad, mean=reduce)
    info: Any = np.iinfo(case.x.dtype) if case.x.dtype.kind in "iu" else None
    low, high = (info.min, info.max) if info else (0, 1)
    want = np.clip(want, low, high).astype(int)
    if power < 9:
        assert np.array_equal(got.astype(int), want)
    else:  # of cancelling powers nothing is left that is exact
        assert (np.abs(got.astype(int) - want) <= 1).all() or power % 2 == 1


def test_largest_integers() -> None:
    for dtype in (np.int64, np.uint64, np.int32, np.uint32):
        top = np.iinfo(dtype).max
        got = gem_pool(np.full((2, 2), top, dtype), 2, power=2)
        assert got.dtype == dtype
        assert top - 2048 <= int(got[0, 0]) <= top


@pytest.mark.parametrize("dtype", ["b", "h", ">i", "q"])
@pytest.mark.parametrize("power", [2.5, 0.5, -0.5, 500.5])
def test_fractional_power_of_negative_integers(dtype: str, power: float) -> None:
    x = np.array([[1, -1]], dtype)
    with pytest.raises(
        PoolingError, match=r"^negative values have no power .*; use an odd or even"
    ):
        gem_pool(x, (1, 2), power=power)
    assert same(gem_pool(x * x, (1, 2), power=power), [[1]], x.dtype.newbyteorder("="))


@pytest.mark.parametrize("power", [0, 0.0, nan])
def test_no_power(power: float) -> None:
    for pool in (gem_pool, partial(adaptive_pool, operation="gem")):
        with pytest.raises(WindowError, match=r"^power (0|nan) has no mean; use 1 for avg, 2 for"):
            pool(FIVE, 2, power=power)


def test_out_and_sources() -> None:
    out = np.zeros((2, 2))
    for power in (2, 1000, 1001):
        assert gem_pool(FIVE - 12, 2, power=power, out=out) is out
        assert same(out, gem_pool(FIVE - 12, 2, power=power))
    assert same(gem_pool(FOUR, 1, power=2), FOUR)
    assert same(gem_pool(FOUR, 1, power=500), FOUR)
