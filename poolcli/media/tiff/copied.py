"""Tiles of a TIFF that are copied as they are encoded, pixels untouched."""

import sys
from collections.abc import Sequence
from typing import Any

import numpy as np

from poolcli.core.types import Array, Source
from poolcli.errors import PictureError
from poolcli.media.tiff.directories import copied_layout_tags
from poolcli.media.tiff.errors import translate_errors
from poolcli.media.tiff.growing import GrowingTiff
from poolcli.media.tiff.levels import TiffLevel
from poolcli.media.tiff.meaning.raw_tags import RawTag
from poolcli.media.tiff.samples import Samples
from poolcli.media.tiff.stack import Stack

__all__ = ["CopiedLevel", "tile_to_copy"]

_COMPRESSIONS = {1, 5, 7, 8, 32773, 32946, 33003, 33005, 33007, 34712, 34887, 34925, 50000}
"""Compressions that need nothing but the tags that are copied."""

_JPEG = 7
"""A compression whose tables differ from page to page."""

_ORDER = "<" if sys.byteorder == "little" else ">"


def tile_to_copy(stack: Stack, numbers: Sequence[int]) -> tuple[int, int] | None:
    """Look up rows and columns of the tiles of some planes; None if they cannot be copied."""
    run = stack.place(numbers[0])[0]
    key: Any = run.keyframe
    with stack.lock, translate_errors():
        plain = (
            key.is_tiled
            and int(key.compression) in _COMPRESSIONS
            and int(key.fillorder) == 1
            and key.bitspersample == 8 * key.dtype.itemsize
            and (key.dtype.itemsize == 1 or key.parent.byteorder == _ORDER)
            and (key.planarconfig == 1 or key.samplesperpixel == 1)
            and key.tilelength % 16 == key.tilewidth % 16 == 0
            and len(run.pages) >= run.planes
            and (int(key.compression) != _JPEG or len(numbers) == 1)
            and all(_is_whole(run.pages[stack.place(number)[1]]) for number in numbers)
        )
    if not plain:
        return None
    plane = stack.plane(numbers[0])
    if plane.samples.function or plane.samples.colormap is not None or plane.orientation != 1:
        return None
    return key.tilelength, key.tilewidth


def _is_whole(page: Any) -> bool:
    """Tell whether all tiles of a page are stored."""
    return page is not None and all(page.databytecounts)


class CopiedLevel(TiffLevel):
    """Level 0, of which the tiles are copied and the pixels are read from the source.

    Parameters
    ----------
    source : Source
        Its pixels.
    stack : Stack
    numbers : sequence of int
        The planes, in the order of the array.
    """

    def __init__(
        self,
        tiff: GrowingTiff,
        source: Source,
        samples: Samples,
        tile: tuple[int, int],
        stack: Stack,
        numbers: Sequence[int],
    ) -> None:
        super().__init__(tiff, source.shape, samples, tile)
        self._source, self._stack, self._numbers = source, stack, numbers

    def encode(self, box: Sequence[slice], values: Array) -> list[tuple[int, bytes]]:  # noqa: ARG002
        """Read the tiles of a box as they are."""
        each = int(np.prod(self.grid))
        return [
            (tile.number, self._segment(tile.plane, tile.number % each)) for tile in self.tiles(box)
        ]

    def _page(self, plane: int) -> Any:
        run, place = self._stack.place(self._numbers[plane])
        return run.pages[place]

    def _segment(self, plane: int, index: int) -> bytes:
        with self._stack.lock, translate_errors():
            page = self._page(plane)
            file = page.parent.filehandle
            file.seek(page.dataoffsets[index])
            data: bytes = file.read(page.databytecounts[index])
        if len(data) < page.databytecounts[index]:
            raise PictureError(f"is truncated: segment {index} is cut short; save it again")
        return data

    def __getitem__(self, box: tuple[slice, ...]) -> Array:
        return self._source[box]

    def _layout_tags(self) -> list[RawTag]:
        with self._stack.lock, translate_errors():
            return copied_layout_tags(self._keyframe, self.size, self.tile)

    @property
    def _keyframe(self) -> Any:
        return self._stack.place(self._numbers[0])[0].keyframe
