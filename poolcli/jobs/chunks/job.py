"""A task on an array in chunks: the plan of the whole output, and any box of it."""

from collections.abc import Callable
from math import prod
from typing import Any

from poolcli.core.geometry.boxes import Box
from poolcli.core.geometry.plan import Plan
from poolcli.core.operations import OPERATIONS, result_dtype
from poolcli.core.parts import pool_part
from poolcli.core.types import Array
from poolcli.errors import PictureError
from poolcli.jobs.boxes.running import Pass, grown, run_passes
from poolcli.jobs.boxes.unfinished import Unfinished
from poolcli.jobs.limits import check_work
from poolcli.jobs.paths.task import Task
from poolcli.jobs.pooled_frames import Summary
from poolcli.jobs.result import blamed_on
from poolcli.media.files import is_array_file
from poolcli.media.zarr_store.multiscales import Level
from poolcli.media.zarr_store.volume import Volume

__all__ = ["ChunkedJob"]


class ChunkedJob:
    """A task, the array it pools, and the plan of the whole output.

    Parameters
    ----------
    task : Task
    volume : Volume
    named : bool
        Whether its axes have names that tell the height and the width.

    Raises
    ------
    PoolingError
        If it cannot be pooled so.
    """

    def __init__(self, task: Task, volume: Volume, *, named: bool) -> None:
        self.task, self.volume, self.named = task, volume, named
        source, axes = volume.source, _pooled_axes(volume, task, named=named)
        lengths = [source.shape[axis] for axis in axes]
        planes = prod(n for axis, n in enumerate(source.shape) if axis not in axes)
        check_work(task.operation, lengths, task.reading.max_pixels, planes)
        self.axes = axes
        self.plan: Plan = task.operation.plan(source, axes)
        self._options: dict[str, Any] = task.operation.of_file(None).parameters
        name, asked = task.operation.name, task.operation.dtype
        self.dtype = result_dtype(name, source.dtype, asked)
        self._options["channel_axis"] = _channel_axis(volume, axes, named=named)

    @property
    def summary(self) -> Summary:
        """Shapes and notes for the result."""
        from poolcli.media.arrays import layout_notes

        notes, task = self.volume.notes, self.task
        unnamed = not any(self.volume.names) or is_array_file(task.source)
        if unnamed and task.operation.axes is None:
            notes += layout_notes(self.volume.source.shape, task.reading.layout)
        stages, x = self.plan.stages, self.volume.source
        unused = tuple(stage.unused for stage in stages)
        made = Summary(x.shape, self.plan.shape, unused, self.dtype.name, 1, notes)
        return made._replace(first_axis=stages[0].axis)

    @property
    def level(self) -> Level:
        """Places of the pooled pixels."""
        stages = {stage.axis: stage for stage in self.plan.stages}
        count = len(self.plan.shape)
        return self.volume.level.pooled(
            "0",
            [stages[axis].spacing if axis in stages else 1 for axis in range(count)],
            [stages[axis].first_centre if axis in stages else 0 for axis in range(count)],
        )

    def run(
        self,
        work: Callable[[Box], Any],
        unit: tuple[int, ...],
        unfinished: Unfinished | None,
        keep: Callable[[Any], object] | None = None,
    ) -> None:
        """Work on all boxes, which are whole units of the output."""
        x, shape = self.volume.source, self.plan.shape
        channels = self._options["channel_axis"]
        whole = OPERATIONS[self.task.operation.name].keeps_pixels and channels is not None
        ratio = max(1.0, prod(x.shape) / max(1, prod(shape)))
        size = grown(unit, shape, ratio * x.dtype.itemsize, (channels,) if whole else ())
        nbytes = prod(shape) * self.dtype.itemsize
        run_passes([Pass("box", shape, size, work, keep)], self.task.threads, nbytes, unfinished)

    def part(self, where: Box) -> Array:
        """Compute a box."""
        with blamed_on(self.task.source):
            name = self.task.operation.name
            values: Array = pool_part(self.plan, where, name, **self._options)
            return values


def _pooled_axes(volume: Volume, task: Task, *, named: bool) -> tuple[int, ...]:
    """Find the height and the width: by their names, or else the last two, or as the layout says.

    Raises
    ------
    PictureError
        If there are too few axes.
    """
    names, shape = [name.upper() for name in volume.names], volume.source.shape
    wanted = task.operation.axes or "YX"
    if named and set(wanted) <= set(names):
        return tuple(names.index(name) for name in wanted)
    if named and task.operation.axes is not None:
        raise PictureError(f"has axes {''.join(names)}, and --axes names {wanted}")
    first = len(shape) - len(wanted) - (task.reading.layout == "hwc")
    if first < 0:
        raise PictureError(f"has shape {shape}, and axes {wanted} are to be pooled; name fewer")
    return tuple(range(first, first + len(wanted)))


def _channel_axis(volume: Volume, axes: tuple[int, ...], *, named: bool) -> int | None:
    """Find the axis of a pixel's channels: by its type, or else the last one of the others."""
    if named:
        kinds = [axis.kind for axis in volume.axes]
        return kinds.index("channel") if "channel" in kinds else None
    others = [axis for axis in range(len(volume.source.shape)) if axis not in axes]
    return others[-1] if others else None
