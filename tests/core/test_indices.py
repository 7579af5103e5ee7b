"""Where each window's largest or smallest value lies, and the way back."""

import operator
from functools import partial
from math import inf, nan
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from poolcli.core.pooling import max_pool, min_pool
from poolcli.core.poolings import argextrema as indices
from poolcli.core.unpooling import max_unpool
from poolcli.errors import PoolingError, WindowError
from tests import oracle
from tests.cases import FLOATS, INTEGERS, LAYOUTS, Case, Slices, cases, random
from tests.core.test_pooling import FOUR, same
from tests.oracle import Array

examples = partial(settings, deadline=None, derandomize=True)
found = partial(max_pool, return_indices=True)

EXTREMES = [(max_pool, operator.gt), (min_pool, operator.lt)]


def test_by_eye() -> None:
    values, where = found(FOUR, 2)
    assert same(values, [[6, 5], [3, 4]])
    assert same(where, [[5, 6], [8, 15]], np.int64)
    assert same(min_pool(FOUR, 2, return_indices=True)[1], [[0, 7], [9, 11]], np.int64)
    assert same(found(FOUR, 3, 1, 1)[1][0], [5, 5, 5, 6], np.int64)


@pytest.mark.parametrize(
    ("row", "where"),
    [
        ([1, 3, 3, 2], 1),
        ([-0.0, 0.0], 0),
        ([0.0, -0.0], 0),
        ([1, nan, 5, nan, 7], 3),
        ([nan, inf], 0),
        ([-inf, -inf, -inf], 0),
        ([-inf, nan, -inf], 1),
        ([True, True], 0),
    ],
)
def test_ties_and_nans(row: Any, where: int) -> None:
    x = np.array([row])
    values, got = found(x, (1, len(row)))
    assert got.tolist() == [[where]]
    assert same(values, x[:, [where]])


@pytest.mark.parametrize("dtype", ["f2", "f4", "f8"])
@pytest.mark.parametrize("pool", [max_pool, min_pool])
def test_zeros_of_both_signs_tie_in_overlapping_windows(pool: Any, dtype: str) -> None:
    """The first of each window is found, whatever its sign."""
    for signs in ((0.0, -0.0), (-0.0, 0.0)):
        x = np.resize(np.array(signs, dtype), (9, 9))
        where = pool(x, 5, 1, return_indices=True)[1]
        assert same(where, np.arange(81).reshape(9, 9)[:5, :5], np.int64)


def test_borders() -> None:
    """Padding never wins; nothing but the lowest value is at the first tap; no tap is -1."""
    low = np.full((1, 4), -inf)
    assert found(low, (1, 3), 1, (0, 1))[1].tolist() == [[0, 0, 1, 2]]
    bytes_ = np.full((2, 2), -128, np.int8)
    assert found(bytes_, 2, 1, 1)[1].tolist() == [[0, 0, 1], [0, 0, 1], [2, 2, 3]]
    assert found(np.ones(3), 2, 1, 1, 4, axes=0)[1].tolist() == [-1]
    assert found(np.ones((3, 2)), 2, 1, 1, (4, 1))[1].tolist() == [[-1, -1, -1]]
    nans = np.array([[nan, 9, 1], [2, nan, 3], [4, 5, 6]])
    assert found(nans, 3)[1].tolist() == [[4]]


