"""A TIFF of an array at one level or several, written box by box."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from math import prod
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from poolcli.core.types import Source
from poolcli.errors import PictureError
from poolcli.media.options import INSTALL_TIFF
from poolcli.media.tiff.copied import CopiedLevel, tile_to_copy
from poolcli.media.tiff.directories import described_tags
from poolcli.media.tiff.extra import is_installed
from poolcli.media.tiff.growing import GrowingTiff, Page
from poolcli.media.tiff.levels import TiffLevel
from poolcli.media.tiff.samples import Samples
from poolcli.media.volumes.tiff import StackSource
from poolcli.media.volumes.tiff_tags import TagsOfPlanes
from poolcli.media.zarr_store.volume import Volume

if TYPE_CHECKING:
    from poolcli.media.places.remote_path import Place

__all__ = ["TiffOutput", "check_extra", "is_ome_tiff"]

_CLASSIC_BYTES = (1 << 32) - (1 << 26)
"""Bytes of samples, with room for directories, that 32-bit offsets surely reach."""

_STEP = 16
"""Rows and columns of tiles are multiples of this."""


def check_extra() -> None:
    """Refuse to write a TIFF without the extra.

    Raises
    ------
    PictureError
        If it is missing.
    """
    if not is_installed():
        raise PictureError(f"is a TIFF in tiles, which needs an extra; {INSTALL_TIFF}")


def is_ome_tiff(path: "Place") -> bool:
    """Tell whether a name promises an OME-XML.

    >>> is_ome_tiff(Path("a.OME.tif")), is_ome_tiff(Path("a.tif"))
    (True, False)
    """
    return path.name.lower().endswith((".ome.tif", ".ome.tiff"))


class TiffOutput:
    """The levels of a TIFF that is being written.

    Parameters
    ----------
    path : Path
    volume : Volume
        Level 0, its axes in the order of a TIFF; its source has the shape alone.
    shapes : sequence of tuple of int
        Of all levels.
    tile : (int, int)
        Rows and columns of a tile at most.
    ome : bool
        Whether there must be an OME-XML.
    unit : (int, int)
        Rows and columns that boxes of level 0 are multiples of: tiles of the source that these
        are multiples of can be copied.
    big : bool, optional
        Whether offsets take 64 bits, in place of whether they must.

    Attributes
    ----------
    levels : list of TiffLevel

    Raises
    ------
    PictureError
        If OME-XML has no such type.
    """

    def __init__(
        self,
        path: Path,
        volume: Volume,
        shapes: Sequence[tuple[int, ...]],
        *,
        tile: tuple[int, int],
        ome: bool,
        unit: tuple[int, int] = (1, 1),
        big: bool = False,
    ) -> None:
        dtype = np.dtype(volume.source.dtype)
        dtype = np.dtype(np.uint8) if dtype.kind == "b" else dtype.newbyteorder("=")
        size = sum(prod(shape) for shape in shapes) * dtype.itemsize
        self._samples = _samples_of(volume, dtype)
        self._tags = TagsOfPlanes(volume, self._samples, ome=ome)
        self._tiff = GrowingTiff(path, big=big or size > _CLASSIC_BYTES)
        self.levels = [
            TiffLevel(self._tiff, shape, self._samples, self._fitted(shape, tile))
            for shape in shapes
        ]
        copied = self._copied(volume.source, unit)
        if copied is not None:
            self.levels[0] = copied

    def _fitted(self, shape: Sequence[int], tile: tuple[int, int]) -> tuple[int, int]:
        inner = 2 + (self._samples.channels > 1)
        height, width = shape[len(shape) - inner :][:2]
        rows, columns = (
            min(side, -(-length // _STEP) * _STEP)
            for side, length in zip(tile, (height, width), strict=True)
        )
        return rows, columns

    def _copied(self, source: Source, unit: tuple[int, int]) -> CopiedLevel | None:
        if not isinstance(source, StackSource):
            return None
        tile = tile_to_copy(source.stack, source.numbers)
        if tile is None or any(all_ % side for all_, side in zip(unit, tile, strict=True)):
            return None
        stack, numbers = source.stack, source.numbers
        return CopiedLevel(self._tiff, source, self._samples, tile, stack, numbers)

    def restore(self, told: Iterable[Any]) -> None:
        """Go on with what an earlier run has kept, told by the journal box by box.

        Raises
        ------
        PictureError
            If there is less than that.
        """
        for box in told:
            for number, kept in box or ():
                self.levels[number].restore(kept)
        self._tiff.cut(self._tiff.end)

    def finish(self) -> tuple[str, ...]:
        """Write the directories; return notes on what of the source is left out."""
        self._tiff.finish(self._pages())
        return self._tags.notes

    def _pages(self) -> Iterator[Page]:
        for plane in range(prod(self.levels[0].lead)):
            told = self._tags.of_plane(plane)
            tags = [*self.levels[0].tags(plane, reduced=False), *described_tags(told)]
            reduced = [
                level.tags(plane, reduced=True)
                + described_tags(self._tags.of_reduced(plane, level.shape))
                for level in self.levels[1:]
            ]
            yield Page(tags, told.directories.items(), reduced)

    @property
    def close(self) -> Callable[[], None]:
        """Function that closes the file."""
        return self._tiff.close


def _samples_of(volume: Volume, dtype: "np.dtype[Any]") -> Samples:
    """Say what the channels of a pixel are: those of the picture, or grey, colours and alpha."""
    names, shape = volume.names, volume.source.shape
    if names[-1] != "c":
        return Samples(1, (), 1, dtype)
    count = shape[-1]
    if volume.colours is not None:
        return Samples(volume.colours.photometric, volume.colours.extras, count, dtype)
    if count in (3, 4) and dtype.kind == "u" and dtype.itemsize <= 2:
        return Samples(2, (2,) * (count - 3), count, dtype)
    return Samples(1, (0,) * (count - 1), count, dtype)
