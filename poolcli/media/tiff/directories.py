"""Entries of a page's directory on how its samples are stored."""

from typing import Any

from poolcli.media.tiff.encoding import Coding
from poolcli.media.tiff.meaning.page_tags import PageTags
from poolcli.media.tiff.meaning.raw_tags import (
    RawTag,
    longs,
    places,
    ratios,
    read_raw,
    shorts,
    texts,
)
from poolcli.media.tiff.samples import Samples

__all__ = ["copied_layout_tags", "described_tags", "layout_tags", "segment_tags"]

_SUBFILE, _WIDTH, _HEIGHT, _BITS, _COMPRESSION, _PHOTOMETRIC = 254, 256, 257, 258, 259, 262
_DESCRIPTION, _SAMPLES, _X_RESOLUTION, _Y_RESOLUTION, _PLANAR, _UNIT = 270, 277, 282, 283, 284, 296
_PREDICTOR, _TILE_WIDTH, _TILE_HEIGHT, _OFFSETS, _COUNTS = 317, 322, 323, 324, 325
_EXTRAS, _FORMAT = 338, 339
_REDUCED = 1

_FORMATS = {"u": 1, "i": 2, "f": 3}

_COPIED = {_BITS, _COMPRESSION, _PHOTOMETRIC, _SAMPLES, _PLANAR, _PREDICTOR, _EXTRAS, _FORMAT}
_COPIED |= {347, 529, 530, 531, 532}
"""Tags that say how to decode a segment; the last ones are of JPEG and YCbCr."""


def layout_tags(
    size: tuple[int, int], tile: tuple[int, int], samples: Samples, coding: Coding
) -> list[RawTag]:
    """Describe a page of tiles whose samples are stored together.

    Parameters
    ----------
    size, tile : (int, int)
        Rows and columns of the page, and of a tile.
    """
    count, dtype = samples.channels, samples.dtype
    tags = [*_sizes(size, tile), shorts(_BITS, *[8 * dtype.itemsize] * count)]
    tags += [shorts(_COMPRESSION, coding.compression), shorts(_PHOTOMETRIC, samples.photometric)]
    tags += [shorts(_SAMPLES, count), shorts(_PLANAR, 1)]
    tags.append(shorts(_FORMAT, *[_FORMATS[dtype.kind]] * count))
    if coding.predictor != 1:
        tags.append(shorts(_PREDICTOR, coding.predictor))
    if samples.extras:
        tags.append(shorts(_EXTRAS, *samples.extras))
    return tags


def copied_layout_tags(page: Any, size: tuple[int, int], tile: tuple[int, int]) -> list[RawTag]:
    """Describe a page whose tiles are those of another page of tifffile's."""
    found = [tag for tag in page.tags if tag.code in _COPIED]
    read = [read_raw(page, tag) for tag in found]
    return [*_sizes(size, tile), *(tag for tag in read if tag is not None)]


def _sizes(size: tuple[int, int], tile: tuple[int, int]) -> list[RawTag]:
    return [
        longs(_HEIGHT, size[0]),
        longs(_WIDTH, size[1]),
        longs(_TILE_HEIGHT, tile[0]),
        longs(_TILE_WIDTH, tile[1]),
    ]


def segment_tags(offsets: Any, counts: Any, *, big: bool, reduced: bool) -> list[RawTag]:
    """Say where the tiles of a page are, and whether it is a reduced copy of another one."""
    tags = [places(_OFFSETS, offsets, big=big), places(_COUNTS, counts, big=big)]
    return [longs(_SUBFILE, _REDUCED if reduced else 0), *tags]


def described_tags(told: PageTags) -> list[RawTag]:
    """Pack what is told about a page, but for the directories below it."""
    tags = [one._replace(once=False) for one in told.others]
    if told.description:
        tags.append(texts(_DESCRIPTION, told.description))
    if told.resolution is not None:
        across, down = told.resolution
        tags += [ratios(_X_RESOLUTION, across), ratios(_Y_RESOLUTION, down)]
        tags.append(shorts(_UNIT, told.unit))
    return tags
