"""PNG compression, chosen by samples of the picture in place of Pillow's slow default.

Three settings of zlib, fastest first: run lengths only, as small as any on grainy photographs and
several times faster; level 4 for filtered data; and Pillow's default, level 6, for flat and smooth
pictures, which the others make far larger. Sampled rows are encoded by each, by the slow default
last and only if the other two leave the choice open; the fastest wins whose size is within its
factor of the default's.
"""

from io import BytesIO
from typing import Any

from PIL import Image

__all__ = ["compression_options"]

_SAMPLES, _MIN_ROWS, _MAX_ROWS = 4, 8, 16
_ROWS_PER_SAMPLED_ROW = 100
"""A sample has one row for this many rows of the picture."""

_SMALL_PICTURE = 200_000
"""Pixels up to which sampling costs more than it saves."""

_RUNS_ONLY = {"compress_type": 3, "compress_level": 1}
_LEVEL_4 = {"compress_type": 1, "compress_level": 4}
_RUNS_ONLY_FACTOR, _LEVEL_4_FACTOR = 1.01, 1.05
"""Largest size that is accepted, as a multiple of the default's."""

_CLEARLY_SMALLER = 0.98
"""Multiple of level 4's size at which run lengths are chosen without trying the default."""


def compression_options(image: Image.Image) -> dict[str, int]:
    """Choose Pillow's options for encoding an image as PNG.

    >>> compression_options(Image.new("L", (8, 8)))
    {}
    """
    rows = min(max(image.height // _ROWS_PER_SAMPLED_ROW, _MIN_ROWS), _MAX_ROWS)
    if image.width * image.height <= _SMALL_PICTURE or image.height < _SAMPLES * rows:
        return {}
    strip = _strip(image, rows)
    runs_only, level_4 = _size(strip, _RUNS_ONLY), _size(strip, _LEVEL_4)
    if runs_only <= _CLEARLY_SMALLER * level_4:
        return dict(_RUNS_ONLY)
    default = _size(strip, {})
    if runs_only <= _RUNS_ONLY_FACTOR * default:
        return dict(_RUNS_ONLY)
    return dict(_LEVEL_4) if level_4 <= _LEVEL_4_FACTOR * default else {}


def _strip(image: Image.Image, rows: int) -> Image.Image:
    """Collect rows from all over the picture, one below the other."""
    strip = Image.new(image.mode, (image.width, _SAMPLES * rows))
    for number in range(_SAMPLES):
        top = (2 * number + 1) * image.height // (2 * _SAMPLES) - rows // 2
        strip.paste(image.crop((0, top, image.width, top + rows)), (0, number * rows))
    return strip


def _size(image: Image.Image, settings: dict[str, Any]) -> int:
    buffer = BytesIO()
    image.save(buffer, "PNG", **settings)
    return buffer.tell()
