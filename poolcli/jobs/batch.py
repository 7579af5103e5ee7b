"""Run many tasks over workers, with the results in the order of the tasks."""

import os
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from poolcli.errors import FileError, PoolingError
from poolcli.jobs.paths.kinds import exists, is_odd, remember_existing, working_folder
from poolcli.jobs.perform import rehearse, reported
from poolcli.jobs.plan import RunPlan, Task, failed_result
from poolcli.jobs.result import Result, blamed_on, reason, trace_of
from poolcli.jobs.stale_files import remove_leftovers
from poolcli.media.cpus import usable_cpus
from poolcli.media.file_names import shown
from poolcli.media.files import STANDARD_STREAM

if TYPE_CHECKING:
    from poolcli.jobs.cluster.connection import Connection
    from poolcli.jobs.journal import DoneTasks, Journal
    from poolcli.jobs.running.in_order import Hands
    from poolcli.media.places.remote_path import Place

__all__ = ["ReadyTasks", "Rules", "run_batch"]


class Rules(NamedTuple):
    """Rules of a run that apply to each of its tasks.

    Attributes
    ----------
    workers : int, optional
        Number of worker processes; the usable CPUs unless given.
    skip_existing, no_clobber : bool
        Where a destination exists: skip the task; or let it fail.
    dry_run : bool
        Whether only headers are read, and nothing is written.
    cluster : Connection, optional
        The cluster whose workers take the place of worker processes.
    """

    workers: int | None = None
    skip_existing: bool = False
    no_clobber: bool = False
    dry_run: bool = False
    cluster: "Connection | None" = None


class ReadyTasks:
    """Tasks of a plan, made ready: some have a result before any work is done.

    Parameters
    ----------
    journal : Journal, optional
        Report to which failures are added that no worker sees.
    done : DoneTasks, optional
        Tasks done before.
    """

    def __init__(
        self,
        plan: RunPlan,
        rules: Rules,
        journal: "Journal | None" = None,
        done: "DoneTasks | None" = None,
    ) -> None:
        self._plan, self._rules, self._journal, self._done = plan, rules, journal, done
        self._folders: dict[Path, str | None] = {}
        self._quiet, self._where = 0, Path()

    @property
    def note(self) -> str | None:
        """A sentence on the temporary files that were left alone, if there are any."""
        if not self._quiet:
            return None
        files = "1 temporary file" if self._quiet == 1 else f"{self._quiet} temporary files"
        return (
            f"{shown(self._where)}: {files} of another machine or container, not written to for "
            "ten minutes; remove what no run there needs, or let a run remove it after a day"
        )

    def __iter__(self) -> Iterator[Task | Result]:
        for task, error in self._plan.tasks():
            yield self.step(task, error)

    def step(self, task: Task, error: str | None = None) -> Task | Result:
        """Make the folder of a task to be done; else return the result it already has."""
        try:
            with blamed_on(task.source):
                return self._step(task, error)
        except FileError as fault:
            return self._failure(task, str(fault))._replace(trace=trace_of(fault))

    def _step(self, task: Task, error: str | None) -> Task | Result:
        if error is not None:
            return self._failure(task, f"{task.source}: {error}")
        if self._done is not None and self._done.holds(task):
            return failed_result(task, "")._replace(error=None, skipped="done before")
        if self._plan.folder is not None and is_odd(task.destination):
            return self._failure(
                task,
                f"{task.destination}: exists and is a pipe or a device, which a folder of results "
                "does not take; remove it, or name another folder",
            )
        there = self._rules.skip_existing or self._rules.no_clobber
        if there and exists(task.destination):
            if self._rules.skip_existing:
                return failed_result(task, "")._replace(error=None, skipped="exists")
            return self._failure(task, f"{task.destination}: exists, and --no-clobber is given")
        if not self._rules.dry_run and (error := self._prepared(task.destination)):
            return self._failure(task, error)
        return task

    def _failure(self, task: Task, error: str) -> Result:
        result = failed_result(task, error)
        return result if self._journal is None else reported(result, self._journal)

    def _prepared(self, destination: "Place") -> str | None:
        """Make a folder and sweep it, once; return why that fails."""
        if destination == STANDARD_STREAM:
            return None
        folder = working_folder(destination)
        if folder not in self._folders:
            self._folders[folder] = None
            try:
                if self._plan.makes_folders:
                    _make_folders(folder)
                if quiet := remove_leftovers(folder).quiet:
                    self._quiet, self._where = self._quiet + quiet, folder
            except OSError as error:
                self._folders[folder] = f"{folder}: {reason(error)}"
        return self._folders[folder]


def _make_folders(folder: Path) -> None:
    """As ``mkdir(parents=True)``, which calls itself for every level and so fails on a thousand."""
    missing = []
    while not folder.is_dir():
        missing.append(folder)
        if folder.parent == folder or os.path.lexists(folder):
            break
        folder = folder.parent
    for each in reversed(missing):
        each.mkdir(exist_ok=True)


def run_batch(
    plan: RunPlan,
    rules: Rules,
    *,
    journal: "Journal | None" = None,
    done: "DoneTasks | None" = None,
    stopped: Callable[[], bool] = lambda: False,
    note: Callable[[str], object] = lambda _: None,
) -> Generator[Result, None, None]:
    """Perform all tasks of a plan, and yield their results in its order.

    Memory grows with the number of workers only: tasks are made as they are begun, and pixels stay
    in the workers.

    Parameters
    ----------
    stopped : callable
        Called several times a second; once it returns True, workers are ended, and results that
        are complete by then are still yielded.
    note : callable
        Called with a sentence for the user, if there is one on the run itself.

    Raises
    ------
    PoolingError
        If workers die before they can work, or a cluster is lost.
    """
    if rules.skip_existing or rules.no_clobber or done is not None:
        remember_existing(plan.folder)
    ready = ReadyTasks(plan, rules, journal, done)
    if rules.dry_run:
        yield from _rehearsed(ready, stopped)
        return
    from poolcli.jobs.running.in_order import in_order

    with closing(in_order(iter(ready), _hands(plan, rules, journal, note), stopped)) as results:
        yield from results
    if ready.note is not None:
        note(ready.note)


def _hands(
    plan: RunPlan,
    rules: Rules,
    journal: "Journal | None",
    note: Callable[[str], object],
) -> "Hands":
    """Choose those that perform the tasks."""
    if rules.cluster is not None:
        from poolcli.jobs.cluster.files import FilesOnCluster

        return FilesOnCluster(rules.cluster, journal, plan.size, note)
    from poolcli.jobs.running.local import local_hands

    return local_hands(max(1, min(rules.workers or usable_cpus(), plan.size)), journal, note)


def _rehearsed(ready: ReadyTasks, stopped: Callable[[], bool]) -> Iterator[Result]:
    for step in ready:
        if stopped():
            return
        try:
            yield step if isinstance(step, Result) else rehearse(step)
        except PoolingError as error:
            assert isinstance(step, Task)
            yield failed_result(step, str(error))._replace(trace=trace_of(error))
