"""A result as one line of plain text."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TextIO

from poolcli.jobs.result import Result

__all__ = ["Tally", "plain_for", "result_line", "shape_text", "summary"]


def shape_text(shape: Sequence[int]) -> str:
    """A shape as people write it.

    >>> shape_text((3, 201, 250))
    '3×201×250'
    """
    return "×".join(map(str, shape))


def result_line(result: Result) -> str:
    """``out.png: 3×201×250 → 3×98×123 (1 row unused)``."""
    if result.skipped is not None:
        return f"{result.destination}: skipped ({result.skipped})"
    line = (
        f"{result.destination}: {shape_text(result.input_shape)} → "
        f"{shape_text(result.output_shape)}"
    )
    unused = [
        f"{count} {noun}{'s' * (count != 1)}"
        for count, noun in zip(result.unused, ("row", "column"), strict=True)
        if count
    ]
    return f"{line} ({' and '.join(unused)} unused)" if unused else line


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


def plain_for(stream: TextIO, text: str) -> str:
    """``text``, in ASCII signs where the stream's encoding lacks × and →.

    What else the encoding lacks (names may hold anything) is written as Python's escapes.
    """
    encoding = getattr(stream, "encoding", None) or "ascii"
    try:
        "×→".encode(encoding)
    except (UnicodeEncodeError, LookupError):
        text = text.replace("×", "x").replace("→", "->")
    return text.encode(encoding, "backslashreplace").decode(encoding)
