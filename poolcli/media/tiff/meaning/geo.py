"""Georeference: where the pixels of a page lie on the ground."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from poolcli.core.types import Array
from poolcli.media.tiff.meaning.grid import Grid
from poolcli.media.tiff.meaning.raw_tags import RawTag, doubles, texts

__all__ = ["GEO_TAGS", "moved_georeference"]

_SCALE, _TIE_POINTS, _TRANSFORMATION, _KEYS = 33550, 33922, 34264, 34735
_COEFFICIENTS, _GDAL_METADATA = 50844, 42112

GEO_TAGS = {_SCALE, _TIE_POINTS, _TRANSFORMATION, _COEFFICIENTS, _GDAL_METADATA}
"""Tags that say something of the grid of pixels; others of a georeference stay as they are."""

_RASTER_TYPE, _POINT = 1025, 2
_STATISTICS = rb"\s*<Item\b[^>]*\bname=[\"']STATISTICS_[^>]*>[^<]*</Item>"

_LINE_OFFSET, _LINE_SCALE = 2, 7
"""Places of the row's offset and scale among the coefficients; the column's follow each."""


def moved_georeference(found: Mapping[int, Any], grid: Grid) -> list[RawTag]:
    """Make the tags that say of the pooled pixels what these said of the source's.

    Parameters
    ----------
    found : mapping
        Values of tags by their numbers: numbers, or a text.

    Examples
    --------
    >>> grid = Grid(2, 2, (2, 2), (0.5, 0.5))
    >>> scale = moved_georeference({33550: (30.0, 30.0, 0.0)}, grid)[0]
    >>> np.frombuffer(scale.value).tolist()
    [60.0, 60.0, 0.0]
    """
    origin = grid.centres if _raster_type(found.get(_KEYS, ())) == _POINT else grid.corners
    down, across = grid.steps
    made = []
    scale = found.get(_SCALE)
    if scale is not None:
        factors = (across, down, *[1] * len(scale))[: len(scale)]
        made.append(doubles(_SCALE, np.multiply(scale, factors)))
    if _TIE_POINTS in found:
        made.append(doubles(_TIE_POINTS, _moved_ties(found[_TIE_POINTS], scale, grid, origin)))
    if len(found.get(_TRANSFORMATION, ())) == 16:
        pooled = np.diag([across, down, 1.0, 1.0])
        pooled[:2, 3] = origin[::-1]
        matrix = np.reshape(found[_TRANSFORMATION], (4, 4)) @ pooled
        made.append(doubles(_TRANSFORMATION, matrix))
    if _COEFFICIENTS in found:
        values = np.array(found[_COEFFICIENTS], np.float64)
        for place, step, centre in zip((0, 1), grid.steps, grid.centres, strict=True):
            values[_LINE_OFFSET + place] = (values[_LINE_OFFSET + place] - centre) / step
            values[_LINE_SCALE + place] /= step
        made.append(doubles(_COEFFICIENTS, values))
    if _GDAL_METADATA in found:
        text = re.sub(_STATISTICS, b"", str(found[_GDAL_METADATA]).encode())
        made.append(texts(_GDAL_METADATA, text))
    return made


def _raster_type(keys: Sequence[int]) -> int | None:
    """Look up in a directory of keys whether a coordinate names a pixel's corner or its centre."""
    entries = (keys[start : start + 4] for start in range(4, len(keys) - 3, 4))
    return next((value for key, _, _, value in entries if key == _RASTER_TYPE), None)


def _moved_ties(
    ties: Sequence[float], scale: Sequence[float] | None, grid: Grid, origin: tuple[float, float]
) -> Array:
    """Move tie points (column, row, level, x, y, z): one on the ground, several on the grid."""
    points = np.array(ties, np.float64)[: len(ties) // 6 * 6].reshape(-1, 6)
    steps, origins = np.array(grid.steps[::-1]), np.array(origin[::-1])
    if len(points) == 1 and scale is not None and len(scale) >= 2:
        # The place that now has this tie's row and column; rows go down, and y goes up.
        moved = points[0, :2] * steps + origins - points[0, :2]
        points[0, 3:5] += moved * np.array(scale[:2]) * (1, -1)
    else:
        points[:, :2] = (points[:, :2] - origins) / steps
    return points
