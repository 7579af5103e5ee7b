"""Results of many tasks, in the order of the tasks."""

from collections.abc import Callable, Generator, Iterator
from typing import Protocol

from poolcli.errors import PoolingError
from poolcli.jobs.plan import Task
from poolcli.jobs.result import Result

__all__ = ["Hands", "in_order"]

_PATIENCE = 0.2
"""Longest delay, in seconds, before a signal is noticed."""


class Hands(Protocol):
    """Those that perform tasks, as `WorkerPool` does."""

    @property
    def ahead(self) -> int:
        """Number of tasks that may be given before the first of them is answered."""

    def has_room(self) -> bool:
        """Tell whether another task would be begun soon."""

    def give(self, number: int, task: Task) -> None:
        """Hand a task out."""

    def answers(self, seconds: float) -> Iterator[tuple[int, Result]]:
        """Yield results as they come, after waiting at most this long for the first."""

    def stop(self) -> Iterator[tuple[int, Result]]:
        """Stop all work, and yield the results that were complete."""


def in_order(
    ready: Iterator[Task | Result], hands: Hands, stopped: Callable[[], bool]
) -> Generator[Result, None, None]:
    """Hand tasks out, and yield the results in their order.

    Parameters
    ----------
    ready : iterator of Task or Result
        Tasks, and results of those that need not be performed.
    stopped : callable
        As in `run_batch`.

    Raises
    ------
    PoolingError
        If there is nobody left to perform tasks, after the results that were complete.
    """
    waiting: dict[int, Result] = {}
    begun = given = 0
    more = True
    failure: PoolingError | None = None
    try:
        while (more or given < begun) and not stopped():
            try:
                while more and begun - given < hands.ahead and hands.has_room():
                    if (step := next(ready, None)) is None:
                        more = False
                    elif isinstance(step, Result):
                        waiting[begun] = step
                        begun += 1
                    else:
                        hands.give(begun, step)
                        begun += 1
                if given not in waiting:
                    waiting.update(hands.answers(_PATIENCE))
            except PoolingError as error:
                failure = error
                break
            while given in waiting and not stopped():
                yield waiting.pop(given)
                given += 1
        waiting.update(hands.stop())
        for number in sorted(waiting):
            yield waiting[number]
        if failure is not None:
            raise failure
    finally:
        list(hands.stop())
