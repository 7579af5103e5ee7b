"""The count of results in a run of many files, and the last line of the run."""

from dataclasses import dataclass

from poolcli.jobs.result import Result
from poolcli.views.wording import plural

__all__ = ["Tally", "summary"]


@dataclass(slots=True)
class Tally:
    """The count of results in a run of many files.

    Attributes
    ----------
    total : int
        Number of files to pool.
    passed_over : int
        Number of files in folders that are not pictures.
    hidden : int
        Number of pictures in folders that are left out because they are hidden.
    done, skipped, failed : int
        Number of results so far, by outcome.
    part_of : str
        The run that the files are a part of, in words, if they are.
    """

    total: int
    passed_over: int = 0
    done: int = 0
    skipped: int = 0
    failed: int = 0
    hidden: int = 0
    part_of: str = ""

    def add(self, result: Result) -> None:
        """Count a result."""
        if result.error is not None:
            self.failed += 1
        elif result.skipped is not None:
            self.skipped += 1
        else:
            self.done += 1

    @property
    def processed(self) -> int:
        """The number of files that have a result."""
        return self.done + self.skipped + self.failed

    @property
    def left(self) -> int:
        """The number of files that have no result yet."""
        return self.total - self.processed


def summary(tally: Tally, seconds: float, *, dry_run: bool = False) -> str:
    """Format the last line of a run.

    >>> summary(Tally(312, 4, 297, 12, 3), 4.08)
    '297 done, 12 skipped, 3 failed in 4.1 s (4 other files passed over)'
    >>> summary(Tally(2, done=2, hidden=61), 1)
    '2 done, 0 skipped, 0 failed in 1.0 s (61 hidden)'
    >>> summary(Tally(9, done=1, failed=1), 0.02, dry_run=True)
    '1 would be done, 0 skipped, 1 failed in 0.0 s, 7 left'
    >>> summary(Tally(3, done=3, part_of="shard 1/4 of 12 files"), 1)
    '3 done, 0 skipped, 0 failed in 1.0 s (shard 1/4 of 12 files)'
    """
    done = "would be done" if dry_run else "done"
    text = f"{tally.done} {done}, {tally.skipped} skipped, {tally.failed} failed in {seconds:.1f} s"
    if tally.left:
        text += f", {tally.left} left"
    others = [tally.part_of] if tally.part_of else []
    others += (
        [f"{plural(tally.passed_over, 'other file')} passed over"] if tally.passed_over else []
    )
    others += [f"{tally.hidden} hidden"] if tally.hidden else []
    return f"{text} ({', '.join(others)})" if others else text
