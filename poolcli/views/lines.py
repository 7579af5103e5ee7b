"""A result as one line of plain text."""

from collections.abc import Sequence
from typing import TextIO

from poolcli.jobs.result import Result

__all__ = ["plain_for", "result_line", "shape_text"]


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
