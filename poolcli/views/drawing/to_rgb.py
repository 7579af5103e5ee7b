"""Conversion of any picture to RGB for the screen, and to the size that it is shown at."""

from typing import Any

import numpy as np
from PIL import Image

from poolcli.core.types import Array
from poolcli.studies.first_frame import FirstFrame

__all__ = ["Span", "fit_size", "luma", "resize", "to_rgb", "value_span"]

Span = tuple[float, float]

_WITH_ALPHA = ("LA", "RGBA")


def value_span(frame: FirstFrame) -> Span | None:
    """Find the values that become black and white; None for uint8, where 0 and 255 do.

    Those of colours alone: alpha has the range of its dtype, and a no-data value is none at all.
    """
    if frame.pixels.dtype == np.uint8:
        return None
    if frame.mode == "CMYK":
        return 0.0, float(np.iinfo(frame.pixels.dtype).max)
    colours = frame.pixels[..., :-1] if frame.mode in _WITH_ALPHA else frame.pixels
    finite = colours[np.isfinite(colours)]
    if frame.nodata is not None:
        finite = finite[finite != frame.nodata]
    return (float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0)


def to_rgb(
    frame: FirstFrame, ground: tuple[int, int, int] = (0, 0, 0), span: Span | None = None
) -> Array:
    """Convert pixels to RGB, (H, W, 3) uint8.

    Alpha lets the ground show through. Values of other dtypes than uint8 are scaled from ``span``,
    the picture's own unless given: so a pooled picture can be shown on the scale of its input.
    """
    pixels: Any = frame.pixels
    span = value_span(frame) if span is None else span
    if span is not None:
        scaled = _scaled(pixels, span)
        if frame.mode in _WITH_ALPHA:
            scaled[..., -1:] = _scaled(pixels[..., -1:], (0.0, float(np.iinfo(pixels.dtype).max)))
        pixels = scaled
    if frame.mode in _WITH_ALPHA:
        alpha = pixels[..., -1:].astype(np.float64) / 255
        mixed = pixels[..., :-1] * alpha + np.array(ground) * (1 - alpha)
        return np.broadcast_to((mixed + 0.5).astype(np.uint8), (*pixels.shape[:2], 3))
    if frame.mode not in ("RGB", "L") and pixels.shape[2] > 1:
        pixels = _converted(pixels, frame.mode)
    if pixels.shape[2] != 3:
        pixels = np.repeat(pixels[..., :1], 3, axis=2)
    return np.ascontiguousarray(pixels)


def _scaled(pixels: Array, span: Span) -> Array:
    low, high = span
    with np.errstate(invalid="ignore"):
        shares = (pixels.astype(np.float64) - low) / ((high - low) or 1.0)
    return (np.nan_to_num(shares).clip(0, 1) * 255 + 0.5).astype(np.uint8)


def _converted(pixels: Array, mode: str) -> Array:
    try:
        size = (pixels.shape[1], pixels.shape[0])
        image = Image.frombytes(mode, size, np.ascontiguousarray(pixels).tobytes())
        return np.asarray(image.convert("RGB"))
    except (ValueError, OSError):  # Pillow cannot convert this mode: show its first channel
        return pixels[..., :1]


def luma(rgb: Array) -> Array:
    """Compute the luma of each pixel (Rec. 601), (H, W) float64 of 0 … 255."""
    weighed: Array = rgb.astype(np.float64) @ np.array([0.299, 0.587, 0.114])
    return weighed


def fit_size(size: tuple[int, int], room: tuple[float, float]) -> tuple[int, int]:
    """Fit (height, width) into a room, in proportion; a smaller size grows by a whole factor.

    >>> fit_size((201, 250), (40, 80)), fit_size((5, 5), (40, 80))
    ((40, 50), (40, 40))
    """
    scale = min(room[0] / size[0], room[1] / size[1])
    if scale >= 1:
        scale = int(scale)
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def resize(rgb: Array, size: tuple[int, int]) -> Array:
    """Resize to (height, width): by means if either shrinks, else by whole pixels."""
    height, width = size
    smaller = height < rgb.shape[0] or width < rgb.shape[1]
    method = Image.Resampling.BOX if smaller else Image.Resampling.NEAREST
    return np.asarray(Image.fromarray(rgb).resize((width, height), method))
