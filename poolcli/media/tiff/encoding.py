"""Segments of a written TIFF: their layout, compression and prediction."""

from math import prod
from typing import Any, NamedTuple

import numpy as np

from poolcli.core.types import Array
from poolcli.media.tiff.extra import codecs
from poolcli.media.tiff.samples import Samples

__all__ = [
    "Coding",
    "Layout",
    "coding_like",
    "coding_of",
    "decode_segment",
    "encode_segment",
    "layout_of",
]

_NONE, _LZW, _DEFLATE, _PACKBITS, _ZSTD = 1, 5, 8, 32773, 50000
_KEPT = {_NONE: _NONE, _LZW: _LZW, _DEFLATE: _DEFLATE, 32946: _DEFLATE}
_KEPT |= {_PACKBITS: _PACKBITS, _ZSTD: _ZSTD}
"""Lossless compressions that common readers know, and what each is written as."""

_DIFFERENCES, _FLOATS = 2, 3
_LEVEL = 4
"""Level of deflate and zstd: higher ones take twice the time for a hundredth of the size."""

_TILE = 512
_STRIP_BYTES = 1 << 18
_BOX_BYTES = 3 << 22
"""Bytes of the source that a segment may be made of, where it can be small enough."""


class Coding(NamedTuple):
    """Compression and predictor of a page, by their numbers."""

    compression: int = _DEFLATE
    predictor: int = 1


class Layout(NamedTuple):
    """Layout of a page's segments.

    Attributes
    ----------
    rows, columns : int
        Of a segment.
    tiled : bool
        Whether segments at the right and at the bottom are as large as the others.
    planar : bool
        Whether channels lie apart.
    """

    rows: int
    columns: int
    tiled: bool
    planar: bool


def coding_like(page: Any, samples: Samples) -> Coding:
    """Choose the compression of the source where it keeps all, else deflate."""
    compression = _KEPT.get(int(page.compression))
    predicted = page.predictor > 1 if compression is not None else True
    compression = _DEFLATE if compression is None else compression
    if compression in (_NONE, _PACKBITS) or samples.colormap is not None or not predicted:
        return Coding(compression)
    return coding_of(samples.dtype, compression)


def coding_of(dtype: "np.dtype[Any]", compression: int = _DEFLATE) -> Coding:
    """Choose the predictor for samples of a dtype."""
    if dtype.kind == "f":
        return Coding(compression, _FLOATS)
    return Coding(compression, _DIFFERENCES if dtype.kind in "iu" and dtype.itemsize <= 4 else 1)


def layout_of(
    shape: tuple[int, int, int],
    itemsize: int,
    steps: tuple[float, float],
    source_width: int,
    *,
    tiles: bool = True,
    planar: bool = False,
) -> Layout:
    """Choose segments that can be pooled and encoded one by one in little memory.

    Parameters
    ----------
    shape : (int, int, int)
        Height, width and channels of the pooled page.
    steps : (float, float)
        Rows and columns of the source for each pooled one.
    source_width : int
        Columns of the segments of the source: a wide strip is read for all tiles of a row.
    """
    height, width, channels = shape
    pixel = itemsize * (1 if planar else channels)
    if tiles and height > _TILE and width > _TILE:
        side = _TILE
        while side > 16 and _read_bytes(side, steps, source_width, pixel) > _BOX_BYTES:
            side //= 2
        return Layout(side, side, True, planar)
    rows = max(1, _STRIP_BYTES // max(1, width * pixel))
    while rows > 1 and rows * steps[0] * width * steps[1] * pixel > _BOX_BYTES:
        rows //= 2
    return Layout(min(rows, height), width, False, planar)


def _read_bytes(side: int, steps: tuple[float, float], source_width: int, pixel: int) -> float:
    """Bytes of the source that have to be there for a tile, a part of a cache's size of strips."""
    box = prod(steps) * side * side * pixel
    strips = side * steps[0] * source_width * pixel / 4
    return max(box, strips)


def encode_segment(block: Array, layout: Layout, coding: Coding) -> bytes:
    """Encode a block (rows, columns, channels) as one segment."""
    rows = layout.rows if layout.tiled else block.shape[0]
    if block.shape[:2] != (rows, layout.columns):
        padding = [(0, rows - block.shape[0]), (0, layout.columns - block.shape[1]), (0, 0)]
        block = np.pad(block, padding)
    block = np.ascontiguousarray(block)
    library = codecs()
    if coding.predictor == _DIFFERENCES:
        block = library.delta_encode(block, axis=-2)
    elif coding.predictor == _FLOATS:
        block = library.floatpred_encode(block, axis=-2)
    if coding.compression == _DEFLATE:
        return bytes(library.deflate_encode(block, _LEVEL, raw=False))
    if coding.compression == _ZSTD:
        return bytes(library.zstd_encode(block, _LEVEL))
    if coding.compression == _LZW:
        return bytes(library.lzw_encode(block))
    if coding.compression == _PACKBITS:
        return bytes(library.packbits_encode(block.reshape(rows, -1), axis=-1))
    return block.tobytes()


def decode_segment(data: bytes, shape: tuple[int, int, int], dtype: Any, coding: Coding) -> Array:
    """Decode a segment that `encode_segment` made of a block of a shape and dtype."""
    library, size = codecs(), prod(shape) * np.dtype(dtype).itemsize
    if coding.compression == _DEFLATE:
        data = library.deflate_decode(data, raw=False, out=size)
    elif coding.compression == _ZSTD:
        data = library.zstd_decode(data, out=size)
    elif coding.compression == _LZW:
        data = library.lzw_decode(data, out=size)
    elif coding.compression == _PACKBITS:
        data = library.packbits_decode(data, out=size)
    block: Array = np.frombuffer(data, dtype, prod(shape)).reshape(shape)
    if coding.predictor == _DIFFERENCES:
        block = library.delta_decode(block, axis=-2)
    elif coding.predictor == _FLOATS:
        block = library.floatpred_decode(block, axis=-2)
    return block
