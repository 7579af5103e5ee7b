"""Measures of every window: sum, range and standard deviation, over any axes of any array."""

from typing import Any

from poolcli.core.dispatch import pool
from poolcli.core.geometry.plan import plan_sliding
from poolcli.core.skipping import take_missing
from poolcli.core.types import Array, DTypeLike, Input, Ints

__all__ = ["range_pool", "std_pool", "sum_pool"]


def sum_pool(
    x: Input,
    kernel: Ints,
    stride: Ints | None = None,
    padding: Ints = 0,
    dilation: Ints = 1,
    *,
    ceil_mode: bool = False,
    axes: Ints | None = None,
    dtype: DTypeLike | None = None,
    out: Array | None = None,
    skip: float | None = None,
    min_valid: float | None = None,
) -> Array:
    """Add up the values of every window.

    Parameters
    ----------
    x, kernel, stride, padding, dilation, ceil_mode, axes, out, skip, min_valid
        As in `max_pool`. Padding adds nothing.
    dtype : dtype_like, optional
        The dtype of the result, of integers or floats.

    Returns
    -------
    (..., H', W') ndarray
        Of uint64 for unsigned integers and booleans, int64 for signed ones, float64 for floats,
        unless ``dtype`` names another; H' and W' as in `max_pool`. Integers are summed exactly. A
        window without any tap in the input is 0.

    Raises
    ------
    WindowError
        If a number is out of range, no window fits, or the dtype is not one.
    PoolingError
        If a sum does not fit the dtype; or as in `max_pool`.
    TypeError
        As in `max_pool`.

    Examples
    --------
    >>> import numpy as np
    >>> sum_pool(np.array([[200, 100], [50, 25]], np.uint8), 2)
    array([[375]], dtype=uint64)
    """
    more: Any = {"dtype": dtype, "out": out, "skip": skip, "min_valid": min_valid}
    return _measured("sum", x, axes, (kernel, stride, padding, dilation, ceil_mode), **more)


def range_pool(
    x: Input,
    kernel: Ints,
    stride: Ints | None = None,
    padding: Ints = 0,
    dilation: Ints = 1,
    *,
    ceil_mode: bool = False,
    axes: Ints | None = None,
    dtype: DTypeLike | None = None,
    out: Array | None = None,
    skip: float | None = None,
    min_valid: float | None = None,
) -> Array:
    """Take the largest value of every window minus its smallest.

    Parameters
    ----------
    x, kernel, stride, padding, dilation, ceil_mode, axes, dtype, out, skip, min_valid
        As in `sum_pool`. Padding has no vote.

    Returns
    -------
    (..., H', W') ndarray
        Of the dtype of ``x`` unless ``dtype`` names another; H' and W' as in `max_pool`. A window
        that holds NaN is NaN; one without any tap in the input is NaN, or 0 of integers.

    Raises
    ------
    WindowError, PoolingError, TypeError
        As in `sum_pool`; a difference of signed integers may not fit their own dtype.

    Examples
    --------
    >>> import numpy as np
    >>> range_pool(np.array([[-100, 100, 5, 7]], np.int8), (1, 2), dtype="uint8")
    array([[200,   2]], dtype=uint8)
    """
    more: Any = {"dtype": dtype, "out": out, "skip": skip, "min_valid": min_valid}
    return _measured("range", x, axes, (kernel, stride, padding, dilation, ceil_mode), **more)


def std_pool(
    x: Input,
    kernel: Ints,
    stride: Ints | None = None,
    padding: Ints = 0,
    dilation: Ints = 1,
    *,
    ceil_mode: bool = False,
    axes: Ints | None = None,
    dtype: DTypeLike | None = None,
    out: Array | None = None,
    skip: float | None = None,
    min_valid: float | None = None,
) -> Array:
    """Take the standard deviation of every window, √(mean of (x - mean)²).

    Takes working memory for a few windows at a time, however many there are.

    Parameters
    ----------
    x, kernel, stride, padding, dilation, ceil_mode, axes, dtype, out, skip, min_valid
        As in `sum_pool`. Padding has no vote.

    Returns
    -------
    (..., H', W') ndarray
        Of the dtype of ``x`` unless ``dtype`` names another; H' and W' as in `max_pool`. It is
        computed in float64 (or a longer float of ``x``), and integers are rounded half up. A window
        without any tap in the input is NaN, or 0 of integers.

    Raises
    ------
    WindowError, PoolingError, TypeError
        As in `sum_pool`.

    Examples
    --------
    >>> import numpy as np
    >>> std_pool(np.array([[1, 3, 4, 8]]), (1, 4), dtype=float).round(3)
    array([[2.55]])
    """
    more: Any = {"dtype": dtype, "out": out, "skip": skip, "min_valid": min_valid}
    return _measured("std", x, axes, (kernel, stride, padding, dilation, ceil_mode), **more)


def _measured(
    name: str,
    x: Input,
    axes: Ints | None,
    numbers: tuple[Any, ...],
    *,
    dtype: Any,
    out: Array | None,
    skip: float | None,
    min_valid: float | None,
) -> Array:
    x, missing = take_missing(x, skip, min_valid)
    plan = plan_sliding(x, axes, *numbers)
    return pool(plan, name, missing=missing, dtype=dtype, out=out)
