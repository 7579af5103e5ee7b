"""Files beside a max or min pooling: the indices of its values, and a mask of the winners."""

from collections.abc import Sequence
from math import prod
from typing import TYPE_CHECKING

from poolcli.jobs.plan import Task
from poolcli.jobs.result import blamed_on

if TYPE_CHECKING:
    from poolcli.core.types import Array

__all__ = ["keep_found", "winners_mask"]

_WINDOW = ("kernel", "stride", "padding", "dilation", "ceil_mode", "size")


def keep_found(
    task: Task, indices: "Array", input_shape: Sequence[int], axes: tuple[int, int]
) -> None:
    """Write the indices, and the mask of the pixels that they point to, where wanted.

    Raises
    ------
    FileError
        If a file cannot be written.
    """
    from poolcli.media import pictures
    from poolcli.media.indices_file import Indices, save_indices
    from poolcli.media.picture import Frame, Picture

    if task.indices is not None:
        given = task.operation._asdict()
        window = {name: given[name] for name in _WINDOW if given[name] is not None}
        with blamed_on(task.indices):
            found = Indices(indices, tuple(input_shape), axes)
            save_indices(task.indices, found, window, sync=task.sync)
    if task.winners is not None:
        with blamed_on(task.winners):
            mask = Frame(winners_mask(indices, input_shape, axes), "L")
            pictures.save_picture(Picture([mask]), task.winners, sync=task.sync)


def winners_mask(
    indices: "Array", input_shape: Sequence[int], axes: tuple[int, int] = (-2, -1)
) -> "Array":
    """Draw the pixels whose value was kept, 255, among all others, 0.

    Parameters
    ----------
    indices : (..., H', W', ...) ndarray of int64
        As `max_pool` returns them: flat positions in each (H, W) plane; negative for none.
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
    >>> import numpy as np
    >>> from poolcli.core.pooling import max_pool
    >>> x = np.array([[1, 3], [4, 2]])
    >>> _, indices = max_pool(x, (1, 2), return_indices=True)
    >>> winners_mask(indices, x.shape)[..., 0]
    array([[  0, 255],
           [255,   0]], dtype=uint8)
    """
    import numpy as np

    height, width = (input_shape[axis] for axis in axes)
    mask = np.zeros(prod((height, width)), np.uint8)
    found = indices.ravel()
    mask[found[found >= 0]] = 255
    return mask.reshape(height, width, 1)
