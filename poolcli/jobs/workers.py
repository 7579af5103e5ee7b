"""A pool of worker processes, any of which may die without harm to the others.

Threads are slower, and would all die with one decoder that crashes. Photographs of 1 to 2
megapixels, max 2/2, two threads and two processes in turn, with their start-up, on two CPUs:

======  =====  =======  =========
format  files  threads  processes
======  =====  =======  =========
JPEG    500    4.0 s    3.2 s
PNG     50     5.0 s    4.8 s
======  =====  =======  =========
"""

import multiprocessing
import signal
import sys
import warnings
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing import resource_tracker
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess
from types import ModuleType
from typing import Any, Generic, TypeVar

from poolcli.errors import PoolingError
from poolcli.jobs.stale_files import mark_sockets

__all__ = ["WorkerPool", "warm_up"]

Work = TypeVar("Work")
Answer = TypeVar("Answer")

_AT_HAND = 2
"""Tasks that a worker holds: the next one is there while one is performed."""

_FALSE_STARTS = 3
"""Workers in a row that may die before they are ready; then all of them would."""

_PRELOADED = ["poolcli.jobs.worker_imports"]
"""Modules imported once for all workers, where they are forked from one process."""


def warm_up() -> None:
    """Start the process that workers are forked from, so that it imports while this one does.

    It does no harm if no worker is needed then: it ends with this process.
    """
    if _start_method() != "forkserver":
        return
    from multiprocessing import forkserver

    forkserver.set_forkserver_preload(_PRELOADED)
    with suppress(OSError), _signals_held_back(), _without_main():
        forkserver.ensure_running()  # an error shows again when a worker is started
        mark_sockets()


@dataclass(slots=True, eq=False)
class _Worker(Generic[Work]):
    process: BaseProcess
    connection: Any
    tasks: deque[tuple[int, Work]] = field(default_factory=deque)
    ready: bool = False


