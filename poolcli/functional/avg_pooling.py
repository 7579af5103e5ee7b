"""The mean of every window, in one, two and three dimensions."""

# The arguments have PyTorch's names, ``input`` too.
# ruff: noqa: A002

from poolcli.core.averaging import avg_pool
from poolcli.core.types import Array, Input, Ints
from poolcli.functional.arguments import LAST_AXES, filled_planes, flag, window

__all__ = ["avg_pool1d", "avg_pool2d", "avg_pool3d"]


def avg_pool1d(
    input: Input,
    kernel_size: Ints,
    stride: Ints | None = None,
    padding: Ints = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
) -> Array:
    """Take the mean of every window of the last axis.

    Parameters
    ----------
    input : (..., L) array_like
        Integers, booleans or floats.
    kernel_size, stride, padding : int or sequence of int
        As in `avg_pool2d`: one number, or a sequence of one.
    ceil_mode, count_include_pad : bool
        As in `avg_pool2d`.

    Returns
    -------
    (..., L') ndarray
        Of the dtype of ``input``, integers rounded half up;
        L' = ⌊(L + 2·padding - kernel_size) / stride⌋ + 1. With ``ceil_mode`` ⌈ ⌉, without a window
        that would begin past the input.

    Raises
    ------
    WindowError, PoolingError, TypeError
        As in `avg_pool2d`.

    Notes
    -----
    ``torch.nn.functional.avg_pool1d`` takes no integers but int64, and truncates their means; here
    they are exact. Floats may be summed in another order, never less exactly.

    Examples
    --------
    >>> import numpy as np
    >>> avg_pool1d(np.array([[1.0, 3.0, 2.0, 0.0]]), 2)
    array([[2., 1.]])
    """
    return avg_pool(
        filled_planes(input, 1),
        *window(1, kernel_size, stride, padding),
        ceil_mode=flag("ceil_mode", ceil_mode),
        count_include_pad=flag("count_include_pad", count_include_pad),
        axes=LAST_AXES[1],
    )


def avg_pool2d(
    input: Input,
    kernel_size: Ints,
    stride: Ints | None = None,
    padding: Ints = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: int | None = None,
) -> Array:
    """Take the mean of every window of the last two axes.

    Parameters
    ----------
    input : (..., H, W) array_like
        Integers, booleans or floats; or a Pillow image, which is pooled as (C, H, W).
    kernel_size, stride, padding : int or sequence of int
        One number, or (height, width). ``stride`` is ``kernel_size`` unless given; ``padding`` is
        at most half of ``kernel_size``.
    ceil_mode : bool
        Also keep a last window that begins inside the input and reaches past it.
    count_include_pad : bool
        Whether padding counts as zeros or not at all; the overhang of ``ceil_mode`` never does.
    divisor_override : int, optional
        Divide each sum by this number, not by the number of taps; not 0, and below 2³¹ in size.

    Returns
    -------
    (..., H', W') ndarray
        Of the dtype of ``input``, integers rounded half up;
        H' = ⌊(H + 2·padding - kernel_size) / stride⌋ + 1, and W' likewise. With ``ceil_mode`` ⌈ ⌉,
        without a window that would begin past the input.

    Raises
    ------
    WindowError
        If a number is out of range, no window fits, or the input is empty.
    PoolingError
        If the input has too few axes or holds something else than numbers.
    TypeError
        If an argument is of the wrong type.

    Notes
    -----
    ``torch.nn.functional.avg_pool2d`` takes no integers but int64, and truncates their means; here
    they are exact. Floats may be summed in another order, never less exactly. Any number of leading
    axes is taken.

    Examples
    --------
    >>> import numpy as np
    >>> avg_pool2d(np.array([[[1, 2], [3, 4]]], np.uint8), 2)
    array([[[3]]], dtype=uint8)
    >>> avg_pool2d(np.ones((1, 2, 2)), 2, padding=1, count_include_pad=False)
    array([[[1., 1.],
            [1., 1.]]])
    """
    return avg_pool(
        filled_planes(input, 2),
        *window(2, kernel_size, stride, padding),
        ceil_mode=flag("ceil_mode", ceil_mode),
        count_include_pad=flag("count_include_pad", count_include_pad),
        divisor_override=divisor_override,
        axes=LAST_AXES[2],
    )


def avg_pool3d(
    input: Input,
    kernel_size: Ints,
    stride: Ints | None = None,
    padding: Ints = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: int | None = None,
) -> Array:
    """Take the mean of every window of the last three axes.

    Parameters
    ----------
    input : (..., D, H, W) array_like
        Integers, booleans or floats.
    kernel_size, stride, padding : int or sequence of int
        As in `avg_pool2d`: one number, or (depth, height, width).
    ceil_mode, count_include_pad : bool
        As in `avg_pool2d`.
    divisor_override : int, optional
        As in `avg_pool2d`.

    Returns
    -------
    (..., D', H', W') ndarray
        Of the dtype of ``input``, integers rounded half up;
        D' = ⌊(D + 2·padding - kernel_size) / stride⌋ + 1, and H' and W' likewise. With
        ``ceil_mode`` ⌈ ⌉, without a window that would begin past the input.

    Raises
    ------
    WindowError, PoolingError, TypeError
        As in `avg_pool2d`.

    Notes
    -----
    ``torch.nn.functional.avg_pool3d`` differs as ``avg_pool2d`` does, and refuses a window larger
    than the input even where padding or ``ceil_mode`` makes it fit.

    Examples
    --------
    >>> import numpy as np
    >>> avg_pool3d(np.arange(8.0).reshape(1, 2, 2, 2), 2)
    array([[[[3.5]]]])
    """
    return avg_pool(
        filled_planes(input, 3),
        *window(3, kernel_size, stride, padding),
        ceil_mode=flag("ceil_mode", ceil_mode),
        count_include_pad=flag("count_include_pad", count_include_pad),
        divisor_override=divisor_override,
        axes=LAST_AXES[3],
    )
