"""The first frame of a picture file, as an array to study and to show."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from poolcli.core.types import Array
from poolcli.jobs.operation import Operation
from poolcli.jobs.result import blamed_on
from poolcli.media.options import Reading

__all__ = ["Look", "look", "save_look"]

_READING = Reading()


@dataclass(frozen=True, slots=True)
class Look:
    """Pixels (H, W, channels) and their mode; ``plain_alpha`` if alpha is pooled as any channel."""

    pixels: Array
    mode: str
    plain_alpha: bool = False

    @property
    def shape(self) -> tuple[int, int, int]:
        """Channels, height and width, in the order in which they are printed."""
        height, width, channels = self.pixels.shape
        return channels, height, width

    def pooled(self, operation: Operation) -> "Look":
        """Pool the picture, as ``poolcli OP`` does."""
        alpha = self.mode in ("LA", "RGBA") and not self.plain_alpha
        pixels = operation.apply(self.pixels, channel_axis=2, alpha=alpha)
        return Look(pixels, self.mode, self.plain_alpha)


def look(path: Path, reading: Reading = _READING) -> Look:
    """Read the first frame of a picture, or an array in a picture's shape.

    Raises
    ------
    FileError
        If the file cannot be read.
    """
    from poolcli.media import pictures

    with blamed_on(path), pictures.opened(path, reading) as picture:
        frame = next(iter(picture.frames))
        pixels = np.array(frame.pixels[(slice(None),)])
        return Look(pixels, frame.mode, reading.plain_alpha)


def save_look(seen: Look, path: Path) -> None:
    """Write a picture in the format of the destination's name, as a whole or not at all.

    Raises
    ------
    FileError
        If it cannot be written.
    """
    from poolcli.media import pictures
    from poolcli.media.picture import Frame, Picture

    with blamed_on(path):
        pictures.save(Picture([Frame(seen.pixels, seen.mode)]), path)
