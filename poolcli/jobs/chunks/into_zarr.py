"""A pooled array as a Zarr of the source's own format and chunks, as far as it has them."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from poolcli.jobs.boxes.array_job import ArrayJob
from poolcli.jobs.boxes.opening import open_unfinished
from poolcli.jobs.boxes.sink import Sink
from poolcli.jobs.boxes.unfinished import Unfinished, mark_of
from poolcli.media.files import is_array_file
from poolcli.media.zarr_store.multiscales import Multiscales
from poolcli.media.zarr_store.writing import (
    Layout,
    ZarrSink,
    create_array,
    create_group,
    fitted_layout,
    reopen_array,
)

__all__ = ["zarr_sink"]


class _Sink(ZarrSink):
    """The array, as the destination of a job."""

    array = None

    def __init__(self, array: Any, layout: Layout, unfinished: Unfinished) -> None:
        super().__init__(array)
        self.unit = layout.unit
        self.unfinished: Unfinished | None = unfinished
        self.notes: tuple[str, ...] = ()


@contextmanager
def zarr_sink(job: ArrayJob) -> Iterator[Sink]:
    """Open the Zarr, or what an earlier run has left of it."""
    task, volume, layout = job.task, job.volume, _layout_of(job)
    mark = mark_of(task, volume.state, layout)
    name = "0" if volume.ome else None
    opened = open_unfinished(task.destination, mark, resume=task.resume, sync=task.sync)
    with opened as unfinished:
        unfinished.create(lambda folder: _create(job, folder, name, layout))
        out = reopen_array(unfinished.data, name)
        yield _Sink(out, layout, unfinished)
        unfinished.finish()


def _layout_of(job: ArrayJob) -> Layout:
    volume = job.volume
    return fitted_layout(
        job.plan.shape,
        job.dtype,
        job.chunks,
        volume.shards,
        zarr_format=volume.zarr_format or 3,
        names=() if is_array_file(job.task.source) else volume.names,
        fill_value=volume.fill_value if job.dtype == volume.source.dtype else 0,
    )


def _create(job: ArrayJob, folder: Path, name: str | None, layout: Layout) -> None:
    volume = job.volume
    if name is None:
        create_array(folder, None, layout, volume.attributes)
        return
    made = Multiscales(volume.axes, (job.level,), volume.name)
    version = "0.5" if layout.zarr_format == 3 else "0.4"
    create_group(folder, layout.zarr_format, made.attributes(version))
    create_array(folder, name, layout)
