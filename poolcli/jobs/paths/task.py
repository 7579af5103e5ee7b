"""A task: one file to pool into another."""

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from poolcli.jobs.operation import Operation
from poolcli.jobs.result import Result
from poolcli.media.options import Reading, Writing

if TYPE_CHECKING:
    from poolcli.media.places.remote_path import Place

__all__ = ["Task", "failed_result"]


class Task(NamedTuple):
    """One file to pool into another; plain data, so that it can be sent to a worker.

    ``sync`` as in `atomic_write`; ``target``: the real path as planned; ``threads``: free CPUs;
    ``resume``: whether to go on with an array that a run has left unfinished.
    """

    operation: Operation
    source: "Place"
    destination: "Place"
    indices: "Place | None" = None
    winners: "Place | None" = None
    reading: Reading = Reading()
    writing: Writing = Writing()
    sync: bool = True
    target: Path | None = None
    threads: int = 1
    resume: bool = False


def failed_result(task: Task, error: str) -> Result:
    """Make the result of a task that failed."""
    name, pooling = task.operation.name, task.operation
    return Result(task.source, task.destination, name, error=error, frames=0, pooling=pooling)
