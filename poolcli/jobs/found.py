"""Files beside a max or min pooling: the indices of its values, and a mask of the winners."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from math import prod
from typing import TYPE_CHECKING, NamedTuple

from poolcli.errors import PoolingError
from poolcli.jobs.plan import Task
from poolcli.jobs.result import blamed_on

if TYPE_CHECKING:
    from poolcli.core.types import Array
    from poolcli.media.replacing import FileUnit

__all__ = ["Found", "keep_found", "winners_mask"]

_WINDOW = ("kernel", "stride", "padding", "dilation", "ceil_mode", "size")


class Found(NamedTuple):
    """The places where pooled values were found, and a hash of the values.

    Attributes
    ----------
    indices : (..., H', W', ...) ndarray of int64
    input_shape : sequence of int
    axes : (int, int)
        Which axes of both shapes are height and width.
    digest : bytes
        `indices_file.values_digest` of the pooled values.
    """

    indices: "Array"
    input_shape: Sequence[int]
    axes: tuple[int, int]
    digest: bytes


def keep_found(task: Task, found: Found, unit: "FileUnit", *, array: bool) -> None:
    """Write the indices, and the mask of the pixels that they point to, where wanted.

    Parameters
    ----------
    unit : FileUnit
        Holds the pooled file, so that these take their places after it.
    array : bool
        Whether the pooled file is a .npy.

    Raises
    ------
    FileError
        If a file cannot be written.
    """
    from poolcli.media import pictures
    from poolcli.media.indices_file import Indices, save_indices
    from poolcli.media.picture import Frame, Picture

    indices, input_shape, axes, digest = found
    if task.indices is not None:
        given = task.operation._asdict()
        window = {name: given[name] for name in _WINDOW if given[name] is not None}
        digests = {digest} if array else {digest, *_digest_read_back(task, unit)}
        with blamed_on(task.indices):
            kept = Indices(indices, tuple(input_shape), axes, frozenset(digests))
            save_indices(task.indices, kept, window, unit=unit)
    if task.winners is not None:
        with blamed_on(task.winners):
            mask = Frame(winners_mask(indices, input_shape, axes), "L")
            pictures.save_picture(Picture([mask]), task.winners, unit=unit)


def _digest_read_back(task: Task, unit: "FileUnit") -> Iterator[bytes]:
    """Hash what unpooling will read: a lossy format holds other values than were pooled."""
    from poolcli.media.indices_file import values_digest
    from poolcli.media.options import Reading
    from poolcli.media.pictures import open_picture

    reading = Reading(frame=0, max_pixels=None)
    for complete in unit:
        # Some formats can be written and not read.
        with (
            suppress(PoolingError, OSError),
            complete.reopen() as file,
            open_picture(task.destination, reading, piped=file) as picture,
        ):
            frame = next(iter(picture.frames))
            yield values_digest(frame.pixels[(slice(None),) * 3], picture=True)


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
