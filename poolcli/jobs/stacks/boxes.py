"""Pooled planes, box by box: each from just the part of its source that it needs."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import accumulate
from math import prod
from typing import TYPE_CHECKING, Any, NamedTuple

from poolcli.core.dispatch import pool
from poolcli.core.geometry.boxes import Box, boxes, needed, part_of
from poolcli.core.geometry.plan import Plan, checked_input, plan_stages
from poolcli.core.geometry.stage import Stage
from poolcli.core.geometry.windows import Window
from poolcli.core.operations import OPERATIONS, result_dtype
from poolcli.core.types import Array, Source
from poolcli.errors import PictureError
from poolcli.jobs.limits import check_work
from poolcli.jobs.operation import Operation
from poolcli.jobs.plan import Task
from poolcli.jobs.pooled_frames import (
    refuse_alpha,
    skipping_stated,
    wants_indices,
    weighs_alpha,
)
from poolcli.jobs.stacks.runs import PooledRun, pooled_runs
from poolcli.media.tiff.meaning.grid import Grid, Line
from poolcli.media.tiff.samples import Samples
from poolcli.media.tiff.stack import Plane, Stack
from poolcli.media.tiff.stacked import StackedPlanes

if TYPE_CHECKING:
    import numpy as np

    from poolcli.media.replacing import FileUnit

__all__ = ["PooledPlane", "PooledPlanes"]

_STRAIGHT = 2
"""The kind of extra channel that is alpha."""

_OPENED = 1 << 12
"""Planes whose headers are kept."""

_ALPHA_MODE = "RGBA"
"""A mode whose last channel is alpha, which colours are weighed by."""


class PooledPlane(NamedTuple):
    """A plane, and the plan of its pooling.

    Attributes
    ----------
    number : int
        Of the pooled plane, counted over the whole result.
    plane : Plane
        Of the source; the first one where several are pooled together.
    source_number : int
        Its number, counted over the whole stack.
    plan : Plan
        Of (H, W, channels), after the axes that planes are pooled along.
    place : tuple of slice
        Place along these axes in the result.
    lines : tuple of Line
        Places of all planes along these axes.
    operation : Operation
        The task's, with the plane's own no-data value.
    values, indices : ndarray, optional
        The whole result and where it was found, if they had to be computed at once.
    """

    number: int
    plane: Plane
    source_number: int
    plan: Plan
    operation: Operation
    place: Box = ()
    lines: tuple[Line, ...] = ()
    values: Array | None = None
    indices: Array | None = None

    @property
    def dtype(self) -> "np.dtype[Any]":
        """The dtype of the result."""
        return result_dtype(self.operation.name, self.plan.x.dtype, self.operation.dtype)

    @property
    def samples(self) -> Samples:
        """The interpretation of the result's samples."""
        return self.plane.samples._replace(dtype=self.dtype)

    @property
    def shape(self) -> tuple[int, int, int]:
        """Height, width and channels of the result."""
        height, width, channels = self.plan.shape[-3:]
        return height, width, channels

    @property
    def stages(self) -> Sequence[Stage]:
        """Height and width with their windows."""
        return self.plan.stages[-2:]

    @property
    def depth(self) -> int:
        """Number of planes of the source that are pooled together."""
        if not self.place:
            return 1
        whole = (*self.place, *(slice(0, 1) for _ in self.shape))
        return prod(span.stop - span.start for span in needed(self.plan, whole)[:-3])

    @property
    def grid(self) -> Grid:
        """Places of the pooled pixels."""
        return Grid.of(self.stages, self.lines)

    def boxes(self, rows: int, columns: int, *, planar: bool = False) -> Iterator[Box]:
        """Cut the result into boxes; where channels lie apart, those of the first come first."""
        height, width, channels = self.shape
        if not planar:
            yield from boxes(self.shape, (rows, columns, channels))
            return
        for channel in range(channels):
            for down, across in boxes((height, width), (rows, columns)):
                yield down, across, slice(channel, channel + 1)


