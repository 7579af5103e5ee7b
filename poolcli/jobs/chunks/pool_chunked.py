"""An array in chunks pooled into another, or into a .npy, in memory that does not grow with it."""

from math import prod
from pathlib import Path
from typing import Any

from poolcli.core.geometry.boxes import Box
from poolcli.core.geometry.plan import Plan
from poolcli.core.operations import OPERATIONS, result_dtype
from poolcli.core.parts import pool_part
from poolcli.core.types import Array
from poolcli.errors import PictureError
from poolcli.jobs.chunks.running import Pass, grown, run_passes
from poolcli.jobs.chunks.unfinished import Unfinished, check_destination
from poolcli.jobs.limits import check_work
from poolcli.jobs.paths.task import Task
from poolcli.jobs.pooled_frames import Summary, wants_indices
from poolcli.jobs.result import blamed_on
from poolcli.media.files import is_array_file
from poolcli.media.volumes.opening import open_volume
from poolcli.media.zarr_store.multiscales import Multiscales
from poolcli.media.zarr_store.names import is_zarr
from poolcli.media.zarr_store.volume import Volume
from poolcli.media.zarr_store.writing import (
    Layout,
    create_array,
    create_group,
    fitted_layout,
    reopen_array,
)

__all__ = ["measure_chunked", "pool_chunked"]

_CHUNK = 512
"""Rows and columns of a chunk where the source has none; more than `_LARGEST` are not kept."""

_LARGEST = 2048

_ARRAYS = {".npy", ".tif", ".tiff"}
"""Files that are pooled into a Zarr."""


def pool_chunked(task: Task) -> Summary:
    """Pool a Zarr into a Zarr or a .npy, or a .npy or a TIFF into a Zarr.

    Raises
    ------
    FileError
        If a file cannot be read, pooled or written.
    """
    with blamed_on(task.source):
        _check(task)
        labels = OPERATIONS[task.operation.name].keeps_pixels
        opened = open_volume(task.source, task.reading, labels=labels, threads=task.threads)
        with opened as volume:
            job = _Job(task, volume)
            if is_zarr(task.destination):
                job.into_zarr()
            else:
                job.into_array_file()
            return job.summary


def measure_chunked(task: Task) -> Summary:
    """Learn the shapes from the metadata; read no chunk and write nothing.

    Raises
    ------
    PoolingError
        If the source cannot be pooled so.
    """
    _check(task)
    labels = OPERATIONS[task.operation.name].keeps_pixels
    with open_volume(task.source, task.reading, labels=labels) as volume:
        return _Job(task, volume).summary


def _check(task: Task) -> None:
    name = (task.writing.format or task.destination.suffix).lower().lstrip(".")
    arrays = is_zarr(task.source) or task.source.suffix.lower() in _ARRAYS
    if name not in ("zarr", "npy") or not arrays or task.reading.convert is not None:
        raise PictureError(
            "arrays in chunks are pooled from .zarr, .npy or .tif into .zarr or .npy, as they are; "
            "for a picture, use poolcli pyramid or a .npy in between"
        )
    if task.reading.linear or task.reading.profile is not None:
        raise PictureError("arrays in chunks have no colours; leave --linear and --profile out")
    if wants_indices(task):
        raise PictureError("arrays in chunks keep no --indices or --winners; leave them out")
    if is_zarr(task.destination):
        with blamed_on(task.destination):
            check_destination(task.source, task.destination)


