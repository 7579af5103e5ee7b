"""Pillow's image as an array that is made a band at a time."""

import numpy as np
from PIL import Image

from poolcli.core.kernels import Array
from poolcli.media.damage import unlimited
from poolcli.media.modes import layout

__all__ = ["Rows"]

_PIECE_BYTES = 1 << 16
"""Of rows copied at a time: of more, the system would take back the memory and clear it anew."""


class Rows:
    """An image as an array (height, width, channels) that is made when it is sliced.

    Only the rows asked for are copied out of Pillow, so the picture is never in memory twice. Rows
    that the last slice held already are taken from there: the bands of overlapping windows overlap.
    """

    def __init__(self, image: Image.Image) -> None:
        self._image = image
        kind = layout(image.mode)
        self._raw = image.mode
        self.shape = (image.height, image.width, kind.channels)
        self.dtype = kind.dtype
        self._low = 0
        self._last = Rows._room(self, 0)

    def quick(self) -> "Rows":
        """The same for those who need no slice any longer when they ask for the next one.

        RGB has a fourth channel that means nothing: so Pillow holds it, and so it is copied in half
        the time.
        """
        return _Fleeting(self._image)

    def __getitem__(self, key: tuple[slice, ...]) -> Array:
        low, high, step = (key[0] if key else slice(None)).indices(self.shape[0])
        high = max(low, high)
        known = self._low + len(self._last)
        if not self._low <= low <= known:
            self._last, self._low = self._with(self._last[:0], low, high), low
        elif high > known:
            self._last, self._low = self._with(self._last[low - self._low :], known, high), low
        rows = slice(low - self._low, high - self._low, step)
        return self._last[(rows, *key[1:])]

    def _with(self, kept: Array, low: int, high: int) -> Array:
        """An array of rows that are known already and of the image's from ``low`` on."""
        rows = self._room(len(kept) + high - low)
        rows[: len(kept)] = kept
        self._copy(low, high, rows[len(kept) :])
        return rows

    def _room(self, count: int) -> Array:
        return np.empty((count, *self.shape[1:]), self.dtype)

    def _copy(self, low: int, high: int, into: Array) -> None:
        row = self.shape[1] * self.shape[2] * self.dtype.itemsize
        step = max(1, _PIECE_BYTES // row)
        with unlimited():
            for start in range(low, high, step):
                stop = min(start + step, high)
                piece = self._image.crop((0, start, self.shape[1], stop))
                items = np.frombuffer(piece.tobytes("raw", self._raw), self.dtype)
                into[start - low : stop - low] = items.reshape(-1, *self.shape[1:])


class _Fleeting(Rows):
    """Rows that are overwritten by the next ones."""

    def __init__(self, image: Image.Image) -> None:
        super().__init__(image)
        if image.mode == "RGB":
            self._raw = "RGBX"
            self.shape = (*self.shape[:2], 4)
            self._last = Rows._room(self, 0)
        self._rooms = [self._last, self._last]

    def _room(self, count: int) -> Array:
        """One of two in turn: what is kept of the last rows lies in the other one."""
        self._rooms.reverse()
        if len(self._rooms[0]) < count:
            self._rooms[0] = super()._room(count)
        return self._rooms[0][:count]
