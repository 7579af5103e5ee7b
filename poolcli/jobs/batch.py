"""Many tasks over workers: the results in the order of the tasks, whoever did them."""

import os
import signal
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from poolcli.errors import PoolingError
from poolcli.jobs.perform import attempt, noted, rehearse
from poolcli.jobs.plan import Plan, Task, failed
from poolcli.jobs.result import Result, reason
from poolcli.jobs.stale_files import remove_leftovers
from poolcli.media.files import STANDARD

if TYPE_CHECKING:
    from poolcli.jobs.journal import Done, Journal
    from poolcli.jobs.workers import Crew

__all__ = ["Rules", "Steps", "run_batch"]

_AHEAD = 64
"""So many results for each worker may wait for one before them: what a slow file can hold up."""

_PATIENCE = 0.2
"""Seconds after which a signal is seen at the latest."""


class Rules(NamedTuple):
    """What is done with a task beside doing it.

    Attributes
    ----------
    workers : int, optional
        As many as there are usable CPUs unless given.
    skip_existing, no_clobber : bool
        Where a destination is there already: nothing is done; or that is an error.
    dry_run : bool
        Whether headers are read only, and nothing is written.
    """

    workers: int | None = None
    skip_existing: bool = False
    no_clobber: bool = False
    dry_run: bool = False


class Steps:
    """A plan's tasks, of which some have a result before anything is done.

    Parameters
    ----------
    journal : Journal, optional
        Where failures are noted that no worker will see.
    done : Done, optional
        What was done before.
    """

    def __init__(
        self,
        plan: Plan,
        rules: Rules,
        journal: "Journal | None" = None,
        done: "Done | None" = None,
    ) -> None:
        self._plan, self._rules, self._journal, self._done = plan, rules, journal, done
        self._folders: dict[Path, str | None] = {}

    def __iter__(self) -> Iterator[Task | Result]:
        for task, error in self._plan.tasks():
            yield self.step(task, error)

    def step(self, task: Task, error: str | None = None) -> Task | Result:
        """A task that is to be done, its folder made; or what became of it."""
        if error is not None:
            return self._failure(task, f"{task.source}: {error}")
        if self._done is not None and self._done.holds(task):
            return failed(task, "")._replace(error=None, skipped="done before")
        there = self._rules.skip_existing or self._rules.no_clobber
        if there and os.path.lexists(task.destination):
            if self._rules.skip_existing:
                return failed(task, "")._replace(error=None, skipped="exists")
            return self._failure(task, f"{task.destination}: exists, and --no-clobber is given")
        if not self._rules.dry_run and (error := self._prepared(task.destination)):
            return self._failure(task, error)
        return task

    def _failure(self, task: Task, error: str) -> Result:
        result = failed(task, error)
        return result if self._journal is None else noted(result, self._journal)

    def _prepared(self, destination: Path) -> str | None:
        """Make a folder and sweep it, once; tell why that cannot be."""
        folder = destination.parent
        if destination == STANDARD:
            return None
        if folder not in self._folders:
            self._folders[folder] = None
            try:
                if self._plan.makes_folders:
                    folder.mkdir(parents=True, exist_ok=True)
                remove_leftovers(folder)
            except OSError as error:
                self._folders[folder] = f"{folder}: {reason(error)}"
        return self._folders[folder]


def run_batch(
    plan: Plan,
    rules: Rules,
    *,
    journal: "Journal | None" = None,
    done: "Done | None" = None,
    stopped: Callable[[], bool] = lambda: False,
) -> Generator[Result, None, None]:
    """Do all tasks of a plan, and give their results in its order.

    Memory grows with the number of workers: tasks are made as they are begun, and pixels stay in
    the workers.

    Parameters
    ----------
    stopped : callable
        Asked several times a second; once it says so, workers are ended, and what was done by then
        is still given.

    Raises
    ------
    PoolingError
        If no worker can be started.
    """
    steps = Steps(plan, rules, journal, done)
    if rules.dry_run:
        yield from _rehearsed(steps, stopped)
        return
    from poolcli.jobs.workers import Crew, usable_cpus

    size = max(1, min(rules.workers or usable_cpus(), plan.size))
    do, mourn = partial(attempt, journal=journal), partial(_mourned, journal=journal)
    crew = Crew(do, mourn, _cleared, size)
    with closing(_in_order(iter(steps), crew, size * _AHEAD, stopped)) as results:
        yield from results


def _rehearsed(steps: Steps, stopped: Callable[[], bool]) -> Iterator[Result]:
    for step in steps:
        if stopped():
            return
        try:
            yield step if isinstance(step, Result) else rehearse(step)
        except PoolingError as error:
            assert isinstance(step, Task)
            yield failed(step, str(error))


def _in_order(
    steps: Iterator[Task | Result],
    crew: "Crew[Task, Result]",
    ahead: int,
    stopped: Callable[[], bool],
) -> Generator[Result, None, None]:
    waiting: dict[int, Result] = {}
    begun = given = 0
    more = True
    try:
        while (more or given < begun) and not stopped():
            while more and begun - given < ahead and crew.has_room():
                if (step := next(steps, None)) is None:
                    more = False
                elif isinstance(step, Result):
                    waiting[begun] = step
                    begun += 1
                else:
                    crew.give(begun, step)
                    begun += 1
            if given not in waiting:
                waiting.update(crew.answers(_PATIENCE))
            while given in waiting and not stopped():
                yield waiting.pop(given)
                given += 1
        waiting.update(crew.stop())
        for number in sorted(waiting):
            yield waiting[number]
    finally:
        list(crew.stop())


def _cleared(task: Task, process: int) -> None:
    remove_leftovers(Path(os.path.realpath(task.destination)).parent, of=process)


def _mourned(task: Task, code: int, journal: "Journal | None") -> Result:
    """What became of a task whose worker died."""
    how = f"exit code {code}"
    with suppress(ValueError):
        how = signal.Signals(-code).name
    result = failed(
        task, f"{task.source}: its worker died ({how}); out of memory, or a damaged file, perhaps"
    )
    return result if journal is None else noted(result, journal)
