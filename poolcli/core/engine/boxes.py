"""Boxes of an output, each reduced on its own where whole rows are too large to be a band."""

from collections.abc import Iterator
from itertools import product
from math import prod

from poolcli.core.geometry.boxes import Box, needed, part_of
from poolcli.core.geometry.plan import Plan
from poolcli.core.geometry.stage import Stage
from poolcli.core.geometry.windows import Window
from poolcli.core.inputs import PartOfSource

__all__ = ["boxes_of", "cut_long_window"]

_MOST_ROWS = 256
"""The engine reads no more rows than these at once for one row of windows."""


def boxes_of(plan: Plan, itemsize: int, most_bytes: int) -> Iterator[tuple[Box, Plan]]:
    """Cut an output into boxes whose rows are small enough; into none if all of it is one.

    Only axes after the first pooled one are cut: along that one the output is made in bands. A box
    of one window may be too large still.

    Parameters
    ----------
    itemsize : int
        Bytes of an item of the working memory.
    most_bytes : int
        For one row of windows, read and worked on.
    """
    x, stages = plan.x, plan.stages
    first, per_axis = stages[0], {stage.axis: stage for stage in stages}
    each = _read_rows(first) * x.dtype.itemsize + 2 * itemsize
    spans = [[slice(0, per_axis[a].size if a in per_axis else n)] for a, n in enumerate(x.shape)]
    for axis in range(first.axis + 1, len(x.shape)):
        most = most_bytes // max(1, each * prod(x.shape[axis + 1 :]))
        stage = per_axis.get(axis)
        spans[axis] = list(_pieces(stage, spans[axis][0].stop, max(1, most)))
        each *= max((_extent(stage, span) for span in spans[axis]), default=1)
    if all(len(one) <= 1 for one in spans) and each <= most_bytes:
        return
    for box in product(*spans):
        yield box, part_of(plan, box, PartOfSource(x, needed(plan, box)))


def cut_long_window(part: Plan, itemsize: int, most_bytes: int) -> Iterator[Plan]:
    """Cut the taps of the one window that makes a box too large along an axis.

    The results of the pieces are to be combined by the reduction itself.
    """
    first, *others = part.stages
    inner = prod(part.x.shape[first.axis + 1 :])
    most = most_bytes // max(1, _read_rows(first) * part.x.dtype.itemsize + 2 * itemsize)
    alone = [stage for stage in others if stage.size == 1 and inner > most]
    if not alone:
        yield part
        return
    longest = max(alone, key=lambda stage: stage.length)
    step, start = longest.window.dilation, longest.window.start(0)
    stop = min(longest.length, longest.window.stop(0))
    taps = range(start % step if start < 0 else start, stop, step)
    count = max(1, most // (inner // longest.length * step))
    every = (slice(None),) * longest.axis
    for low in range(0, len(taps), count):
        some = taps[low : low + count]
        length = some[-1] + 1 - some[0]
        piece = Stage(longest.axis, Window(len(some), len(some), 0, step), length, 1)
        stages = tuple(piece if stage is longest else stage for stage in part.stages)
        key = (*every, slice(some[0], some[0] + length))
        yield Plan(PartOfSource(part.x, key), stages, part.shape)


def _read_rows(stage: Stage) -> int:
    """Rows that the engine reads at once for one row of windows."""
    return min(stage.window.stop(0) - stage.window.start(0), _MOST_ROWS, stage.length)


def _extent(stage: Stage | None, span: slice) -> int:
    """Positions of the input that windows touch, padding included."""
    if stage is None:
        return int(span.stop - span.start)
    return stage.window.stop(span.stop - 1) - stage.window.start(span.start)


def _pieces(stage: Stage | None, size: int, most: int) -> Iterator[slice]:
    """Cut an axis so that the input of each piece is at most so long, or one window's."""
    first = 0
    while first < size:
        low, high = first + 1, size
        while low < high:  # the last window that lies within, by halving
            middle = (low + high + 1) // 2
            within = _extent(stage, slice(first, middle)) <= most
            low, high = (middle, high) if within else (low, middle - 1)
        yield slice(first, low)
        first = low
