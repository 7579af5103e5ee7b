"""Unpool a file into another."""

from time import perf_counter
from typing import TYPE_CHECKING, Any

from poolcli.core.unpooling import put_back
from poolcli.errors import PathError, PictureError
from poolcli.jobs.result import Result, blamed_on
from poolcli.media import pictures
from poolcli.media.arrays import create_array, open_array
from poolcli.media.file_names import shown
from poolcli.media.files import is_array_file, same_file
from poolcli.media.indices_file import load_indices, values_digest
from poolcli.media.options import MAX_PIXELS, Reading
from poolcli.media.picture import Frame, Picture

if TYPE_CHECKING:
    from poolcli.media.places.remote_path import Place

__all__ = ["unpool_file"]


def unpool_file(
    pooled: "Place",
    indices: "Place",
    destination: "Place",
    max_pixels: int | None = MAX_PIXELS,
    *,
    sync: bool = True,
) -> Result:
    """Put a pooled picture's (or array's) values back where they were found, zeros elsewhere.

    Parameters
    ----------
    max_pixels : int, optional
        Most pixels of a plane that is restored; None is no limit.
    sync : bool
        As in `media.replacing.atomic_write`.

    Raises
    ------
    PoolingError
        If a file cannot be read or written, or the indices are not those of the pooled file.
    """
    began = perf_counter()
    if same_file(pooled, destination) or same_file(indices, destination):
        raise PathError(f"{shown(destination)} would be replaced; give another destination")
    with blamed_on(pooled):
        x, mode, notes = _read(pooled, max_pixels)
    with blamed_on(indices):
        found = load_indices(indices, x.shape, max_pixels, picture=mode is not None)
        if found.pooled and values_digest(x, picture=mode is not None) not in found.pooled:
            raise PictureError(
                f"was written beside other values than those of {shown(pooled)}; give the two "
                "files that belong together"
            )
        size = [found.input_shape[axis] for axis in found.axes]
        restored = put_back(x, found.indices, size, found.axes)
    with blamed_on(destination):
        if mode is not None:
            pictures.save_picture(Picture([Frame(restored, mode)]), destination, sync=sync)
        elif is_array_file(destination):
            with create_array(destination, restored.shape, restored.dtype, sync=sync) as out:
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
        notes=notes,
    )


def _read(path: "Place", max_pixels: int | None) -> tuple[Any, str | None, tuple[str, ...]]:
    """Read a whole file: its array, the mode of a picture, and notes on what was lost."""
    if is_array_file(path):
        with open_array(path) as source:
            return source[(slice(None),) * len(source.shape)], None, ()
    with pictures.open_picture(path, Reading(frame=0, max_pixels=max_pixels)) as picture:
        frame = next(iter(picture.frames))
        pixels = frame.pixels[(slice(None),) * 3]
        return pixels, frame.mode, tuple(picture.notes)


def _shape(shape: tuple[int, ...], mode: str | None) -> tuple[int, ...]:
    """Put a picture's channels first, as shapes are printed."""
    return shape if mode is None else (shape[2], shape[0], shape[1])
