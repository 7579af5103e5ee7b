"""Boxes of a pooling's output, each computed from just the part of the input that it needs."""

from collections.abc import Iterator, Sequence
from itertools import product
from typing import Self, TypeAlias

from poolcli.core.geometry.plan import Plan
from poolcli.core.geometry.stage import Stage
from poolcli.core.geometry.windows import AnyWindow, Spans, Window
from poolcli.core.types import Source

__all__ = ["Box", "boxes", "needed", "overlap", "part_of", "within"]

Box: TypeAlias = tuple[slice, ...]
"""A span of every axis, with a start and a stop."""


class _SomeWindows(Window):
    """A run of an axis's windows, over the part of the axis that they touch.

    Counts of taps are those of the whole axis: a part does not know which of its ends is a border.
    Padding is that before the part; the part is cut off where the whole axis is.
    """

    def __new__(cls, stage: Stage, window: Window, span: slice) -> Self:
        """Take the windows of a span of a stage, whose window is given for its type."""
        before = max(0, -window.start(span.start))
        numbers = window.kernel, window.stride, before, window.dilation, window.ceil_mode
        made = Window.__new__(cls, *numbers)
        made.whole, made.length, made.total = window, stage.length, stage.size
        made.first, made.number = span.start, span.stop - span.start
        return made

    whole: Window
    length: int
    total: int
    first: int
    number: int

    def size(self, length: int) -> int:  # noqa: ARG002
        return self.number

    def count_taps(self, position: int, length: int, *, include_pad: bool) -> int:  # noqa: ARG002
        return self.whole.count_taps(position + self.first, self.length, include_pad=include_pad)

    def inside(self, length: int, size: int) -> tuple[int, int]:  # noqa: ARG002
        low, high = self.whole.inside(self.length, self.total)
        low = min(max(low - self.first, 0), self.number)
        return low, max(low, min(high - self.first, self.number))


def boxes(shape: Sequence[int], size: Sequence[int]) -> Iterator[Box]:
    """Cut a shape into boxes of a size, smaller ones at the ends, in the order of the axes.

    Examples
    --------
    >>> [[(s.start, s.stop) for s in box] for box in boxes((3, 2), (2, 2))]
    [[(0, 2), (0, 2)], [(2, 3), (0, 2)]]
    """
    cuts = (
        [slice(low, min(low + step, length)) for low in range(0, length, step)]
        for length, step in zip(shape, size, strict=True)
    )
    yield from product(*cuts)


def within(box: Sequence[slice], outer: Sequence[slice]) -> Box:
    """Find a box inside another one, counted from where that begins.

    >>> within((slice(5, 7),), (slice(4, 9),))
    (slice(1, 3, None),)
    """
    return tuple(
        slice(span.start - other.start, span.stop - other.start)
        for span, other in zip(box, outer, strict=True)
    )


def overlap(one: Sequence[slice], other: Sequence[slice]) -> Box:
    """Find the part that two boxes share.

    >>> overlap((slice(0, 5),), (slice(4, 9),))
    (slice(4, 5, None),)
    """
    return tuple(
        slice(max(a.start, b.start), min(a.stop, b.stop)) for a, b in zip(one, other, strict=True)
    )


def needed(plan: Plan, box: Box) -> Box:
    """Find the part of the input that the windows of a box of the output touch.

    Examples
    --------
    >>> import numpy as np
    >>> from poolcli.core.geometry.plan import plan_sliding
    >>> plan = plan_sliding(np.zeros((1, 9)), None, (1, 3), (1, 2), (0, 1), 1, False)
    >>> needed(plan, (slice(0, 1), slice(0, 2)))
    (slice(0, 1, None), slice(0, 4, None))
    """
    spans = list(box)
    for stage in plan.stages:  # of which no window lies in the padding alone
        low = max(stage.window.start(box[stage.axis].start), 0)
        spans[stage.axis] = slice(
            low, min(stage.window.stop(box[stage.axis].stop - 1), stage.length)
        )
    return tuple(spans)


def part_of(plan: Plan, box: Box, x: Source) -> Plan:
    """Plan the pooling of a box of the output from the part of the input that it needs.

    Parameters
    ----------
    box : tuple of slice
        Not empty.
    x : ndarray or Source
        The part of the input, as `needed` names it.

    Examples
    --------
    >>> import numpy as np
    >>> from poolcli.core.geometry.plan import plan_sliding
    >>> from poolcli.core.dispatch import pool
    >>> x = np.arange(20).reshape(2, 10)
    >>> plan = plan_sliding(x, None, (2, 3), (1, 2), (0, 1), 1, False)
    >>> box = (slice(0, 1), slice(3, 5))
    >>> pool(part_of(plan, box, x[needed(plan, box)]), "max").tolist()
    [[17, 19]]
    """
    shape = tuple(span.stop - span.start for span in box)
    stages = (
        Stage(axis, _windows(stage, box[axis]), x.shape[axis], shape[axis])
        for stage in plan.stages
        for axis in [stage.axis]
    )
    return Plan(x, tuple(stages), shape)


def _windows(stage: Stage, span: slice) -> AnyWindow:
    window = stage.window
    origin = max(window.start(span.start), 0)
    if isinstance(window, Spans):
        return Spans(
            tuple(start - origin for start in window.starts[span]),
            tuple(stop - origin for stop in window.stops[span]),
        )
    return _SomeWindows(stage, window, span)
