"""How to compress a PNG: a cheap look at the picture in place of Pillow's slow default.

Three of zlib's settings, fastest first: runs only, which is as small as any on grainy photographs
and several times faster; level 4 for filtered data; and Pillow's default, level 6, for flat and
smooth pictures, which the others make far larger. Some rows are encoded by each, the slow default
last and only where the other two do not say enough, and the fastest wins that is not larger than
the default by more than it is faster.
"""

from io import BytesIO
from typing import Any

from PIL import Image

__all__ = ["compression_options"]

_SAMPLES, _MIN_ROWS, _MAX_ROWS = 4, 8, 16
_ROWS_PER_SAMPLED_ROW = 100
"""One row of so many is looked at in each sample."""

_SMALL_PICTURE = 200_000
"""Pixels up to which looking costs more than it saves."""

_RUNS_ONLY = {"compress_type": 3, "compress_level": 1}
_LEVEL_4 = {"compress_type": 1, "compress_level": 4}
_RUNS_ONLY_FACTOR, _LEVEL_4_FACTOR = 1.01, 1.05
"""How much larger than the default they may be."""

_CLEARLY_SMALLER = 0.98
"""Of the size that is a little larger than the default."""


def compression_options(image: Image.Image) -> dict[str, int]:
    """Pillow's options for writing this image as PNG.

    >>> compression_options(Image.new("L", (8, 8)))
    {}
    """
    rows = min(max(image.height // _ROWS_PER_SAMPLED_ROW, _MIN_ROWS), _MAX_ROWS)
    if image.width * image.height <= _SMALL_PICTURE or image.height < _SAMPLES * rows:
        return {}
    strip = _strip(image, rows)
    runs, less = _size(strip, _RUNS_ONLY), _size(strip, _LEVEL_4)
    if runs <= _CLEARLY_SMALLER * less:
        return dict(_RUNS_ONLY)
    usual = _size(strip, {})
    if runs <= _RUNS_ONLY_FACTOR * usual:
        return dict(_RUNS_ONLY)
    return dict(_LEVEL_4) if less <= _LEVEL_4_FACTOR * usual else {}


def _strip(image: Image.Image, rows: int) -> Image.Image:
    """Rows from all over the picture, one below the other."""
    strip = Image.new(image.mode, (image.width, _SAMPLES * rows))
    for number in range(_SAMPLES):
        top = (2 * number + 1) * image.height // (2 * _SAMPLES) - rows // 2
        strip.paste(image.crop((0, top, image.width, top + rows)), (0, number * rows))
    return strip


def _size(image: Image.Image, settings: dict[str, Any]) -> int:
    buffer = BytesIO()
    image.save(buffer, "PNG", **settings)
    return buffer.tell()
