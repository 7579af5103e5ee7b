"""Work done ahead of its use by a few threads, in order."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

__all__ = ["done_ahead"]

Item = TypeVar("Item")
Done = TypeVar("Done")

_AHEAD = 3
"""Results for each thread that may wait for their use."""


def done_ahead(
    work: Callable[[Item], Done], items: Iterable[Item], threads: int, ahead: int | None = None
) -> Iterator[Done]:
    """Yield the result of each item in order, those of the next ones being made meanwhile.

    Parameters
    ----------
    ahead : int, optional
        Results for each thread that may wait for their use.

    Examples
    --------
    >>> list(done_ahead(abs, [-3, 2, -1], threads=2))
    [3, 2, 1]
    """
    if threads < 2:
        yield from map(work, items)
        return
    most = threads * (_AHEAD if ahead is None else ahead)
    waiting: deque[Future[Done]] = deque()
    pool = ThreadPoolExecutor(threads)
    try:
        for item in items:
            waiting.append(pool.submit(work, item))
            if len(waiting) >= most:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
