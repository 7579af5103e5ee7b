"""A task on an array: the plan of the whole output, any box of it, and the loop over all boxes."""

from math import prod
from typing import TYPE_CHECKING, Any

from poolcli.core.dispatch import pool
from poolcli.core.geometry.plan import Plan
from poolcli.core.operations import OPERATIONS, result_dtype
from poolcli.core.types import Array, Indices
from poolcli.errors import PictureError
from poolcli.jobs.limits import check_work
from poolcli.jobs.paths.task import Task
from poolcli.jobs.pooled_frames import Summary
from poolcli.jobs.result import blamed_on
from poolcli.media.zarr_store.multiscales import Level
from poolcli.media.zarr_store.volume import Volume

if TYPE_CHECKING:
    from poolcli.core.geometry.boxes import Box
    from poolcli.jobs.boxes.sink import Sink

__all__ = ["ArrayJob"]


_CHUNK = 512
"""Rows and columns of a chunk where the source has none; more than `_LARGEST` are not kept."""

_LARGEST = 2048


class ArrayJob:
    """A task, the array it pools, and the plan of the whole output.

    Parameters
    ----------
    task : Task
    volume : Volume
    named : bool
        Whether the names of its axes tell the height and the width.

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
    def chunks(self) -> tuple[int, ...]:
        """Chunks like the source's; larger ones than any box should be are cut."""
        chunks = self.volume.chunks
        if chunks is None:
            return tuple(_CHUNK if axis in self.axes else 1 for axis in range(len(self.plan.shape)))
        if self.volume.shards is not None:
            return chunks
        return tuple(min(n, _LARGEST) if axis in self.axes else n for axis, n in enumerate(chunks))

    @property
    def summary(self) -> Summary:
        """Shapes and notes for the result."""
        from poolcli.media.arrays import layout_notes

        notes, task = self.volume.notes, self.task
        if not (self.named or any(self.volume.names) or task.operation.axes):
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

    def write(self, sink: "Sink") -> None:
        """Write the whole output, box by box.

        A source without chunks is read as a stream, which goes into an array in one step.

        Raises
        ------
        FileError
            If a box cannot be computed or written.
        """
        task = self.task
        if sink.array is not None and self.volume.chunks is None:
            with blamed_on(task.source):
                pool(self.plan, task.operation.name, out=sink.array, **self._options)
            return
        from poolcli.jobs.boxes.running import Pass, run_passes

        def work(where: "Box") -> Any:
            values = self._part(where)
            with blamed_on(task.destination):
                return sink.encode(where, values)

        def keep(encoded: Any) -> Any:
            with blamed_on(task.destination):
                return sink.keep(encoded)

        shape = self.plan.shape
        nbytes = prod(shape) * self.dtype.itemsize
        boxes = Pass("box", shape, self._size(sink.unit), work, keep if sink.ordered else None)
        run_passes([boxes], task.threads, nbytes, sink.unfinished)

    def _size(self, unit: tuple[int, ...]) -> tuple[int, ...]:
        """Choose boxes of whole units of the output."""
        from poolcli.jobs.boxes.running import grown

        x, shape = self.volume.source, self.plan.shape
        channels = self._options["channel_axis"]
        whole = OPERATIONS[self.task.operation.name].keeps_pixels and channels is not None
        ratio = max(1.0, prod(x.shape) / max(1, prod(shape)))
        return grown(unit, shape, ratio * x.dtype.itemsize, (channels,) if whole else ())

    def _part(self, where: "Box") -> Array:
        from poolcli.core.parts import pool_part

        with blamed_on(self.task.source):
            name = self.task.operation.name
            values: Array = pool_part(self.plan, where, name, **self._options)
            return values

    def with_indices(self) -> tuple[Array, Indices]:
        """Compute the whole output at once, and where its values were found."""
        name = self.task.operation.name
        values, indices = pool(self.plan, name, return_indices=True, **self._options)
        return values, indices


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
    last = task.reading.layout == "hwc"
    first = len(shape) - len(wanted) - last
    if first < 0 and task.operation.axes is not None:
        raise PictureError(f"has shape {shape}, and --axes names {wanted}; name fewer")
    if first < 0:
        needed = "--layout hwc needs 3 or more axes" if last else "use an array of 2 or more axes"
        raise PictureError(f"has shape {shape}; {needed}")
    return tuple(range(first, first + len(wanted)))


def _channel_axis(volume: Volume, axes: tuple[int, ...], *, named: bool) -> int | None:
    """Find the axis of a pixel's channels: by its type, or else the last one of the others."""
    if named:
        kinds = [axis.kind for axis in volume.axes]
        return kinds.index("channel") if "channel" in kinds else None
    others = [axis for axis in range(len(volume.source.shape)) if axis not in axes]
    return others[-1] if others else None
