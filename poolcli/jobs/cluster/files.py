"""The files of a run, pooled by the workers of a cluster."""

import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from poolcli.errors import PoolingError
from poolcli.jobs.cluster.connection import Connection
from poolcli.jobs.cluster.pool import ClusterPool
from poolcli.jobs.cluster.work import pool_below, sweep
from poolcli.jobs.paths.kinds import working_folder
from poolcli.jobs.perform import reported
from poolcli.jobs.plan import Task, failed_result
from poolcli.jobs.result import Result

if TYPE_CHECKING:
    from poolcli.jobs.journal import Journal

__all__ = ["FilesOnCluster"]


class FilesOnCluster:
    """A cluster that pools files; this process alone writes the report.

    Parameters
    ----------
    count : int
        Number of files.
    note : callable
        Takes a sentence for the user.
    """

    def __init__(
        self,
        connection: Connection,
        journal: "Journal | None",
        count: int,
        note: Callable[[str], object],
    ) -> None:
        for line in connection.fitness.notes:
            note(line)
        do = partial(pool_below, os.getcwd(), connection.fitness.same_places)  # noqa: PTH109
        self._pool: ClusterPool[Task, Result] = ClusterPool(connection, do, _failed, count, note)
        self._connection, self._journal = connection, journal
        self._folders: set[Path] = set()

    @property
    def ahead(self) -> int:
        """Number of files that may be given before the first of them is answered."""
        return self._pool.ahead

    def has_room(self) -> bool:
        """Tell whether another file would be begun soon."""
        return self._pool.has_room()

    def give(self, number: int, task: Task) -> None:
        """Hand a file to the cluster."""
        self._folders.add(working_folder(task.destination))
        self._pool.give(number, task)

    def answers(self, seconds: float) -> Iterator[tuple[int, Result]]:
        """Yield results as they come, after waiting at most this long for the first."""
        yield from self._reported(self._pool.answers(seconds))

    def stop(self) -> Iterator[tuple[int, Result]]:
        """Forget what is not done, and yield the results that were complete.

        If all is done, each worker removes what those that died on its machine have left.
        """
        if self._pool.lost_workers and self._pool.is_idle():
            folders = sorted({os.path.realpath(folder) for folder in self._folders})
            sweep(folders)  # here too: there may be no worker left
            with suppress(PoolingError):
                self._connection.run(sweep, folders)
        self._folders.clear()
        yield from self._reported(self._pool.stop())

    def _reported(self, answers: Iterator[tuple[int, Result]]) -> Iterator[tuple[int, Result]]:
        for number, result in answers:
            yield number, result if self._journal is None else reported(result, self._journal)


def _failed(task: Task, why: str) -> Result:
    return failed_result(task, f"{task.source}: {why}")
