"""Doing a task, and telling what became of it."""

from pathlib import Path
from time import perf_counter

from poolcli.errors import PoolingError
from poolcli.jobs.operation import Operation
from poolcli.jobs.plan import Task
from poolcli.jobs.result import Result, reason
from poolcli.jobs.way import Way

__all__ = ["Result", "perform", "pool_file"]


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
    began = perf_counter()
    way = Way(task)
    try:
        way.go()
    except (PoolingError, OSError, MemoryError) as error:
        raise PoolingError(f"{way.about}: {reason(error)}") from error
    return Result(
        task.source,
        task.destination,
        task.operation.name,
        way.input_shape,
        way.output_shape,
        way.unused,
        way.dtype,
        perf_counter() - began,
    )
