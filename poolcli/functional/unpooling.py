"""Max unpooling in one, two and three dimensions."""

# The arguments have PyTorch's names, ``input`` too.
# ruff: noqa: A002

from collections.abc import Sequence

from poolcli.core.types import Array, Input, Ints
from poolcli.core.unpooling import max_unpool
from poolcli.functional.arguments import (
    LAST_AXES,
    filled_planes,
    plane_indices,
    unpooled_size,
    window,
)

__all__ = ["max_unpool1d", "max_unpool2d", "max_unpool3d"]


def max_unpool1d(
    input: Input,
    indices: Input,
    kernel_size: Ints,
    stride: Ints | None = None,
    padding: Ints = 0,
    output_size: Sequence[int] | None = None,
) -> Array:
    """Put values back where a max pooling of the last axis found them, among zeros.

    Parameters
    ----------
    input : (..., L') array_like
        The values that `max_pool1d` returned, or others of their shape.
    indices : (..., L') array_like of int64
        The indices that it returned: flat positions in L.
    kernel_size, stride, padding : int or sequence of int
        The numbers of the pooling.
    output_size : sequence of int, optional
        (L,), or the whole shape (N, C, L), of what was pooled; give it where that is not the
        default below, because the indices count in it.

    Returns
    -------
    (..., L) ndarray
        Of the dtype of ``input``; L = (L' - 1)·stride - 2·padding + kernel_size unless
        ``output_size`` is given. Where two values have one place, the later one stays.

    Raises
    ------
    WindowError, PoolingError, TypeError
        As in `max_unpool2d`.

    Notes
    -----
    ``torch.nn.functional.max_unpool1d`` takes only floats, and at most one leading axis beside the
    channels.

    Examples
    --------
    >>> max_unpool1d([[5, 6]], [[1, 3]], 2)
    array([[0, 5, 0, 6]])
    """
    return max_unpool(
        filled_planes(input, 1, batch_axes=1),
        plane_indices(indices),
        *window(1, kernel_size, stride, padding)[:3],
        output_size=unpooled_size(output_size, 1),
        axes=LAST_AXES[1],
    )


def max_unpool2d(
    input: Input,
    indices: Input,
    kernel_size: Ints,
    stride: Ints | None = None,
    padding: Ints = 0,
    output_size: Sequence[int] | None = None,
) -> Array:
    """Put values back where a max pooling of the last two axes found them, among zeros.

    Parameters
    ----------
    input : (..., H', W') array_like
        The values that `max_pool2d` returned, or others of their shape.
    indices : (..., H', W') array_like of int64
        The indices that it returned: flat positions in (H, W).
    kernel_size, stride, padding : int or sequence of int
        The numbers of the pooling.
    output_size : sequence of int, optional
        (H, W), or the whole shape (N, C, H, W), of what was pooled; give it where that is not the
        default below, because the indices count in it.

    Returns
    -------
    (..., H, W) ndarray
        Of the dtype of ``input``; H = (H' - 1)·stride - 2·padding + kernel_size, and W likewise
        unless ``output_size`` is given. Where two values have one place, the later one stays.

    Raises
    ------
    WindowError
        If ``output_size`` is not within one stride of the default, or the input is empty.
    PoolingError
        If the shapes differ, or an index is not int64 or lies outside the output.
    TypeError
        If an argument is of the wrong type.

    Notes
    -----
    ``torch.nn.functional.max_unpool2d`` takes only floats, and at most one leading axis beside the
    channels.

    Examples
    --------
    >>> max_unpool2d([[[6, 8]]], [[[5, 7]]], 2, output_size=(2, 4))
    array([[[0, 0, 0, 0],
            [0, 6, 0, 8]]])
    """
    return max_unpool(
        filled_planes(input, 2, batch_axes=1),
        plane_indices(indices),
        *window(2, kernel_size, stride, padding)[:3],
        output_size=unpooled_size(output_size, 2),
        axes=LAST_AXES[2],
    )


def max_unpool3d(
    input: Input,
    indices: Input,
    kernel_size: Ints,
    stride: Ints | None = None,
    padding: Ints = 0,
    output_size: Sequence[int] | None = None,
) -> Array:
    """Put values back where a max pooling of the last three axes found them, among zeros.

    Parameters
    ----------
    input : (..., D', H', W') array_like
        The values that `max_pool3d` returned, or others of their shape.
    indices : (..., D', H', W') array_like of int64
        The indices that it returned: flat positions in (D, H, W).
    kernel_size, stride, padding : int or sequence of int
        The numbers of the pooling.
    output_size : sequence of int, optional
        (D, H, W), or the whole shape (N, C, D, H, W), of what was pooled; give it where that is not
        the default below, because the indices count in it.

    Returns
    -------
    (..., D, H, W) ndarray
        Of the dtype of ``input``; D = (D' - 1)·stride - 2·padding + kernel_size, and H and W
        likewise unless ``output_size`` is given. Where two values have one place, the later one
        stays.

    Raises
    ------
    WindowError, PoolingError, TypeError
        As in `max_unpool2d`.

    Notes
    -----
    ``torch.nn.functional.max_unpool3d`` takes only floats, and at most one leading axis beside the
    channels.

    Examples
    --------
    >>> max_unpool3d([[[[7.0]]]], [[[[7]]]], 2).ravel()
    array([0., 0., 0., 0., 0., 0., 0., 7.])
    """
    return max_unpool(
        filled_planes(input, 3, batch_axes=1),
        plane_indices(indices),
        *window(3, kernel_size, stride, padding)[:3],
        output_size=unpooled_size(output_size, 3),
        axes=LAST_AXES[3],
    )
