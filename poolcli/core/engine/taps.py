"""The taps of many windows side by side, in tiles: for statistics that need whole windows."""

from collections.abc import Iterator, Sequence
from itertools import product
from math import prod
from typing import Any, NamedTuple

import numpy as np

from poolcli.core.engine.bands import tiles
from poolcli.core.geometry.plan import Plan
from poolcli.core.geometry.stage import Stage
from poolcli.core.geometry.windows import Spans
from poolcli.core.types import Array, Source

__all__ = ["Taps", "taps", "tiles_around"]

_TILE_BYTES = 1 << 21

_READ_TILES = 8
"""A tile may span so many times its size in the input, where windows lie far apart."""


class Taps(NamedTuple):
    """Some windows of the output.

    Attributes
    ----------
    where : tuple of slice
        Their places in the output.
    planes : list of ndarray
        Tap after tap in row-major order, each of the shape of the windows; views where possible.
    valid : list of ndarray or None
        For each plane, broadcastable, whether the tap exists and has a vote; None where all do.
    """

    where: tuple[slice, ...]
    planes: list[Array]
    valid: list[Array] | None


def taps(
    plan: Plan,
    itemsize: int,
    together: int | None = None,
    *,
    whole: bool = True,
    present: Source | None = None,
) -> Iterator[Taps]:
    """Cut the output into windows that have all their taps and windows at a border.

    ``itemsize`` is the bytes of working memory for each tap; ``together`` an axis not to cut.
    Without ``whole``, windows that have all their taps are left out. ``present`` tells which values
    of the input have a vote; its axes are those of the input, or of length 1.
    """
    count = prod(stage.window.kernel for stage in plan.stages)
    if not prod(plan.shape):
        return
    read = prod(stage.length for stage in plan.stages) * plan.x.dtype.itemsize
    each = max(itemsize * count, read // prod(stage.size for stage in plan.stages) // _READ_TILES)
    for region in product(*map(_ranges, plan.stages)):
        shape = list(plan.shape)
        for stage, (first, last, _) in zip(plan.stages, region, strict=True):
            shape[stage.axis] = last - first
        inside = all(inside for _, _, inside in region)
        if inside and not whole:
            continue
        for tile in tiles_around(shape, each, together, _TILE_BYTES):
            yield _taps_of(plan, region, tile, inside, present)


def tiles_around(
    shape: Sequence[int], itemsize: int, together: int | None, most: int
) -> Iterator[tuple[slice, ...]]:
    """Cut a shape into pieces of so many bytes at most, where one can be, but not along an axis."""
    if together is None:
        yield from tiles(shape, len(shape) - 1, itemsize, most)
        return
    others = [*shape[:together], *shape[together + 1 :]]
    for tile in tiles(others, len(others) - 1, itemsize * shape[together], most):
        uncut = (slice(None),) if len(tile) > together else ()
        yield (*tile[:together], *uncut, *tile[together:])


def _ranges(stage: Stage) -> list[tuple[int, int, bool]]:
    """Split an axis into the windows before, in and after the range in which all taps exist.

    Those in the range need no mask, and are nearly all.
    """
    lo, hi = stage.inside
    ranges = ((0, lo, False), (lo, hi, True), (hi, stage.size, False))
    return [one for one in ranges if one[0] < one[1]]


def _taps_of(
    plan: Plan,
    region: Sequence[tuple[int, int, bool]],
    tile: tuple[slice, ...],
    whole: bool,
    present: Source | None,
) -> Taps:
    ndim = len(plan.shape)
    where = list(tile) + [slice(None)] * (ndim - len(tile))
    key: list[Any] = list(where)
    positions, valids = [], []
    for stage, (first, last, _) in zip(plan.stages, region, strict=True):
        cut = where[stage.axis].indices(last - first)
        span = range(first + cut[0], first + cut[1])
        where[stage.axis] = slice(span.start, span.stop)
        at, valid, low, high = _positions(stage, span, ndim)
        key[stage.axis] = slice(low, high)
        positions.append(at)
        valids.append(valid)
    part = plan.x[tuple(key)]
    votes = None if present is None else present[tuple(key)]
    if votes is not None and votes.all():
        votes = None
    planes, exist = [], []
    for tap in product(*(range(stage.window.kernel) for stage in plan.stages)):
        planes.append(_plane(part, plan, positions, tap))
        if votes is not None or not whole:
            exist.append(np.array(True))
            for valid, j in zip(valids, tap, strict=True):
                exist[-1] = exist[-1] & valid[j]
        if votes is not None:
            exist[-1] = exist[-1] & _plane(votes, plan, positions, tap)
    return Taps(tuple(where), planes, exist or None)


def _plane(
    part: Array, plan: Plan, positions: Sequence[Sequence[slice | Array]], tap: Sequence[int]
) -> Array:
    """Pick one tap of all windows."""
    for stage, at, j in zip(plan.stages, positions, tap, strict=True):
        part = _pick(part, stage.axis, at[j])
    return part


def _positions(
    stage: Stage, span: range, ndim: int
) -> tuple[list[slice | Array], list[Array], int, int]:
    """Find each tap of the windows in the part of the input from ``low`` to ``high``."""
    window = stage.window
    starts = np.array([window.start(o) for o in span])
    if isinstance(window, Spans):
        stops = np.array([window.stop(o) for o in span])
    else:
        stops = np.full(len(span), stage.length)
    low, high = max(0, int(starts[0])), min(stage.length, window.stop(span[-1]))
    low = min(low, stage.length - 1)
    high = max(high, low + 1)
    shape = (-1,) + (1,) * (ndim - stage.axis - 1)
    at: list[slice | Array] = []
    valid = []
    for j in range(window.kernel):
        here = starts + j * window.dilation
        exists = (here >= 0) & (here < np.minimum(stops, stage.length))
        valid.append(exists.reshape(shape))
        if exists.all() and not isinstance(window, Spans):
            at.append(slice(int(here[0]) - low, int(here[-1]) - low + 1, window.stride))
        else:
            at.append(np.clip(here, low, high - 1) - low)
    return at, valid, low, high


def _pick(x: Array, axis: int, at: "slice | Array") -> Array:
    if isinstance(at, slice):
        return x[(slice(None),) * axis + (at,)]
    return np.take(x, at, axis)