@examples(max_examples=200)
@given(cases(INTEGERS + FLOATS, special=True), st.sampled_from([1, 300, 2**40]))
@pytest.mark.parametrize(("pool", "better"), EXTREMES)
def test_against_the_oracle(pool: Any, better: Any, case: Case, tile_bytes: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        if hasattr(indices, "_TILE_BYTES"):
            patch.setattr(indices, "_TILE_BYTES", tile_bytes)
        values, got = case.run(partial(pool, return_indices=True))
    reduce = partial(oracle.winner, better=better)
    which = oracle.pool(case.x, *case.numbers, reduce)
    taps = oracle.pool(oracle.places(case.x.shape, case.axes), *case.numbers, lambda taps: taps)
    pick = np.frompyfunc(lambda taps, winner: taps[winner] if winner >= 0 else -1, 2, 1)
    assert same(got, pick(taps, which), np.int64)
    assert values.shape == got.shape
    plain = case.run(pool)
    assert same(values.astype(plain.dtype), plain)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("dtype", ["u1", "f4", "f8", ">i2", "?"])
@pytest.mark.parametrize("args", [(2,), (3, 2, 1), (6, 2), (5, 1, 2), (2, 3, 1, 4), ((7, 1), 7)])
def test_a_photograph(dtype: str, layout: str, args: Any) -> None:
    """The values are those at the indices; of any layout, and of a source."""
    x = random((3, 41, 52), dtype, 6)
    values, where = found(LAYOUTS[layout](x), *args)
    again = found(Slices(x), *args)
    assert same(again[0], values)
    assert same(again[1], where)
    flat, spots = x.reshape(3, -1), where.reshape(3, -1)
    assert np.array_equal(np.take_along_axis(flat, spots, 1), values.reshape(3, -1))
    place = max_pool(np.arange(flat[0].size).reshape(x.shape[1:]), *args)
    assert (where <= place).all()


def test_out() -> None:
    out = np.zeros((2, 2), FOUR.dtype)
    values, where = found(FOUR, 2, out=out)
    assert values is out
    assert same(out, [[6, 5], [3, 4]])
    assert same(where, [[5, 6], [8, 15]], np.int64)


@examples(max_examples=150)
@given(cases(["u1", ">h", "f", "d"]))
def test_there_and_back(case: Case) -> None:
    """What was kept stands where it stood; all else is 0."""
    axes = sorted(axis % case.x.ndim for axis in case.axes)
    values, where = case.run(partial(max_pool, return_indices=True))
    size = [case.x.shape[axis] for axis in axes]
    order = [axis % case.x.ndim for axis in case.axes]
    kernel, stride, padding = (
        [one[order.index(axis)] for axis in axes]
        for one in (case.kernel, case.stride, case.padding)
    )
    if any(d > 1 for d in case.dilation) or case.ceil_mode:
        return
    back = max_unpool(values, where, kernel, stride, padding, output_size=size, axes=axes)
    assert back.shape == case.x.shape
    kept = back != 0
    assert (back[kept] == case.x[kept]).all()
    front = [axis for axis in range(case.x.ndim) if axis not in axes]
    if not back.size:
        return
    planes = back.transpose(*front, *axes).reshape(-1, int(np.prod(size)))
    spots = where.transpose(*front, *axes).reshape(len(planes), -1)
    want = np.asarray(values).transpose(*front, *axes).reshape(spots.shape)
    assert np.array_equal(np.take_along_axis(planes, spots, 1), want)


@pytest.mark.parametrize(
    ("values", "where", "more", "restored"),
    [
        ([5, 6], [1, 3], {}, [0, 5, 0, 6]),
        ([5, 6], [1, 3], {"output_size": [5]}, [0, 5, 0, 6, 0]),
        ([5, 6], [1, 2], {"output_size": (3,)}, [0, 5, 6]),
        ([6, 5], [1, 1], {}, [0, 5, 0, 0]),
        ([5, 6], [-1, 3], {}, [0, 0, 0, 6]),
        ([5, 6], [0, 2], {"stride": 1}, [5, 0, 6]),
        ([5, 6], [0, 1], {"padding": 1}, [5, 6]),
    ],
)
def test_unpooled_by_eye(values: Any, where: Any, more: Any, restored: Any) -> None:
    got = max_unpool(np.array(values), np.array(where), 2, axes=0, **more)
    assert same(got, restored)


@pytest.mark.parametrize(
    ("where", "more", "error", "message"),
    [
        ([1, 4], {}, PoolingError, "^index 4 lies outside the output of 4; use the size of the"),
        ([-2, 1], {}, PoolingError, "^index -2 lies outside the output of 4; use the size of"),
        ([1, 2, 3], {}, PoolingError, r"^indices have shape \(3,\); use that of x, \(2,\)$"),
        (np.array([1, 2], "i4"), {}, PoolingError, "^indices have dtype int32; use int64, as max_"),
        ([1.0, 2.0], {}, PoolingError, "^indices have dtype float64; use int64"),
        ([1, 3], {"output_size": (6,)}, WindowError, r"^output size \(6,\) is not what was pooled"),
        ([1, 1], {"output_size": (2,)}, WindowError, r"use sizes within a stride of \(4,\), such"),
        ([1, 1], {"output_size": (4, 4)}, WindowError, r"^output size .* has 2 numbers; give 1$"),
        ([1, 1], {"output_size": (4.5,)}, TypeError, "^output_size must be a tuple of 1 integers"),
        ([0, 1], {"stride": 1, "padding": 5}, WindowError, r"^output size \(-7,\) is not what"),
        ([0, 1], {"axes": 1}, PoolingError, r"^axes \(1,\) do not suit an array of 1 dimensions$"),
    ],
)
def test_unpool_errors(where: Any, more: Any, error: type[Exception], message: str) -> None:
    options = {"axes": 0, **more}
    with pytest.raises(error, match=message):
        max_unpool(np.array([5.0, 6]), np.asarray(where), 2, **options)


def test_big_endian_indices_and_nothing() -> None:
    x, where = np.array([[6, 8]]), np.array([[5, 7]], ">i8")
    assert same(max_unpool(x, where, 2, output_size=(2, 4)), [[0, 0, 0, 0], [0, 6, 0, 8]])
    none: Array = np.zeros((0, 2, 2))
    values, where = found(none, 2)
    assert (values.shape, where.shape) == ((0, 1, 1), (0, 1, 1))
    assert max_unpool(values, where, 2).shape == (0, 2, 2)
