"""Conversion of frames to Pillow's images."""

from typing import Any

import numpy as np
from PIL import Image

from poolcli.core.types import Array
from poolcli.media.picture import Frame
from poolcli.media.pillow.image_rows import ImageRows

__all__ = ["convert_frame", "frame_to_image"]


def frame_to_image(frame: Frame, *, spare: bool = False) -> Image.Image:
    """Convert a frame to a Pillow image, which shares its memory where the mode allows.

    Parameters
    ----------
    spare : bool
        Whether RGB may become RGBX, which Pillow's JPEG encoder accepts as the same.
    """
    pixels: Any = np.asarray(frame.pixels)
    height, width = pixels.shape[:2]
    four = pixels.base
    if frame.mode == "RGB" and isinstance(four, np.ndarray) and _has_spare_channel(four, pixels):
        # Pillow's own layout: copying the spare channel is cheaper than leaving it out.
        if spare:
            return Image.frombuffer("RGBX", (width, height), four, "raw", "RGBX", 0, 1)
        return Image.frombytes("RGB", (width, height), four.data, "raw", "RGBX")
    pixels = np.ascontiguousarray(pixels)
    image = Image.frombuffer(frame.mode, (width, height), pixels, "raw", frame.mode, 0, 1)
    if frame.palette is not None:
        image = image.copy()
        image.putpalette(frame.palette.colours, frame.palette.mode)
        if frame.palette.transparency is not None:
            image.info["transparency"] = frame.palette.transparency
    return image


def _has_spare_channel(four: Array, pixels: Array) -> bool:
    """Tell whether the pixels are the first three of exactly these four channels."""
    begin, other = (x.__array_interface__["data"][0] for x in (four, pixels))
    return begin == other and four.flags.c_contiguous and four.shape == (*pixels.shape[:2], 4)


def convert_frame(
    frame: Frame, mode: str, scale: bool | tuple[float, float] = False
) -> tuple[Frame, list[str]]:
    """Convert the pixels of a frame to another of Pillow's modes; list what was lost.

    Raises
    ------
    PictureError
        If Pillow does not know the mode, or cannot convert to it.
    """
    from poolcli.media.pillow.scaling import converted, converted_colours

    if frame.pixels.dtype == np.uint16 and frame.mode != "I;16":
        image, losses = converted_colours(frame.pixels, frame.mode, mode, scale)
    else:
        image, losses = converted(frame_to_image(frame), mode, scale)
    return Frame(ImageRows(image), image.mode), losses
