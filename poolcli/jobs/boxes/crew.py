"""Those who work on the boxes of an array in place of threads, and the share of one of them.

A job says what its boxes are and how one is made; who makes which is said around it, as it is for
those who watch its progress.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import NamedTuple, Protocol

from poolcli.jobs.paths.shards import Shard

__all__ = [
    "ArrayPart",
    "Crew",
    "Share",
    "current_crew",
    "current_part",
    "current_share",
    "doing",
    "helped_by",
    "making_part",
]


class Share(NamedTuple):
    """Some boxes of a job that another process has begun.

    Attributes
    ----------
    plan : str
        All boxes, in words, as that process has cut them.
    names : frozenset of str
    """

    plan: str
    names: frozenset[str]


class Crew(Protocol):
    """Workers elsewhere, each of which does a `Share` of the same job."""

    def performed(self, names: Iterable[str], plan: str) -> Iterator[str]:
        """Yield the names of boxes as they are done, in any order."""

    def clean_up(self, folder: Path) -> None:
        """Remove what those who died have left in a folder."""


class ArrayPart:
    """A part of an array that is to be made.

    Attributes
    ----------
    shard : Shard
    told : str, optional
        Why the array is not in its place yet, for the user.
    """

    def __init__(self, shard: Shard) -> None:
        self.shard = shard
        self.told: str | None = None


_crew: ContextVar[Crew | None] = ContextVar("crew", default=None)
_share: ContextVar[Share | None] = ContextVar("share", default=None)
_part: ContextVar[ArrayPart | None] = ContextVar("part", default=None)


@contextmanager
def helped_by(crew: Crew) -> Iterator[None]:
    """Let a crew make the boxes of the array that is made inside the block, in this thread."""
    token = _crew.set(crew)
    try:
        yield
    finally:
        _crew.reset(token)


@contextmanager
def doing(share: Share) -> Iterator[None]:
    """Do nothing but a share of the array that is made inside the block, in this thread."""
    token = _share.set(share)
    try:
        yield
    finally:
        _share.reset(token)


@contextmanager
def making_part(shard: Shard) -> Iterator[ArrayPart]:
    """Make only a part of the array that is made inside the block, in this thread."""
    part = ArrayPart(shard)
    token = _part.set(part)
    try:
        yield part
    finally:
        _part.reset(token)


def current_crew() -> Crew | None:
    """Tell who helps."""
    return _crew.get()


def current_share() -> Share | None:
    """Tell which boxes are to be done, if not all."""
    return _share.get()


def current_part() -> ArrayPart | None:
    """Tell which part is to be made, if not the whole."""
    return _part.get()