class WorkerPool(Generic[Work, Answer]):
    """Workers, started as they are needed and replaced when they die.

    Parameters
    ----------
    do : callable
        Turns a task into an answer, in a worker; must be picklable, as tasks and answers must.
    on_crash : callable
        Turns a task, and the exit code of the worker that died over it, into an answer.
    clean_up : callable
        Cleans up after a worker that was ended or died: takes its task and its process id.
    size : int
        Largest number of workers at a time.
    """

    def __init__(
        self,
        do: Callable[[Work], Answer],
        on_crash: Callable[[Work, int], Answer],
        clean_up: Callable[[Work, int], object],
        size: int,
    ) -> None:
        self._do, self._on_crash, self._clean_up, self._size = do, on_crash, clean_up, size
        self._context = multiprocessing.get_context(_start_method())
        self._context.set_forkserver_preload(_PRELOADED)
        self._workers: list[_Worker[Work]] = []
        self._left: deque[tuple[int, Work]] = deque()
        self._answers: deque[tuple[int, Answer]] = deque()
        self._false_starts = 0

    def has_room(self) -> bool:
        """Tell whether another task would be begun soon."""
        busy = sum(len(worker.tasks) for worker in self._workers) + len(self._left)
        return busy < self._size * _AT_HAND

    def give(self, number: int, task: Work) -> None:
        """Hand a task to a worker.

        Raises
        ------
        PoolingError
            If no worker can be started.
        """
        self._left.append((number, task))
        self._hand_out()

    def answers(self, seconds: float) -> Iterator[tuple[int, Answer]]:
        """Yield answers as they come, after waiting at most this long for the first.

        Raises
        ------
        PoolingError
            If no worker can be started in place of one that died.
        """
        by_connection = {worker.connection: worker for worker in self._workers}
        for connection in wait(list(by_connection), seconds):
            self._receive(by_connection[connection])
        self._hand_out()
        while self._answers:
            yield self._answers.popleft()

    def stop(self) -> Iterator[tuple[int, Answer]]:
        """End all workers at once, and yield the answers that were complete."""
        for worker in self._workers:
            worker.process.kill()
        for worker in self._workers:
            worker.process.join()
            self._drain(worker)
            if worker.tasks:
                self._clean_up(worker.tasks[0][1], worker.process.pid or 0)
        self._workers.clear()
        self._left.clear()
        while self._answers:
            yield self._answers.popleft()

    def _hand_out(self) -> None:
        while self._left:
            worker = min(self._workers, key=lambda each: len(each.tasks), default=None)
            if worker is None or (worker.tasks and len(self._workers) < self._size):
                worker = self._started()
            if len(worker.tasks) >= _AT_HAND:
                return
            try:
                worker.connection.send(self._left[0])
            except OSError:
                self._retire(worker)
            else:
                worker.tasks.append(self._left.popleft())

    def _started(self) -> _Worker[Work]:
        ours, its = self._context.Pipe()
        process = self._context.Process(target=_serve, args=(its, self._do), daemon=True)  # type: ignore[attr-defined]
        try:
            with _signals_held_back(), _without_main():
                process.start()
                if _start_method() == "forkserver":
                    mark_sockets()
        except (OSError, EOFError) as error:
            if self._workers:  # fewer workers will do
                self._size = len(self._workers)
                return min(self._workers, key=lambda each: len(each.tasks))
            raise PoolingError(
                f"no worker can be started ({error}); close other programs, or set TMPDIR "
                "to a folder with a short name"
            ) from error
        its.close()
        worker: _Worker[Work] = _Worker(process, ours)
        self._workers.append(worker)
        return worker

    def _receive(self, worker: _Worker[Work]) -> None:
        try:
            self._take(worker, worker.connection.recv())
        except (EOFError, OSError):
            self._retire(worker)

    def _take(self, worker: _Worker[Work], answer: Answer | None) -> None:
        if answer is None:
            worker.ready = True
            self._false_starts = 0
        else:
            number, _ = worker.tasks.popleft()
            self._answers.append((number, answer))

    def _drain(self, worker: _Worker[Work]) -> None:
        """Take the last answers of a dead worker."""
        with suppress(EOFError, OSError):
            while worker.connection.poll():
                self._take(worker, worker.connection.recv())
        worker.connection.close()

    def _retire(self, worker: _Worker[Work]) -> None:
        """Answer the task over which a worker died; hand its other one out again."""
        self._workers.remove(worker)
        worker.process.join(5)
        self._drain(worker)
        code = worker.process.exitcode or 0
        if worker.ready and worker.tasks:
            number, task = worker.tasks.popleft()
            self._clean_up(task, worker.process.pid or 0)
            self._answers.append((number, self._on_crash(task, code)))
        self._left.extendleft(reversed(worker.tasks))
        if not worker.ready:
            self._false_starts += 1
            if self._false_starts >= _FALSE_STARTS:
                raise PoolingError(
                    f"workers die before they can work (exit code {code}); is there memory left?"
                )


def _serve(connection: Any, do: Callable[[Any], Any]) -> None:
    """Perform tasks in a worker until the other end of the connection is closed."""
    for number in _signals():  # the first process decides when to stop
        signal.signal(number, signal.SIG_IGN)
    if not sys.warnoptions:
        warnings.simplefilter("ignore")
    with suppress(EOFError, OSError):
        connection.send(None)
        while True:
            _number, task = connection.recv()
            connection.send(do(task))


@contextmanager
def _without_main() -> Iterator[None]:
    """Let a process start without the main module, which is the command line."""
    before = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = before


def _start_method() -> str:
    """Fork workers from one process that has everything imported where that is safe; else spawn."""
    return "forkserver" if sys.platform == "linux" else "spawn"


@contextmanager
def _signals_held_back() -> Iterator[None]:
    """Let a process start with the signals blocked that a terminal sends to all of a group."""
    if sys.platform == "win32":
        yield
        return
    # Starting the tracker would unblock the signals; so it must run already.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _signals())
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _signals() -> list[int]:
    names = ("SIGINT", "SIGTERM", "SIGHUP")
    return [getattr(signal, name) for name in names if hasattr(signal, name)]
