"""Unpool a file into another."""

from pathlib import Path
from time import perf_counter
from typing import Any

from poolcli.core.unpooling import put_back
from poolcli.errors import PathError, PictureError
from poolcli.jobs.result import Result, blamed_on
from poolcli.media import pictures
from poolcli.media.arrays import create_array, open_array
from poolcli.media.files import is_array_file, same_file
from poolcli.media.indices_file import load_indices
from poolcli.media.options import MAX_PIXELS, Reading
from poolcli.media.picture import Frame, Picture

__all__ = ["unpool_file"]


def unpool_file(
    pooled: Path, indices: Path, destination: Path, max_pixels: int | None = MAX_PIXELS
) -> Result:
    """Put a pooled picture's (or array's) values back where they were found, zeros elsewhere.

    Parameters
    ----------
    max_pixels : int, optional
        Most pixels of a plane that is restored; None is no limit.

    Raises
    ------
    PoolingError
        If a file cannot be read or written, or the indices are not those of the pooled file.
    """
    began = perf_counter()
    if same_file(pooled, destination) or same_file(indices, destination):
        raise PathError(f"{destination} would be replaced; give another destination")
    with blamed_on(pooled):
        x, mode = _read(pooled)
    with blamed_on(indices):
        found = load_indices(indices, x.shape, max_pixels)
        size = [found.input_shape[axis] for axis in found.axes]
        restored = put_back(x, found.indices, size, found.axes)
    with blamed_on(destination):
        if mode is not None:
            pictures.save_picture(Picture([Frame(restored, mode)]), destination)
        elif is_array_file(destination):
            with create_array(destination, restored.shape, restored.dtype) as out:
                out[(slice(None),)][...] = restored
        else:
            raise PictureError("cannot hold an array; give a .npy destination")
    return Result(
        pooled,
        destination,
        "unpool",
        _shape(x.shape, mode),
        _shape(restored.shape, mode),
        dtype=x.dtype.name,
        seconds=perf_counter() - began,
    )


def _read(path: Path) -> tuple[Any, str | None]:
    """Read a whole file: its array, and the mode of a picture."""
    if is_array_file(path):
        source = open_array(path)
        return source[(slice(None),) * len(source.shape)], None
    with pictures.open_picture(path, Reading(frame=0)) as picture:
        frame = next(iter(picture.frames))
        return frame.pixels[(slice(None),) * 3], frame.mode


def _shape(shape: tuple[int, ...], mode: str | None) -> tuple[int, ...]:
    return shape if mode is None else (shape[2], shape[0], shape[1])
