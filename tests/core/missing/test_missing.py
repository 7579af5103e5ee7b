"""Missing values by eye, against an oracle of ten lines, and whatever the bands are."""

from collections.abc import Callable
from fractions import Fraction
from functools import partial
from math import inf, nan
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import poolcli
from poolcli.core.averaging import avg_pool, gem_pool
from poolcli.core.pooling import max_pool, min_pool
from poolcli.core.poolings import missing
from poolcli.core.poolings.ranks import window_by_window
from poolcli.core.ranking import median_pool, mode_pool
from poolcli.errors import PoolingError, WindowError
from tests import oracle
from tests.cases import FLOATS, INTEGERS, Case, Slices, cases, random
from tests.core.test_bands import set_band_bytes
from tests.core.test_pooling import same
from tests.oracle import Array

POOLS: dict[str, Callable[..., Array]] = {
    "max": max_pool,
    "min": min_pool,
    "avg": avg_pool,
    "median": median_pool,
    "mode": mode_pool,
    "gem": gem_pool,
}

some = partial(settings, deadline=None, derandomize=True)


@pytest.mark.parametrize(
    ("name", "want"),
    [
        ("max", [[9, -1], [7, 4]]),
        ("min", [[2, -1], [7, 1]]),
        ("avg", [[6, -1], [7, 3]]),  # 17/3 and 10/4, rounded half up
        ("median", [[6, -1], [7, 2]]),
        ("mode", [[2, -1], [7, 1]]),
        ("gem", [[7, -1], [7, 3]]),  # ∛(945/3) = 6.8…, ∛(100/4) = 2.9…
    ],
)
@pytest.mark.parametrize("dtype", ["i1", ">i2", "i8", "f4", ">f8"])
def test_no_vote_by_eye(name: str, want: Any, dtype: str) -> None:
    x = np.array([[2, 6, -1, -1], [9, -1, -1, -1], [-1, 7, 1, 2], [-1, -1, 3, 4]], dtype)
    got = POOLS[name](x, 2, skip=-1)
    if x.dtype.kind == "f":
        got = np.floor(got + 0.5).astype(dtype)
    assert same(got, want, x.dtype)


def test_a_share_of_the_values_must_be_there() -> None:
    x = np.array([[1.0, nan, 5, nan, nan, nan], [3, 8, 7, nan, 6, nan]])
    skipping = partial(avg_pool, x, 2, skip=nan)
    assert same(skipping(), [[4.0, 6, 6]])
    assert same(skipping(min_valid=0.25), [[4.0, 6, 6]])
    assert same(skipping(min_valid=0.5), [[4.0, 6, nan]])
    assert same(skipping(min_valid=0.51), [[4.0, nan, nan]])
    assert same(skipping(min_valid=1), [[nan, nan, nan]])
    # A third of three is one, whatever a float makes of it; padding and overhang are not asked.
    row = np.array([[1.0, nan, nan, nan, nan, 2]])
    assert same(max_pool(row, (1, 3), skip=nan, min_valid=1 / 3), [[1.0, 2]])
    assert same(max_pool(row, (1, 3), 3, (0, 1), skip=nan, min_valid=0.5), [[1.0, nan]])
    assert same(max_pool(row, (1, 5), ceil_mode=True, skip=nan, min_valid=1), [[nan, 2.0]])


def test_padding_counts_as_ever() -> None:
    row = np.array([[9.0, nan, 3, 6]])
    args = ((1, 3), 3, (0, 1))
    assert same(avg_pool(row, *args, skip=nan), [[4.5, 3]])  # 0, 9, none and 3, 6, 0
    assert same(avg_pool(row, *args, skip=nan, count_include_pad=False), [[9.0, 4.5]])
    assert same(avg_pool(row, (1, 4), skip=nan, divisor_override=9), [[2.0]])


def test_whole_pixels_are_missing() -> None:
    """Black twice, but black is background; red has a channel of 0 and is there."""
    black, red, green = (0, 0, 0), (9, 0, 0), (0, 9, 0)
    x = np.array([[black, red], [black, green]], np.uint8)
    assert same(mode_pool(x, 2, axes=(0, 1), channel_axis=-1, skip=0), [[red]], np.uint8)
    none = mode_pool(x * 0, 2, axes=(0, 1), channel_axis=-1, skip=0)
    assert same(none, [[black]], np.uint8)
    first = np.moveaxis(x, -1, 0)
    assert same(mode_pool(first, 2, channel_axis=0, skip=0).ravel(), red, np.uint8)


