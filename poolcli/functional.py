"""PyTorch's poolings, by their names and with their arguments, for NumPy arrays.

Each function of ``torch.nn.functional`` that pools stands here with its signature and gives its
numbers, ties, NaNs and indices; ``min_pool`` and the ``_backward`` functions follow the same
pattern. What is different, on purpose:

- every integer dtype and bool is taken; means of integers are exact and rounded half up;
- any number of leading axes is taken, and ``dilation`` by ``min_pool`` too;
- means of floats may be summed in another order, never less exactly;
- a window without any tap in the input has index -1;
- 3-D windows may be larger than the input where 1-D and 2-D ones may.

Shapes are (..., L) for 1-D, (..., H, W) for 2-D and (..., D, H, W) for 3-D; each output length is
⌊(L + 2·padding - dilation·(kernel_size - 1) - 1) / stride⌋ + 1, or as ``output_size`` says.
Errors are `poolcli.PoolingError` (a ValueError) for what cannot be pooled, and TypeError.

Source: https://docs.pytorch.org/docs/stable/nn.functional.html#pooling-functions

Examples
--------
>>> import numpy as np
>>> max_pool2d(np.zeros((3, 201, 250)), 6, 2).shape
(3, 98, 123)
>>> values, indices = max_pool1d(np.array([[1.0, 3.0, 2.0, 0.0]]), 2, return_indices=True)
>>> max_unpool1d(values, indices, 2)
array([[0., 3., 2., 0.]])
>>> adaptive_avg_pool2d(np.ones((4, 3, 4, 4)), 1).shape
(4, 3, 1, 1)
"""

from collections.abc import Callable, Sequence
from functools import partial
from math import isinf
from typing import Any, TypeVar

import numpy as np

from poolcli.core import averaging, pooling, unpooling
from poolcli.core.adaptive import adaptive_pool
from poolcli.core.fractional import fractional_max_pool
from poolcli.core.geometry.arguments import per_axis
from poolcli.core.gradients import avg_pool2d_backward, max_pool2d_backward
from poolcli.core.lp_pooling import lp_pool
from poolcli.core.types import Array, Ints
from poolcli.errors import PoolingError, WindowError

__all__ = [
    "adaptive_avg_pool1d",
    "adaptive_avg_pool2d",
    "adaptive_avg_pool3d",
    "adaptive_max_pool1d",
    "adaptive_max_pool2d",
    "adaptive_max_pool3d",
    "avg_pool1d",
    "avg_pool2d",
    "avg_pool2d_backward",
    "avg_pool3d",
    "fractional_max_pool2d",
    "fractional_max_pool3d",
    "lp_pool1d",
    "lp_pool2d",
    "lp_pool3d",
    "max_pool1d",
    "max_pool2d",
    "max_pool2d_backward",
    "max_pool3d",
    "max_unpool1d",
    "max_unpool2d",
    "max_unpool3d",
    "min_pool1d",
    "min_pool2d",
    "min_pool3d",
]

Function = TypeVar("Function", bound=Callable[..., Any])


def _each(name: str, make: Callable[[int], Function], *dimensions: int) -> list[Function]:
    """The function that ``make(n)`` gives, named ``…nd``, for each number of dimensions."""
    functions = []
    for n in dimensions:
        function = make(n)
        function.__name__ = function.__qualname__ = f"{name}{n}d"
        functions.append(function)
    return functions


def _extreme_pool(n: int, extreme: Callable[..., Any]) -> Callable[..., Any]:
    def pool(
        input: Array,  # noqa: A002
        kernel_size: Ints,
        stride: Ints | None = None,
        padding: Ints = 0,
        dilation: Ints = 1,
        ceil_mode: bool = False,
        return_indices: bool = False,
    ) -> Any:
        """Best value of every window; with ``return_indices``, its flat position too."""
        return extreme(
            _planes(input, n),
            kernel_size,
            stride,
            padding,
            dilation,
            ceil_mode=_bool("ceil_mode", ceil_mode),
            return_indices=return_indices,
            axes=_last(n),
        )

    return pool


def _avg_pool(n: int) -> Callable[..., Array]:
    def pool(
        input: Array,  # noqa: A002
        kernel_size: Ints,
        stride: Ints | None = None,
        padding: Ints = 0,
        ceil_mode: bool = False,
        count_include_pad: bool = True,
        divisor_override: int | None = None,
    ) -> Array:
        """Mean of every window; ``divisor_override`` stands in place of its number of taps."""
        return averaging.avg_pool(
            _planes(input, n),
            kernel_size,
            stride,
            padding,
            ceil_mode=_bool("ceil_mode", ceil_mode),
            count_include_pad=_bool("count_include_pad", count_include_pad),
            divisor_override=divisor_override,
            axes=_last(n),
        )

    return pool


def avg_pool1d(
    input: Array,  # noqa: A002
    kernel_size: Ints,
    stride: Ints | None = None,
    padding: Ints = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
) -> Array:
    """Mean of every window."""
    return _avg_pool(1)(input, kernel_size, stride, padding, ceil_mode, count_include_pad)


