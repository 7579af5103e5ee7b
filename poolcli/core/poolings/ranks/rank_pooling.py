"""The median and the mode: statistics that compare all taps of a window."""

from collections.abc import Callable
from fractions import Fraction
from math import prod
from typing import Any

import numpy as np

from poolcli.core.engine.taps import Taps, taps
from poolcli.core.geometry.plan import Plan, destination, normal_channel_axis, plan_windows
from poolcli.core.geometry.windows import windows
from poolcli.core.inputs import PartOfSource
from poolcli.core.poolings.ranks.most_common import codes, most_common
from poolcli.core.poolings.ranks.order_statistic import HALF, middle
from poolcli.core.poolings.ranks.side_by_side import grids
from poolcli.core.poolings.ranks.side_by_side_mode import side_by_side_mode
from poolcli.core.poolings.ranks.sliding_median import sliding_median
from poolcli.core.poolings.ranks.window_by_window import (
    each_window,
    has_many_taps,
    median_of_window,
    mode_of_window,
)
from poolcli.core.types import Array, Source

__all__ = ["median", "mode"]


def median(
    plan: Plan, out: Array | None = None, present: Source | None = None, share: Fraction = HALF
) -> Array:
    """Pool by the median of the values that are ``present``, or another quantile; see `middle`."""
    native = plan.x.dtype.newbyteorder("=")
    result, fill = destination(plan.x, plan.shape, plan.x.dtype, out)
    if not prod(plan.shape):
        return fill(result)
    if present is None and _split_at_borders(plan, result, share):
        return fill(result)
    many = has_many_taps(plan)
    # Sliding comes first, as the fastest: sorted side by side, large windows take half the time
    # they take one by one. But it leaves windows at a border to `taps`, and large ones have too
    # many taps for that.
    slide = present is None and share == HALF
    slide &= not many or all(s.inside == (0, s.size) for s in plan.stages)
    with np.errstate(invalid="ignore"):
        done = slide and sliding_median(plan, result)
        if many and not done:
            for where, part, votes in each_window(plan, None, present):
                _fill(result[where], part, median_of_window, votes, plan, share)
            return fill(result)
        for some in taps(plan, native.itemsize, whole=not done, present=present):
            middle(some, native, result[some.where], share)
            _blank(some, result[some.where])
    return fill(result)


def _split_at_borders(plan: Plan, out: Array, share: Fraction) -> bool:
    """Pool windows that a border cuts short apart from the others, if all lie side by side."""
    alike = grids(plan)
    if alike is None or len(alike) == 1:
        return False
    axes = [stage.axis for stage in plan.stages]
    for grid in alike:
        where, key = grid.place(plan, (slice(None),) * len(plan.shape))
        x = plan.x[key] if isinstance(plan.x, np.ndarray) else PartOfSource(plan.x, key)
        part = plan_windows(x, axes, windows(len(axes), grid.sides))
        median(part, out[where], None, share)
    return True


def _fill(target: Array, part: Array, choose: Callable[..., Array], *more: Any) -> None:
    """Write the choice of a window's taps; NaN, or 0 of integers, where there are none."""
    if part.size:
        target[...] = choose(part, *more)
    else:
        target[...] = np.nan if target.dtype.kind == "f" else 0


def _blank(some: Taps, target: Array) -> None:
    """Write NaN, or 0 of integers, for windows without any tap in the input."""
    if some.valid is None:
        return
    exists = np.array(False)
    for valid in some.valid:
        exists = exists | valid
    if not exists.all():
        np.copyto(
            target, np.nan if target.dtype.kind == "f" else 0, where=~exists, casting="unsafe"
        )


def mode(
    plan: Plan,
    out: Array | None = None,
    channel_axis: int | None = None,
    present: Source | None = None,
) -> Array:
    """Pool by the mode, of single values or of pixels along ``channel_axis``.

    Parameters
    ----------
    present : Source, optional
        The values that have a vote; of length 1 along the axis of the channels.
    """
    native = plan.x.dtype.newbyteorder("=")
    result, fill = destination(plan.x, plan.shape, plan.x.dtype, out)
    if channel_axis is not None:
        channel_axis = normal_channel_axis(channel_axis, plan)
    if present is None and side_by_side_mode(plan, result, channel_axis):
        return fill(result)
    if has_many_taps(plan):
        for where, part, votes in each_window(plan, channel_axis, present):
            _fill(result[where], part, mode_of_window, votes, plan, channel_axis)
        return fill(result)
    for some in taps(plan, native.itemsize + 8, channel_axis, present=present):
        planes = [plane.astype(native, copy=False) for plane in some.planes]
        chosen = most_common(codes(planes, channel_axis), some.valid, channel_axis)
        if channel_axis is not None:
            chosen = np.expand_dims(chosen, channel_axis)
        target = result[some.where]
        for number, plane in enumerate(planes):
            np.copyto(target, plane, where=chosen == number)
        _blank(some, target)
    return fill(result)