@pytest.mark.parametrize("name", POOLS)
@pytest.mark.parametrize(
    ("dtype", "skip"),
    [("u1", -9999), ("u1", 0.5), ("u1", nan), ("i8", 2**63), ("f4", 1e300), ("u2", inf), ("?", 2)],
)
def test_what_a_dtype_cannot_hold_is_not_missing(name: str, dtype: str, skip: float) -> None:
    x = np.abs(random((4, 5), dtype, 1))
    assert same(POOLS[name](x, 3, 1, 1, skip=skip), POOLS[name](x, 3, 1, 1))


def test_every_bit_of_a_value_counts() -> None:
    x = np.array([[2**63 - 1, 2**63 - 2, -(2**63), -(2**63)]])
    assert same(avg_pool(x, (1, 4), skip=-(2**63)), [[2**63 - 1]])
    assert same(avg_pool(x, (1, 4), skip=2**63 - 1), [[-3074457345618258603]])  # a third of -2⁶³-2
    assert same(max_pool(x.astype("u8"), (1, 4), skip=2**63), [[2**63 - 1]], "u8")
    lowest = np.array([[-3.4028234663852886e38, 1]], "f4")
    assert same(max_pool(lowest, (1, 2), skip=-3.4028234663852886e38), [[1]], "f4")
    assert same(min_pool(np.array([[inf, -inf, 1]]), (1, 3), skip=-inf), [[1.0]])


def statistic(name: str, values: Array, divisor: int) -> Any:
    if name in ("max", "min"):
        better: Any = {"max": lambda a, b: a > b, "min": lambda a, b: a < b}[name]
        return values[oracle.winner(values, better)]
    if name == "mode":
        return values[oracle.commonest(values.tolist())]
    return oracle.median(values) if name == "median" else oracle.mean(values, divisor)


def expected(
    case: Case, name: str, skip: float, share: Fraction, include_pad: bool
) -> tuple[Array, Array]:
    """The result by definition, and whether it is missing."""
    taps = oracle.pool(case.x, *case.numbers, lambda values: values)
    divisors = np.broadcast_to(
        oracle.divisors(case.x.shape, *case.numbers, include_pad), taps.shape
    )
    out, lost = np.empty(taps.shape, object), np.zeros(taps.shape, bool)
    for at in np.ndindex(taps.shape):
        votes = taps[at] == taps[at] if skip != skip else taps[at] != skip
        there = taps[at][votes]
        lost[at] = not len(there) or len(there) < share * len(taps[at])
        fewer: Any = divisors[at] - (len(taps[at]) - len(there))
        out[at] = skip if lost[at] else statistic(name, there, fewer)
    return out, lost


