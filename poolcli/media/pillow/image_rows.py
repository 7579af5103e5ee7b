"""A Pillow image as an array of which only the sliced rows are copied."""

from math import prod
from typing import Any, TypeAlias

import numpy as np
from PIL import Image

from poolcli.core.types import Array, Source
from poolcli.media.pillow.borrowed_memory import borrow_memory
from poolcli.media.pillow.errors import pixel_limit
from poolcli.media.pillow.modes import channels_of, dtype_of

__all__ = ["ImageRows"]

_Box: TypeAlias = tuple[int, int, int, int]
"""Left, top, right, bottom."""


class ImageRows:
    """An image as a source (height, width, channels) that is copied as it is sliced.

    Only the slice is copied out of Pillow, so the picture is never in memory twice.

    Parameters
    ----------
    image : PIL.Image.Image
    spare : bool
        Whether RGB has a spare fourth channel, as in Pillow's memory: copying it along takes half
        the time.
    """

    def __init__(self, image: Image.Image, *, spare: bool = False) -> None:
        self._image = image
        spare = spare and image.mode == "RGB"
        self._raw = "RGBX" if spare else image.mode
        self.shape = (image.height, image.width, channels_of(image.mode) + spare)
        self.dtype = dtype_of(image.mode)

    def fastest_source(self, *, spare: bool = False) -> Source:
        """Choose the source that is fastest to slice: Pillow's memory if it lends it, else this.

        Borrowed memory stays allocated as long as it is used, even if the image is closed.

        Parameters
        ----------
        spare : bool
            Whether the source may have the spare channel.
        """
        if self._image.mode == "RGB" and not spare:
            return self
        borrowed = borrow_memory(self._image)
        if borrowed is not None:
            return borrowed
        return ImageRows(self._image, spare=True) if spare else self

    def __getitem__(self, key: tuple[slice, ...]) -> Array:
        low, high, down = (key[0] if key else slice(None)).indices(self.shape[0])
        left, right, across = (key[1] if len(key) > 1 else slice(None)).indices(self.shape[1])
        high, right = max(low, high), max(left, right)
        shape = (high - low, right - left, self.shape[2])
        packed = self._read_box((left, low, right, high), prod(shape) * self.dtype.itemsize)
        band = np.frombuffer(packed, self.dtype).reshape(shape)
        return band[(slice(None, None, down), slice(None, None, across), *key[2:])]

    def _read_box(self, box: _Box, size: int) -> bytes:
        """Copy the pixels of a box, which take this many bytes."""
        if not size:
            return b""
        packed = _encode_box(self._image, self._raw, box, size)
        if packed is None:
            with pixel_limit(None):
                band = self._image.crop(box)
            packed = band.tobytes("raw", self._raw)
        return packed


def _encode_box(image: Image.Image, raw: str, box: _Box, size: int) -> bytes | None:
    """Copy a box at once; ``crop`` and ``tobytes`` would copy it three times, in small pieces.

    None if this version of Pillow cannot.
    """
    try:
        encoder: Any = Image._getencoder(image.mode, "raw", (raw,), ())
        encoder.setimage(image.im, box)
        _, status, packed = encoder.encode(size)
    except (AttributeError, TypeError, ValueError, OSError, SystemError):
        return None
    return packed if status == 1 and len(packed) == size else None
