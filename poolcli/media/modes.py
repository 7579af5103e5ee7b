"""What a picture's pixels are: Pillow's modes as channels and dtypes, and what must be refused."""

import re
from typing import Any, NamedTuple

import numpy as np
from PIL import Image, ImageMode
from PIL.ImageFile import ImageFile

from poolcli.errors import PictureError

__all__ = ["Layout", "expanded", "holds", "layout", "refuse_reduced"]


class Layout(NamedTuple):
    """How a mode's pixels lie in an array (H, W, channels)."""

    mode: str
    channels: int
    dtype: np.dtype[Any]


_DEEP = re.compile(r";(?:16|32|10|12)")
_BITS_PER_SAMPLE = 258  # of a TIFF

_HELD = {
    "AVIF": {"L", "LA", "RGB", "RGBA"},
    "BMP": {"L", "RGB"},
    "DIB": {"L", "RGB"},
    "EPS": {"L", "RGB"},
    "GIF": {"L", "RGB", "RGBA"},
    "PNG": {"L", "LA", "RGB", "RGBA", "I;16"},
    "PPM": {"L", "RGB", "I;16", "F"},
    "WEBP": {"L", "LA", "RGB", "RGBA"},
}
"""Where Pillow writes any other mode too, but clips its values or drops channels without a word."""


def layout(mode: str) -> Layout:
    """The array layout of a mode that `expanded` gives.

    >>> layout("RGB").channels, layout("I;16").dtype.name
    (3, 'uint16')
    """
    described = ImageMode.getmode(mode)
    return Layout(mode, len(described.bands), np.dtype(described.typestr))


def expanded(image: Image.Image) -> Image.Image:
    """The picture in a mode whose every channel can be pooled on its own.

    1 bit becomes L; a palette is expanded to RGB or RGBA; 16-bit grey takes the native byte order,
    and a PGM's, which Pillow opens as I, its own mode.
    """
    if image.mode == "1":
        return image.convert("L")
    if image.mode in ("P", "PA"):
        return image.convert("RGBA" if image.has_transparency_data else "RGB")
    if image.mode.startswith("I;16") and image.mode != "I;16":
        return image.convert("I").convert("I;16")
    if image.mode == "I" and image.format == "PPM":
        return image.convert("I;16")
    return image


def refuse_reduced(image: ImageFile, *, accepted: bool = False) -> None:
    """Refuse a file whose samples Pillow would cut down to 8 bits without a word, or misread.

    Must be called before the picture is decoded: what is in the file stands in its tiles.

    Parameters
    ----------
    accepted : bool
        Whether 8 bits of each sample are enough.

    Raises
    ------
    PictureError
        Naming the bits and ``--convert``.
    """
    if image.mode.startswith("I;16") or layout(image.mode).dtype.itemsize > 1:
        return
    tags = getattr(image, "tag_v2", {})
    if any(_is_deep(tile) for tile in image.tile):
        if not accepted:
            raise PictureError(
                f"has more than 8 bits in each of its {image.mode} samples, of which only 8 can be "
                f"read; use --convert {image.mode} to accept that"
            )
    elif max(tags.get(_BITS_PER_SAMPLE, (8,))) > 8:
        # Pillow takes 16-bit planes that lie one behind the other for 8-bit ones: noise.
        raise PictureError(
            f"has more than 8 bits in each of its {image.mode} samples, plane by plane, which "
            "cannot be read; store the samples pixel by pixel"
        )


def _is_deep(tile: Any) -> bool:
    decoder, words = tile[0], tile[3] if isinstance(tile[3], tuple) else (tile[3],)
    if any(isinstance(word, str) and _DEEP.search(word) for word in words):
        return True
    return bool(decoder.startswith("ppm") and words[-1] > 255)


def holds(name: str, mode: str) -> bool:
    """Whether a format holds a mode as it is; where it does not and Pillow says so, True.

    >>> holds("TIFF", "I;16"), holds("WEBP", "I;16")
    (True, False)
    """
    return mode in _HELD.get(name, {mode})
