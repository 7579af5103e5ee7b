"""Poolings that compare all taps of a window: median and mode."""

from collections.abc import Callable
from math import prod
from typing import Any

import numpy as np

from poolcli.core import large
from poolcli.core.commonest import codes, commonest
from poolcli.core.inputs import Ints, Plan, destination, normal_axes, plan_sliding
from poolcli.core.kernels import Array
from poolcli.core.large import commonest_of_many, large_windows, middle_of_many
from poolcli.core.medians import sliding_median
from poolcli.core.selection import middle
from poolcli.core.taps import Taps, taps
from poolcli.errors import PoolingError

__all__ = ["median", "median_pool", "mode", "mode_pool"]


def median_pool(
    x: Any,
    kernel: Ints,
    stride: Ints | None = None,
    padding: Ints = 0,
    dilation: Ints = 1,
    *,
    ceil_mode: bool = False,
    axes: Ints = (-2, -1),
    out: Array | None = None,
) -> Array:
    """Keep the middle value of every window, the lower one of an even number.

    Parameters and errors are those of `max_pool`. Padding has no vote, so a window at a border has
    fewer values; one without any tap is NaN, or 0 of integers. Takes working memory for a few
    windows at a time, however many there are.

    Returns
    -------
    (..., H', W') ndarray
        Of the dtype of ``x``. A window that holds NaN is NaN, as in ``torch.median``.

    Examples
    --------
    >>> import numpy as np
    >>> median_pool(np.array([[1, 3, 2, 1], [4, 6, 5, 0], [3, 1, 1, 0], [1, 2, 2, 4]]), 2)
    array([[3, 1],
           [1, 1]])
    """
    return median(plan_sliding(x, axes, kernel, stride, padding, dilation, ceil_mode), out)


def mode_pool(
    x: Any,
    kernel: Ints,
    stride: Ints | None = None,
    padding: Ints = 0,
    dilation: Ints = 1,
    *,
    ceil_mode: bool = False,
    channel_axis: int | None = None,
    axes: Ints = (-2, -1),
    out: Array | None = None,
) -> Array:
    """Keep the commonest value of every window; of several, the first in row-major order.

    Parameters and errors are those of `max_pool`, and:

    Parameters
    ----------
    channel_axis : int, optional
        The axis along which a pixel's channels lie. Then whole pixels are compared and kept, so
        that no colour comes out that was not in the window.

    Returns
    -------
    (..., H', W') ndarray
        Of the dtype of ``x``. Padding has no vote; a window without any tap is NaN, or 0 of
        integers. NaNs count as equal.

    Examples
    --------
    >>> import numpy as np
    >>> mode_pool(np.array([[7, 3, 2, 1], [3, 7, 1, 0]]), 2)
    array([[7, 1]])
    """
    return mode(
        plan_sliding(x, axes, kernel, stride, padding, dilation, ceil_mode), out, channel_axis
    )


def median(plan: Plan, out: Array | None = None) -> Array:
    """Pool by the median."""
    native = plan.x.dtype.newbyteorder("=")
    result, fill = destination(plan.x, plan.shape, plan.x.dtype, out)
    with np.errstate(invalid="ignore"):
        if _large(plan):
            for where, part in large_windows(plan):
                _fill(result[where], part, middle_of_many, plan)
            return fill(result)
        done = sliding_median(plan, result)
        for some in taps(plan, native.itemsize, whole=not done):
            middle(some, native, result[some.where])
            _blank(some, result[some.where])
    return fill(result)


def _large(plan: Plan) -> bool:
    return prod(stage.window.kernel for stage in plan.stages) > large.MANY_TAPS


def _fill(target: Array, part: Array, choose: Callable[..., Array], *more: Any) -> None:
    """What is chosen of a window's taps; NaN, or 0 of integers, where there are none."""
    if part.size:
        target[...] = choose(part, *more)
    else:
        target[...] = np.nan if target.dtype.kind == "f" else 0


def _blank(some: Taps, target: Array) -> None:
    """Nothing is the middle, or the commonest, of a window without any tap in the input."""
    if some.valid is None:
        return
    exists = np.array(False)
    for valid in some.valid:
        exists = exists | valid
    if not exists.all():
        np.copyto(
            target, np.nan if target.dtype.kind == "f" else 0, where=~exists, casting="unsafe"
        )


def mode(plan: Plan, out: Array | None = None, channel_axis: int | None = None) -> Array:
    """Pool by the mode, of single values or of pixels along ``channel_axis``."""
    native = plan.x.dtype.newbyteorder("=")
    result, fill = destination(plan.x, plan.shape, plan.x.dtype, out)
    if channel_axis is not None:
        (channel_axis,) = normal_axes(channel_axis, len(plan.shape))
        if channel_axis in [stage.axis for stage in plan.stages]:
            raise PoolingError(f"channel axis {channel_axis} is pooled; use another one")
    if _large(plan):
        for where, part in large_windows(plan, channel_axis):
            _fill(result[where], part, commonest_of_many, plan, channel_axis)
        return fill(result)
    for some in taps(plan, native.itemsize + 8, channel_axis):
        planes = [plane.astype(native, copy=False) for plane in some.planes]
        chosen = commonest(codes(planes, channel_axis), some.valid, channel_axis)
        if channel_axis is not None:
            chosen = np.expand_dims(chosen, channel_axis)
        target = result[some.where]
        for number, plane in enumerate(planes):
            np.copyto(target, plane, where=chosen == number)
        _blank(some, target)
    return fill(result)
