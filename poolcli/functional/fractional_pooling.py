"""Fractional max pooling in two and three dimensions."""

# The arguments have PyTorch's names, ``input`` too.
# ruff: noqa: A002

from collections.abc import Sequence
from typing import Literal, overload

import numpy as np

from poolcli.core.fractional import fractional_max_pool
from poolcli.core.types import Array, Indices, Input, Ints
from poolcli.functional.arguments import filled_array

__all__ = ["fractional_max_pool2d", "fractional_max_pool3d"]


@overload
def fractional_max_pool2d(
    input: Input, kernel_size: Ints, output_size: Ints | None = None,
    output_ratio: Sequence[float] | None = None, return_indices: Literal[False] = False,
    _random_samples: Input | None = None, rng: np.random.Generator | None = None,
) -> Array: ...  # fmt: skip
@overload
def fractional_max_pool2d(
    input: Input, kernel_size: Ints, output_size: Ints | None = None,
    output_ratio: Sequence[float] | None = None, *, return_indices: Literal[True],
    _random_samples: Input | None = None, rng: np.random.Generator | None = None,
) -> tuple[Array, Indices]: ...  # fmt: skip
@overload
def fractional_max_pool2d(
    input: Input, kernel_size: Ints, output_size: Ints | None = None,
    output_ratio: Sequence[float] | None = None, return_indices: bool = False,
    _random_samples: Input | None = None, rng: np.random.Generator | None = None,
) -> Array | tuple[Array, Indices]: ...  # fmt: skip
def fractional_max_pool2d(
    input: Input,
    kernel_size: Ints,
    output_size: Ints | None = None,
    output_ratio: Sequence[float] | None = None,
    return_indices: bool = False,
    _random_samples: Input | None = None,
    rng: np.random.Generator | None = None,
) -> Array | tuple[Array, Indices]:
    """Keep the largest value of windows of the last two axes whose steps vary at random.

    Parameters
    ----------
    input : (..., H, W) array_like of floats
        With axes for samples and channels in front: (N, C, H, W) or (C, H, W).
    kernel_size : int or sequence of int
        One number, or (height, width).
    output_size : int or sequence of int, optional
        (H', W'), or one number for all.
    output_ratio : sequence of float, optional
        In place of ``output_size``: H' = ⌊H·ratio⌋ and so on, a number for each axis.
    return_indices : bool
        Also return where in its plane each value was found.
    _random_samples : (N, C, 2) array_like, optional
        Numbers in [0, 1), of the dtype of ``input``, that set the steps of each plane; the last
        axis is (W, H).
    rng : numpy.random.Generator, optional
        Where the samples are drawn from unless they are given.

    Returns
    -------
    values : (..., H', W') ndarray
        Of the dtype of ``input``. Windows begin at irregular steps; the last one ends where the
        input ends.
    indices : (..., H', W') ndarray of int64
        Only with ``return_indices``: as in `max_pool2d`.

    Raises
    ------
    WindowError
        If neither a size nor a ratio is given, the windows do not fit, or the input is empty.
    PoolingError
        If the input or the samples are not floats, or of a shape that does not suit.
    TypeError
        If an argument is of the wrong type.

    Notes
    -----
    ``torch.nn.functional.fractional_max_pool2d`` draws its samples from ``torch.manual_seed``; with
    ``_random_samples`` the results are the same.

    Examples
    --------
    >>> import numpy as np
    >>> x = np.arange(36.0).reshape(1, 6, 6)
    >>> fractional_max_pool2d(x, 1, 4, _random_samples=np.array([[[0.9, 0.0]]]))[0, 0]
    array([0., 2., 3., 5.])
    >>> fractional_max_pool2d(x, 2, output_ratio=(0.5, 0.7), rng=np.random.default_rng(0)).shape
    (1, 3, 4)
    """
    x = filled_array(input, 2, batch_axes=1)
    return fractional_max_pool(
        x, 2, kernel_size, output_size, output_ratio, return_indices, _random_samples, rng
    )


@overload
def fractional_max_pool3d(
    input: Input, kernel_size: Ints, output_size: Ints | None = None,
    output_ratio: Sequence[float] | None = None, return_indices: Literal[False] = False,
    _random_samples: Input | None = None, rng: np.random.Generator | None = None,
) -> Array: ...  # fmt: skip
@overload
def fractional_max_pool3d(
    input: Input, kernel_size: Ints, output_size: Ints | None = None,
    output_ratio: Sequence[float] | None = None, *, return_indices: Literal[True],
    _random_samples: Input | None = None, rng: np.random.Generator | None = None,
) -> tuple[Array, Indices]: ...  # fmt: skip
@overload
def fractional_max_pool3d(
    input: Input, kernel_size: Ints, output_size: Ints | None = None,
    output_ratio: Sequence[float] | None = None, return_indices: bool = False,
    _random_samples: Input | None = None, rng: np.random.Generator | None = None,
) -> Array | tuple[Array, Indices]: ...  # fmt: skip
def fractional_max_pool3d(
    input: Input,
    kernel_size: Ints,
    output_size: Ints | None = None,
    output_ratio: Sequence[float] | None = None,
    return_indices: bool = False,
    _random_samples: Input | None = None,
    rng: np.random.Generator | None = None,
) -> Array | tuple[Array, Indices]:
    """Keep the largest value of windows of the last three axes whose steps vary at random.

    Parameters
    ----------
    input : (..., D, H, W) array_like of floats
        With axes for samples and channels in front: (N, C, D, H, W) or (C, D, H, W).
    kernel_size : int or sequence of int
        One number, or (depth, height, width).
    output_size : int or sequence of int, optional
        (D', H', W'), or one number for all.
    output_ratio : sequence of float, optional
        In place of ``output_size``: D' = ⌊D·ratio⌋ and so on, a number for each axis.
    return_indices : bool
        Also return where in its volume each value was found.
    _random_samples : (N, C, 3) array_like, optional
        Numbers in [0, 1), of the dtype of ``input``, that set the steps of each plane; the last
        axis is (D, H, W).
    rng : numpy.random.Generator, optional
        Where the samples are drawn from unless they are given.

    Returns
    -------
    values : (..., D', H', W') ndarray
        Of the dtype of ``input``. Windows begin at irregular steps; the last one ends where the
        input ends.
    indices : (..., D', H', W') ndarray of int64
        Only with ``return_indices``: as in `max_pool3d`.

    Raises
    ------
    WindowError, PoolingError, TypeError
        As in `fractional_max_pool2d`.

    Notes
    -----
    ``torch.nn.functional.fractional_max_pool3d`` draws its samples from ``torch.manual_seed``; with
    ``_random_samples`` the results are the same. As there, output_size + kernel_size - 1 must be
    less than the input, where 2-D allows it to be equal.

    Examples
    --------
    >>> import numpy as np
    >>> fractional_max_pool3d(np.zeros((1, 6, 6, 6)), 3, 3).shape
    (1, 3, 3, 3)
    """
    x = filled_array(input, 3, batch_axes=1)
    return fractional_max_pool(
        x, 3, kernel_size, output_size, output_ratio, return_indices, _random_samples, rng
    )
