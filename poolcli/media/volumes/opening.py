"""Files of any kind as arrays with axes: Zarr, .npy, and pictures that Pillow reads."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np

from poolcli.core.types import Array, Source
from poolcli.errors import PictureError
from poolcli.media.files import is_array_file, open_seekable
from poolcli.media.options import Reading
from poolcli.media.picture import Picture
from poolcli.media.zarr_store.names import is_zarr
from poolcli.media.zarr_store.reading import open_zarr
from poolcli.media.zarr_store.volume import Colours, Volume, plain_volume

if TYPE_CHECKING:
    from poolcli.media.places.remote_path import Place

__all__ = ["open_volume"]

_AXES = {2: "yx", 3: "cyx", 4: "tcyx", 5: "tczyx"}
"""Axes of arrays that do not name them."""

_COLOURS: dict[str, tuple[int, tuple[int, ...]]] = {
    "LA": (1, (2,)),
    "RGB": (2, ()),
    "RGBA": (2, (2,)),
    "CMYK": (5, ()),
}
"""Meanings of the channels of Pillow's modes, in the numbers of TIFF."""


class _LockedSource:
    """A source that one thread at a time reads."""

    def __init__(self, source: Source) -> None:
        self._source, self._lock = source, Lock()
        self.shape, self.dtype = source.shape, source.dtype

    def __getitem__(self, key: tuple[slice, ...]) -> Array:
        with self._lock:
            return self._source[key]


@contextmanager
def open_volume(
    path: "Place", reading: Reading, *, labels: bool = False, threads: int | None = None
) -> Iterator[Volume]:
    """Open an array, a level of an OME-Zarr, or a picture of one frame.

    Parameters
    ----------
    labels : bool
        Whether a palette's indices are kept.

    Raises
    ------
    PictureError
        If it cannot be read so.
    OSError
        If it cannot be opened.
    """
    if is_zarr(path):
        yield open_zarr(path, reading.level, threads=threads)
        return
    if reading.level:
        raise PictureError("has no levels, as an OME-Zarr has; leave --level out")
    status = path.stat()
    state = status.st_size, status.st_mtime_ns
    if is_array_file(path):
        from poolcli.media.arrays import open_array

        with open_array(path) as array:
            made = plain_volume(_LockedSource(array), _axes_of(len(array.shape), reading.layout))
            yield made._replace(state=state)
        return
    from poolcli.media.pictures import open_picture
    from poolcli.media.tiff.reader import open_stack

    again = path if isinstance(path, Path) else None
    with (
        open_seekable(path) as file,
        open_stack(file, again, reading, keep_palette=labels) as stack,
    ):
        if stack is not None:
            from poolcli.media.volumes.tiff import volume_of_stack

            yield volume_of_stack(stack)._replace(state=state)
            return
    with open_picture(path, reading, keep_palette=labels) as picture:
        yield _of_picture(picture, reading)._replace(state=state)


def _axes_of(count: int, layout: str | None) -> str:
    names = _AXES.get(count, "")
    return names.replace("c", "") + "c" if layout == "hwc" and "c" in names else names


def _of_picture(picture: Picture, reading: Reading) -> Volume:
    """Take the only frame of a picture, decoded as a whole."""
    frames = iter(picture.frames)
    frame = next(frames)
    pixels = np.array(frame.pixels[(slice(None),) * 3])  # it lasts as long as the frame
    if reading.frame is None and next(frames, None) is not None:
        raise PictureError("has several frames; use --frame N to take one")
    notes = list(picture.notes)
    if frame.palette is not None:
        notes.append("the palette's numbers were kept, and its colours are not stored")
    if frame.mode in ("LA", "RGBA", "PA", "La", "RGBa"):
        notes.append("its alpha was pooled as any other channel")
    photometric, extras = _COLOURS.get(frame.mode, (1, (0,) * (pixels.shape[2] - 1)))
    colours = Colours(photometric, extras, frame.metadata.icc, frame.dpi)
    grey = pixels.shape[2] == 1
    made = plain_volume(pixels[..., 0], "yx") if grey else plain_volume(pixels, "yxc")
    return made._replace(notes=tuple(notes), colours=colours)
