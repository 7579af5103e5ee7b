"""Windows of very many taps, looked at one by one.

Side by side, as `taps` gives them, each tap would be an array of its own, and there would be more
of them than windows.
"""

from collections.abc import Iterator
from fractions import Fraction
from itertools import product
from math import prod

import numpy as np

from poolcli.core.engine.bands import tiles
from poolcli.core.geometry.plan import Plan
from poolcli.core.geometry.stage import Stage
from poolcli.core.poolings.ranks.most_common import codes
from poolcli.core.poolings.ranks.order_statistic import middle_of_rows
from poolcli.core.poolings.ranks.tallies import commonest
from poolcli.core.types import Array, Source

__all__ = [
    "each_window",
    "has_many_taps",
    "in_place",
    "in_rows",
    "median_of_window",
    "mode_of_window",
]

_MOST_TAPS = 2048
"""A window of more taps is looked at on its own."""

_PART_BYTES = 1 << 22


def has_many_taps(plan: Plan) -> bool:
    """Tell whether windows are to be looked at one by one."""
    return prod(stage.window.kernel for stage in plan.stages) > _MOST_TAPS


def each_window(
    plan: Plan, together: int | None = None, present: Source | None = None
) -> Iterator[tuple[tuple[slice, ...], Array, Array | None]]:
    """Give each window of a few planes at a time, and the place of its result.

    ``present`` is as in `taps`.

    Yields
    ------
    where : tuple of slice
    part : ndarray
        All axes of the input; the pooled ones hold the window's taps that exist, if any.
    votes : ndarray or None
        Which of them have a vote; None where all do.
    """
    pooled = {stage.axis: stage for stage in plan.stages}
    front = [axis for axis in range(len(plan.shape)) if axis not in pooled and axis != together]
    size = prod(stage.window.kernel for stage in plan.stages) * plan.x.dtype.itemsize
    if together is not None:
        size *= plan.shape[together]
    lengths = [plan.shape[axis] for axis in front] or [1]
    if not prod(plan.shape):
        return
    for tile in tiles(lengths, len(lengths) - 1, size, _PART_BYTES):
        for number in product(*(range(stage.size) for stage in plan.stages)):
            where, key = [slice(None)] * len(plan.shape), [slice(None)] * len(plan.shape)
            for axis, some in zip(front, tile, strict=False):
                where[axis] = key[axis] = some
            for stage, o in zip(plan.stages, number, strict=True):
                where[stage.axis], key[stage.axis] = slice(o, o + 1), _reach(stage, o)
            votes = None if present is None else present[tuple(key)]
            if votes is not None and votes.all():
                votes = None
            yield tuple(where), plan.x[tuple(key)], votes


def _reach(stage: Stage, number: int) -> slice:
    """Find the positions of a window that lie in the input."""
    start, step = stage.window.start(number), stage.window.dilation
    first = start if start >= 0 else start % step
    return slice(first, max(first, min(stage.window.stop(number), stage.length)), step)


def in_rows(part: Array, plan: Plan) -> Array:
    """Lay the taps of each window along the last axis, in the machine's byte order."""
    axes = [stage.axis for stage in plan.stages]
    taps_last = np.moveaxis(part, axes, range(-len(axes), 0))
    front = taps_last.shape[: part.ndim - len(axes)]
    taps = prod(taps_last.shape[part.ndim - len(axes) :])
    return taps_last.reshape(*front, taps).astype(part.dtype.newbyteorder("="))


def in_place(values: Array, plan: Plan) -> Array:
    """Put results back into the axes of the output."""
    return np.expand_dims(values, tuple(stage.axis for stage in plan.stages))


def median_of_window(part: Array, votes: Array | None, plan: Plan, share: Fraction) -> Array:
    """Find the value of one rank in every window, as `middle` does; NaN if any tap is."""
    exists = None if votes is None else in_rows(votes, plan)
    return in_place(middle_of_rows(in_rows(part, plan), exists, share), plan)


def mode_of_window(part: Array, votes: Array | None, plan: Plan, channel_axis: int | None) -> Array:
    """Find the most common value, or pixel, of every window; of several, the first."""
    rows = in_rows(part, plan)
    channel = None
    if channel_axis is not None:
        channel = channel_axis - sum(stage.axis < channel_axis for stage in plan.stages)
    (keys,) = codes([rows], channel)
    exists = None if votes is None else in_rows(votes, plan)
    if exists is not None and channel is not None:
        exists = exists.take(0, channel)  # a pixel's channels have one vote
    votes_of_row = None if exists is None else exists.reshape(-1, exists.shape[-1])
    chosen = commonest(keys.reshape(-1, keys.shape[-1]), votes_of_row).reshape(keys.shape[:-1])
    if channel is not None:
        chosen = np.expand_dims(chosen, channel)
    picked = np.take_along_axis(rows, chosen[..., None], -1)[..., 0]
    return in_place(picked, plan)
