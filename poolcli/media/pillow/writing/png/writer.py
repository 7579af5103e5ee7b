"""A writer of PNG: rows filtered band by band, and deflated in one thread or in several.

It takes a third of the time of Pillow's encoder on pictures with grain, makes them smaller, writes
colours of 16 bits, and never needs the whole picture.
"""

from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

from poolcli.core.types import Array, Source
from poolcli.media.pillow.writing.png.chunks import SIGNATURE, surroundings, write_chunk
from poolcli.media.pillow.writing.png.compression import as_rows, choose_setting, filtered_samples
from poolcli.media.pillow.writing.png.deflating import PIECE_BYTES, Setting, deflated
from poolcli.media.pillow.writing.png.filters import RowFilters

__all__ = ["write_png"]

_LEAST_PIECES = 4
"""Pieces from which threads are worth being started."""

_MOST_THREADS = 2
"""Threads that deflate as fast as this one filters."""


def write_png(
    file: BinaryIO,
    pixels: Source,
    mode: str,
    options: Mapping[str, Any] | None = None,
    setting: Setting | None = None,
    threads: int = 1,
) -> None:
    """Write pixels as PNG.

    Parameters
    ----------
    file : binary file
    pixels : (H, W, channels) ndarray or Source of uint8 or uint16
        Sliced by rows, once from top to bottom: they may be made when they are asked for.
        Samples are taken before, unless ``setting`` is given.
    mode : str
        "L", "LA", "RGB" or "RGBA"; "I;16" for 16-bit grey.
    options : mapping, optional
        Pillow's options for saving, of which those for the metadata count.
    setting : Setting, optional
        As `choose_setting` chooses it, unless given.
    threads : int
        Number of threads that deflate beside this one, if it is 2 or more; the file is the same.

    Examples
    --------
    >>> import numpy as np
    >>> from io import BytesIO
    >>> from PIL import Image
    >>> file = BytesIO()
    >>> write_png(file, np.array([[[1, 2, 3], [4, 5, 6]]], np.uint8), "RGB")
    >>> list(Image.open(file).tobytes())
    [1, 2, 3, 4, 5, 6]
    """
    height, width, _ = pixels.shape
    if setting is None:
        setting = choose_setting(filtered_samples(pixels))
    size, bits = (width, height), 8 * pixels.dtype.itemsize
    before, after = surroundings(mode, size, bits, options or {})
    small = height * _row_bytes(pixels) < _LEAST_PIECES * PIECE_BYTES
    threads = 1 if small else min(threads, _MOST_THREADS)
    file.write(SIGNATURE)
    for chunk in before:
        write_chunk(file, *chunk)
    for data in deflated(_filtered_bands(pixels), setting, threads):
        write_chunk(file, b"IDAT", data)
    for chunk in after:
        write_chunk(file, *chunk)


def _row_bytes(pixels: Source) -> int:
    _, width, channels = pixels.shape
    return width * channels * pixels.dtype.itemsize


def _filtered_bands(pixels: Source) -> Iterator[Array]:
    row = _row_bytes(pixels)
    filters = RowFilters(row, pixels.shape[2] * pixels.dtype.itemsize)
    count = max(1, PIECE_BYTES // (1 + row))
    above = None
    for low in range(0, pixels.shape[0], count):
        rows = as_rows(pixels[(slice(low, min(low + count, pixels.shape[0])),)])
        yield filters.filtered(rows, above).ravel()
        above = rows[-1].copy()
