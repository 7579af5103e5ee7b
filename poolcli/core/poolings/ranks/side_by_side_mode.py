"""Modes of windows that lie side by side."""

from collections.abc import Sequence
from math import prod

import numpy as np

from poolcli.core.geometry.plan import Plan
from poolcli.core.poolings.ranks.most_common import PAIRS_TAPS, codes, commonest_of_few
from poolcli.core.poolings.ranks.side_by_side import as_planes, as_rows, grids, parts, places
from poolcli.core.poolings.ranks.tallies import commonest
from poolcli.core.types import Array

__all__ = ["PART_PIXELS", "channelless", "modes", "picked", "side_by_side_mode"]

PART_PIXELS = 1 << 18
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
        for where, key in parts(plan, grid, 1, channel_axis, PART_PIXELS * channels):
            part = np.asarray(plan.x[key]).astype(native, copy=False)
            (keys,) = codes([part], channel_axis)
            out[where] = modes(part, keys, axes, grid.sides, channel_axis)
    return True


def modes(
    x: Array, keys: Array, axes: Sequence[int], sides: Sequence[int], channel_axis: int | None
) -> Array:
    """Find the modes of windows that are alike.

    Parameters
    ----------
    x : ndarray
        Whole windows alone.
    keys : ndarray of int
        Its values, or pixels along ``channel_axis``, as `codes` encodes them.
    axes, sides : sequence of int
        The pooled axes of ``keys``, and the lengths of a window along them.
    """
    if prod(sides) <= PAIRS_TAPS:
        taps = commonest_of_few(as_planes(keys, axes, sides))
    else:
        shape = list(keys.shape)
        for axis, side in zip(axes, sides, strict=True):
            shape[axis] //= side
        taps = commonest(as_rows(keys, axes, sides)).reshape(shape)
    return picked(x, channel_axis, places(keys.shape, axes, sides, taps))


def channelless(axes: Sequence[int], channel_axis: int | None) -> list[int]:
    """Number axes without that of the channels, which is not one of them."""
    return [axis - (channel_axis is not None and channel_axis < axis) for axis in axes]


def picked(x: Array, channel_axis: int | None, where: Array) -> Array:
    """Pick values, or pixels along ``channel_axis``, by their flat places."""
    if channel_axis is None:
        return x.reshape(-1).take(where)
    # take is four times as fast as a list of places in brackets
    planes = np.moveaxis(x, channel_axis, 0)
    each = [np.ascontiguousarray(plane).reshape(-1).take(where) for plane in planes]
    return np.stack(each, channel_axis)
