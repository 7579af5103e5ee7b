"""Tags of each pooled page: what the source's say, made true of the pooled pixels."""

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from types import MappingProxyType
from typing import Any, NamedTuple

from poolcli.media.tiff.meaning.exif import DIRECTORY_TAGS, read_directory
from poolcli.media.tiff.meaning.geo import GEO_TAGS, moved_georeference
from poolcli.media.tiff.meaning.grid import Grid
from poolcli.media.tiff.meaning.imagej import rewrite_description
from poolcli.media.tiff.meaning.raw_tags import RawTag, ratio, read_raw
from poolcli.media.xmp import upright_xmp, without_stale_parts, xmp_for_size

__all__ = ["PageTags", "shaped_description", "tags_of_page"]

_DESCRIPTION, _X_RESOLUTION, _Y_RESOLUTION, _UNIT, _XMP = 270, 282, 283, 296, 700
_IMAGEJ = {50838, 50839}
_SILENT = {
    *range(254, 267),
    *range(273, 282),
    284,
    *range(288, 294),
    297,
    301,
    317,
    *range(320, 326),
    *range(332, 348),
    *range(512, 522),
    *range(529, 533),
    50741,
    *_IMAGEJ,
}
"""Tags on how the old file stores its samples, and on its places; ImageJ's are seen to apart."""

_NAMES = {
    330: "sub-images",
    33628: "MetaMorph tables",
    33629: "MetaMorph tables",
    33630: "MetaMorph tables",
    33631: "MetaMorph tables",
    34377: "Photoshop data",
    34412: "LSM tables",
    37724: "Photoshop layers",
    40965: "EXIF",
}


_NO_UNIT, _INCH, _CENTIMETRE = 1, 2, 3
_UNITS = {_NO_UNIT, _INCH, _CENTIMETRE}


class PageTags(NamedTuple):
    """Tags of a page, as tifffile's writer takes them.

    Attributes
    ----------
    description : bytes, optional
    resolution : ((int, int), (int, int)), optional
        Fractions, across and down.
    unit : int
    others : list of RawTag
    directories : mapping
        Entries of the directories below the page, by the tags that name them.
    """

    description: bytes | None = None
    resolution: tuple[tuple[int, int], tuple[int, int]] | None = None
    unit: int = 1
    others: Sequence[RawTag] = ()
    directories: Mapping[int, Sequence[RawTag]] = MappingProxyType({})


def tags_of_page(page: Any, grid: Grid, orientation: int = 1) -> tuple[PageTags, list[str]]:
    """Make the tags of a pooled page, and name what is left out.

    Parameters
    ----------
    page : tifffile's page
    orientation : int
        As the page is stored, in numbers of EXIF; a georeference does not fit unless it is 1.
    """
    kept: list[RawTag] = []
    lost: list[str] = []
    places: dict[int, Any] = {}
    below: dict[int, list[RawTag]] = {}
    for tag in page.tags:
        if tag.code in DIRECTORY_TAGS:
            below[tag.code], names = read_directory(page, tag, grid)
            lost += names
            continue
        if tag.code in GEO_TAGS or tag.code == 34735:
            places[tag.code] = tag.value
        if tag.code in _SILENT | GEO_TAGS | {_DESCRIPTION, _X_RESOLUTION, _Y_RESOLUTION, _UNIT}:
            continue
        raw = None if tag.code in _NAMES else read_raw(page, tag)
        if raw is None:
            lost.append(_NAMES.get(tag.code, tag.name))
        elif tag.code == _XMP:
            text, names = without_stale_parts(upright_xmp(raw.value))
            text = xmp_for_size(text, (grid.width, grid.height)) or b""
            kept.append(raw._replace(length=len(text), value=text))
            lost += names
        else:
            kept.append(raw)
    if set(places) & GEO_TAGS:
        if orientation == 1:
            kept += moved_georeference(places, grid)
        else:
            lost.append("georeference")
    description, names = _described(page, grid)
    resolution, unit = _resolution(page, grid, swapped=orientation > 4)
    below = {code: entries for code, entries in below.items() if entries}
    return PageTags(description, resolution, unit, kept, below), [*lost, *names]


def _described(page: Any, grid: Grid) -> tuple[bytes | None, list[str]]:
    """Make the description of a page that stands for itself."""
    tag = page.tags.get(_DESCRIPTION)
    text = tag.value if tag is not None else None
    if isinstance(text, bytes):
        text = text.decode("latin-1")
    if not isinstance(text, str) or not text:
        return None, []
    if text.startswith("ImageJ="):
        return rewrite_description(text, grid).encode(), []
    if text.startswith('{"shape": ['):
        return shaped_description(text, grid, channels_last=page.axes == "YXS"), []
    if text.startswith("Aperio"):
        return None, ["Aperio description"]
    if "<OME" in text[:1000]:
        return None, ["OME-XML"]
    return text.encode(), []


def shaped_description(
    text: str, grid: Grid, axes: str = "", *, channels_last: bool = False
) -> bytes | None:
    """Let tifffile's description of an array tell the pooled shape.

    Parameters
    ----------
    axes : str
        Letters of the axes before a plane's own, where the text names none.

    Examples
    --------
    >>> grid = Grid(4, 3, (2, 2), (0.5, 0.5))
    >>> shaped_description('{"shape": [5, 8, 6], "axes": "ZYX"}', grid)
    b'{"shape": [5, 4, 3], "axes": "ZYX"}'
    """
    with suppress(ValueError, KeyError, TypeError, IndexError):
        told = json.loads(text)
        shape = list(told["shape"])
        down, across = (-3, -2) if channels_last else (-2, -1)
        shape[down], shape[across] = grid.height, grid.width
        for line in grid.lines:
            shape[str(told.get("axes", axes)).index(line.axis)] = line.size
        return json.dumps(told | {"shape": shape}).encode()
    return None


def _resolution(
    page: Any, grid: Grid, *, swapped: bool
) -> tuple[tuple[tuple[int, int], tuple[int, int]] | None, int]:
    """Divide pixels per unit, across and down the upright picture, by the step."""
    found = []
    codes = (_Y_RESOLUTION, _X_RESOLUTION) if swapped else (_X_RESOLUTION, _Y_RESOLUTION)
    for code, step in zip(codes, grid.steps[::-1], strict=True):
        tag = page.tags.get(code)
        with suppress(TypeError, ValueError, ZeroDivisionError, AttributeError):
            top, bottom = tag.value
            if top > 0:
                found.append(ratio(top / bottom / step))
    unit = page.tags.get(_UNIT)
    number = int(unit.value) if unit is not None else _INCH
    if len(found) < 2 or number not in _UNITS:
        return None, _NO_UNIT
    return (found[0], found[1]), number
