"""Pillow's image as an array that is made a band at a time."""

from typing import Any

import numpy as np
from PIL import Image

from poolcli.core.kernels import Array, Source
from poolcli.media.damage import unlimited
from poolcli.media.modes import layout
from poolcli.media.shared import shared

__all__ = ["Rows"]


class Rows:
    """An image as an array (height, width, channels) that is made when it is sliced.

    Only the rows asked for are copied out of Pillow, so the picture is never in memory twice.

    Parameters
    ----------
    image : PIL.Image.Image
    spare : bool
        Whether RGB has a fourth channel that means nothing. So Pillow holds it: as it is, it is
        copied in half the time.
    """

    def __init__(self, image: Image.Image, *, spare: bool = False) -> None:
        self._image = image
        kind = layout(image.mode)
        spare = spare and image.mode == "RGB"
        self._raw = "RGBX" if spare else image.mode
        self.shape = (image.height, image.width, kind.channels + spare)
        self.dtype = kind.dtype

    def quickest(self, *, spare: bool = False) -> Source:
        """The same where Pillow lends its memory, else this; with the spare channel if that may be.

        While there is the one, the image is not given back, be it closed.
        """
        if self._image.mode == "RGB" and not spare:
            return self
        lent = shared(self._image)
        if lent is not None:
            return lent
        return Rows(self._image, spare=True) if spare else self

    def __getitem__(self, key: tuple[slice, ...]) -> Array:
        low, high, step = (key[0] if key else slice(None)).indices(self.shape[0])
        high = max(low, high)
        shape = (high - low, *self.shape[1:])
        rows = np.frombuffer(self._packed(low, high), self.dtype).reshape(shape)
        return rows[(slice(None, None, step), *key[1:])]

    def _packed(self, low: int, high: int) -> bytes:
        """The bytes of these rows."""
        if low == high:
            return b""
        packed = _encoded(self._image, self._raw, low, high, self._row_bytes * (high - low))
        if packed is None:
            with unlimited():
                band = self._image.crop((0, low, self.shape[1], high))
            packed = band.tobytes("raw", self._raw)
        return packed

    @property
    def _row_bytes(self) -> int:
        return self.shape[1] * self.shape[2] * self.dtype.itemsize


def _encoded(image: Image.Image, raw: str, low: int, high: int, size: int) -> bytes | None:
    """What ``crop`` and ``tobytes`` give, at once: they copy all three times, in small pieces.

    None if this version of Pillow does not do that.
    """
    try:
        encoder: Any = Image._getencoder(image.mode, "raw", (raw,), ())
        encoder.setimage(image.im, (0, low, image.width, high))
        _, status, packed = encoder.encode(size)
    except (AttributeError, TypeError, ValueError, OSError, SystemError):
        return None
    return packed if status == 1 and len(packed) == size else None
