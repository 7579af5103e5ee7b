"""Runs of planes, pooled along some of the axes that they lie along."""

from collections.abc import Sequence
from itertools import product
from math import prod
from typing import NamedTuple

import numpy as np

from poolcli.core.geometry.stage import Stage
from poolcli.errors import PictureError
from poolcli.jobs.operation import Operation
from poolcli.jobs.parameters import fitted, units
from poolcli.media.tiff.meaning.grid import Line
from poolcli.media.tiff.runs import Run
from poolcli.media.tiff.stack import Stack

__all__ = ["PooledRun", "pooled_runs"]

_PLANE = "YX"
_CHANNELS = "S"


class PooledRun(NamedTuple):
    """A run, and how it is pooled along axes before a plane's own.

    Attributes
    ----------
    run : Run
    start : int
        Number of its first plane, counted over the whole stack.
    stages : tuple of Stage
        Of the pooled ones among the run's axes, in their order; empty where planes are pooled one
        by one.
    """

    run: Run
    start: int
    stages: tuple[Stage, ...] = ()

    @property
    def shape(self) -> tuple[int, ...]:
        """Lengths of the run's axes in the result."""
        shape = list(self.run.shape)
        for stage in self.stages:
            shape[stage.axis] = stage.size
        return tuple(shape)

    @property
    def planes(self) -> int:
        """Number of pooled planes."""
        return prod(self.shape)

    @property
    def lengths(self) -> tuple[int, ...]:
        """Lengths of the pooled axes in the source."""
        return tuple(stage.length for stage in self.stages)

    @property
    def lines(self) -> tuple[Line, ...]:
        """Places of the pooled planes along the pooled axes."""
        return tuple(
            Line(self.run.axes[stage.axis], stage.size, stage.spacing, stage.first_centre)
            for stage in self.stages
        )

    def box(self, place: int) -> tuple[slice, ...]:
        """Find a pooled plane along the pooled axes."""
        where = np.unravel_index(place, self.shape) if self.shape else ()
        found = [int(where[stage.axis]) for stage in self.stages]
        return tuple(slice(one, one + 1) for one in found)

    def sources(self, place: int) -> dict[tuple[int, ...], int]:
        """Find the planes of the stack, by their places along the pooled axes, that one needs."""
        if not self.stages:
            return {(): self.start + place}
        where = [int(one) for one in np.unravel_index(place, self.shape)]
        spans = []
        for stage in self.stages:
            at = where[stage.axis]
            low, high = max(stage.window.start(at), 0), min(stage.window.stop(at), stage.length)
            spans.append(range(low, high))
        found = {}
        for at_once in product(*spans):
            for stage, one in zip(self.stages, at_once, strict=True):
                where[stage.axis] = one
            found[at_once] = self.start + int(np.ravel_multi_index(where, self.run.shape))
        return found


def pooled_runs(stack: Stack, operation: Operation) -> list[PooledRun]:
    """Lay an operation's windows on the axes of each run that it names beside Y and X.

    Raises
    ------
    PictureError
        If a run has no such axis, or one plane alone is taken.
    WindowError
        If a window does not fit.
    """
    names = [name for name in operation.axes or _PLANE if name not in _PLANE]
    runs = list(zip(stack.runs, stack.starts, strict=False))
    if not names:
        return [PooledRun(run, start) for run, start in runs]
    if stack.one_plane or stack.reading.frame is not None:
        raise PictureError(
            f"--frame takes one plane, and --axes {operation.axes} several; omit one"
        )
    for run, _ in runs:
        _check_names(run, names, operation.axes)
    return [PooledRun(run, start, _stages(run, operation)) for run, start in runs]


def _check_names(run: Run, names: Sequence[str], asked: str | None) -> None:
    for name in names:
        if run.axes.count(name) == 1:
            continue
        if name == _CHANNELS and run.keyframe.samplesperpixel > 1:
            raise PictureError(
                f"holds the channels (S) of a pixel together, and --axes {asked} would pool them; "
                "omit S"
            )
        raise PictureError(
            f"has the axes {run.axes}YX, and --axes names {asked}; name some of them"
        )


def _stages(run: Run, operation: Operation) -> tuple[Stage, ...]:
    names = operation.axes or _PLANE
    # Planes lay their own windows, once they are upright.
    lengths = [run.shape[run.axes.index(name)] if name not in _PLANE else 1 for name in names]
    laid = zip(names, operation.windows(lengths), lengths, units(operation.axes), strict=True)
    stages = [
        Stage(run.axes.index(name), window, length, fitted(window, length, *words))
        for name, window, length, words in laid
        if name not in _PLANE
    ]
    return tuple(sorted(stages, key=lambda stage: stage.axis))