class PooledPlanes:
    """The planes of a stack, as a task pools them."""

    def __init__(self, task: Task, stack: Stack) -> None:
        self._task, self._stack = task, stack
        self._stated: list[str] = []
        # Windows that overlap ask for the same planes again.
        self._open = lru_cache(_OPENED)(stack.plane)
        self.runs = pooled_runs(stack, task.operation)
        self.starts = list(accumulate((run.planes for run in self.runs), initial=0))
        stack.check_total(at_once=wants_indices(task))
        if wants_indices(task) and len(stack.numbers) > 1:
            raise PictureError("has several frames; use --frame N where indices are wanted")

    @property
    def numbers(self) -> Sequence[int]:
        """The pooled planes, counted over all runs."""
        return self._stack.numbers if self._stack.one_plane else range(self.starts[-1])

    @property
    def keeps_pixels(self) -> bool:
        """True if the channels of a pixel are pooled together."""
        return OPERATIONS[self._task.operation.name].keeps_pixels

    def run(self, pooled: PooledPlane) -> PooledRun:
        """Find the run of a pooled plane."""
        return self.runs[bisect_right(self.starts, pooled.number) - 1]

    def notes(self, plane: Plane) -> list[str]:
        """List what the user should know about how planes are pooled; this is the first."""
        return [*self._stated, *self._alpha_notes(plane.samples)]

    def _alpha_notes(self, samples: Samples) -> list[str]:
        if _STRAIGHT not in samples.extras or samples.alpha or self._task.reading.plain_alpha:
            return []
        return [f"its alpha, of {samples.dtype}, was pooled as any other channel"]

    def planned(self, number: int) -> PooledPlane:
        """Plan the pooling of a plane; only its header is read.

        Raises
        ------
        PoolingError
            If it cannot be pooled so.
        """
        index = bisect_right(self.starts, number) - 1
        run, place = self.runs[index], number - self.starts[index]
        numbers = run.sources(place)
        planes = {at: self._open(one) for at, one in numbers.items()}
        first, plane = next(iter(numbers.values())), next(iter(planes.values()))
        source = plane.source
        if run.stages:
            self._refuse_alpha(plane)
            source = StackedPlanes({at: one.source for at, one in planes.items()}, run.lengths)
        plan = self._plan(source, run)
        operation, note = skipping_stated(
            self._task, plane.nodata, plane.source.dtype, alpha=plane.samples.alpha
        )
        if note and note not in self._stated:
            self._stated.append(note)
        return PooledPlane(number, plane, first, plan, operation, run.box(place), run.lines)

    def _refuse_alpha(self, plane: Plane) -> None:
        if plane.samples.alpha and not self._task.reading.plain_alpha:
            raise PictureError(
                f"has alpha, which weighs along YX alone, not {self._task.operation.axes}; "
                "use --alpha channel"
            )

    def _plan(self, source: Source, run: PooledRun) -> Plan:
        """Lay the windows on the axes that are named; of Y and X, one that is not is kept."""
        letters = [*(line.axis for line in run.lines), "Y", "X"]
        names = self._task.operation.axes or "YX"
        where = [letters.index(name) for name in names]
        lengths = [source.shape[axis] for axis in where]
        check_work(self._task.operation, lengths, self._task.reading.max_pixels)
        x, axes = checked_input(source, where)
        kept = [axis for axis in range(len(letters)) if axis not in axes]
        stages = [Stage(axis, Window(1, 1), x.shape[axis], x.shape[axis]) for axis in kept]
        return plan_stages(x, [*self._task.operation.stages(lengths, axes), *stages])

    def ready(self, number: int) -> PooledPlane:
        """Plan the pooling of a plane, and compute it where indices of its values are wanted."""
        pooled = self.planned(number)
        if not wants_indices(self._task):
            return pooled
        every = tuple(slice(0, length) for length in pooled.plan.x.shape)
        plan = pooled.plan._replace(x=pooled.plan.x[every])
        alpha = self._weighs_alpha(pooled.plane, plan.x[every])
        options = self._options(pooled, alpha=alpha)
        values, indices = pool(plan, pooled.operation.name, return_indices=True, **options)
        return pooled._replace(values=values, indices=indices)

    def keep_found(self, pooled: PooledPlane, unit: "FileUnit", *, as_array: bool) -> None:
        """Write the indices of a plane's values where they are wanted, beside an array or a TIFF.

        Raises
        ------
        FileError
            If a file cannot be written.
        """
        if pooled.values is None or pooled.indices is None:
            return
        from poolcli.jobs.found import Found, keep_found
        from poolcli.media.indices_file import values_digest

        values, indices = pooled.values, pooled.indices
        height, width, channels = pooled.plan.x.shape[-3:]
        if as_array:
            values, indices = values.transpose(2, 0, 1), indices.transpose(2, 0, 1)
            digest = values_digest(values, picture=False)
            found = Found(indices, (channels, height, width), (1, 2), digest)
        else:
            digest = values_digest(values, picture=True)
            found = Found(indices, (height, width, channels), (0, 1), digest)
        keep_found(self._task, found, unit, array=as_array)

    def block(self, pooled: PooledPlane, box: Box) -> Array:
        """Compute a box of a pooled plane."""
        if pooled.values is not None:
            return pooled.values[box]
        box = (*pooled.place, *box)
        x = pooled.plan.x[needed(pooled.plan, box)]
        part = part_of(pooled.plan, box, x)
        alpha = self._weighs_alpha(pooled.plane, x)
        values: Array = pool(part, pooled.operation.name, **self._options(pooled, alpha=alpha))
        return values.reshape(values.shape[-3:])

    def _options(self, pooled: PooledPlane, *, alpha: bool) -> dict[str, Any]:
        parameters = pooled.operation.parameters
        refuse_alpha(parameters, alpha=alpha)
        return {**parameters, "channel_axis": len(pooled.plan.shape) - 1, "alpha": alpha}

    def _weighs_alpha(self, plane: Plane, x: Array) -> bool:
        if self._task.reading.plain_alpha or not plane.samples.alpha:
            return False
        return weighs_alpha(self._task.operation, _ALPHA_MODE, x)
