"""Gradients of poolings: from the gradient of the result to that of the input."""

from math import prod
from typing import Any

import numpy as np

from poolcli.core.geometry.plan import Plan
from poolcli.core.geometry.stage import Stage
from poolcli.core.geometry.windows import Window
from poolcli.core.poolings.argextrema import extreme_with_indices
from poolcli.core.poolings.divisors import Divisors
from poolcli.core.types import Array
from poolcli.errors import PoolingError

__all__ = ["avg_backward", "max_backward"]


def max_backward(grad: Array, plan: Plan) -> Array:
    """Give each window's gradient to the tap that won it; overlapping windows add up.

    Raises
    ------
    PoolingError
        If the gradient is not an array of floats of the result's shape.
    """
    _check(grad, plan)
    _, indices = extreme_with_indices(np.maximum, plan)
    pooled = [stage.axis for stage in plan.stages]
    front = [axis for axis in range(grad.ndim) if axis not in pooled]
    planes = [grad.shape[axis] for axis in front]
    size = [stage.length for stage in plan.stages]
    given = grad.transpose(*front, *pooled).reshape(
        prod(planes), prod(stage.size for stage in plan.stages)
    )
    places = indices.transpose(*front, *pooled).reshape(given.shape)
    total = np.zeros((prod(planes), prod(size)), _sum_dtype(grad))
    plane, place = np.nonzero(places >= 0)
    np.add.at(total, (plane, places[plane, place]), given[plane, place])
    back = np.argsort([*front, *pooled])
    return _rounded(total, grad).reshape(*planes, *size).transpose(*back)


def avg_backward(grad: Array, plan: Plan, divisors: Divisors) -> Array:
    """Share each window's gradient out to its taps; what falls on padding is lost.

    Raises
    ------
    PoolingError
        If the gradient is not an array of floats of the result's shape.
    """
    _check(grad, plan)
    shared = np.empty(grad.shape, _sum_dtype(grad))
    for where, divisor in divisors.blocks(grad.shape, (0,) * grad.ndim):
        np.divide(grad[where], divisor, out=shared[where], dtype=shared.dtype)
    for stage in plan.stages:
        shared = _spread(shared, stage)
    return _rounded(shared, grad)


def _spread(shares: Array, stage: Stage) -> Array:
    """Add each window's share to all its positions along one axis."""
    window, axis = stage.window, stage.axis
    assert isinstance(window, Window)
    reach = stage.padded_length
    total = np.zeros((*shares.shape[:axis], reach, *shares.shape[axis + 1 :]), shares.dtype)
    every = (slice(None),) * axis
    for tap in range(0, window.extent, window.dilation):
        last = tap + (stage.size - 1) * window.stride
        total[(*every, slice(tap, last + 1, window.stride))] += shares
    return total[(*every, slice(window.padding, window.padding + stage.length))]


def _sum_dtype(grad: Array) -> np.dtype[Any]:
    """Sum half floats as float32: a share of one may vanish, and a sum overflow."""
    return np.dtype(np.float32) if grad.dtype.itemsize == 2 else grad.dtype.newbyteorder("=")


def _rounded(total: Array, grad: Array) -> Array:
    with np.errstate(over="ignore", under="ignore"):
        return total.astype(grad.dtype, copy=False)


def _check(grad: Array, plan: Plan) -> None:
    if grad.dtype.kind != "f" or grad.shape != plan.shape:
        raise PoolingError(
            f"grad has shape {grad.shape} and dtype {grad.dtype}; use floats of the result's "
            f"shape {plan.shape}"
        )
