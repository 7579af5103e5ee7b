"""The mean of windows that share each axis out, in one, two and three dimensions."""

# The arguments have PyTorch's names, ``input`` too.
# ruff: noqa: A002

from collections.abc import Sequence

from poolcli.core.adaptive import adaptive_pool
from poolcli.core.types import Array, Input
from poolcli.functional.arguments import LAST_AXES, output_sizes, planes

__all__ = ["adaptive_avg_pool1d", "adaptive_avg_pool2d", "adaptive_avg_pool3d"]


def adaptive_avg_pool1d(input: Input, output_size: int | Sequence[int]) -> Array:
    """Take the mean of each of ``output_size`` windows of the last axis.

    Parameters
    ----------
    input : (..., L) array_like
        Integers, booleans or floats.
    output_size : int or sequence of int
        L', also in a sequence of one.

    Returns
    -------
    (..., L') ndarray
        Of the dtype of ``input``, integers rounded half up. Window o covers [⌊o·L / L'⌋,
        ⌈(o + 1)·L / L'⌉).

    Raises
    ------
    WindowError, PoolingError, TypeError
        As in `adaptive_avg_pool2d`.

    Notes
    -----
    ``torch.nn.functional.adaptive_avg_pool1d`` takes only floats; here means of integers are exact,
    and floats may be summed in another order, never less exactly.

    Examples
    --------
    >>> import numpy as np
    >>> adaptive_avg_pool1d(np.array([[1.0, 2.0, 3.0, 4.0, 5.0]]), 3)
    array([[1.5, 3. , 4.5]])
    """
    size = output_sizes(output_size, 1)
    return adaptive_pool(planes(input, 1), size, "avg", axes=LAST_AXES[1])


def adaptive_avg_pool2d(input: Input, output_size: int | Sequence[int | None]) -> Array:
    """Take the mean of each of ``output_size`` windows of the last two axes.

    Parameters
    ----------
    input : (..., H, W) array_like
        Integers, booleans or floats; or a Pillow image, which is pooled as (C, H, W).
    output_size : int or sequence of int or None
        (H', W'); one number stands for all axes, None in a sequence keeps an axis as it is.

    Returns
    -------
    (..., H', W') ndarray
        Of the dtype of ``input``, integers rounded half up. Window o of the height covers
        [⌊o·H / H'⌋, ⌈(o + 1)·H / H'⌉), of the width likewise.

    Raises
    ------
    WindowError
        If a size is negative or an axis to pool is empty.
    PoolingError
        If the input has too few axes or holds something else than numbers.
    TypeError
        If an argument is of the wrong type.

    Notes
    -----
    ``torch.nn.functional.adaptive_avg_pool2d`` takes only floats; here means of integers are exact,
    and floats may be summed in another order, never less exactly.

    Examples
    --------
    >>> import numpy as np
    >>> adaptive_avg_pool2d(np.ones((4, 3, 4, 4)), 1).shape
    (4, 3, 1, 1)
    """
    size = output_sizes(output_size, 2)
    return adaptive_pool(planes(input, 2), size, "avg", axes=LAST_AXES[2])


def adaptive_avg_pool3d(input: Input, output_size: int | Sequence[int | None]) -> Array:
    """Take the mean of each of ``output_size`` windows of the last three axes.

    Parameters
    ----------
    input : (..., D, H, W) array_like
        Integers, booleans or floats.
    output_size : int or sequence of int or None
        (D', H', W'); one number stands for all axes, None in a sequence keeps an axis as it is.

    Returns
    -------
    (..., D', H', W') ndarray
        Of the dtype of ``input``, integers rounded half up. Window o of the depth covers
        [⌊o·D / D'⌋, ⌈(o + 1)·D / D'⌉), of height and width likewise.

    Raises
    ------
    WindowError, PoolingError, TypeError
        As in `adaptive_avg_pool2d`.

    Notes
    -----
    ``torch.nn.functional.adaptive_avg_pool3d`` takes only floats, and adds up float16 in float16;
    here means of integers are exact, and floats may be summed in another order, never less exactly.

    Examples
    --------
    >>> import numpy as np
    >>> adaptive_avg_pool3d(np.arange(8.0).reshape(1, 2, 2, 2), (2, 1, 1)).ravel()
    array([1.5, 5.5])
    """
    size = output_sizes(output_size, 3)
    return adaptive_pool(planes(input, 3), size, "avg", axes=LAST_AXES[3])
