"""Progress of one file, told to whoever watches it."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeAlias, TypeVar

__all__ = ["Watcher", "tell", "told", "watched"]

Made = TypeVar("Made")

Watcher: TypeAlias = Callable[[int, int], None]
"""A function that takes the bytes that are done, and those of the whole result."""

_watcher: ContextVar[Watcher | None] = ContextVar("watcher", default=None)


@contextmanager
def watched(watcher: Watcher) -> Iterator[None]:
    """Tell the progress of each file that is pooled inside the block, in this thread.

    Examples
    --------
    >>> with watched(print):
    ...     tell(3, 4)
    3 4
    """
    token = _watcher.set(watcher)
    try:
        yield
    finally:
        _watcher.reset(token)


def tell(done: int, total: int) -> None:
    """Tell how much of a result is done, if anybody watches."""
    watcher = _watcher.get()
    if watcher is not None:
        watcher(done, total)


def told(made: Iterable[tuple[Made, int]], total: int) -> Iterator[Made]:
    """Yield what is made, given with its bytes, and tell the progress.

    Examples
    --------
    >>> with watched(print):
    ...     list(told([("a", 3), ("b", 1)], 4))
    3 4
    4 4
    ['a', 'b']
    """
    done = 0
    for one, count in made:
        done += count
        tell(done, total)
        yield one
