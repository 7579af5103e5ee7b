"""Parts of an array, which machines make without knowing of each other."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

from poolcli.jobs.boxes.unfinished import Unfinished
from poolcli.jobs.paths.shards import Shard

if TYPE_CHECKING:
    from poolcli.media.places.remote_path import Place

__all__ = ["ArrayPart", "making_part", "open_unfinished"]


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


_part: ContextVar[ArrayPart | None] = ContextVar("part", default=None)


@contextmanager
def making_part(shard: Shard) -> Iterator[ArrayPart]:
    """Make only a part of the array that is made inside the block, in this thread."""
    part = ArrayPart(shard)
    token = _part.set(part)
    try:
        yield part
    finally:
        _part.reset(token)


def open_unfinished(
    destination: "Place", mark: object, *, resume: bool, sync: bool = True
) -> Unfinished:
    """Give the folder to write an array in, as a whole or as the part that is to be made."""
    part = _part.get()
    if part is None:
        return Unfinished(destination, mark, resume=resume, sync=sync)
    from poolcli.jobs.boxes.unfinished_part import UnfinishedPart

    return UnfinishedPart(part, destination, mark, resume=resume, sync=sync)
