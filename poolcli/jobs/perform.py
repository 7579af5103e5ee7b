"""Perform a task, and return its result."""

import os
import stat
from collections.abc import Callable
from functools import partial
from os import PathLike, fspath
from time import perf_counter
from typing import TYPE_CHECKING, Unpack

from poolcli.errors import PoolingError
from poolcli.jobs.operation import Operation
from poolcli.jobs.parameters import Parameters
from poolcli.jobs.plan import Task, failed_result
from poolcli.jobs.pool_one import is_in_place, measure_one, pool_one
from poolcli.jobs.pooled_frames import Summary
from poolcli.jobs.result import REPLACING, Result, blamed_on, reason, trace_of
from poolcli.media.files import STANDARD_STREAM, is_array_file, path_from
from poolcli.media.zarr_store.names import is_zarr

if TYPE_CHECKING:
    from poolcli.jobs.journal import Journal
    from poolcli.media.places.remote_path import Place

__all__ = ["Result", "attempt", "perform", "pool_file", "rehearse", "reported"]


def pool_file(
    operation: Operation | str,
    source: str | PathLike[str],
    destination: str | PathLike[str],
    **parameters: Unpack[Parameters],
) -> Result:
    """Pool one picture or .npy array into another file.

    Parameters
    ----------
    operation : Operation or str
        An operation; or the name of one, with its parameters by name.
    source, destination : str or path
        ``-`` is standard input or output, and ``s3://bucket/name`` an object.
    **parameters
        Those of `Operation`: kernel, stride, padding, dilation, ceil_mode, size,
        count_include_pad, divisor_override, power, skip, min_valid, sparse,
        quantile, dtype, axes.

    Raises
    ------
    WindowError
        If the name is unknown or a parameter is out of its range.
    FileError
        If the file cannot be read, pooled or written; the text begins with the path it is about.
    TypeError
        If parameters are given beside an `Operation`, or one has no such name.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> import numpy as np
    >>> path = Path(tempfile.mkdtemp()) / "maps.npy"
    >>> np.save(path, np.ones((4, 3, 4, 4)))
    >>> pool_file("avg", path, path.with_name("means.npy"), size=1).output_shape
    (4, 3, 1, 1)
    """
    if isinstance(operation, str):
        operation = Operation(operation, **parameters)
    elif not isinstance(operation, Operation):
        raise TypeError(f"operation {operation!r} is neither an Operation nor the name of one")
    elif parameters:
        raise TypeError(
            f"{', '.join(parameters)} given beside an Operation; put them into the Operation, or "
            "give its name"
        )
    return perform(Task(operation, path_from(fspath(source)), path_from(fspath(destination))))


def perform(task: Task, journal: "Journal | None" = None) -> Result:
    """Perform one task.

    Parameters
    ----------
    journal : Journal, optional
        Report that learns beforehand what will take the place of a source.

    Raises
    ------
    FileError
        If the file cannot be read, pooled or written; the text begins with the path it is about.
    """
    if journal is None or not is_in_place(task):
        return _timed(task, _pool)

    def announce(path: "Place", status: os.stat_result) -> None:
        if path == task.destination:
            planned = failed_result(task, "")._replace(
                error=None,
                skipped=REPLACING,
                size=status.st_size,
                mtime_ns=status.st_mtime_ns,
                destination_size=status.st_size,
            )
            with blamed_on(journal.path):
                journal.add(planned, sync=task.sync)

    return _timed(task, partial(pool_one, announce=announce))


def rehearse(task: Task) -> Result:
    """Predict a task's result from the header of its source; write nothing.

    Raises
    ------
    FileError
        If the file cannot be read, or cannot be pooled so.
    """
    return _timed(task, _measure)._replace(seconds=0.0, destination_size=None)


def attempt(task: Task, journal: "Journal | None" = None) -> Result:
    """Perform one task of many; an error becomes its result.

    Parameters
    ----------
    journal : Journal, optional
        Report to which the result is added before it is returned.
    """
    try:
        result = perform(task, journal)
    except PoolingError as error:
        result = failed_result(task, str(error))._replace(trace=trace_of(error))
    return result if journal is None else reported(result, journal)


def reported(result: Result, journal: "Journal") -> Result:
    """Add a result to a report; a result that cannot be added is a failure."""
    try:
        journal.add(result)
    except OSError as error:
        return result._replace(error=f"{journal.path}: {reason(error)}")
    return result


def _in_chunks(task: Task) -> bool:
    if is_zarr(task.source) or is_zarr(task.destination):
        return True
    return is_array_file(task.source) and _is_more_than_picture(task)


def _is_more_than_picture(task: Task) -> bool:
    """Tell whether a .npy that goes into a TIFF has no place in a picture."""
    name = (task.writing.format or task.destination.suffix).lower().lstrip(".")
    if name not in ("tif", "tiff") or task.reading.convert is not None:
        return False
    from poolcli.media.array_pictures import is_picture
    from poolcli.media.arrays import open_array
    from poolcli.media.tiff.extra import is_installed

    with blamed_on(task.source), open_array(task.source) as x:
        named = task.operation.axes not in (None, "YX")
        fits = is_picture(x, task.reading.layout) and not named
    return not fits and is_installed()


def _pool(task: Task) -> Summary:
    if not _in_chunks(task):
        return pool_one(task)
    from poolcli.jobs.chunks.pool_chunked import pool_chunked

    return pool_chunked(task)


def _measure(task: Task) -> Summary:
    if not _in_chunks(task):
        return measure_one(task)
    from poolcli.jobs.chunks.pool_chunked import measure_chunked

    return measure_chunked(task)


def _timed(task: Task, step: Callable[[Task], Summary]) -> Result:
    with blamed_on(task.source):
        return _measured(task, step)


def _measured(task: Task, step: Callable[[Task], Summary]) -> Result:
    began = perf_counter()
    size, mtime_ns, etag = _state(task.source)
    summary = step(task)
    if is_in_place(task):
        size, mtime_ns, etag = _state(task.source)  # as it is now: it must not be pooled once more
    return Result(
        task.source,
        task.destination,
        task.operation.name,
        **summary._asdict(),
        seconds=perf_counter() - began,
        size=size,
        mtime_ns=mtime_ns,
        etag=etag,
        destination_size=_size(task.destination),
        pooling=task.operation,
    )


def _size(destination: "Place") -> int | None:
    """Size of a file that was written, by which a later run detects that it was cut short."""
    if destination == STANDARD_STREAM:
        return None
    try:
        status = destination.stat()
    except OSError:
        return None
    return status.st_size if stat.S_ISREG(status.st_mode) else None


def _state(source: "Place") -> tuple[int | None, int | None, str | None]:
    """Size, time and tag of a file before it is read, by which a later run detects changes."""
    try:
        status = source.stat()
    except OSError:
        return None, None, None
    size = None if status.st_size < 0 else status.st_size  # few web servers do not tell it
    return size, status.st_mtime_ns, getattr(status, "etag", None)
