"""The p-norm of every window, in one, two and three dimensions."""

# The arguments have PyTorch's names, ``input`` too.
# ruff: noqa: A002

from poolcli.core.lp_pooling import lp_pool
from poolcli.core.types import Array, Input, Ints
from poolcli.functional.arguments import LAST_AXES, filled_array, flag, norm_window

__all__ = ["lp_pool1d", "lp_pool2d", "lp_pool3d"]


def lp_pool1d(
    input: Input,
    norm_type: float,
    kernel_size: Ints,
    stride: Ints | None = None,
    ceil_mode: bool = False,
) -> Array:
    """Take (sum of x^p)^(1/p) of every window of the last axis.

    Parameters
    ----------
    input : (..., L) array_like
        Integers, booleans or floats.
    norm_type : float
        As in `lp_pool2d`.
    kernel_size, stride : int or sequence of int
        As in `lp_pool2d`: one number.
    ceil_mode : bool
        As in `lp_pool2d`.

    Returns
    -------
    (..., L') ndarray
        Of the dtype of ``input``, float32 of integers unless p is infinite;
        L' = ⌊(L - kernel_size) / stride⌋ + 1. With ``ceil_mode`` ⌈ ⌉, without a window that would
        begin past the input.

    Raises
    ------
    WindowError, PoolingError, TypeError
        As in `lp_pool2d`.

    Notes
    -----
    ``torch.nn.functional.lp_pool1d`` differs as ``lp_pool2d`` does.

    Examples
    --------
    >>> import numpy as np
    >>> lp_pool1d(np.array([[3.0, -4.0, 5.0, 12.0]]), 2, 2)
    array([[ 5., 13.]])
    """
    kernel_size, stride = norm_window(1, norm_type, kernel_size, stride)
    x, ceil_mode = filled_array(input, 1), flag("ceil_mode", ceil_mode)
    return lp_pool(x, norm_type, kernel_size, stride, ceil_mode, LAST_AXES[1])


def lp_pool2d(
    input: Input,
    norm_type: float,
    kernel_size: Ints,
    stride: Ints | None = None,
    ceil_mode: bool = False,
) -> Array:
    """Take (sum of x^p)^(1/p) of every window of the last two axes.

    Parameters
    ----------
    input : (..., H, W) array_like
        Integers, booleans or floats; or a Pillow image, which is pooled as (C, H, W).
    norm_type : float
        p, not 0: inf is the largest |x| of a window, -inf the smallest.
    kernel_size, stride : int or sequence of int
        One number, or (height, width). ``stride`` is ``kernel_size`` unless given.
    ceil_mode : bool
        Also keep a last window that begins inside the input and reaches past it; its sum is scaled
        up to the number of taps of a whole window.

    Returns
    -------
    (..., H', W') ndarray
        Of the dtype of ``input``, float32 of integers unless p is infinite;
        H' = ⌊(H - kernel_size) / stride⌋ + 1, and W' likewise. With ``ceil_mode`` ⌈ ⌉, without a
        window that would begin past the input.

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
    As in ``torch.nn.functional.lp_pool2d`` no absolute value is taken unless p is infinite, so that
    an odd power of negative values may be NaN, and a ``kernel_size`` of one number in a sequence is
    refused. Of integers that one gives truncated means of powers.

    Examples
    --------
    >>> import numpy as np
    >>> lp_pool2d(np.ones((1, 2, 2)), 2, 2)
    array([[[2.]]])
    """
    kernel_size, stride = norm_window(2, norm_type, kernel_size, stride)
    x, ceil_mode = filled_array(input, 2), flag("ceil_mode", ceil_mode)
    return lp_pool(x, norm_type, kernel_size, stride, ceil_mode, LAST_AXES[2])


def lp_pool3d(
    input: Input,
    norm_type: float,
    kernel_size: Ints,
    stride: Ints | None = None,
    ceil_mode: bool = False,
) -> Array:
    """Take (sum of x^p)^(1/p) of every window of the last three axes.

    Parameters
    ----------
    input : (..., D, H, W) array_like
        Integers, booleans or floats.
    norm_type : float
        As in `lp_pool2d`.
    kernel_size, stride : int or sequence of int
        As in `lp_pool2d`: one number, or (depth, height, width).
    ceil_mode : bool
        As in `lp_pool2d`.

    Returns
    -------
    (..., D', H', W') ndarray
        Of the dtype of ``input``, float32 of integers unless p is infinite;
        D' = ⌊(D - kernel_size) / stride⌋ + 1, and H' and W' likewise. With ``ceil_mode`` ⌈ ⌉,
        without a window that would begin past the input.

    Raises
    ------
    WindowError, PoolingError, TypeError
        As in `lp_pool2d`.

    Notes
    -----
    ``torch.nn.functional.lp_pool3d`` differs as ``lp_pool2d`` does, and refuses a window larger
    than the input.

    Examples
    --------
    >>> import numpy as np
    >>> lp_pool3d(np.ones((1, 2, 2, 2)), 1, 2)
    array([[[[8.]]]])
    """
    kernel_size, stride = norm_window(3, norm_type, kernel_size, stride)
    x, ceil_mode = filled_array(input, 3), flag("ceil_mode", ceil_mode)
    return lp_pool(x, norm_type, kernel_size, stride, ceil_mode, LAST_AXES[3])
