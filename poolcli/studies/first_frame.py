"""The first frame of a picture file, as an array to study and to show."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from poolcli.core.poolings.present import stored_value
from poolcli.core.types import Array
from poolcli.jobs.limits import check_work
from poolcli.jobs.operation import Operation
from poolcli.jobs.pooled_frames import BY_ALPHA, refuse_alpha, skip_stated, weighs_alpha
from poolcli.jobs.result import blamed_on
from poolcli.media.options import MAX_PIXELS, Reading
from poolcli.media.picture import number_in
from poolcli.media.zarr_store.names import is_zarr

if TYPE_CHECKING:
    from poolcli.media.places.remote_path import Place

__all__ = ["FirstFrame", "read_first_frame", "save_frame"]

_READING = Reading()


@dataclass(frozen=True, slots=True)
class FirstFrame:
    """The first frame of a picture.

    Attributes
    ----------
    pixels : (H, W, channels) ndarray
    mode : str
    plain_alpha : bool
        Whether alpha is pooled as any other channel.
    notes : tuple of str
        Facts that the user should know about how the file was read.
    max_pixels : int, optional
        Limit of what it is pooled into, as in `check_work`.
    stated_nodata : str, optional
        The value that the file states for missing data, as it is written there.
    """

    pixels: Array
    mode: str
    plain_alpha: bool = False
    notes: tuple[str, ...] = ()
    max_pixels: int | None = MAX_PIXELS
    stated_nodata: str | None = None

    @property
    def shape(self) -> tuple[int, int, int]:
        """Channels, height and width, in the order in which they are printed."""
        height, width, channels = self.pixels.shape
        return channels, height, width

    def pool(self, operation: Operation) -> "FirstFrame":
        """Pool the picture, as ``poolcli OP`` does."""
        height, width = self.pixels.shape[:2]
        check_work(operation, (height, width), self.max_pixels)
        operation, _ = self.skipping(operation)
        alpha = self.weighs_alpha(operation)
        refuse_alpha(operation.parameters, alpha=alpha)
        pixels = operation.apply(self.pixels, channel_axis=2, alpha=alpha)
        return FirstFrame(pixels, self.mode, self.plain_alpha)

    @property
    def nodata(self) -> float | None:
        """The value that the file states for missing data, as the pixels have it."""
        value = None if self.stated_nodata is None else number_in(self.stated_nodata)
        found: float | None = stored_value(value, self.pixels.dtype)
        return found

    def skipping(self, operation: Operation) -> tuple[Operation, str | None]:
        """Skip the no-data value that the file states, as ``poolcli OP`` does; with its note."""
        why = BY_ALPHA if self.mode in ("LA", "RGBA") and not self.plain_alpha else ""
        return skip_stated(operation, self.stated_nodata, self.pixels.dtype, why)

    def weighs_alpha(self, operation: Operation) -> bool:
        """Tell whether invisible pixels have no vote in the colours."""
        return not self.plain_alpha and weighs_alpha(operation, self.mode, self.pixels)


def read_first_frame(
    path: "Place", reading: Reading = _READING, *, keep_palette: bool = False
) -> FirstFrame:
    """Read the first frame of a picture, or an array in a picture's shape.

    Parameters
    ----------
    keep_palette : bool
        Whether a palette's indices are kept, as mode pools them.

    Raises
    ------
    FileError
        If the file cannot be read.
    """
    if is_zarr(path) or reading.level:
        return _read_zarr(path, reading)
    from poolcli.media import pictures

    opened = pictures.open_picture(path, reading, keep_palette=keep_palette)
    with blamed_on(path), opened as picture:
        frame = next(iter(picture.frames))
        pixels = np.array(frame.pixels[(slice(None),)])
        notes, plain = tuple(picture.notes), reading.plain_alpha
        return FirstFrame(pixels, frame.mode, plain, notes, reading.max_pixels, frame.nodata)


def _read_zarr(path: "Place", reading: Reading) -> FirstFrame:
    """Read the first plane of an array, or of a level of an OME-Zarr."""
    from poolcli.media.volumes.opening import open_volume
    from poolcli.media.volumes.plane import first_plane

    with blamed_on(path), open_volume(path, reading) as volume:
        frame, notes = first_plane(volume, reading.max_pixels)
        pixels = np.array(frame.pixels[(slice(None),)])
        told = (*volume.notes, *notes)
        return FirstFrame(pixels, frame.mode, reading.plain_alpha, told, reading.max_pixels)


def save_frame(frame: FirstFrame, path: "Place") -> None:
    """Write a picture in the format of the destination's name, as a whole or not at all.

    Raises
    ------
    FileError
        If it cannot be written.
    """
    from poolcli.media import pictures
    from poolcli.media.picture import Frame, Picture

    with blamed_on(path):
        pictures.save_picture(Picture([Frame(frame.pixels, frame.mode)]), path)
