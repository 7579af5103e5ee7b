"""The workers of this machine, or this process where none can be started."""

import os
import signal
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from poolcli.errors import PoolingError
from poolcli.jobs.paths.kinds import working_folder
from poolcli.jobs.perform import attempt, reported
from poolcli.jobs.plan import Task, failed_result
from poolcli.jobs.result import Result
from poolcli.jobs.stale_files import remove_dead_sockets, remove_leftovers
from poolcli.jobs.workers import WorkerPool

if TYPE_CHECKING:
    from poolcli.jobs.journal import Journal

__all__ = ["LocalHands", "local_hands"]

_AHEAD = 64
"""Results per worker that may wait for an earlier one: the most that a slow file can hold up."""


def local_hands(
    size: int, journal: "Journal | None", note: Callable[[str], object]
) -> "LocalHands":
    """Make ready for so many workers, which are started as they are needed."""
    do, on_crash = partial(attempt, journal=journal), partial(_crashed, journal=journal)
    remove_dead_sockets()
    return LocalHands(WorkerPool(do, on_crash, _clean_up, size), do, note, size * _AHEAD)


class LocalHands:
    """The workers that perform tasks; this process itself where none can be started.

    Its interface is `Hands`.
    """

    def __init__(
        self,
        workers: WorkerPool[Task, Result],
        do: Callable[[Task], Result],
        note: Callable[[str], object],
        ahead: int,
    ) -> None:
        self._workers, self._do, self._note, self.ahead = workers, do, note, ahead
        self._alone, self._begun = False, False
        self._own: deque[tuple[int, Task]] = deque()

    def has_room(self) -> bool:
        """Tell whether another task would be begun soon."""
        return not self._own if self._alone else self._workers.has_room()

    def give(self, number: int, task: Task) -> None:
        """Hand a task to a worker, or keep it for this process."""
        if not self._alone:
            try:
                self._workers.give(number, task)
                self._begun = True
                return
            except PoolingError as error:
                if self._begun:
                    raise
                self._alone = True
                self._note(f"{error}; meanwhile files are pooled by this process, one by one")
        self._own.append((number, task))

    def answers(self, seconds: float) -> Iterator[tuple[int, Result]]:
        """Yield results as they come, after waiting at most this long for the first."""
        if not self._alone:
            yield from self._workers.answers(seconds)
        while self._own:
            number, task = self._own.popleft()
            yield number, self._do(task)

    def stop(self) -> Iterator[tuple[int, Result]]:
        """End all workers at once, and yield the results that were complete."""
        self._own.clear()
        return self._workers.stop()


def _clean_up(task: Task, process: int) -> None:
    place = task.destination
    real = Path(os.path.realpath(place)) if isinstance(place, Path) else place
    remove_leftovers(working_folder(real), of=process)


def _crashed(task: Task, code: int, journal: "Journal | None") -> Result:
    """Result of a task whose worker died."""
    how = f"exit code {code}"
    with suppress(ValueError):
        how = signal.Signals(-code).name
    result = failed_result(
        task, f"{task.source}: its worker died ({how}); out of memory, or a damaged file, perhaps"
    )
    return result if journal is None else reported(result, journal)
