"""Images for GIF: with a palette, exact if 256 colours are enough."""

from typing import Any, NamedTuple

import numpy as np
from PIL import Image

from poolcli.media.picture import Frame

__all__ = [
    "ALPHA_REPLACED",
    "COLOURS_REPLACED",
    "GifImage",
    "has_transparent_pixels",
    "to_gif_image",
]

ALPHA_REPLACED = "half-transparent pixels became opaque or invisible"
COLOURS_REPLACED = "colours were replaced by the nearest of the 256 that a frame of a GIF holds"
"""Losses of a picture in a GIF."""

_COLOURS, _OPAQUE = 256, 255
_MIN_VISIBLE_ALPHA = 128
"""Alpha from which a pixel is visible: a palette cannot hold half-transparent ones."""


def has_transparent_pixels(frame: Frame) -> bool:
    """Tell whether a frame has pixels that are transparent in a GIF."""
    return "A" in frame.mode and bool(
        (np.asarray(frame.pixels)[..., -1] < _MIN_VISIBLE_ALPHA).any()
    )


class GifImage(NamedTuple):
    """An image for a GIF, and what was lost in making it."""

    image: Image.Image
    losses: tuple[str, ...] = ()


def to_gif_image(image: Image.Image, transparent_index: bool = False) -> GifImage:
    """Quantize an image for GIF: its own colours if they fit a palette, else the nearest of 256.

    Grey and palette images stay as they are.

    Parameters
    ----------
    transparent_index : bool
        Whether the palette must have a transparent index: if one frame of an animation needs it,
        all do, or viewers clear the others to their background colour.
    """
    if transparent_index and image.mode in ("L", "RGB"):
        image = image.convert("RGBA")
    if image.mode == "LA":
        image = image.convert("RGBA")
    if image.mode not in ("RGB", "RGBA"):
        return GifImage(image)
    pixels = np.asarray(image)
    hidden = pixels[..., 3] < _MIN_VISIBLE_ALPHA if image.mode == "RGBA" else None
    losses: tuple[str, ...] = ()
    if hidden is not None and ((pixels[..., 3] > 0) & (pixels[..., 3] < _OPAQUE)).any():
        losses = (ALPHA_REPLACED,)
    if hidden is not None and not (transparent_index or hidden.any()):
        hidden = None
    exact = _with_exact_colours(pixels, hidden)
    if exact is not None:
        return GifImage(exact, losses)
    return GifImage(_with_nearest_colours(image, hidden), (*losses, COLOURS_REPLACED))


def _with_exact_colours(pixels: Any, hidden: Any) -> Image.Image | None:
    codes = pixels[..., 0].astype(np.uint32) << 16 | pixels[..., 1].astype(np.uint32) << 8
    codes |= pixels[..., 2]
    if hidden is not None:
        codes[hidden] = 1 << 24  # above every colour, so that it sorts last
    values, indices = np.unique(codes, return_inverse=True)
    if hidden is not None and values[-1] < 1 << 24:
        values = np.append(values, 1 << 24)
    if len(values) > _COLOURS:
        return None
    palette = np.stack([values >> 16 & 255, values >> 8 & 255, values & 255], 1)
    image = Image.fromarray(indices.reshape(codes.shape).astype(np.uint8))
    image.putpalette(palette.astype(np.uint8).tobytes())
    if hidden is not None:
        image.info["transparency"] = len(values) - 1
    return image


def _with_nearest_colours(image: Image.Image, hidden: Any) -> Image.Image:
    if hidden is None:
        return image.convert("RGB").quantize(_COLOURS)
    quantized = image.convert("RGB").quantize(_COLOURS - 1)
    indices = np.array(quantized)
    indices[hidden] = _COLOURS - 1
    result = Image.fromarray(indices)
    colours = bytes(quantized.getpalette() or ())[: 3 * (_COLOURS - 1)]
    result.putpalette(colours.ljust(3 * _COLOURS, b"\0"))
    result.info["transparency"] = _COLOURS - 1
    return result
