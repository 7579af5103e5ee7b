"""Doing a task, and telling what became of it."""

from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from poolcli.errors import PoolingError
from poolcli.jobs.operation import Operation
from poolcli.jobs.plan import Task, failed
from poolcli.jobs.pool_one import measure_one, pool_one
from poolcli.jobs.pooled_frames import Summary
from poolcli.jobs.result import Result, reason
from poolcli.media.files import same_file

if TYPE_CHECKING:
    from poolcli.jobs.journal import Journal

__all__ = ["Result", "attempt", "noted", "perform", "pool_file", "rehearse"]


def pool_file(operation: Operation, source: str | Path, destination: str | Path) -> Result:
    """Pool one picture or .npy array into another file.

    Raises
    ------
    PoolingError
        If the file cannot be read, pooled or written; the text begins with the path it is about.

    Examples
    --------
    >>> import tempfile
    >>> import numpy as np
    >>> path = Path(tempfile.mkdtemp()) / "maps.npy"
    >>> np.save(path, np.ones((4, 3, 4, 4)))
    >>> pool_file(Operation("avg", size=(1, 1)), path, path.with_name("means.npy")).output_shape
    (4, 3, 1, 1)
    """
    return perform(Task(operation, Path(source), Path(destination)))


def perform(task: Task) -> Result:
    """Do one task.

    Raises
    ------
    PoolingError
        If the file cannot be read, pooled or written; the text begins with the path it is about.
    """
    return _timed(task, pool_one)


def rehearse(task: Task) -> Result:
    """Learn from a header what a task would make; write nothing.

    Raises
    ------
    PoolingError
        If the file cannot be read, or cannot be pooled so.
    """
    return _timed(task, measure_one)


def attempt(task: Task, journal: "Journal | None" = None) -> Result:
    """Do one task of many: failing costs this one only.

    Parameters
    ----------
    journal : Journal, optional
        Where the result is noted down, before anybody is told.
    """
    try:
        result = perform(task)
    except PoolingError as error:
        result = failed(task, str(error))
    except Exception as error:  # a defect of ours, or of a decoder
        result = failed(task, f"{task.source}: {type(error).__name__}: {error}")
    return result if journal is None else noted(result, journal)


def noted(result: Result, journal: "Journal") -> Result:
    """Note a result down; what cannot be noted down has failed."""
    try:
        journal.add(result)
    except OSError as error:
        return result._replace(error=f"{journal.path}: {reason(error)}")
    return result


def _timed(task: Task, step: Callable[[Task], Summary]) -> Result:
    began = perf_counter()
    size, mtime_ns = _state(task.source)
    summary = step(task)
    if same_file(task.source, task.destination):
        size, mtime_ns = _state(task.source)  # as it is now: it must not be pooled once more
    return Result(
        task.source,
        task.destination,
        task.operation.name,
        **summary._asdict(),
        seconds=perf_counter() - began,
        size=size,
        mtime_ns=mtime_ns,
    )


def _state(source: Path) -> tuple[int | None, int | None]:
    """Size and time of a file before it is read, by which a later run sees whether it changed."""
    try:
        status = source.stat()
    except OSError:
        return None, None
    return status.st_size, status.st_mtime_ns
