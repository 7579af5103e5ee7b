"""Shards: equal parts of a run that machines do without knowing of each other."""

from collections.abc import Sequence
from typing import NamedTuple

__all__ = ["Shard", "listed"]

_LISTED = 4


class Shard(NamedTuple):
    """One of several parts, counted from 1.

    A name is in the same part on every machine and whatever other names there are, so that files
    may be added to a folder meanwhile. The parts are about equal: a hash decides.

    Examples
    --------
    >>> names = ["1.png", "a/2.png", "4.png"]
    >>> [[name for name in names if Shard(part, 2).holds(name)] for part in (1, 2)]
    [['1.png'], ['a/2.png', '4.png']]
    >>> str(Shard(2, 4))
    '2/4'
    """

    part: int
    parts: int

    def __str__(self) -> str:
        return f"{self.part}/{self.parts}"

    def holds(self, name: str) -> bool:
        """Tell whether a name is in this part."""
        from hashlib import blake2b

        # CRCs of numbered names are spread unevenly over few parts.
        digest = blake2b(name.encode("utf-8", "surrogateescape"), digest_size=8).digest()
        return int.from_bytes(digest, "big") % self.parts == self.part - 1


def listed(shards: Sequence[Shard]) -> str:
    """Name several shards, or tell how many there are.

    Examples
    --------
    >>> listed([Shard(1, 4), Shard(2, 4), Shard(4, 4)])
    '1/4, 2/4 and 4/4'
    >>> listed([Shard(part, 9) for part in range(1, 7)])
    '6 of 9 parts'
    """
    if len(shards) > _LISTED:
        return f"{len(shards)} of {shards[0].parts} parts"
    *first, last = map(str, shards)
    return f"{', '.join(first)} and {last}" if first else last
