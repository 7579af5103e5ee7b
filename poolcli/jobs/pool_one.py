"""One file: open it, pool it, write the result; each step names the file whose fault an error is.

A picture's source is read and its destination written in turns, frame by frame, so that memory
stays bounded: what is read and pooled is blamed on the source where that happens, inside the
writing that is blamed on the destination.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, TypeAlias

from poolcli.core.operations import OPERATIONS
from poolcli.errors import PathError, PictureError
from poolcli.jobs.limits import check_work
from poolcli.jobs.paths.walk import Identity, identity_of
from poolcli.jobs.plan import Task
from poolcli.jobs.pooled_frames import PooledFrames, Summary, summarised, wants_indices
from poolcli.jobs.result import blamed_on
from poolcli.media.files import (
    STANDARD_STREAM,
    is_array_file,
    is_tiff,
    open_seekable,
    same_file,
)
from poolcli.media.replacing import FileUnit

if TYPE_CHECKING:
    from poolcli.jobs.boxes.array_job import ArrayJob
    from poolcli.media.places.remote_path import Place
    from poolcli.media.tiff.stack import Stack

__all__ = ["Announce", "is_in_place", "measure_one", "pool_one"]

Announce: TypeAlias = Callable[["Place", os.stat_result], object]

_LOSSY = {".jpg", ".jpeg", ".jpe", ".jfif", ".avif", ".mpo"}


def pool_one(task: Task, announce: Announce | None = None) -> Summary:
    """Read the source, pool it, and write the destination and the files beside it.

    Parameters
    ----------
    announce : callable, optional
        Called with the path and the status of each file right before it takes its place.

    Raises
    ------
    FileError
        If a file cannot be read, pooled or written, or the source changed meanwhile.
    """
    leads_to: dict[Path, Path] = {}
    if task.target is not None and isinstance(task.destination, Path):
        leads_to = {task.destination: task.target}
    source = None if is_in_place(task) else _identity(task.source)
    with FileUnit(sync=task.sync, leads_to=leads_to) as unit:
        with blamed_on(task.source), _opened(task) as (array, file):
            pool_it = partial(_pool_file, task, file)
            summary = pool_it(unit) if array is None else _pool_array(task, array, unit)
        for complete in unit:
            with blamed_on(complete.path):
                status = complete.status()
                if status is not None and source is not None:
                    _refuse_source(complete.path, source)
                if status is not None and announce is not None:
                    announce(complete.path, status)
                complete.place()
    return summary._replace(notes=(*summary.notes, *unit.notes))


def is_in_place(task: Task) -> bool:
    """Tell whether a task replaces its own source."""
    return task.source != STANDARD_STREAM and same_file(task.source, task.destination)


def _identity(source: "Place") -> Identity | None:
    return None if source == STANDARD_STREAM else identity_of(source)


def _refuse_source(path: "Place", source: Identity) -> None:
    """Refuse to replace the source by a name that was not its own when the task began."""
    if identity_of(path) == source:
        raise PathError("is the source now, and was not before; look who moved it")


def _refuse_axes(task: Task) -> None:
    """Refuse to pool other axes of a picture than its own."""
    if task.operation.axes not in (None, "YX"):
        raise PictureError(
            f"is pooled as a picture, along YX; --axes {task.operation.axes} needs a .npy or "
            "a TIFF stack with named axes (read by the extra [tiff]), and a destination of its kind"
        )


def measure_one(task: Task) -> Summary:
    """Learn the shapes from the source's header; decode and write nothing.

    Raises
    ------
    FileError
        If the source cannot be read or pooled.
    """
    from poolcli.media import pictures
    from poolcli.media.arrays import open_array

    with blamed_on(task.source):
        if is_array_file(task.source) and _stays_array(task):
            with open_array(task.source) as x:
                return _array_job(task, x).summary
        if not is_array_file(task.source):
            with open_seekable(task.source) as file, _stack_of(task, file) as stack:
                if stack is not None:
                    from poolcli.jobs.stacks.pool_stack import measure_stack

                    return measure_stack(task, stack)
        _refuse_axes(task)
        palette = OPERATIONS[task.operation.name].keeps_pixels
        height, width, channels = pictures.probe_picture(
            task.source, task.reading, keep_palette=palette
        )
        check_work(task.operation, (height, width), task.reading.max_pixels)
        return summarised(task.operation.stages((height, width)), channels)


@contextmanager
def _opened(task: Task) -> Iterator[tuple[Any, BinaryIO | None]]:
    """Give an array that is to stay one, if the source is one; else the file."""
    if is_array_file(task.source):
        if _stays_array(task):
            from poolcli.media.arrays import open_array

            with open_array(task.source) as array:
                yield array, None
        else:
            yield None, None
        return
    with open_seekable(task.source) as file:
        x = None
        if task.source == STANDARD_STREAM and _stays_array(task):
            from poolcli.media.arrays import read_piped_array

            x = read_piped_array(file)
            file.seek(0)
        yield x, file


def _may_be_stack(task: Task, file: BinaryIO | None) -> bool:
    """Tell whether the file is a TIFF, and the destination holds a stack of planes as it is."""
    held = _named(task) in ("", "npy", "tif", "tiff") and task.reading.as_stored
    return held and file is not None and is_tiff(file)


def _named(task: Task) -> str:
    """Extension that names the destination's format; none where it is the source's."""
    return (task.writing.format or task.destination.suffix).lower().lstrip(".")


def _stack_of(task: Task, file: BinaryIO | None) -> "AbstractContextManager[Stack | None]":
    """Open a file as a stack of planes, if it is a TIFF that is not left to Pillow."""
    if file is None or not _may_be_stack(task, file):
        return nullcontext()
    from poolcli.media.tiff.reader import open_stack

    again = task.source if isinstance(task.source, Path) else None
    traits = OPERATIONS[task.operation.name]
    return open_stack(
        file,
        None if isinstance(file, BytesIO) else again,
        task.reading,
        keep_palette=traits.keeps_pixels,
        widened=traits.takes_dtype,
    )


def _stays_array(task: Task) -> bool:
    """Tell whether an array is pooled into an array, as it is."""
    name = task.writing.format or task.destination.suffix
    same = task.destination == STANDARD_STREAM and task.writing.format is None
    return (same or name.lower().lstrip(".") == "npy") and task.reading.convert is None


def _array_job(task: Task, x: Any) -> "ArrayJob":
    """Plan the pooling of a .npy: of the last two axes, or of those that are named."""
    from poolcli.jobs.boxes.array_job import ArrayJob
    from poolcli.media.zarr_store.volume import plain_volume

    return ArrayJob(task, plain_volume(x), named=False)


def _pool_array(task: Task, x: Any, unit: FileUnit) -> Summary:
    """Pool the height and the width of a .npy, in bands from file to file."""
    if task.reading.linear:
        raise PictureError("is an array; --linear is for pictures, so give a picture's destination")
    from poolcli.jobs.boxes.sinks import array_file_sink

    job = _array_job(task, x)
    found = job.with_indices() if wants_indices(task) else None
    with blamed_on(task.destination), array_file_sink(job, unit) as sink:
        if found is None:
            job.write(sink)
        else:
            sink.array[(slice(None),)] = found[0]
    if found is not None:
        from poolcli.jobs.found import Found, keep_found
        from poolcli.media.indices_file import values_digest

        values, indices = found
        count, digest = len(x.shape), values_digest(values, picture=False)
        places = Found(indices, x.shape, (job.axes[0] - count, job.axes[1] - count), digest)
        keep_found(task, places, unit, array=True)
    return job.summary


def _pool_file(task: Task, file: BinaryIO | None, unit: FileUnit) -> Summary:
    """Pool a TIFF segment by segment, where it can be and must be; any other file as a picture."""
    with _stack_of(task, file) as stack:
        if stack is not None:
            from poolcli.jobs.stacks.pool_stack import pool_stack

            return pool_stack(task, stack, unit, as_array=_named(task) == "npy")
    _refuse_axes(task)
    return _pool_picture(task, file, unit)


def _pool_picture(task: Task, file: BinaryIO | None, unit: FileUnit) -> Summary:
    """Pool a picture frame by frame, or an array that has the shape of one."""
    from poolcli.media import pictures

    labels = OPERATIONS[task.operation.name].keeps_pixels
    lossless = task.writing.lossless or (labels and task.writing.quality is None)
    writing = task.writing._replace(lossless=lossless, exact=labels)
    with pictures.open_picture(
        task.source,
        task.reading,
        keep_palette=labels,
        piped=file,
        threads=task.threads,
        left_to_pillow=_may_be_stack(task, file),
    ) as picture:
        pooled = PooledFrames(task, picture.frames, channels_first=_stays_array(task))
        with blamed_on(task.destination):
            if labels:
                _refuse_lossy(task, picture.format)
            pooled_picture = picture._replace(frames=pooled)
            written = pictures.save_picture(
                pooled_picture, task.destination, writing, unit=unit, threads=task.threads
            )
        if pooled.found is not None:
            from poolcli.jobs.found import keep_found

            keep_found(task, pooled.found, unit, array=_stays_array(task))
        return pooled.summary._replace(notes=(*picture.notes, *pooled.notes, *written))


def _refuse_lossy(task: Task, source_format: str | None) -> None:
    suffix = task.writing.format or task.destination.suffix
    if task.destination == STANDARD_STREAM and not suffix:
        suffix = source_format or ""
    if f".{suffix.lower().lstrip('.')}" in _LOSSY and task.writing.quality is None:
        raise PictureError(
            f"{suffix} would blend what mode keeps apart; use .png, or --quality N to accept it"
        )
