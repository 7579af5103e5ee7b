"""SGI of 16 bits: Pillow keeps the upper 8."""

from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np
from PIL import Image
from PIL.ImageFile import _Tile

from poolcli.errors import PictureError
from poolcli.media.pillow.reading.formats.correction import Correction

if TYPE_CHECKING:
    from poolcli.core.types import Source

__all__ = ["plan_sgi"]

_BOTTOM_UP = -1


def plan_sgi(image: Any, file: BinaryIO) -> Correction | None:
    """Plan to read all bits before the image is decoded; None of what is decoded twice, or has 8.

    Parameters
    ----------
    file : binary file
        File that the image was opened from.
    """
    (codec, extent, offset, arguments), *more = image.tile or [("", None, 0, ())]
    deep = codec == "SGI16" or (codec == "sgi_rle" and arguments[-1] == 2)
    if more or not deep:
        return None
    if image.mode == "L":
        stored = ("I;16B", _BOTTOM_UP, 2) if codec == "sgi_rle" else ("I;16B", 0, _BOTTOM_UP)
        image._mode = "I;16"
        image.tile = [_Tile("raw" if codec == "SGI16" else codec, extent, offset, stored)]
        return Correction()
    if codec != "SGI16":
        return None

    def samples(decoded: Image.Image) -> "Source":
        shape = len(decoded.getbands()), decoded.height, decoded.width
        file.seek(offset)
        data = file.read(2 * int(np.prod(shape)))
        if len(data) < 2 * np.prod(shape):
            raise PictureError("is truncated; save it again")
        planes = np.frombuffer(data, ">u2").reshape(shape)
        return np.moveaxis(planes[:, ::_BOTTOM_UP], 0, -1).astype(np.uint16)

    return Correction(mode=image.mode, samples=samples)
