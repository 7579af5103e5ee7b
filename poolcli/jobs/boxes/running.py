"""Box of an array, worked on by threads, each noted in the journal once it is written."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from math import ceil, prod
from typing import TYPE_CHECKING, Any

from poolcli.core.geometry.boxes import Box, boxes
from poolcli.errors import FileError
from poolcli.jobs.boxes.ahead import done_ahead
from poolcli.jobs.boxes.crew import Crew, Share, current_crew, current_share
from poolcli.jobs.boxes.watching import tell

if TYPE_CHECKING:
    from poolcli.jobs.boxes.unfinished import Unfinished

__all__ = ["Pass", "grown", "run_passes"]

_MOST_BYTES = 1 << 25
"""Bytes that boxes of the input are not grown beyond."""

_FEWEST = 16
"""Box that are left at least: threads share them, and a run that is stopped keeps them."""


class Pass:
    """Box of an output that are worked on side by side.

    Parameters
    ----------
    name : str
        Its name in the journal.
    shape : sequence of int
        Of the array whose boxes they are.
    size : sequence of int
        Of a box: whole chunks, or whole shards, of every array that is written.
    work : callable
        Computes one box, and writes or encodes it; by any thread.
    keep : callable, optional
        Takes the results of ``work`` one by one, in the order of the boxes, to write them; returns
        what the journal is to tell about each.
    """

    def __init__(
        self,
        name: str,
        shape: Sequence[int],
        size: Sequence[int],
        work: Callable[[Box], Any],
        keep: Callable[[Any], object] | None = None,
    ) -> None:
        self.name, self.shape, self.size = name, shape, size
        self.work, self.keep = work, keep

    def __str__(self) -> str:
        return f"{self.name}: {tuple(self.shape)} by {tuple(self.size)}"

    @property
    def count(self) -> int:
        """Number of boxes."""
        return prod(ceil(n / step) for n, step in zip(self.shape, self.size, strict=True))


def grown(
    unit: Sequence[int], shape: Sequence[int], item: float, together: Iterable[int] = ()
) -> tuple[int, ...]:
    """Take several units for a box where they are small: each box has a cost of its own.

    Parameters
    ----------
    item : float
        Bytes that one item of the output costs.
    together : iterable of int
        Axes that are not cut.

    Examples
    --------
    >>> grown((1, 64, 64), (3, 5000, 5000), 1, together=(0,))
    (3, 1024, 1024)
    """
    size = [min(step, length) for step, length in zip(unit, shape, strict=True)]
    for axis in together:
        size[axis] = shape[axis]
    while True:
        growing = [axis for axis, length in enumerate(shape) if size[axis] < length]
        many = prod(shape) >= 2 * _FEWEST * prod(size)
        if not (growing and many) or prod(size) * item * 2 > _MOST_BYTES:
            return tuple(size)
        # Of the last two axes the shorter side, then those before them.
        axis = min(growing, key=lambda axis: (axis < len(shape) - 2, size[axis], -axis))
        size[axis] *= 2


def run_passes(
    passes: Sequence[Pass], threads: int, nbytes: int, unfinished: "Unfinished | None" = None
) -> None:
    """Work on all boxes, pass after pass, but those that an earlier run has done.

    Parameters
    ----------
    nbytes : int
        Of the whole result, for those who watch the progress.

    Raises
    ------
    FileError
        If a box fails; it tells how many are kept.
    KeyboardInterrupt
        As it came, with a note on how to go on.
    """
    plan = "; ".join(map(str, passes))
    if unfinished is not None:
        unfinished.begin(plan)
    if (share := current_share()) is not None:
        _do(passes, share)
        return
    counts = [one.count for one in passes]
    total = sum(counts) if unfinished is None else unfinished.total(counts)
    done = 0 if unfinished is None else len(unfinished.done)
    try:
        for number, one in enumerate(passes):
            if number and unfinished is not None:
                if not unfinished.leads():
                    break
                done, total = len(unfinished.done), unfinished.total(counts)
            crew = current_crew()
            if crew is None or unfinished is None or one.keep is not None:
                made = _made(one, threads, unfinished)
            else:
                made = _made_by_crew(one, crew, plan, unfinished)
            for _ in made:
                done += 1
                tell(done * nbytes // total, nbytes)
    except KeyboardInterrupt as error:
        if unfinished is not None and unfinished.done:
            count = len(unfinished.done)
            error.add_note(f"{count} of {total} boxes done; the same command with --resume goes on")
        raise
    except FileError as error:
        if unfinished is None or not unfinished.done:
            raise
        kept = f"{len(unfinished.done)} of {total} boxes are kept for --resume"
        raise FileError(error.path, f"{error.reason} ({kept})") from error


def _do(passes: Sequence[Pass], share: Share) -> None:
    """Do nothing but a share."""
    for one in passes:
        for name, where in _left(one, None):
            if name in share.names:
                one.work(where)


def _made_by_crew(one: Pass, crew: Crew, plan: str, unfinished: "Unfinished") -> Iterator[None]:
    for name in crew.performed((name for name, _ in _left(one, unfinished)), plan):
        unfinished.add(name)
        yield
    crew.clean_up(unfinished.folder)


def _made(one: Pass, threads: int, unfinished: "Unfinished | None") -> Iterator[None]:
    ahead = 1 if one.keep is not None else None  # what waits to be kept is in memory
    jobs = done_ahead(_noted(one, unfinished), _left(one, unfinished), threads, ahead)
    for name, made in jobs:
        if one.keep is not None:
            told = one.keep(made)
            if unfinished is not None:
                unfinished.add(name, told)
        yield


def _left(one: Pass, unfinished: "Unfinished | None") -> Iterable[tuple[str, Box]]:
    done: set[str] = set() if unfinished is None else set(unfinished.done)
    for number, where in enumerate(boxes(one.shape, one.size)):
        name = f"{one.name} {number}"
        if name not in done and (unfinished is None or unfinished.holds(number)):
            yield name, where


def _noted(
    one: Pass, unfinished: "Unfinished | None"
) -> Callable[[tuple[str, Box]], tuple[str, Any]]:
    def work(job: tuple[str, Box]) -> tuple[str, Any]:
        name, where = job
        made = one.work(where)
        if one.keep is None and unfinished is not None:
            unfinished.add(name)
        return name, made

    return work
