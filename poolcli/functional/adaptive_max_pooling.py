"""The largest value of windows that share each axis out, in one, two and three dimensions."""

# The arguments have PyTorch's names, ``input`` too.
# ruff: noqa: A002

from collections.abc import Sequence
from typing import Literal, overload

from poolcli.core.adaptive import adaptive_pool
from poolcli.core.types import Array, Indices, Input
from poolcli.functional.arguments import LAST_AXES, filled_planes, output_sizes

__all__ = ["adaptive_max_pool1d", "adaptive_max_pool2d", "adaptive_max_pool3d"]


@overload
def adaptive_max_pool1d(
    input: Input, output_size: int | Sequence[int], return_indices: Literal[False] = False,
) -> Array: ...  # fmt: skip
@overload
def adaptive_max_pool1d(
    input: Input, output_size: int | Sequence[int], *, return_indices: Literal[True],
) -> tuple[Array, Indices]: ...  # fmt: skip
@overload
def adaptive_max_pool1d(
    input: Input, output_size: int | Sequence[int], return_indices: bool = False,
) -> Array | tuple[Array, Indices]: ...  # fmt: skip
def adaptive_max_pool1d(
    input: Input,
    output_size: int | Sequence[int],
    return_indices: bool = False,
) -> Array | tuple[Array, Indices]:
    """Keep the largest value of each of ``output_size`` windows of the last axis.

    Parameters
    ----------
    input : (..., L) array_like
        Integers, booleans or floats.
    output_size : int or sequence of int
        L', also in a sequence of one.
    return_indices : bool
        Also return where in its row each value was found.

    Returns
    -------
    values : (..., L') ndarray
        Of the dtype of ``input``. Window o covers [⌊o·L / L'⌋, ⌈(o + 1)·L / L'⌉).
    indices : (..., L') ndarray of int64
        Only with ``return_indices``: as in `max_pool1d`.

    Raises
    ------
    WindowError, PoolingError, TypeError
        As in `adaptive_max_pool2d`.

    Notes
    -----
    ``torch.nn.functional.adaptive_max_pool1d`` takes only floats, and at most one leading axis
    beside the channels.

    Examples
    --------
    >>> import numpy as np
    >>> adaptive_max_pool1d(np.array([[1.0, 2.0, 3.0, 4.0, 5.0]]), 3)
    array([[2., 4., 5.]])
    """
    size, x = output_sizes(output_size, 1), filled_planes(input, 1, batch_axes=1)
    return adaptive_pool(x, size, "max", return_indices=return_indices, axes=LAST_AXES[1])


@overload
def adaptive_max_pool2d(
    input: Input, output_size: int | Sequence[int | None], return_indices: Literal[False] = False,
) -> Array: ...  # fmt: skip
@overload
def adaptive_max_pool2d(
    input: Input, output_size: int | Sequence[int | None], *, return_indices: Literal[True],
) -> tuple[Array, Indices]: ...  # fmt: skip
@overload
def adaptive_max_pool2d(
    input: Input, output_size: int | Sequence[int | None], return_indices: bool = False,
) -> Array | tuple[Array, Indices]: ...  # fmt: skip
def adaptive_max_pool2d(
    input: Input,
    output_size: int | Sequence[int | None],
    return_indices: bool = False,
) -> Array | tuple[Array, Indices]:
    """Keep the largest value of each of ``output_size`` windows of the last two axes.

    Parameters
    ----------
    input : (..., H, W) array_like
        Integers, booleans or floats; or a Pillow image, which is pooled as (C, H, W).
    output_size : int or sequence of int or None
        (H', W'); one number stands for all axes, None in a sequence keeps an axis as it is.
    return_indices : bool
        Also return where in its plane each value was found.

    Returns
    -------
    values : (..., H', W') ndarray
        Of the dtype of ``input``. Window o of the height covers [⌊o·H / H'⌋, ⌈(o + 1)·H / H'⌉), of
        the width likewise.
    indices : (..., H', W') ndarray of int64
        Only with ``return_indices``: as in `max_pool2d`.

    Raises
    ------
    WindowError
        If a size is negative or the input is empty.
    PoolingError
        If the input has too few axes or holds something else than numbers.
    TypeError
        If an argument is of the wrong type.

    Notes
    -----
    ``torch.nn.functional.adaptive_max_pool2d`` takes only floats, and at most one leading axis
    beside the channels.

    Examples
    --------
    >>> import numpy as np
    >>> adaptive_max_pool2d(np.arange(192.0).reshape(4, 3, 4, 4), 1).shape
    (4, 3, 1, 1)
    >>> adaptive_max_pool2d(np.arange(6).reshape(1, 2, 3), (None, 1), return_indices=True)[1]
    array([[[2],
            [5]]])
    """
    size, x = output_sizes(output_size, 2), filled_planes(input, 2, batch_axes=1)
    return adaptive_pool(x, size, "max", return_indices=return_indices, axes=LAST_AXES[2])


@overload
def adaptive_max_pool3d(
    input: Input, output_size: int | Sequence[int | None], return_indices: Literal[False] = False,
) -> Array: ...  # fmt: skip
@overload
def adaptive_max_pool3d(
    input: Input, output_size: int | Sequence[int | None], *, return_indices: Literal[True],
) -> tuple[Array, Indices]: ...  # fmt: skip
@overload
def adaptive_max_pool3d(
    input: Input, output_size: int | Sequence[int | None], return_indices: bool = False,
) -> Array | tuple[Array, Indices]: ...  # fmt: skip
def adaptive_max_pool3d(
    input: Input,
    output_size: int | Sequence[int | None],
    return_indices: bool = False,
) -> Array | tuple[Array, Indices]:
    """Keep the largest value of each of ``output_size`` windows of the last three axes.

    Parameters
    ----------
    input : (..., D, H, W) array_like
        Integers, booleans or floats.
    output_size : int or sequence of int or None
        (D', H', W'); one number stands for all axes, None in a sequence keeps an axis as it is.
    return_indices : bool
        Also return where in its volume each value was found.

    Returns
    -------
    values : (..., D', H', W') ndarray
        Of the dtype of ``input``. Window o of the depth covers [⌊o·D / D'⌋, ⌈(o + 1)·D / D'⌉), of
        height and width likewise.
    indices : (..., D', H', W') ndarray of int64
        Only with ``return_indices``: as in `max_pool3d`.

    Raises
    ------
    WindowError, PoolingError, TypeError
        As in `adaptive_max_pool2d`.

    Notes
    -----
    ``torch.nn.functional.adaptive_max_pool3d`` takes only floats, and at most one leading axis
    beside the channels.

    Examples
    --------
    >>> import numpy as np
    >>> adaptive_max_pool3d(np.arange(8.0).reshape(1, 2, 2, 2), (2, 1, 1)).ravel()
    array([3., 7.])
    """
    size, x = output_sizes(output_size, 3), filled_planes(input, 3, batch_axes=1)
    return adaptive_pool(x, size, "max", return_indices=return_indices, axes=LAST_AXES[3])