@some(max_examples=120)
@given(
    case=cases([*INTEGERS, *FLOATS], special=True),
    share=st.sampled_from([Fraction(0), Fraction(1, 3), Fraction(1, 2), Fraction(1)]),
    include_pad=st.booleans(),
    box_bytes=st.sampled_from([1, 60, 2**22]),
    many=st.booleans(),
)
@pytest.mark.parametrize("name", ["max", "min", "avg", "median", "mode"])
def test_against_the_oracle(
    name: str, case: Case, share: Fraction, include_pad: bool, box_bytes: int, many: bool
) -> None:
    assume(case.x.size)
    skip = nan if case.x.dtype.kind == "f" else int(case.x.flat[0])
    want, _ = expected(case, name, skip, share, include_pad)
    more = {"count_include_pad": include_pad} if name == "avg" else {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(missing, "_BOX_BYTES", box_bytes)
        set_band_bytes(patch, 100)
        if many:
            patch.setattr(window_by_window, "_MOST_TAPS", 0)
        got = case.run(POOLS[name], skip=skip, min_valid=float(share), **more)
    if name == "avg" and case.x.dtype.kind == "f":
        with np.errstate(all="ignore"):
            close = want.astype("f8")
        limits = {"e": 1e-2, "f": 1e-4, "d": 1e-9}
        tolerance = limits[case.x.dtype.char]
        assert np.allclose(got, close, rtol=tolerance, atol=100 * tolerance, equal_nan=True)
    else:
        assert same(got, want.astype(case.x.dtype), case.x.dtype)


@some(max_examples=60)
@given(case=cases([*INTEGERS, *FLOATS], special=True), include_pad=st.booleans())
@pytest.mark.parametrize("name", POOLS)
def test_where_nothing_is_missing_nothing_changes(name: str, case: Case, include_pad: bool) -> None:
    taps = oracle.pool(case.x, *case.numbers, len)
    assume((taps > 0).all())
    more = {"count_include_pad": include_pad} if name in ("avg", "gem") else {}
    positive = Case(**{**case.__dict__, "x": np.abs(case.x) if name == "gem" else case.x})
    unused = next((v for v in range(70, 99) if not (positive.x == v).any()), 100)
    want = positive.run(POOLS[name], **more)
    assert positive.run(POOLS[name], skip=unused, **more).tobytes() == want.tobytes()


@pytest.mark.parametrize("power", [2, 3, 2.5, -1, -2, 0.5, 300, 301, 1, inf, -inf])
@pytest.mark.parametrize("dtype", ["u1", "i2", "f8"])
def test_powers_of_what_is_there(power: float, dtype: str) -> None:
    x = np.array([[1, 4, 9, 9, 2, 9]], dtype)
    want = gem_pool(np.array([[1, 4, 2]], dtype), (1, 3), power=power)
    assert np.allclose(gem_pool(x, (1, 6), power=power, skip=9), want, rtol=1e-12)
    assert same(gem_pool(x * 0 + 9, (1, 6), power=power, skip=9), [[9]], dtype)


def test_a_negative_value_may_be_missing_where_powers_are_fractions() -> None:
    assert same(gem_pool(np.array([[-9, 4, 4]]), (1, 3), power=0.5, skip=-9), [[4]])


@pytest.mark.parametrize("name", POOLS)
def test_adaptive_pooling_skips(name: str) -> None:
    x = np.array([[nan, 2.0, nan], [nan, 2, nan], [nan, nan, nan]])
    got = poolcli.adaptive_pool(x, (2, 3), name, skip=nan)
    assert np.allclose(got, [[nan, 2, nan], [nan, 2, nan]], equal_nan=True)


@pytest.mark.parametrize("name", POOLS)
def test_only_bands_are_read(name: str) -> None:
    source = Slices(random((4000, 100), "i2", 2))
    got = POOLS[name](source, 4, skip=2)
    assert source.largest <= 1 << 22
    assert same(got, POOLS[name](source._x, 4, skip=2))


def test_out_is_written_to() -> None:
    x, out = np.array([[1.0, nan, nan, nan]]), np.empty((1, 2))
    assert avg_pool(x, (1, 2), skip=nan, out=out) is out
    assert same(out, [[1.0, nan]])
    assert same(avg_pool(x, (1, 1), skip=nan, out=x), [[1.0, nan, nan, nan]])


@pytest.mark.parametrize(
    ("more", "error", "message"),
    [
        ({"skip": "nan"}, TypeError, "skip must be a number, not 'nan'"),
        ({"skip": True}, TypeError, "skip must be a number, not True"),
        ({"skip": 0, "min_valid": "half"}, TypeError, "min_valid must be a number, not 'half'"),
        ({"skip": 0, "min_valid": 50}, WindowError, r"min_valid 50 is not a share; use 0 to 1, as"),
        ({"min_valid": 0.5}, WindowError, "min_valid counts values beside missing ones; give skip"),
    ],
)
@pytest.mark.parametrize("pool", POOLS.values())
def test_wrong_words(pool: Any, more: Any, error: Any, message: str) -> None:
    with pytest.raises(error, match=message):
        pool(np.ones((2, 2)), 2, **more)


def test_indices_of_what_is_there_are_not_told() -> None:
    with pytest.raises(PoolingError, match="return_indices has no skip and no masks"):
        max_pool(np.ones((2, 2)), 2, skip=0, return_indices=True)