class _Job:
    """A task, the array it pools, and the plan of the whole output."""

    def __init__(self, task: Task, volume: Volume) -> None:
        self._task, self._volume = task, volume
        source, axes = volume.source, _pooled_axes(volume, task)
        lengths = [source.shape[axis] for axis in axes]
        planes = prod(n for axis, n in enumerate(source.shape) if axis not in axes)
        check_work(task.operation, lengths, task.reading.max_pixels, planes)
        self.axes = axes
        self.plan: Plan = task.operation.plan(source, axes)
        self._options: dict[str, Any] = task.operation.of_file(None).parameters
        name, asked = task.operation.name, task.operation.dtype
        self._dtype = result_dtype(name, source.dtype, asked)
        named = any(volume.names) and not is_array_file(task.source)
        self._options["channel_axis"] = _channel_axis(volume, axes, named=named)

    @property
    def summary(self) -> Summary:
        """Shapes and notes for the result."""
        from poolcli.media.arrays import layout_notes

        notes = self._volume.notes
        unnamed = not any(self._volume.names) or is_array_file(self._task.source)
        if unnamed and self._task.operation.axes is None:
            notes += layout_notes(self._volume.source.shape, self._task.reading.layout)
        stages, x = self.plan.stages, self._volume.source
        unused = tuple(stage.unused for stage in stages)
        made = Summary(x.shape, self.plan.shape, unused, self._dtype.name, 1, notes)
        return made._replace(first_axis=stages[0].axis)

    def into_zarr(self) -> None:
        """Write a Zarr of the source's own format and chunks, as far as it has them."""
        layout, task = self._layout(), self._task
        named = _mark(task, self._volume, layout)
        with (
            blamed_on(task.destination),
            Unfinished(task.destination, named, resume=task.resume, sync=task.sync) as unfinished,
        ):
            name = "0" if self._volume.ome else None
            if not unfinished.ready:
                out = self._create(unfinished.data, name, layout)
            else:
                out = reopen_array(unfinished.data, name)

            def work(where: Box) -> None:
                with blamed_on(task.destination):
                    out[where] = self._part(where)

            self._run(work, layout.unit, unfinished)
            unfinished.finish()

    def into_array_file(self) -> None:
        """Write a .npy, each box into its place."""
        from poolcli.media.arrays import create_array as create_array_file

        task, shape = self._task, self.plan.shape
        made = create_array_file(task.destination, shape, self._dtype, sync=task.sync)
        with blamed_on(task.destination), made as out:

            def work(where: Box) -> None:
                with blamed_on(task.destination):
                    out[where][...] = self._part(where)

            self._run(work, self._layout().unit, None)

    def _run(self, work: Any, unit: tuple[int, ...], unfinished: Unfinished | None) -> None:
        x, shape = self._volume.source, self.plan.shape
        channels = self._options["channel_axis"]
        whole = OPERATIONS[self._task.operation.name].keeps_pixels and channels is not None
        ratio = max(1.0, prod(x.shape) / max(1, prod(shape)))
        size = grown(unit, shape, ratio * x.dtype.itemsize, (channels,) if whole else ())
        nbytes = prod(shape) * self._dtype.itemsize
        run_passes([Pass("box", shape, size, work)], self._task.threads, nbytes, unfinished)

    def _part(self, where: Box) -> Array:
        with blamed_on(self._task.source):
            name = self._task.operation.name
            values: Array = pool_part(self.plan, where, name, **self._options)
            return values

    def _layout(self) -> Layout:
        volume, shape = self._volume, self.plan.shape
        chunks = volume.chunks
        if chunks is None:
            chunks = tuple(_CHUNK if axis in self.axes else 1 for axis in range(len(shape)))
        shards = volume.shards
        if shards is None:  # larger chunks than any box should be
            chunks = tuple(
                min(n, _LARGEST) if axis in self.axes else n for axis, n in enumerate(chunks)
            )
        return fitted_layout(
            shape,
            self._dtype,
            chunks,
            shards,
            zarr_format=volume.zarr_format or 3,
            names=() if is_array_file(self._task.source) else volume.names,
            fill_value=volume.fill_value if self._dtype == volume.source.dtype else 0,
        )

    def _create(self, folder: Path, name: str | None, layout: Layout) -> Any:
        volume = self._volume
        if name is None:
            return create_array(folder, None, layout, volume.attributes)
        stages = {stage.axis: stage for stage in self.plan.stages}
        count = len(self.plan.shape)
        level = volume.level.pooled(
            name,
            [stages[axis].spacing if axis in stages else 1 for axis in range(count)],
            [stages[axis].first_centre if axis in stages else 0 for axis in range(count)],
        )
        made = Multiscales(volume.axes, (level,), volume.name)
        version = "0.5" if layout.zarr_format == 3 else "0.4"
        create_group(folder, layout.zarr_format, made.attributes(version))
        return create_array(folder, name, layout)


def _pooled_axes(volume: Volume, task: Task) -> tuple[int, ...]:
    """Find the height and the width: by their names, or else the last two, or as the layout says.

    Raises
    ------
    PictureError
        If there are too few axes.
    """
    names, shape = [name.upper() for name in volume.names], volume.source.shape
    known = not is_array_file(task.source) and any(names)
    wanted = task.operation.axes or "YX"
    if known and set(wanted) <= set(names):
        return tuple(names.index(name) for name in wanted)
    if known and task.operation.axes is not None:
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


def _mark(task: Task, volume: Volume, layout: Layout) -> list[Any]:
    """List all that decides what is written."""
    return [
        str(task.source.absolute()),
        volume.state,
        list(task.operation),
        task.reading._replace(max_pixels=None),
        layout,
    ]
