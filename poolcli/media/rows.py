"""Pillow's image as an array that is made a band at a time."""

import numpy as np
from PIL import Image

from poolcli.core.kernels import Array
from poolcli.media.damage import unlimited
from poolcli.media.modes import layout

__all__ = ["Rows"]


class Rows:
    """An image as an array (height, width, channels) that is made when it is sliced.

    Only the rows asked for are copied out of Pillow, so the picture is never in memory twice. Rows
    that the last slice held already are taken from there: the bands of overlapping windows overlap.
    """

    def __init__(self, image: Image.Image) -> None:
        self._image = image
        kind = layout(image.mode)
        self.shape = (image.height, image.width, kind.channels)
        self.dtype = kind.dtype
        self._low = 0
        self._last = self._copied(0, 0)

    def __getitem__(self, key: tuple[slice, ...]) -> Array:
        low, high, step = (key[0] if key else slice(None)).indices(self.shape[0])
        high = max(low, high)
        known = self._low + len(self._last)
        if not self._low <= low <= known:
            self._last = self._copied(low, high)
            self._low = low
        elif high > known:
            kept = self._last[low - self._low :]
            self._last = np.concatenate([kept, self._copied(known, high)])
            self._low = low
        rows = slice(low - self._low, high - self._low, step)
        return self._last[(rows, *key[1:])]

    def _copied(self, low: int, high: int) -> Array:
        with unlimited():
            band = self._image.crop((0, low, self.shape[1], high))
        return np.frombuffer(band.tobytes(), self.dtype).reshape(high - low, *self.shape[1:])
