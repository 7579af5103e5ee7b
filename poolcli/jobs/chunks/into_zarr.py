"""A pooled array as a Zarr of the source's own format and chunks, as far as it has them."""

from pathlib import Path
from typing import Any

from poolcli.core.geometry.boxes import Box
from poolcli.jobs.boxes.unfinished import Unfinished, mark_of
from poolcli.jobs.chunks.job import ChunkedJob
from poolcli.jobs.result import blamed_on
from poolcli.media.files import is_array_file
from poolcli.media.zarr_store.multiscales import Multiscales
from poolcli.media.zarr_store.writing import (
    Layout,
    create_array,
    create_group,
    fitted_layout,
    reopen_array,
)

__all__ = ["into_zarr", "layout_of"]

_CHUNK = 512
"""Rows and columns of a chunk where the source has none; more than `_LARGEST` are not kept."""

_LARGEST = 2048


def into_zarr(job: ChunkedJob) -> tuple[str, ...]:
    """Write the Zarr; return notes.

    Raises
    ------
    FileError
        If a file cannot be read, pooled or written.
    """
    task, volume, layout = job.task, job.volume, layout_of(job)
    mark = mark_of(task, volume.state, layout)
    with (
        blamed_on(task.destination),
        Unfinished(task.destination, mark, resume=task.resume, sync=task.sync) as unfinished,
    ):
        name = "0" if volume.ome else None
        if not unfinished.ready:
            out = _create(job, unfinished.data, name, layout)
        else:
            out = reopen_array(unfinished.data, name)

        def work(where: Box) -> None:
            with blamed_on(task.destination):
                out[where] = job.part(where)

        job.run(work, layout.unit, unfinished)
        return unfinished.finish()


def layout_of(job: ChunkedJob) -> Layout:
    """Choose chunks, and shards, like the source's."""
    volume, shape = job.volume, job.plan.shape
    chunks = volume.chunks
    if chunks is None:
        chunks = tuple(_CHUNK if axis in job.axes else 1 for axis in range(len(shape)))
    shards = volume.shards
    if shards is None:  # larger chunks than any box should be
        chunks = tuple(min(n, _LARGEST) if axis in job.axes else n for axis, n in enumerate(chunks))
    return fitted_layout(
        shape,
        job.dtype,
        chunks,
        shards,
        zarr_format=volume.zarr_format or 3,
        names=() if is_array_file(job.task.source) else volume.names,
        fill_value=volume.fill_value if job.dtype == volume.source.dtype else 0,
    )


def _create(job: ChunkedJob, folder: Path, name: str | None, layout: Layout) -> Any:
    volume = job.volume
    if name is None:
        return create_array(folder, None, layout, volume.attributes)
    made = Multiscales(volume.axes, (job.level,), volume.name)
    version = "0.5" if layout.zarr_format == 3 else "0.4"
    create_group(folder, layout.zarr_format, made.attributes(version))
    return create_array(folder, name, layout)
