"""Work as a worker of a cluster does it."""

import pickle
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from time import perf_counter
from typing import Any

from poolcli.jobs.perform import attempt
from poolcli.jobs.plan import Task
from poolcli.jobs.result import Result
from poolcli.jobs.stale_files import remove_leftovers

__all__ = ["absolute", "perform_batch", "pool_below", "sweep", "with_names_of"]

_ONE_AT_A_TIME = threading.Lock()
"""Decoders have settings that are global to a process, whose threads a worker may work by."""


def perform_batch(payload: bytes) -> bytes:
    """Do a pickled pair of a function and the list that it takes.

    The pair is pickled here and not by the cluster's library, which looks for its own objects in
    all lists that it is given.

    Returns
    -------
    bytes
        The pickled pair of the list of answers and the seconds that they took.
    """
    do: Callable[[list[Any]], list[Any]]
    do, things = pickle.loads(payload)
    with _ONE_AT_A_TIME:
        began = perf_counter()
        answers = do(things)
        return pickle.dumps((answers, perf_counter() - began))


def pool_below(folder: str, same_places: bool, tasks: Sequence[Task]) -> list[Result]:
    """Perform tasks of a run whose working folder is another process's.

    Parameters
    ----------
    folder : str
        The working folder.
    same_places : bool
        Whether a real path there is the real path here.

    Returns
    -------
    list of Result
        As of the tasks as they are, with relative paths if they have such.
    """
    results = []
    for task in tasks:
        sent = absolute(folder, task)
        result = attempt(sent if same_places else sent._replace(target=None))
        results.append(with_names_of(task, sent, result))
    return results


def absolute(folder: str, task: Task) -> Task:
    """Make the paths of a task absolute."""
    source, destination = task.source, task.destination
    return task._replace(
        source=Path(folder, source) if isinstance(source, Path) else source,
        destination=Path(folder, destination) if isinstance(destination, Path) else destination,
    )


def with_names_of(task: Task, sent: Task, result: Result) -> Result:
    """Give a result the paths of the task in place of the absolute ones that were sent.

    >>> from poolcli.jobs.operation import Operation
    >>> task = Task(Operation("max", 2), Path("a.png"), Path("out/a.png"))
    >>> sent = absolute("/data", task)
    >>> failed = Result(sent.source, sent.destination, "max", error=f"{sent.source}: is empty")
    >>> with_names_of(task, sent, failed)[:2], with_names_of(task, sent, failed).error
    ((PosixPath('a.png'), PosixPath('out/a.png')), 'a.png: is empty')
    """
    error = result.error
    pairs = [(sent.source, task.source), (sent.destination, task.destination)]
    pairs.append((sent.destination.parent, task.destination.parent))
    for theirs, ours in pairs:
        if error is not None and error.startswith(f"{theirs}: "):
            error = str(ours) + error.removeprefix(str(theirs))
            break
    return result._replace(source=task.source, destination=task.destination, error=error)


def sweep(folders: Sequence[str]) -> int:
    """Remove what dead processes of this machine have left in folders, and count it."""
    return sum(remove_leftovers(Path(folder)).removed for folder in folders)
