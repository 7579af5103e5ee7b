"""Backwards through max and avg: torch's numbers, and differences of the forward way."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from poolcli.errors import PoolingError, WindowError
from poolcli.functional import avg_pool2d, avg_pool2d_backward, max_pool2d, max_pool2d_backward
from tests.cases import random
from tests.core.test_pooling import same
from tests.oracle import Array

nan = np.nan


def row(*values: float) -> Array:
    return np.array([[values]], float)


def ones_like(x: Array) -> Array:
    return np.ones_like(x)


@pytest.mark.parametrize(
    ("x", "numbers", "gradient"),
    [
        (row(3, 3), ((1, 2),), row(1, 0)),
        (row(0, 9, 0), ((1, 2), 1), row(0, 2, 0)),
        (row(nan, 2, nan), ((1, 3),), row(0, 0, 1)),
        (row(1, 2, 3, 4, 5), ((1, 2), 2, 0, 1, True), row(0, 1, 0, 1, 1)),
        (row(1, 2, 3, 4, 5), ((1, 2), 3, 0, 2), row(0, 0, 1, 0, 0)),
        (row(1, 2, 3), ((1, 2), 1, (0, 1), (1, 4)), row(0, 0, 0)),  # no tap at all
    ],
)
def test_max_as_torch(x: Array, numbers: Any, gradient: Array) -> None:
    given = ones_like(max_pool2d(x, *numbers))
    assert same(max_pool2d_backward(given, x, *numbers), gradient)


@pytest.mark.parametrize(
    ("length", "numbers", "gradient"),
    [
        (4, ((1, 3), 2, (0, 1)), [1 / 3, 2 / 3, 1 / 3, 1 / 3]),
        (4, ((1, 3), 2, (0, 1), False, False), [1 / 2, 5 / 6, 1 / 3, 1 / 3]),
        (3, (1, 2), [1, 0, 1]),
        (3, ((1, 2), 2, 0, True), [0.5, 0.5, 1]),
        (2, ((1, 2), None, 0, False, True, 4), [0.25, 0.25]),
        (2, ((1, 2), None, 0, False, True, -1), [-1, -1]),
    ],
)
def test_avg_as_torch(length: int, numbers: Any, gradient: list[float]) -> None:
    x = np.ones((1, 1, length))
    got = avg_pool2d_backward(ones_like(avg_pool2d(x, *numbers)), x, *numbers)
    assert np.allclose(got, [[gradient]], rtol=1e-15)
    two = np.ones((1, 2, 2))
    assert np.array_equal(avg_pool2d_backward(np.ones((1, 1, 1)), two, 2), two / 4)


def numerical(pool: Any, x: Array, weights: Array) -> Array:
    """By how much the weighted sum of the result grows with each element."""
    step, out = 1e-4, np.empty(x.shape)
    for place in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[place] += step
        down[place] -= step
        out[place] = ((pool(up) - pool(down)) * weights).sum() / (2 * step)
    return out


numbers = st.tuples(st.integers(1, 4), st.integers(1, 3), st.integers(1, 3), st.integers(1, 2))


@settings(max_examples=40, deadline=None, derandomize=True)
@given(numbers, st.booleans(), st.booleans(), st.booleans(), st.none() | st.just(7))
def test_by_differences(
    numbers: Any, padded: bool, ceil_mode: bool, include_pad: bool, divisor: int | None
) -> None:
    high, wide, stride, dilation = numbers
    rng = np.random.default_rng(high + 5 * wide)
    padding = (high // 2, wide // 2) if padded else 0
    shape = (1, dilation * high + 2, dilation * wide + 1)
    x = rng.permutation(int(np.prod(shape))).reshape(shape) / 7  # no ties
    args: Any = ((high, wide), stride, padding)
    of_max, of_avg = (dilation, ceil_mode), (ceil_mode, include_pad, divisor)
    ways: Any = (
        (max_pool2d, max_pool2d_backward, of_max),
        (avg_pool2d, avg_pool2d_backward, of_avg),
    )
    for pool, backward, more in ways:
        weights = rng.normal(size=pool(x, *args, *more).shape)
        want = numerical(lambda x: pool(x, *args, *more), x, weights)  # noqa: B023
        assert np.allclose(backward(weights, x, *args, *more), want, atol=1e-8)


@pytest.mark.parametrize("dtype", ["e", "f", "d", ">f"])
def test_dtypes_and_samples(dtype: str) -> None:
    x = random((4, 3, 6, 7), dtype, 1)
    for forward, backward in ((max_pool2d, max_pool2d_backward), (avg_pool2d, avg_pool2d_backward)):
        weights = ones_like(forward(x, 2))
        got = backward(weights, x, 2)
        assert (got.dtype.str[1:], got.shape) == (x.dtype.str[1:], x.shape)
        assert float(got.sum()) == weights.size
        each = [backward(one, other, 2) for one, other in zip(weights, x, strict=True)]
        assert np.array_equal(got, each)
    none = np.zeros((0, 3, 4, 4))
    assert max_pool2d_backward(np.zeros((0, 3, 2, 2)), none, 2).shape == none.shape
    assert avg_pool2d_backward(np.zeros((0, 3, 2, 2)), none, 2).shape == none.shape


def test_integers_in_floats_back() -> None:
    x = np.array([[[1, 2], [3, 4]]], np.uint8)
    assert same(max_pool2d_backward(row(5), x, 2), [[[0.0, 0], [0, 5]]])


@pytest.mark.parametrize("backward", [max_pool2d_backward, avg_pool2d_backward])
def test_errors(backward: Any) -> None:
    x = np.zeros((1, 4, 4))
    with pytest.raises(PoolingError, match=r"^grad has shape \(1, 4, 4\) and dtype float64; use"):
        backward(x, x, 2)
    with pytest.raises(PoolingError, match=r"dtype int64; use floats of the result's shape \(1, 2"):
        backward(np.zeros((1, 2, 2), int), x, 2)
    with pytest.raises(WindowError, match=r"^kernel 5 is larger than the input of 4$"):
        backward(x, x, 5)
    with pytest.raises(TypeError, match=r"^kernel_size must be an integer or a tuple of integers"):
        backward(x, x, 2.5)
    if backward is avg_pool2d_backward:
        with pytest.raises(WindowError, match=r"^divisor 0 cannot divide; use any other integer$"):
            backward(np.zeros((1, 2, 2)), x, 2, divisor_override=0)


def test_half_floats_are_summed_as_wider_ones() -> None:
    grad = np.full((1, 2, 2), 25.0, np.float16)
    x = np.zeros((1, 512, 512), np.float16)
    shared = avg_pool2d_backward(grad, x, 256)
    assert shared.dtype == np.float16
    assert shared.max() == shared.min() == np.float16(25 / 65536)  # 25/65536 twice rounds to 0
    many = np.full((1, 1, 4), 30000.0, np.float16)
    peak = np.array([[[0, 0, 9, 0, 0, 0]]], np.float16)
    assert max_pool2d_backward(many, peak, (1, 3), 1)[0, 0].tolist() == [0, 0, np.inf, 30000, 0, 0]


def test_means_of_half_floats_that_vanish_are_plus_zero() -> None:
    x = np.full((1, 2, 2), -6e-8, np.float16)
    assert not np.signbit(avg_pool2d(x, 1, 1, divisor_override=3)).any()
