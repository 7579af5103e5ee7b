"""Which pixels survive a max or min pooling."""

from collections.abc import Sequence
from math import prod

import numpy as np

from poolcli.core.types import Array

__all__ = ["winners_mask"]


def winners_mask(
    indices: Array, input_shape: Sequence[int], axes: tuple[int, int] = (-2, -1)
) -> Array:
    """A picture of the pixels whose value was kept, 255, among all others, 0.

    Parameters
    ----------
    indices : (..., H', W', ...) ndarray of int64
        As `max_pool` returns them: flat positions in each (H, W) plane; negative where there is
        none.
    input_shape : sequence of int
        The pooled array's.
    axes : (int, int)
        Which axes of both shapes are height and width.

    Returns
    -------
    (H, W, 1) ndarray of uint8
        A pixel counts as kept if any of its channels was.

    Examples
    --------
    >>> from poolcli.core.pooling import max_pool
    >>> x = np.array([[1, 3], [4, 2]])
    >>> _, indices = max_pool(x, (1, 2), return_indices=True)
    >>> winners_mask(indices, x.shape)[..., 0]
    array([[  0, 255],
           [255,   0]], dtype=uint8)
    """
    height, width = (input_shape[axis] for axis in axes)
    mask = np.zeros(prod((height, width)), np.uint8)
    found = indices.ravel()
    mask[found[found >= 0]] = 255
    return mask.reshape(height, width, 1)