def _lp_pool(n: int) -> Callable[..., Array]:
    def pool(
        input: Array,  # noqa: A002
        norm_type: float,
        kernel_size: Ints,
        stride: Ints | None = None,
        ceil_mode: bool = False,
    ) -> Array:
        """(Sum of x^p)^(1/p) of every window: a sum, and no absolute value is taken.

        A window that reaches past the input (``ceil_mode``) is scaled up to a whole one's number
        of taps; p = inf is the largest and -inf the smallest |x|. Integers give float32.
        """
        if (
            isinstance(kernel_size, Sequence)
            and not isinf(norm_type)
            and (n == 1 or len(kernel_size) != n)
        ):
            raise TypeError(f"kernel_size {kernel_size} does not suit; use one integer")
        return lp_pool(_planes(input, n), norm_type, kernel_size, stride, ceil_mode, _last(n))

    return pool


def _adaptive_max_pool(n: int) -> Callable[..., Any]:
    def pool(
        input: Array,  # noqa: A002
        output_size: int | Sequence[int | None],
        return_indices: bool = False,
    ) -> Any:
        """Largest value of each of ``output_size`` windows that share every axis out."""
        size = _output_size(output_size, n)
        x = _planes(input, n, batch_axes=1)
        return adaptive_pool(x, size, "max", return_indices=return_indices, axes=_last(n))

    return pool


def _adaptive_avg_pool(n: int) -> Callable[..., Array]:
    def pool(
        input: Array,  # noqa: A002
        output_size: int | Sequence[int | None],
    ) -> Array:
        """Mean of each of ``output_size`` windows that share every axis out."""
        size = _output_size(output_size, n)
        return np.asarray(adaptive_pool(np.asarray(input), size, "avg", axes=_last(n)))

    return pool


def _max_unpool(n: int) -> Callable[..., Array]:
    def unpool(
        input: Array,  # noqa: A002
        indices: Array,
        kernel_size: Ints,
        stride: Ints | None = None,
        padding: Ints = 0,
        output_size: Sequence[int] | None = None,
    ) -> Array:
        """Put values back where ``indices`` say, into zeros; ``output_size`` is what was pooled."""
        if output_size is not None and len(output_size) == n + 2:
            output_size = output_size[2:]
        indices = np.asarray(indices)
        if indices.size and indices.min() < 0:
            raise PoolingError(f"index {indices.min()} lies outside the output; use 0 or more")
        return unpooling.max_unpool(
            _planes(input, n, batch_axes=1),
            indices,
            kernel_size,
            stride,
            padding,
            output_size=output_size,
            axes=_last(n),
        )

    return unpool


def _fractional_max_pool(n: int) -> Callable[..., Any]:
    def pool(
        input: Array,  # noqa: A002
        kernel_size: Ints,
        output_size: Ints | None = None,
        output_ratio: Sequence[float] | None = None,
        return_indices: bool = False,
        _random_samples: Array | None = None,
        rng: np.random.Generator | None = None,
    ) -> Any:
        """Largest value of windows whose steps vary at random to give just ``output_size``.

        ``_random_samples`` (N, C, n) in [0, 1) sets the steps, as in PyTorch: the last axis is
        (W, H) in 2-D and (D, H, W) in 3-D. Else they are drawn from ``rng``.
        """
        x = _planes(input, n, batch_axes=1)
        return fractional_max_pool(
            x, n, kernel_size, output_size, output_ratio, return_indices, _random_samples, rng
        )

    return pool


max_pool1d, max_pool2d, max_pool3d = _each(
    "max_pool", partial(_extreme_pool, extreme=pooling.max_pool), 1, 2, 3
)
min_pool1d, min_pool2d, min_pool3d = _each(
    "min_pool", partial(_extreme_pool, extreme=pooling.min_pool), 1, 2, 3
)
avg_pool2d, avg_pool3d = _each("avg_pool", _avg_pool, 2, 3)
lp_pool1d, lp_pool2d, lp_pool3d = _each("lp_pool", _lp_pool, 1, 2, 3)
adaptive_max_pool1d, adaptive_max_pool2d, adaptive_max_pool3d = _each(
    "adaptive_max_pool", _adaptive_max_pool, 1, 2, 3
)
adaptive_avg_pool1d, adaptive_avg_pool2d, adaptive_avg_pool3d = _each(
    "adaptive_avg_pool", _adaptive_avg_pool, 1, 2, 3
)
max_unpool1d, max_unpool2d, max_unpool3d = _each("max_unpool", _max_unpool, 1, 2, 3)
fractional_max_pool2d, fractional_max_pool3d = _each(
    "fractional_max_pool", _fractional_max_pool, 2, 3
)


def _last(n: int) -> tuple[int, ...]:
    return tuple(range(-n, 0))


def _bool(name: str, value: bool) -> bool:
    if not isinstance(value, bool):
        raise TypeError(f"{name} must be True or False, not {value!r}")
    return value


def _planes(x: Array, n: int, batch_axes: int = 0) -> Array:
    """Refuse an array without channels or places; without samples it may be."""
    x = np.asarray(x)
    first = max(batch_axes, x.ndim - n - 1)
    if 0 in x.shape[first if x.ndim > n else 0 :]:
        raise WindowError(f"input of shape {x.shape} is empty; only the first axis may be 0")
    return x


def _output_size(size: int | Sequence[int | None], n: int) -> list[int | None]:
    """Sizes for each axis; a sequence must name them all, and None keeps an axis (not in 1-D)."""
    sizes = list(size) if isinstance(size, Sequence) else [size] * n
    if len(sizes) != n:
        raise WindowError(f"output_size {size} has {len(sizes)} numbers; use one integer, or {n}")
    if size is None or (n == 1 and sizes[0] is None):
        raise TypeError("output_size None stands for no size; use one integer")
    return [None if one is None else per_axis("output_size", one, 1)[0] for one in sizes]
