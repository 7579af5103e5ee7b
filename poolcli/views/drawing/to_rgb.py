"""Any picture's pixels as the RGB that a screen can show."""

from typing import Any

import numpy as np
from PIL import Image

from poolcli.core.types import Array
from poolcli.studies.first_frame import Look

__all__ = ["Span", "fitted", "grey", "on_screen", "resized", "span_of"]

Span = tuple[float, float]


def span_of(seen: Look) -> Span | None:
    """The values that are to be black and white; None where 0 and 255 are."""
    if seen.pixels.dtype == np.uint8:
        return None
    finite = seen.pixels[np.isfinite(seen.pixels)]
    return (float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0)


def on_screen(
    seen: Look, ground: tuple[int, int, int] = (0, 0, 0), span: Span | None = None
) -> Array:
    """Pixels as (H, W, 3) uint8.

    Alpha lets the ground show through; deep pictures are spread over ``span``, their own unless
    given, so that a pooled picture can be shown on the scale of its input.
    """
    pixels: Any = seen.pixels
    span = span_of(seen) if span is None else span
    if span is not None:
        low, high = span
        with np.errstate(invalid="ignore"):
            shares = (pixels.astype(np.float64) - low) / ((high - low) or 1.0)
        pixels = (np.nan_to_num(shares).clip(0, 1) * 255 + 0.5).astype(np.uint8)
    if seen.mode in ("LA", "RGBA"):
        alpha = pixels[..., -1:].astype(np.float64) / 255
        mixed = pixels[..., :-1] * alpha + np.array(ground) * (1 - alpha)
        return np.broadcast_to((mixed + 0.5).astype(np.uint8), (*pixels.shape[:2], 3))
    if seen.mode not in ("RGB", "L") and pixels.shape[2] > 1 and span is None:
        pixels = _converted(pixels, seen.mode)
    if pixels.shape[2] != 3:
        pixels = np.repeat(pixels[..., :1], 3, axis=2)
    return np.ascontiguousarray(pixels)


def _converted(pixels: Array, mode: str) -> Array:
    try:
        size = (pixels.shape[1], pixels.shape[0])
        image = Image.frombytes(mode, size, np.ascontiguousarray(pixels).tobytes())
        return np.asarray(image.convert("RGB"))
    except (ValueError, OSError):  # Pillow knows no way from this mode: its first channel will do
        return pixels[..., :1]


def grey(rgb: Array) -> Array:
    """How bright each pixel is, (H, W) float64 of 0 … 255 (Rec. 601)."""
    weighed: Array = rgb.astype(np.float64) @ np.array([0.299, 0.587, 0.114])
    return weighed


def fitted(size: tuple[int, int], room: tuple[float, float]) -> tuple[int, int]:
    """The largest (height, width) of the same proportions in the room; enlarged in whole steps.

    >>> fitted((201, 250), (40, 80)), fitted((5, 5), (40, 80))
    ((40, 50), (40, 40))
    """
    scale = min(room[0] / size[0], room[1] / size[1])
    if scale >= 1:
        scale = int(scale)
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def resized(rgb: Array, size: tuple[int, int]) -> Array:
    """To (height, width): means where it shrinks, whole pixels where it grows."""
    height, width = size
    smaller = height < rgb.shape[0] or width < rgb.shape[1]
    method = Image.Resampling.BOX if smaller else Image.Resampling.NEAREST
    return np.asarray(Image.fromarray(rgb).resize((width, height), method))
