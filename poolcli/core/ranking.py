"""Poolings that compare all taps of a window: median, other quantiles and mode."""

from poolcli.core.dispatch import pool
from poolcli.core.geometry.plan import plan_sliding
from poolcli.core.poolings.ranks.rank_pooling import median, mode
from poolcli.core.skipping import pool_skipping, take_missing
from poolcli.core.types import Array, Input, Ints

__all__ = ["median_pool", "mode_pool", "quantile_pool"]


def median_pool(
    x: Input,
    kernel: Ints,
    stride: Ints | None = None,
    padding: Ints = 0,
    dilation: Ints = 1,
    *,
    ceil_mode: bool = False,
    axes: Ints | None = None,
    out: Array | None = None,
    skip: float | None = None,
    min_valid: float | None = None,
) -> Array:
    """Keep the middle value of every window, the lower one of an even number.

    Takes working memory for a few windows at a time, however many there are.

    Parameters
    ----------
    x, kernel, stride, padding, dilation, ceil_mode, axes, out, skip, min_valid
        As in `max_pool`. Padding has no vote, so that a window at a border has fewer values.

    Returns
    -------
    (..., H', W') ndarray
        Of the dtype of ``x``, H' and W' as in `max_pool`. A window that holds NaN is NaN, as in
        ``torch.median``; one without any tap in the input is NaN, or 0 of integers.

    Raises
    ------
    WindowError, PoolingError, TypeError
        As in `max_pool`.

    Examples
    --------
    >>> import numpy as np
    >>> median_pool(np.array([[1, 3, 2, 1], [4, 6, 5, 0], [3, 1, 1, 0], [1, 2, 2, 4]]), 2)
    array([[3, 1],
           [1, 1]])
    """
    x, missing = take_missing(x, skip, min_valid)
    plan = plan_sliding(x, axes, kernel, stride, padding, dilation, ceil_mode)
    return median(plan, out) if missing is None else pool_skipping(plan, "median", missing, out)


def quantile_pool(
    x: Input,
    kernel: Ints,
    stride: Ints | None = None,
    padding: Ints = 0,
    dilation: Ints = 1,
    *,
    quantile: float = 0.5,
    ceil_mode: bool = False,
    axes: Ints | None = None,
    out: Array | None = None,
    skip: float | None = None,
    min_valid: float | None = None,
) -> Array:
    """Keep the value at a share of every window, sorted: 0 is the smallest, 1 the largest.

    Parameters
    ----------
    x, kernel, stride, padding, dilation, ceil_mode, axes, out, skip, min_valid
        As in `median_pool`.
    quantile : float
        q, 0 to 1. Of n values it is that of number ⌊(n - 1)·q⌋, from 0: always one of them, for
        1/2 that of `median_pool`.

    Returns
    -------
    (..., H', W') ndarray
        As in `median_pool`.

    Raises
    ------
    WindowError
        If ``quantile`` is not a share; or as in `max_pool`.
    PoolingError, TypeError
        As in `max_pool`.

    Examples
    --------
    >>> import numpy as np
    >>> quantile_pool(np.arange(11)[None], (1, 11), quantile=0.9)
    array([[9]])
    """
    x, missing = take_missing(x, skip, min_valid)
    plan = plan_sliding(x, axes, kernel, stride, padding, dilation, ceil_mode)
    return pool(plan, "quantile", missing=missing, quantile=quantile, out=out)


def mode_pool(
    x: Input,
    kernel: Ints,
    stride: Ints | None = None,
    padding: Ints = 0,
    dilation: Ints = 1,
    *,
    ceil_mode: bool = False,
    channel_axis: int | None = None,
    axes: Ints | None = None,
    out: Array | None = None,
    skip: float | None = None,
    min_valid: float | None = None,
) -> Array:
    """Keep the commonest value of every window; of several, the first in row-major order.

    Parameters
    ----------
    x, kernel, stride, padding, dilation, ceil_mode, axes, out, skip, min_valid
        As in `max_pool`. Padding has no vote.
    channel_axis : int, optional
        The axis along which a pixel's channels lie (-1 of a Pillow image in colour). Then whole
        pixels are compared and kept, so that no colour comes out that was not in the window; a
        pixel is missing where all its channels are.

    Returns
    -------
    (..., H', W') ndarray
        Of the dtype of ``x``, H' and W' as in `max_pool`. NaNs count as equal; a window without
        any tap in the input is NaN, or 0 of integers.

    Raises
    ------
    WindowError, PoolingError, TypeError
        As in `max_pool`; also if ``channel_axis`` is pooled, does not exist or is not an integer.

    Examples
    --------
    >>> import numpy as np
    >>> mode_pool(np.array([[7, 3, 2, 1], [3, 7, 1, 0]]), 2)
    array([[7, 1]])
    >>> mode_pool(np.array([[0, 0, 0], [0, 3, 5], [0, 4, 5]]), 3, skip=0)
    array([[5]])
    """
    x, missing = take_missing(x, skip, min_valid)
    plan = plan_sliding(x, axes, kernel, stride, padding, dilation, ceil_mode)
    if missing is not None:
        return pool_skipping(plan, "mode", missing, out, channel_axis=channel_axis)
    return mode(plan, out, channel_axis)
