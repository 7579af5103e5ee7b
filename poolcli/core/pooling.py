"""The largest or the smallest value of every window, over any axes of any array.

What only some calls need is imported by those, so that a command that pools one small picture
takes no longer than the modules it uses.
"""

from typing import Literal, overload

import numpy as np

from poolcli.core.engine.small_arrays import pool_small_array
from poolcli.core.geometry.plan import destination, plan_sliding
from poolcli.core.inputs import LAST_TWO
from poolcli.core.poolings.extrema import extreme
from poolcli.core.skipping import pool_skipping, take_missing
from poolcli.core.types import Array, Indices, Input, Ints

__all__ = ["max_pool", "min_pool"]


@overload
def max_pool(
    x: Input, kernel: Ints, stride: Ints | None = None, padding: Ints = 0, dilation: Ints = 1, *,
    ceil_mode: bool = False, return_indices: Literal[False] = False, axes: Ints | None = None,
    out: Array | None = None, skip: float | None = None, min_valid: float | None = None,
) -> Array: ...  # fmt: skip
@overload
def max_pool(
    x: Input, kernel: Ints, stride: Ints | None = None, padding: Ints = 0, dilation: Ints = 1, *,
    ceil_mode: bool = False, return_indices: Literal[True], axes: Ints | None = None,
    out: Array | None = None, skip: float | None = None, min_valid: float | None = None,
) -> tuple[Array, Indices]: ...  # fmt: skip
@overload
def max_pool(
    x: Input, kernel: Ints, stride: Ints | None = None, padding: Ints = 0, dilation: Ints = 1, *,
    ceil_mode: bool = False, return_indices: bool, axes: Ints | None = None,
    out: Array | None = None, skip: float | None = None, min_valid: float | None = None,
) -> Array | tuple[Array, Indices]: ...  # fmt: skip
def max_pool(
    x: Input,
    kernel: Ints,
    stride: Ints | None = None,
    padding: Ints = 0,
    dilation: Ints = 1,
    *,
    ceil_mode: bool = False,
    return_indices: bool = False,
    axes: Ints | None = None,
    out: Array | None = None,
    skip: float | None = None,
    min_valid: float | None = None,
) -> Array | tuple[Array, Indices]:
    """Keep the largest value of every window.

    Parameters
    ----------
    x : (..., H, W) array_like, or a Pillow image
        Integers, booleans or floats, in any memory layout; or anything with a shape and a dtype
        that gives arrays when it is sliced, of which only bands are in memory at a time. The image
        is read as it is loaded, as (H, W) or (H, W, C); 1 bit becomes grey (0 and 255), and a
        palette RGB, or RGBA where it has transparency.
    kernel, stride, padding, dilation : int or sequence of int
        One number, or one for each of ``axes``. ``stride`` is ``kernel`` unless given;
        ``padding`` is at most half the kernel and never wins a window.
    ceil_mode : bool
        Also keep a last window that begins inside the input and reaches past it.
    return_indices : bool
        Also return where each value was found: flat positions in the (H, W) plane, int64; the
        first of equals in row-major order, the last of NaNs; -1 for a window without any tap.
    axes : int or sequence of int, optional
        The axes to pool, for an image too. Unless given: the last two, and of an image its height
        and width, the first two.
    out : ndarray, optional
        Where the result goes; of its shape and dtype.
    skip : float, optional
        The value of missing data, which has no vote; NaN for all NaNs. A window of nothing else
        becomes this value. Values masked in a masked array have no vote either, and a masked
        array comes back.
    min_valid : float, optional
        The share of a window's values in the input, 0 to 1, that are to be there; a window with
        fewer of them is missing itself. One value is enough unless given.

    Returns
    -------
    (..., H', W') ndarray
        Of the dtype of ``x``, H' = ⌊(H + 2·padding - dilation·(kernel - 1) - 1) / stride⌋ + 1,
        or with ⌈ ⌉ in ceil mode, less a window that would begin past the input; (H', W') or
        (H', W', C) of an image. NaN wins every window that it is in. A window without any tap in
        the input (dilation with padding) is -inf, or the lowest integer. The sign of a zero among
        zeros is not specified.
    indices : (..., H', W') ndarray of int64
        Only with ``return_indices``.

    Raises
    ------
    WindowError
        If a number is out of range or no window fits.
    PoolingError
        If ``x`` has another kind of dtype, or ``axes`` or ``out`` do not suit it, or indices are
        wanted beside missing values.
    TypeError
        If an argument that must be an integer or a number is something else.

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
    >>> max_pool(np.array([[1, 3, 99, 99], [4, 99, 99, 99]]), 2, skip=99)
    array([[ 4, 99]])
    """
    numbers = kernel, stride, padding, dilation
    return _pooled(np.maximum, x, numbers, ceil_mode, return_indices, axes, out, skip, min_valid)


