"""Arrays that are written as tiles of a growing TIFF, box by box, and can be read meanwhile."""

from collections.abc import Iterator, Sequence
from itertools import product
from math import ceil, prod
from typing import Any, NamedTuple

import numpy as np

from poolcli.core.geometry.boxes import overlap, within
from poolcli.core.types import Array
from poolcli.media.tiff.directories import layout_tags, segment_tags
from poolcli.media.tiff.encoding import (
    Coding,
    Layout,
    coding_of,
    decode_segment,
    encode_segment,
)
from poolcli.media.tiff.growing import GrowingTiff
from poolcli.media.tiff.meaning.raw_tags import RawTag
from poolcli.media.tiff.samples import Samples

__all__ = ["TiffLevel", "Tile"]


class Tile(NamedTuple):
    """A tile: its number, counted over all planes, and its place in the array."""

    number: int
    plane: int
    where: tuple[slice, ...]


class TiffLevel:
    """An array (…, H, W), or (…, H, W, channels) whose channels are stored together.

    Boxes are of whole tiles: threads encode them side by side, and one keeps them in their order,
    so that the file does not depend on who was faster.

    Parameters
    ----------
    tiff : GrowingTiff
    shape : tuple of int
    samples : Samples
        Its channels are those of the last axis if there are more than one.
    tile : (int, int)
        Rows and columns, multiples of 16.
    """

    ordered = True

    def __init__(
        self,
        tiff: GrowingTiff,
        shape: Sequence[int],
        samples: Samples,
        tile: tuple[int, int],
        coding: Coding | None = None,
    ) -> None:
        self.tiff, self.shape, self.samples, self.tile = tiff, tuple(shape), samples, tile
        self.dtype: np.dtype[Any] = np.dtype(samples.dtype)
        self.coding = coding_of(self.dtype) if coding is None else coding
        inner = 2 + (samples.channels > 1)
        self.lead, self._plane = self.shape[:-inner], self.shape[len(self.shape) - inner :]
        self.grid = tuple(ceil(n / side) for n, side in zip(self._plane[:2], tile, strict=True))
        count = prod(self.lead) * prod(self.grid)
        self._offsets, self._counts = np.zeros(count, np.uint64), np.zeros(count, np.uint64)

    @property
    def size(self) -> tuple[int, int]:
        """Rows and columns of a plane."""
        height, width = self._plane[:2]
        return height, width

    def tiles(self, box: Sequence[slice]) -> Iterator[Tile]:
        """Yield the tiles that a box touches, in the order of their numbers."""
        count = len(self.lead)
        down, across = (
            range(span.start // side, ceil(span.stop / side))
            for span, side in zip(box[count : count + 2], self.tile, strict=True)
        )
        for at in product(*(range(span.start, span.stop) for span in box[:count])):
            plane = int(np.ravel_multi_index(at, self.lead)) if self.lead else 0
            for row, column in product(down, across):
                number = (plane * self.grid[0] + row) * self.grid[1] + column
                yield Tile(
                    number, plane, (*(slice(i, i + 1) for i in at), *self._span(row, column))
                )

    def _span(self, *at: int) -> Iterator[slice]:
        for number, side, length in zip(at, self.tile, self._plane[:2], strict=True):
            yield slice(number * side, min(length, (number + 1) * side))
        if len(self._plane) > 2:
            yield slice(0, self._plane[2])

    def encode(self, box: Sequence[slice], values: Array) -> list[tuple[int, bytes]]:
        """Encode the tiles of a box."""
        layout = Layout(*self.tile, tiled=True, planar=False)
        made = []
        for tile in self.tiles(box):
            block = values[within(tile.where, box)].reshape(*_shape(tile.where, self.lead), -1)
            block = block.astype(self.dtype, copy=False)
            made.append((tile.number, encode_segment(block, layout, self.coding)))
        return made

    def keep(self, encoded: Sequence[tuple[int, bytes]]) -> list[tuple[int, int]]:
        """Append encoded tiles; return their numbers and sizes, by which they are found again."""
        for number, data in encoded:
            self._offsets[number] = self.tiff.append(data)
            self._counts[number] = len(data)
        return [(number, len(data)) for number, data in encoded]

    def restore(self, kept: Sequence[tuple[int, int]]) -> None:
        """Find tiles that an earlier run has kept; in the order in which it did."""
        for number, size in kept:
            self._offsets[number] = self.tiff.next_place
            self._counts[number] = size
            self.tiff.end = self.tiff.next_place + size

    def __getitem__(self, box: tuple[slice, ...]) -> Array:
        out = np.empty([span.stop - span.start for span in box], self.dtype)
        for tile in self.tiles(box):
            place, size = int(self._offsets[tile.number]), int(self._counts[tile.number])
            data = self.tiff.read(place, size)
            block = decode_segment(
                data, (*self.tile, self.samples.channels), self.dtype, self.coding
            )
            both = overlap(tile.where, box)
            inside = within(both, tile.where)[len(self.lead) :]
            part = block[inside[:2]] if len(self._plane) > 2 else block[..., 0][inside]
            target = out[within(both, box)]
            target[...] = part.reshape(target.shape)
        return out

    def tags(self, plane: int, *, reduced: bool) -> list[RawTag]:
        """Describe the tiles of a plane."""
        some = slice(plane * prod(self.grid), (plane + 1) * prod(self.grid))
        big = self.tiff.big
        places = segment_tags(self._offsets[some], self._counts[some], big=big, reduced=reduced)
        return [*places, *self._layout_tags()]

    def _layout_tags(self) -> list[RawTag]:
        return layout_tags(self.size, self.tile, self.samples, self.coding)


def _shape(where: Sequence[slice], lead: Sequence[int]) -> tuple[int, int]:
    rows, columns = where[len(lead) : len(lead) + 2]
    return rows.stop - rows.start, columns.stop - columns.start
