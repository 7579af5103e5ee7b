"""Pooling to a given size, by windows that share each axis out."""

from collections.abc import Sequence
from typing import Literal, overload

from poolcli.core.dispatch import pool
from poolcli.core.geometry.plan import plan_adaptive
from poolcli.core.skipping import take_missing
from poolcli.core.types import Array, DTypeLike, Indices, Input, Ints

__all__ = ["adaptive_pool"]


@overload
def adaptive_pool(
    x: Input, size: int | Sequence[int | None] | None, operation: str = "avg", *,
    power: float = 3.0, channel_axis: int | None = None, return_indices: Literal[False] = False,
    axes: Ints | None = None, out: Array | None = None, skip: float | None = None,
    min_valid: float | None = None, quantile: float = 0.5, dtype: DTypeLike | None = None,
) -> Array: ...  # fmt: skip
@overload
def adaptive_pool(
    x: Input, size: int | Sequence[int | None] | None, operation: str = "avg", *,
    power: float = 3.0, channel_axis: int | None = None, return_indices: Literal[True],
    axes: Ints | None = None, out: Array | None = None, skip: float | None = None,
    min_valid: float | None = None, quantile: float = 0.5, dtype: DTypeLike | None = None,
) -> tuple[Array, Indices]: ...  # fmt: skip
@overload
def adaptive_pool(
    x: Input, size: int | Sequence[int | None] | None, operation: str = "avg", *,
    power: float = 3.0, channel_axis: int | None = None, return_indices: bool,
    axes: Ints | None = None, out: Array | None = None, skip: float | None = None,
    min_valid: float | None = None, quantile: float = 0.5, dtype: DTypeLike | None = None,
) -> Array | tuple[Array, Indices]: ...  # fmt: skip
def adaptive_pool(
    x: Input,
    size: int | Sequence[int | None] | None,
    operation: str = "avg",
    *,
    power: float = 3.0,
    channel_axis: int | None = None,
    return_indices: bool = False,
    axes: Ints | None = None,
    out: Array | None = None,
    skip: float | None = None,
    min_valid: float | None = None,
    quantile: float = 0.5,
    dtype: DTypeLike | None = None,
) -> Array | tuple[Array, Indices]:
    """Pool to exactly the size given, whatever the size of the input.

    Parameters
    ----------
    x, axes, out, skip, min_valid
        As in `max_pool`.
    size : int or sequence of int or None
        (H', W'); one number stands for all axes, None keeps an axis as it is; 1 is global pooling.
    operation : {"avg", "max", "min", "median", "mode", "gem", "quantile", "sum", "range", "std"}
        The statistic of each window.
    power : float
        For gem: see `gem_pool`.
    channel_axis : int, optional
        For mode: compare whole pixels, see `mode_pool`.
    return_indices : bool
        For max and min, without ``out``: also return where each value was found, see `max_pool`.
    quantile : float
        For quantile: see `quantile_pool`.
    dtype : dtype_like, optional
        For sum, range and std: see `sum_pool`.

    Returns
    -------
    (..., H', W') ndarray
        Of the dtype of ``x``, or see `sum_pool`; (H', W') or (H', W', C) of a Pillow image. Window
        o of an axis is [⌊o·H / H'⌋, ⌈(o + 1)·H / H'⌉): windows overlap where H' does not divide H,
        and repeat where H' is larger.
    indices : (..., H', W') ndarray of int64
        Only with ``return_indices``.

    Raises
    ------
    WindowError
        If a size is negative or an axis is empty.
    PoolingError
        If the operation is unknown or has no indices, or ``x``, ``axes`` or ``out`` do not suit.
    TypeError
        If a size, an axis or the power is not a number.

    References
    ----------
    `torch.nn.functional.adaptive_avg_pool2d
    <https://docs.pytorch.org/docs/stable/generated/torch.nn.AdaptiveAvgPool2d.html>`_

    Examples
    --------
    >>> import numpy as np
    >>> adaptive_pool(np.arange(49).reshape(7, 7), (2, 3), "max")
    array([[23, 25, 27],
           [44, 46, 48]])
    >>> adaptive_pool(np.ones((4, 3, 4, 4)), 1).shape
    (4, 3, 1, 1)
    """
    x, missing = take_missing(x, skip, min_valid)
    return pool(
        plan_adaptive(x, axes, size),
        operation,
        power=power,
        channel_axis=channel_axis,
        missing=missing,
        quantile=quantile,
        dtype=dtype,
        return_indices=return_indices,
        out=out,
    )
