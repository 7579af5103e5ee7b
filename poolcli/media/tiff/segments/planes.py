"""Planes of a TIFF as sources, whose segments are decoded as they are sliced."""

import os
from itertools import product
from math import prod
from typing import Any

import numpy as np

from poolcli.core.types import Array, Source
from poolcli.errors import PictureError
from poolcli.media.tiff.segments.cache import SegmentCache

__all__ = ["MappedPlane", "SegmentedPlane", "contiguous_plane"]


class SegmentedPlane:
    """A plane (H, W, samples) whose segments are decoded as it is sliced.

    Parameters
    ----------
    number : int
        Name of the page in the cache.
    page, keyframe : tifffile's pages
        The page, and the one that tells the layout of all like it; the page is None if the file
        that it should be in is missing.

    Raises
    ------
    PictureError
        If fewer segments are named than there must be.
    """

    def __init__(self, cache: SegmentCache, number: int, page: Any, keyframe: Any) -> None:
        self._cache, self._number, self._page, self._key = cache, number, page, keyframe
        height, width = keyframe.imagelength, keyframe.imagewidth
        self.shape = (height, width, keyframe.samplesperpixel)
        self.dtype = np.dtype(keyframe.dtype).newbyteorder("=")
        if keyframe.is_tiled:
            self._cell = (keyframe.tilelength, keyframe.tilewidth)
        else:
            self._cell = (min(keyframe.rowsperstrip or height, height), width)
        self._grid = (-(-height // self._cell[0]), -(-width // self._cell[1]))
        self._planar = keyframe.planarconfig == 2 and keyframe.samplesperpixel > 1
        count = prod(self._grid) * (keyframe.samplesperpixel if self._planar else 1)
        if page is not None and len(page.dataoffsets) < count:
            raise PictureError(
                f"is truncated or damaged ({len(page.dataoffsets)} of {count} segments are named)"
            )

    @property
    def segment_shape(self) -> tuple[int, int]:
        """Rows and columns of a segment."""
        return self._cell

    def __getitem__(self, key: tuple[slice, ...]) -> Array:
        key = (*key, *[slice(None)] * 3)[:3]
        spans = [s.indices(n)[:2] for s, n in zip(key, self.shape, strict=True)]
        rows, columns, samples = [(low, max(low, high)) for low, high in spans]
        out = np.empty([high - low for low, high in (rows, columns, samples)], self.dtype)
        if self._page is None:
            out[...] = 0
            return out[tuple(slice(None, None, s.step) for s in key)]
        for plane in range(*samples) if self._planar else [0]:
            target, want = out, slice(*samples)
            if self._planar:
                target, want = out[..., plane - samples[0], None], slice(None)
            self._fill(target, rows, columns, plane, want)
        return out[tuple(slice(None, None, s.step) for s in key)]

    def _fill(
        self, out: Array, rows: tuple[int, int], columns: tuple[int, int], plane: int, want: slice
    ) -> None:
        (high, wide), (down, across) = self._cell, self._grid
        cells = product(
            range(rows[0] // high, -(-rows[1] // high)),
            range(columns[0] // wide, -(-columns[1] // wide)),
        )
        for row, column in cells if out.size else ():
            index = (plane * down + row) * across + column
            segment = self._cache.segment(self._number, self._page, self._key, index)
            top, left = row * high, column * wide
            low, near = max(top, rows[0]), max(left, columns[0])
            end, far = min(top + high, rows[1]), min(left + wide, columns[1])
            target = out[low - rows[0] : end - rows[0], near - columns[0] : far - columns[0]]
            if segment is None:
                target[...] = self._key.nodata
            else:
                target[...] = segment[low - top : end - top, near - left : far - left, want]


class MappedPlane:
    """A plane (H, W, samples) that lies in the file as one array, of which slices are copied.

    A mapping keeps each page that was touched in memory, so a new one is made for each slice.

    Parameters
    ----------
    file : tifffile's file handle
    lock : RLock
        Held while the position in the file moves.
    """

    def __init__(
        self,
        file: Any,
        lock: Any,
        offset: int,
        dtype: Any,
        shape: tuple[int, int, int],
        *,
        planar: bool,
    ) -> None:
        height, width, samples = self.shape = shape
        self._file, self._lock, self._planar = file, lock, planar
        self._array = dtype, (samples, height, width) if planar else shape, offset
        self._end = offset + prod(shape) * dtype.itemsize
        self.dtype = np.dtype(dtype).newbyteorder("=")

    @property
    def segment_shape(self) -> tuple[int, int]:
        """Rows and columns of a segment: any."""
        return 1, 1

    def __getitem__(self, key: tuple[slice, ...]) -> Array:
        rows, columns, samples = (*key, *[slice(None)] * 3)[:3]
        with self._lock:
            # To touch what was cut off a mapped file kills a process.
            if os.fstat(self._file.fileno()).st_size < self._end:
                raise PictureError("was cut while it was read; run the command again")
            mapping = self._file.memmap_array(*self._array)
        if self._planar:
            part = np.moveaxis(mapping[samples, rows, columns], 0, -1)
        else:
            part = mapping[rows, columns, samples]
        copied: Array = np.array(part, self.dtype)
        return copied


def contiguous_plane(
    cache: SegmentCache, page: Any, keyframe: Any, offset: int | None
) -> Source | None:
    """Map a plane that is stored as one array; None if it is not.

    Parameters
    ----------
    cache : SegmentCache
        That of the file, whose lock is used.
    offset : int, optional
        Where it lies, if the file has no page of its own for it.

    Raises
    ------
    PictureError
        If the file ends before it.
    """
    if offset is None:
        if page is None or not (keyframe.is_memmappable and page.is_contiguous):
            return None
        offset = page.dataoffsets[0]
    file = (keyframe if page is None else page).parent.filehandle
    if file.closed:  # one of several files of a series, which tifffile closes
        return None
    shape = keyframe.imagelength, keyframe.imagewidth, keyframe.samplesperpixel
    dtype = np.dtype(keyframe.dtype).newbyteorder(keyframe.parent.byteorder)
    if file.size < offset + prod(shape) * dtype.itemsize:
        raise PictureError("is truncated: the samples are cut short; save it again")
    planar = keyframe.planarconfig == 2 and shape[2] > 1
    return MappedPlane(file, cache.file_lock, offset, dtype, shape, planar=planar)
