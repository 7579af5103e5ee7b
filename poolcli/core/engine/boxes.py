"""Boxes of an output, each reduced on its own where whole rows are too large to be a band."""

from collections.abc import Iterator, Sequence
from itertools import product
from math import prod
from typing import NamedTuple

from poolcli.core.geometry.stage import Stage
from poolcli.core.geometry.windows import Window
from poolcli.core.inputs import PartOfSource
from poolcli.core.types import Source

__all__ = ["MOST_BYTES", "Box", "boxes_of", "cut_long_window"]

MOST_BYTES = 1 << 26
"""Bytes that are read and worked on for one row of windows; those of pictures take far fewer."""

_MOST_ROWS = 256
"""The engine reads no more rows than these at once for one row of windows."""


class Box(NamedTuple):
    """A part of an output, the part of the input that its windows touch, and their stages."""

    where: tuple[slice, ...]
    x: Source
    stages: tuple[Stage, ...]

    @property
    def origin(self) -> tuple[int, ...]:
        """Its first position in the output."""
        return tuple(span.start for span in self.where)


def boxes_of(x: Source, stages: Sequence[Stage], itemsize: int) -> Iterator[Box]:
    """Cut an output into boxes whose rows are small enough; into none if all of it is one.

    Only axes after the first pooled one are cut: along that one the output is made in bands. A box
    of one window may be too large still.

    Parameters
    ----------
    itemsize : int
        Bytes of an item of the working memory.
    """
    if not stages or prod(x.shape[1:]) * (x.dtype.itemsize + itemsize) <= MOST_BYTES // _MOST_ROWS:
        return  # no row of windows can be too large, as nearly always
    first, per_axis = stages[0], {stage.axis: stage for stage in stages}
    each = _read_rows(first) * x.dtype.itemsize + 2 * itemsize
    spans = [[slice(0, per_axis[a].size if a in per_axis else n)] for a, n in enumerate(x.shape)]
    for axis in range(first.axis + 1, len(x.shape)):
        most = MOST_BYTES // max(1, each * prod(x.shape[axis + 1 :]))
        stage = per_axis.get(axis)
        spans[axis] = list(_pieces(stage, spans[axis][0].stop, max(1, most)))
        each *= max((_extent(stage, span) for span in spans[axis]), default=1)
    if all(len(one) <= 1 for one in spans) and each <= MOST_BYTES:
        return
    for where in product(*spans):
        parts = [stage.part(where[stage.axis].start, where[stage.axis].stop) for stage in stages]
        key = list(where)
        for stage, (_, span) in zip(stages, parts, strict=True):
            key[stage.axis] = span
        yield Box(where, PartOfSource(x, tuple(key)), tuple(stage for stage, _ in parts))


def cut_long_window(box: Box, itemsize: int) -> Iterator[tuple[Source, tuple[Stage, ...]]]:
    """Cut the taps of the one window that makes a box too large along an axis.

    Yields
    ------
    x : Source
        A part of the box's input.
    stages : tuple of Stage
        Their results are to be combined by the reduction itself.
    """
    first, *others = box.stages
    each = _read_rows(first) * box.x.dtype.itemsize + 2 * itemsize
    most = MOST_BYTES // max(1, each)
    alone = [s for s in others if s.size == 1 and prod(box.x.shape[first.axis + 1 :]) > most]
    if not alone:
        yield box.x, box.stages
        return
    longest = max(alone, key=lambda stage: stage.length)
    rest = prod(box.x.shape[first.axis + 1 :]) // longest.length
    step = longest.window.dilation
    start = longest.window.start(0)
    taps = range(start % step if start < 0 else start, longest.length, step)
    taps = range(taps.start, min(taps.stop, longest.window.stop(0)), step)
    count = max(1, most // (rest * step))
    every = (slice(None),) * longest.axis
    for low in range(0, len(taps), count):
        some = taps[low : low + count]
        length = some[-1] + 1 - some[0]
        window = Window(len(some), len(some), 0, step)
        part = Stage(longest.axis, window, length, 1)
        yield (
            PartOfSource(box.x, (*every, slice(some[0], some[0] + length))),
            tuple(part if stage is longest else stage for stage in box.stages),
        )


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
        # A last window that begins after the end of the input needs the one before it.
        if stage and low == size - 1 and stage.window.start(low) >= stage.length:
            low = size
        yield slice(first, low)
        first = low
