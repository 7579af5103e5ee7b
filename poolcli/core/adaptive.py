"""Pooling to a size: windows that share each axis out."""

from collections.abc import Sequence
from typing import Any

from poolcli.core.geometry.plan import plan_adaptive
from poolcli.core.operations import pool
from poolcli.core.types import Array, Ints

__all__ = ["adaptive_pool"]


def adaptive_pool(
    x: Any,
    size: int | Sequence[int | None],
    operation: str = "avg",
    *,
    power: float = 3.0,
    channel_axis: int | None = None,
    return_indices: bool = False,
    axes: Ints = (-2, -1),
    out: Array | None = None,
) -> Any:
    """Pool to exactly the size given, whatever the size of the input.

    Parameters
    ----------
    x : (..., H, W) array_like
        Integers, booleans or floats.
    size : int or sequence of int or None
        (H', W'); one number stands for all axes, None keeps an axis as it is; 1 is global pooling.
    operation : {"avg", "max", "min", "median", "mode", "gem"}
    power : float
        For gem.
    channel_axis : int, optional
        For mode: compare whole pixels, see `mode_pool`.
    return_indices : bool
        For max and min, without ``out``: also return where each value was found, see `max_pool`.
    axes : int or sequence of int
        The axes to pool.
    out : ndarray, optional
        Where the result goes.

    Returns
    -------
    (..., H', W') ndarray
        Of the dtype of ``x``. Window o of an axis is [⌊o·H / H'⌋, ⌈(o + 1)·H / H'⌉): windows
        overlap where H' does not divide H, and repeat where H' is larger.

    Raises
    ------
    WindowError
        If a size is negative or an axis empty.
    PoolingError
        If the operation is unknown or tells no indices, or ``x``, ``axes`` or ``out`` do not suit.

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
    return pool(
        plan_adaptive(x, axes, size),
        operation,
        power=power,
        channel_axis=channel_axis,
        return_indices=return_indices,
        out=out,
    )
