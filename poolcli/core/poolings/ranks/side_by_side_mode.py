"""Modes of windows that lie side by side."""

from collections.abc import Sequence
from math import prod

import numpy as np

from poolcli.core.geometry.plan import Plan
from poolcli.core.poolings.ranks.most_common import PAIRS_TAPS, codes, commonest_of_few
from poolcli.core.poolings.ranks.side_by_side import as_planes, as_rows, grids, parts, places
from poolcli.core.poolings.ranks.tallies import commonest
from poolcli.core.types import Array

__all__ = ["channelless", "commonest_taps", "picked", "side_by_side_mode"]

_PART_PIXELS = 1 << 18
"""Pixels of the windows that are looked at together, which stay in cache; half as many take longer.
"""


def side_by_side_mode(plan: Plan, out: Array, channel_axis: int | None) -> bool:
    """Compute all windows, or return False if they do not lie side by side."""
    alike = grids(plan)
    if alike is None:
        return False
    axes = channelless([stage.axis for stage in plan.stages], channel_axis)
    native = plan.x.dtype.newbyteorder("=")
    channels = 1 if channel_axis is None else plan.shape[channel_axis]
    for grid in alike:
        for where, key in parts(plan, grid, 1, channel_axis, _PART_PIXELS * channels):
            part = np.asarray(plan.x[key]).astype(native, copy=False)
            (keys,) = codes([part], channel_axis)
            taps = commonest_taps(keys, axes, grid.sides)
            out[where] = picked(part, channel_axis, places(keys.shape, axes, grid.sides, taps))
    return True


def channelless(axes: Sequence[int], channel_axis: int | None) -> list[int]:
    """Number axes without that of the channels, which is not one of them."""
    return [axis - (channel_axis is not None and channel_axis < axis) for axis in axes]


def commonest_taps(keys: Array, axes: Sequence[int], sides: Sequence[int]) -> Array:
    """Find the tap of each window that is the first of the commonest."""
    if prod(sides) <= PAIRS_TAPS:
        return commonest_of_few(as_planes(keys, axes, sides))
    rows = as_rows(keys, axes, sides)
    shape = list(keys.shape)
    for axis, side in zip(axes, sides, strict=True):
        shape[axis] //= side
    return commonest(rows).reshape(shape)


def picked(x: Array, channel_axis: int | None, where: Array) -> Array:
    """Pick values, or pixels along ``channel_axis``, by their flat places."""
    if channel_axis is None:
        return x.reshape(-1).take(where)
    # take is four times as fast as a list of places in brackets
    planes = np.moveaxis(x, channel_axis, 0)
    each = [np.ascontiguousarray(plane).reshape(-1).take(where) for plane in planes]
    return np.stack(each, channel_axis)