@overload
def min_pool(
    x: Input, kernel: Ints, stride: Ints | None = None, padding: Ints = 0, dilation: Ints = 1, *,
    ceil_mode: bool = False, return_indices: Literal[False] = False, axes: Ints | None = None,
    out: Array | None = None, skip: float | None = None, min_valid: float | None = None,
) -> Array: ...  # fmt: skip
@overload
def min_pool(
    x: Input, kernel: Ints, stride: Ints | None = None, padding: Ints = 0, dilation: Ints = 1, *,
    ceil_mode: bool = False, return_indices: Literal[True], axes: Ints | None = None,
    out: Array | None = None, skip: float | None = None, min_valid: float | None = None,
) -> tuple[Array, Indices]: ...  # fmt: skip
@overload
def min_pool(
    x: Input, kernel: Ints, stride: Ints | None = None, padding: Ints = 0, dilation: Ints = 1, *,
    ceil_mode: bool = False, return_indices: bool, axes: Ints | None = None,
    out: Array | None = None, skip: float | None = None, min_valid: float | None = None,
) -> Array | tuple[Array, Indices]: ...  # fmt: skip
def min_pool(
    x: Input,
    kernel: Ints,
    stride: Ints | None = None,
    padding: Ints = 0,
    dilation: Ints = 1,
    *,
    ceil_mode: bool = False,
    return_indices: bool = False,
    axes: Ints | None = None,
    out: Array | None = None,
    skip: float | None = None,
    min_valid: float | None = None,
) -> Array | tuple[Array, Indices]:
    """Keep the smallest value of every window.

    Parameters
    ----------
    x, kernel, stride, padding, dilation, ceil_mode, return_indices, axes, out, skip, min_valid
        As in `max_pool`.

    Returns
    -------
    (..., H', W') ndarray
        Of the dtype of ``x``, H' and W' as in `max_pool`. NaN wins every window that it is in. A
        window without any tap in the input is +inf, or the highest integer.
    indices : (..., H', W') ndarray of int64
        Only with ``return_indices``.

    Raises
    ------
    WindowError, PoolingError, TypeError
        As in `max_pool`.

    Examples
    --------
    >>> import numpy as np
    >>> min_pool(np.array([[1, 3, 2, 1], [4, 6, 5, 0], [3, 1, 1, 0], [1, 2, 2, 4]]), 2)
    array([[1, 0],
           [1, 0]])
    """
    numbers = kernel, stride, padding, dilation
    return _pooled(np.minimum, x, numbers, ceil_mode, return_indices, axes, out, skip, min_valid)


def _pooled(
    ufunc: np.ufunc,
    x: Input,
    numbers: tuple[Ints, Ints | None, Ints, Ints],
    ceil_mode: bool,
    return_indices: bool,
    axes: Ints | None,
    out: Array | None,
    skip: float | None,
    min_valid: float | None,
) -> Array | tuple[Array, Indices]:
    x, missing = take_missing(x, skip, min_valid)
    if not (ceil_mode or return_indices) and out is None and missing is None:
        small = pool_small_array(ufunc, x, *numbers, LAST_TWO if axes is None else axes)
        if small is not None:
            return small
    plan = plan_sliding(x, axes, *numbers, ceil_mode)
    if missing is not None:
        name = "max" if ufunc is np.maximum else "min"
        return pool_skipping(plan, name, missing, out, return_indices=return_indices)
    if not return_indices:
        return extreme(ufunc, plan, out)
    from poolcli.core.poolings.argextrema import extreme_with_indices

    values, indices = extreme_with_indices(ufunc, plan)
    if out is None:
        return values, indices
    result, fill = destination(plan.x, plan.shape, plan.x.dtype, out)
    np.copyto(result, values)
    return fill(result), indices
