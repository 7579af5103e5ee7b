"""How far a run of many files has come, and its last line."""

from dataclasses import dataclass

from poolcli.jobs.result import Result

__all__ = ["Tally", "summary"]


@dataclass(slots=True)
class Tally:
    """How far a run of many files has come.

    Attributes
    ----------
    total : int
    passed_over : int
        Files in folders that are no pictures.
    """

    total: int
    passed_over: int = 0
    done: int = 0
    skipped: int = 0
    failed: int = 0

    def add(self, result: Result) -> None:
        """Count a result."""
        if result.error is not None:
            self.failed += 1
        elif result.skipped is not None:
            self.skipped += 1
        else:
            self.done += 1

    @property
    def behind(self) -> int:
        """How many files have a result."""
        return self.done + self.skipped + self.failed

    @property
    def left(self) -> int:
        """How many files have none."""
        return self.total - self.behind


def summary(tally: Tally, seconds: float, *, dry_run: bool = False) -> str:
    """The last line of a run.

    >>> summary(Tally(312, 4, 297, 12, 3), 4.08)
    '297 done, 12 skipped, 3 failed in 4.1 s (4 other files passed over)'
    >>> summary(Tally(9, done=1, failed=1), 0.02, dry_run=True)
    '1 would be done, 0 skipped, 1 failed in 0.0 s, 7 left'
    """
    done = "would be done" if dry_run else "done"
    text = f"{tally.done} {done}, {tally.skipped} skipped, {tally.failed} failed in {seconds:.1f} s"
    if tally.left:
        text += f", {tally.left} left"
    if tally.passed_over:
        text += f" ({tally.passed_over} other file{'s' * (tally.passed_over != 1)} passed over)"
    return text
