"""max, min and avg over any axes of any array: a sentence each over the kernels.

What only some of them need is loaded by those: a command that pools one small picture takes no
longer than its modules.
"""

from typing import Any

import numpy as np

from poolcli.core.engine.small_arrays import pool_small
from poolcli.core.geometry.plan import Plan, checked_divisor, destination, plan_sliding
from poolcli.core.poolings.extrema import extreme
from poolcli.core.types import Array, Ints, Source

__all__ = ["avg_pool", "gem_pool", "max_pool", "min_pool"]


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


def avg_pool(
    x: Source,
    kernel: Ints,
    stride: Ints | None = None,
    padding: Ints = 0,
    dilation: Ints = 1,
    *,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: int | None = None,
    axes: Ints = (-2, -1),
    out: Array | None = None,
) -> Array:
    """Take the mean of every window.

    Parameters
    ----------
    x, kernel, stride, padding, dilation, ceil_mode, axes, out
        As in `max_pool`.
    count_include_pad : bool
        Whether padding counts as zeros (the default, as in PyTorch) or not at all. What
        ``ceil_mode`` reaches over beyond the padding never counts.
    divisor_override : int, optional
        Divide every window's sum by this number instead of by its count; not 0, and below 2³¹.

    Returns
    -------
    (..., H', W') ndarray
        Of the dtype of ``x``. Integers and booleans are exact means, rounded half up; with a
        ``divisor_override`` they are clipped to the dtype's range. Floats are summed in float32
        (float16 too) or their own, wider dtype, one axis after another.

    Raises
    ------
    WindowError
        If a number is out of range or no window fits.
    PoolingError
        If ``x`` has another kind of dtype, or ``axes`` or ``out`` do not suit it.

    References
    ----------
    `torch.nn.functional.avg_pool2d
    <https://docs.pytorch.org/docs/stable/generated/torch.nn.AvgPool2d.html>`_, which truncates
    integers.

    Examples
    --------
    >>> import numpy as np
    >>> avg_pool(np.array([[1, 3, 2, 1], [4, 6, 5, 0], [3, 1, 1, 0], [1, 2, 2, 4]]), 2)
    array([[4, 2],
           [2, 2]])
    >>> avg_pool(np.ones((1, 4), np.float32), (1, 3), 2, (0, 1), ceil_mode=True).round(2)
    array([[0.67, 1.  , 0.5 ]], dtype=float32)
    """
    if not ceil_mode and divisor_override is None and out is None:
        small = pool_small(np.add, x, kernel, stride, padding, dilation, axes)
        if small is not None:
            return small
    from poolcli.core.poolings.means import Divisors, average

    divisor_override = checked_divisor(divisor_override)
    plan = plan_sliding(x, axes, kernel, stride, padding, dilation, ceil_mode)
    return average(plan, Divisors(plan.stages, count_include_pad, divisor_override), out)


def gem_pool(
    x: Source,
    kernel: Ints,
    stride: Ints | None = None,
    padding: Ints = 0,
    dilation: Ints = 1,
    *,
    power: float = 3.0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    axes: Ints = (-2, -1),
    out: Array | None = None,
) -> Array:
    """Take the generalised mean of every window, (mean of x^p)^(1/p).

    Parameters
    ----------
    x, kernel, stride, padding, dilation, ceil_mode, count_include_pad, axes, out
        As in `avg_pool`; but of a negative power, padding never counts: a zero would make every
        mean at a border 0.
    power : float
        p, not 0: 1 is `avg_pool`, 2 the root mean square, inf the largest value, -1 the harmonic
        mean, -inf the smallest value.

    Returns
    -------
    (..., H', W') ndarray
        Of the dtype of ``x``, computed in float64; integers are rounded half up.

    Raises
    ------
    WindowError
        If ``power`` is 0 or NaN, a number is out of range, or no window fits.
    PoolingError
        If integers are negative and the power is no integer; or as in `avg_pool`.

    References
    ----------
    F. Radenović, G. Tolias, O. Chum, "Fine-tuning CNN image retrieval with no human annotation",
    IEEE TPAMI 2018.

    Examples
    --------
    >>> import numpy as np
    >>> gem_pool(np.array([[1.0, 7.0], [5.0, 5.0]]), 2, power=2)
    array([[5.]])
    """
    from poolcli.core.poolings.means import Divisors
    from poolcli.core.poolings.power_means import generalised_mean

    plan = plan_sliding(x, axes, kernel, stride, padding, dilation, ceil_mode)
    return generalised_mean(plan, power, Divisors(plan.stages, count_include_pad), out)


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
