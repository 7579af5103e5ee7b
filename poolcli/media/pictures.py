"""Pictures from any file and to any file: images, and arrays that have a picture's shape."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from poolcli.errors import PictureError
from poolcli.media import images
from poolcli.media.arrays import created, is_array, opened_array
from poolcli.media.images import Picture

__all__ = ["check_destination", "opened", "save"]

_MODES = {
    ("uint8", 1): "L",
    ("uint8", 2): "LA",
    ("uint8", 3): "RGB",
    ("uint8", 4): "RGBA",
    ("uint16", 1): "I;16",
    ("int32", 1): "I",
    ("float32", 1): "F",
}


@contextmanager
def opened(path: Path, convert: str | None = None) -> Iterator[Picture]:
    """Read a picture, or an array (H, W) or (channels, H, W) as one.

    Raises
    ------
    PictureError
        If the file is damaged or holds nothing that has a picture's shape.
    OSError
        If the file cannot be opened.
    """
    if not is_array(path):
        with images.opened(path, convert) as picture:
            yield picture
        return
    x: Any = opened_array(path)
    x = x[(slice(None),) * len(x.shape)]
    pixels = np.moveaxis(x, 0, -1) if x.ndim == 3 else x[..., None]
    mode = _MODES.get((x.dtype.name, pixels.shape[-1]))
    if mode is None or pixels.ndim != 3:
        raise PictureError(
            f"holds {x.dtype} of shape {x.shape}, which is no picture; give a .npy destination, or "
            "an array (H, W) or (channels, H, W) of uint8, or (H, W) of uint16, int32 or float32"
        )
    if convert is None:
        yield Picture(pixels, mode)
    else:
        yield images.converted(Picture(pixels, mode), convert)


def save(picture: Picture, path: Path) -> None:
    """Write a picture in the format of the destination's name; to .npy as (channels, H, W).

    Raises
    ------
    PictureError
        If the format cannot hold the mode.
    OSError
        If the folder cannot be written to or is full.
    """
    if not is_array(path):
        images.save(picture, path)
        return
    pixels: Any = picture.pixels
    height, width, channels = pixels.shape
    with created(path, (channels, height, width), pixels.dtype) as out:
        out[(slice(None),)][...] = np.moveaxis(pixels, -1, 0)


def check_destination(path: Path) -> None:
    """Refuse a name that stands for no format that can be written.

    Raises
    ------
    PictureError
        If no format is known by that name, or it can only be read.
    """
    if not is_array(path):
        images.writable_format(path)
