"""Colours of 16 bits in TIFF and PPM, for which Pillow has no mode.

Pillow's encoder of TIFF is given their bytes as a picture of 8 bits, as wide as it takes for rows
to be equally long, and the tags that tell of 8 bits are then replaced.
"""

from typing import Any, BinaryIO

import numpy as np
from PIL import Image

from poolcli.core.types import Source
from poolcli.media.picture import Frame

__all__ = ["as_bytes", "depth_tags", "write_ppm"]

_WIDTH, _BITS, _PHOTOMETRIC, _SAMPLES, _EXTRA_SAMPLES = 256, 258, 262, 277, 338
_GREY, _STRAIGHT_ALPHA = 1, 2

_BAND_BYTES = 1 << 22


def as_bytes(frame: Frame) -> Image.Image:
    """Make an image of 8 bits whose rows have the bytes of the samples, the lower ones first.

    Grey and alpha become RGBA; other modes stay what they are, at twice the width.

    >>> frame = Frame(np.array([[[1, 2, 256]]], np.uint16), "RGB")
    >>> as_bytes(frame).size, list(as_bytes(frame).tobytes())
    ((2, 1), [1, 0, 2, 0, 0, 1])
    """
    pixels: Any = np.ascontiguousarray(frame.pixels, "<u2")
    height, width, channels = pixels.shape
    mode, wide = ("RGBA", width) if channels == 2 else (frame.mode, 2 * width)
    return Image.frombuffer(mode, (wide, height), pixels, "raw", mode, 0, 1)


def depth_tags(frame: Frame) -> dict[int, Any]:
    """Choose the tags that a TIFF of `as_bytes` is to have in place of those it was written with.

    >>> depth_tags(Frame(np.zeros((1, 7, 2), np.uint16), "LA"))
    {258: (16, 16), 262: 1, 277: 2, 338: 2}
    """
    _, width, channels = frame.pixels.shape
    bits = (16,) * channels
    if channels == 2:
        grey = {_PHOTOMETRIC: _GREY, _SAMPLES: channels, _EXTRA_SAMPLES: _STRAIGHT_ALPHA}
        return {_BITS: bits, **grey}
    return {_WIDTH: width, _BITS: bits}


def write_ppm(file: BinaryIO, pixels: Source) -> None:
    r"""Write RGB as a binary PPM of 16 bits, band by band.

    >>> from io import BytesIO
    >>> file = BytesIO()
    >>> write_ppm(file, np.array([[[1, 2, 258]]], np.uint16))
    >>> file.getvalue()
    b'P6\n1 1\n65535\n\x00\x01\x00\x02\x01\x02'
    """
    height, width, channels = pixels.shape
    file.write(b"P6\n%d %d\n65535\n" % (width, height))
    rows = max(1, _BAND_BYTES // (2 * width * channels))
    for top in range(0, height, rows):
        file.write(np.ascontiguousarray(pixels[(slice(top, top + rows),)], ">u2").data)
