"""max and min over any axes of any array: a sentence each over the kernels.

What only some of them need is loaded by those: a command that pools one small picture takes no
longer than its modules.
"""

from typing import Any

import numpy as np

from poolcli.core.engine.small_arrays import pool_small
from poolcli.core.geometry.plan import Plan, destination, plan_sliding
from poolcli.core.poolings.extrema import extreme
from poolcli.core.types import Array, Ints, Source

__all__ = ["max_pool", "min_pool"]


def max_pool(
    x: Source,
    kernel: Ints,
    stride: Ints | None = None,
    padding: Ints = 0,
    dilation: Ints = 1,
    *,
    ceil_mode: bool = False,
    return_indices: bool = False,
    axes: Ints = (-2, -1),
    out: Array | None = None,
) -> Any:
    """Keep the largest value of every window.

    Parameters
    ----------
    x : (..., H, W) array_like
        Integers, booleans or floats, in any memory layout; or anything with a shape and a dtype
        that gives arrays when it is sliced, of which only bands are in memory at a time.
    kernel, stride, padding, dilation : int or sequence of int
        One number, or one for each of ``axes``. ``stride`` is ``kernel`` unless given;
        ``padding`` is at most half the kernel and never wins a window.
    ceil_mode : bool
        Also keep a last window that begins inside the input and reaches past it.
    return_indices : bool
        Also return where each value was found: flat positions in the (H, W) plane, int64; the
        first of equals in row-major order, the last of NaNs; -1 for a window without any tap.
    axes : int or sequence of int
        The axes to pool, (H, W) unless given.
    out : ndarray, optional
        Where the result goes; of its shape and dtype.

    Returns
    -------
    (..., H', W') ndarray
        Of the dtype of ``x``, H' = ⌊(H + 2·padding - dilation·(kernel - 1) - 1) / stride⌋ + 1,
        or with ⌈ ⌉ in ceil mode, less a window that would begin past the input. NaN wins every
        window that it is in. A window without any tap in the input (dilation with padding) is
        -inf, or the lowest integer. The sign of a zero among zeros is not specified.
    indices : (..., H', W') ndarray of int64
        Only with ``return_indices``.

    Raises
    ------
    WindowError
        If a number is out of range or no window fits.
    PoolingError
        If ``x`` has another kind of dtype, or ``axes`` or ``out`` do not suit it.

    References
    ----------
    `torch.nn.functional.max_pool2d
    <https://docs.pytorch.org/docs/stable/generated/torch.nn.MaxPool2d.html>`_

    Examples
    --------
    >>> import numpy as np
    >>> max_pool(np.array([[1, 3, 2, 1], [4, 6, 5, 0], [3, 1, 1, 0], [1, 2, 2, 4]]), 2)
    array([[6, 5],
           [3, 4]])
    >>> max_pool(np.zeros((3, 201, 250)), 6, 2).shape
    (3, 98, 123)
    """
    if not (ceil_mode or return_indices) and out is None:
        small = pool_small(np.maximum, x, kernel, stride, padding, dilation, axes)
        if small is not None:
            return small
    plan = plan_sliding(x, axes, kernel, stride, padding, dilation, ceil_mode)
    return _found(np.maximum, plan, out, return_indices)


def min_pool(
    x: Source,
    kernel: Ints,
    stride: Ints | None = None,
    padding: Ints = 0,
    dilation: Ints = 1,
    *,
    ceil_mode: bool = False,
    return_indices: bool = False,
    axes: Ints = (-2, -1),
    out: Array | None = None,
) -> Any:
    """Keep the smallest value of every window.

    Parameters, shapes and errors are those of `max_pool`; a window without any tap in the input
    is +inf, or the highest integer.

    Returns
    -------
    (..., H', W') ndarray
        Of the dtype of ``x``.

    Examples
    --------
    >>> import numpy as np
    >>> min_pool(np.array([[1, 3, 2, 1], [4, 6, 5, 0], [3, 1, 1, 0], [1, 2, 2, 4]]), 2)
    array([[1, 0],
           [1, 0]])
    """
    if not (ceil_mode or return_indices) and out is None:
        small = pool_small(np.minimum, x, kernel, stride, padding, dilation, axes)
        if small is not None:
            return small
    plan = plan_sliding(x, axes, kernel, stride, padding, dilation, ceil_mode)
    return _found(np.minimum, plan, out, return_indices)


def _found(ufunc: np.ufunc, plan: Plan, out: Array | None, return_indices: bool) -> Any:
    if not return_indices:
        return extreme(ufunc, plan, out)
    from poolcli.core.poolings.argextrema import extreme_with_indices

    values, indices = extreme_with_indices(ufunc, plan)
    if out is None:
        return values, indices
    result, fill = destination(plan.x, plan.shape, plan.x.dtype, out)
    np.copyto(result, values)
    return fill(result), indices
