"""The way to compress a picture as PNG, chosen by samples of it in place of Pillow's slow default.

Where most filtered bytes are not 0, a picture has grain: filters by NumPy and zlib's own settings
write it in a fraction of Pillow's time, and smaller. On flat pictures, where whole runs repeat,
Pillow's choice of filters is the better one.

Each has three settings of zlib, fastest first: no search for repetitions, or for runs alone, as
small as any on grainy photographs and several times faster; level 4; and level 6, Pillow's default,
for smooth pictures, which the others make far larger. Samples are deflated by each, by the slowest
last and only if the other two leave the choice open; the fastest wins whose size is within its
factor of level 6's.
"""

import zlib
from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from typing import TypeAlias, TypeVar

import numpy as np
from PIL import Image

from poolcli.core.types import Array, Source
from poolcli.media.pillow.writing.png.chunks import pillow_png
from poolcli.media.pillow.writing.png.deflating import Setting, deflated_size
from poolcli.media.pillow.writing.png.filters import RowFilters

__all__ = ["as_rows", "choose_setting", "filtered_samples", "has_grain", "sampled_options"]

_T = TypeVar("_T")
_Three: TypeAlias = tuple[_T, _T, _T]

_SAMPLES, _MIN_ROWS, _MAX_ROWS = 4, 8, 16
_ROWS_PER_SAMPLED_ROW = 100
"""A sample has one row for this many rows of the picture."""

_ROW_BYTES = 1500
"""Bytes of a row of a sample that is filtered."""

_GRAIN = 0.5
"""Share of filtered bytes other than 0 from which a picture has grain."""

_CODES_ONLY = Setting(1, zlib.Z_HUFFMAN_ONLY)
_FASTEST = _CODES_ONLY, Setting(1, zlib.Z_RLE)
_LEVEL_4, _LEVEL_6 = Setting(4, zlib.Z_FILTERED), Setting(6, zlib.Z_FILTERED)

_PILLOW_RUNS_ONLY = {"compress_type": 3, "compress_level": 1}
_PILLOW_LEVEL_4 = {"compress_type": 1, "compress_level": 4}

_FASTEST_FACTOR, _LEVEL_4_FACTOR = 1.01, 1.05
"""Largest size that is accepted, as a multiple of level 6's."""

_CLEARLY_SMALLER, _PILLOW_CLEARLY_SMALLER = 1.0, 0.98
"""Multiple of level 4's size at which the fastest is chosen without trying level 6."""


def filtered_samples(pixels: Source) -> Array:
    """Filter samples from all over a picture.

    Parameters
    ----------
    pixels : (H, W, channels) ndarray or Source of uint8 or uint16

    Returns
    -------
    (n,) ndarray of uint8

    Examples
    --------
    >>> filtered_samples(np.ones((300, 300, 3), np.uint8)).shape
    (25228,)
    """
    height, width, channels = pixels.shape
    tops, rows = _places(height)
    step = channels * pixels.dtype.itemsize
    columns = min(width, max(1, _ROW_BYTES // step))
    samples = []
    for number, top in enumerate(tops):
        # From the left to the right, as the samples go down.
        left = number * (width - columns) // max(len(tops) - 1, 1)
        samples.append(as_rows(pixels[(slice(top, top + rows), slice(left, left + columns))]))
    filtered = RowFilters(columns * step, step).filtered(np.concatenate(samples), None)
    if len(tops) > 1:  # the first row of a sample has the one before it for its row above
        filtered = filtered.reshape(len(tops), rows, -1)[:, 1:]
    return filtered.ravel()


def as_rows(pixels: Array) -> Array:
    """Lay pixels out as rows of bytes, in the order of a PNG: (n, W, channels) to (n, bytes).

    >>> as_rows(np.array([[[1, 2]], [[3, 256]]], np.uint16)).tolist()
    [[0, 1, 0, 2], [0, 3, 1, 0]]
    """
    pixels = np.ascontiguousarray(pixels, pixels.dtype.newbyteorder(">"))
    return pixels.view(np.uint8).reshape(len(pixels), -1)


def has_grain(samples: Array) -> bool:
    """Tell whether at least half of the filtered bytes are not 0."""
    return bool(np.count_nonzero(samples) >= _GRAIN * samples.size)


def choose_setting(samples: Array | None) -> Setting:
    """Choose the setting of zlib for the picture of these filtered samples."""
    if samples is None:
        return _LEVEL_6
    size = cache(partial(deflated_size, samples))
    fastest = _CODES_ONLY if size(_CODES_ONLY) <= size(_LEVEL_4) else min(_FASTEST, key=size)
    return _choose((fastest, _LEVEL_4, _LEVEL_6), size, _CLEARLY_SMALLER)


def sampled_options(image: Image.Image) -> Mapping[str, int]:
    """Choose Pillow's options for encoding a flat image as PNG, by samples of it.

    >>> sampled_options(Image.new("L", (8, 8)))
    {}
    """
    tops, rows = _places(image.height)
    if len(tops) < _SAMPLES:
        return {}
    strip = Image.new(image.mode, (image.width, _SAMPLES * rows))
    for number, top in enumerate(tops):
        strip.paste(image.crop((0, top, image.width, top + rows)), (0, number * rows))
    settings: _Three[Mapping[str, int]] = (_PILLOW_RUNS_ONLY, _PILLOW_LEVEL_4, {})
    return _choose(settings, lambda each: len(pillow_png(strip, each)), _PILLOW_CLEARLY_SMALLER)


def _places(height: int) -> tuple[Sequence[int], int]:
    """Choose the first row of each sample, and their number of rows."""
    rows = min(max(height // _ROWS_PER_SAMPLED_ROW, _MIN_ROWS), _MAX_ROWS)
    if height < _SAMPLES * rows:
        return [0], height
    middles = ((2 * number + 1) * height // (2 * _SAMPLES) for number in range(_SAMPLES))
    return [middle - rows // 2 for middle in middles], rows


def _choose(settings: _Three[_T], size: Callable[[_T], int], clearly: float) -> _T:
    """Choose the fastest setting whose size is within its factor of the slowest's."""
    fastest, fast, slow = settings
    smallest, small = size(fastest), size(fast)
    if smallest <= clearly * small:
        return fastest
    default = size(slow)
    if smallest <= _FASTEST_FACTOR * default:
        return fastest
    return fast if small <= _LEVEL_4_FACTOR * default else slow
