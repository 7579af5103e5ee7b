"""Gradients of max and average pooling in two dimensions."""

# The arguments have PyTorch's names, ``input`` too.
# ruff: noqa: A002

from poolcli.core.geometry.plan import checked_divisor, plan_sliding
from poolcli.core.gradients import avg_backward, max_backward
from poolcli.core.inputs import as_array
from poolcli.core.poolings.divisors import Divisors
from poolcli.core.types import Array, Input, Ints
from poolcli.functional.arguments import LAST_AXES, flag, planes, window

__all__ = ["avg_pool2d_backward", "max_pool2d_backward"]


def max_pool2d_backward(
    grad: Input,
    input: Input,
    kernel_size: Ints,
    stride: Ints | None = None,
    padding: Ints = 0,
    dilation: Ints = 1,
    ceil_mode: bool = False,
) -> Array:
    """Compute the gradient of the input of `max_pool2d` from that of its result.

    Parameters
    ----------
    grad : (..., H', W') array_like of floats
        The gradient of what `max_pool2d` returns.
    input : (..., H, W) array_like
        What was pooled.
    kernel_size, stride, padding, dilation, ceil_mode
        As in `max_pool2d`.

    Returns
    -------
    (..., H, W) ndarray
        Of the dtype of ``grad``: each window's gradient is at the tap that won it, the sum of them
        where windows overlap, and 0 everywhere else.

    Raises
    ------
    WindowError, PoolingError, TypeError
        As in `max_pool2d`; also if ``grad`` is not an array of floats of the result's shape.

    Notes
    -----
    What ``torch.Tensor.backward`` does for ``torch.nn.functional.max_pool2d``; PyTorch has no
    public function for it.

    Examples
    --------
    >>> import numpy as np
    >>> max_pool2d_backward(np.array([[[2.0, 5.0]]]), np.array([[[1.0, 9.0, 3.0]]]), (1, 2), 1)
    array([[[0., 7., 0.]]])
    """
    numbers = window(2, kernel_size, stride, padding, dilation)
    ceil_mode = flag("ceil_mode", ceil_mode)
    plan = plan_sliding(planes(input, 2), LAST_AXES[2], *numbers, ceil_mode)
    return max_backward(as_array(grad), plan)


def avg_pool2d_backward(
    grad: Input,
    input: Input,
    kernel_size: Ints,
    stride: Ints | None = None,
    padding: Ints = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: int | None = None,
) -> Array:
    """Compute the gradient of the input of `avg_pool2d` from that of its result.

    Parameters
    ----------
    grad : (..., H', W') array_like of floats
        The gradient of what `avg_pool2d` returns.
    input : (..., H, W) array_like
        What was pooled; its values do not matter.
    kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override
        As in `avg_pool2d`.

    Returns
    -------
    (..., H, W) ndarray
        Of the dtype of ``grad``: each tap has its share of its window's gradient, the sum of them
        where windows overlap; what falls on padding is lost.

    Raises
    ------
    WindowError, PoolingError, TypeError
        As in `avg_pool2d`; also if ``grad`` is not an array of floats of the result's shape.

    Notes
    -----
    What ``torch.Tensor.backward`` does for ``torch.nn.functional.avg_pool2d``; PyTorch has no
    public function for it.

    Examples
    --------
    >>> import numpy as np
    >>> avg_pool2d_backward(np.array([[[8.0]]]), np.ones((1, 2, 2)), 2)
    array([[[2., 2.],
            [2., 2.]]])
    """
    numbers = window(2, kernel_size, stride, padding)
    ceil_mode = flag("ceil_mode", ceil_mode)
    plan = plan_sliding(planes(input, 2), LAST_AXES[2], *numbers, ceil_mode)
    counted = flag("count_include_pad", count_include_pad)
    divisors = Divisors(plan.stages, counted, checked_divisor(divisor_override))
    return avg_backward(as_array(grad), plan, divisors)
