"""A result as one line of plain text."""

from collections.abc import Sequence
from typing import TextIO

from poolcli.jobs.result import Result
from poolcli.views.signs import counts_text

__all__ = ["plain_for", "result_line", "shape_text"]


def shape_text(shape: Sequence[int]) -> str:
    """Format a shape as people write it.

    >>> shape_text((3, 201, 250))
    '3×201×250'
    """
    return "×".join(map(str, shape))


def result_line(result: Result) -> str:
    """Format a result as one line: ``out.png: 3×201×250 → 3×98×123 (1 row unused)``."""
    if result.skipped is not None:
        return f"{result.destination}: skipped ({result.skipped})"
    line = (
        f"{result.destination}: {shape_text(result.input_shape)} → "
        f"{shape_text(result.output_shape)}"
    )
    unused = counts_text(result.unused, ("row", "column"))
    return f"{line} ({unused} unused)" if unused else line


def plain_for(stream: TextIO, text: str) -> str:
    """Replace × and → where the stream's encoding lacks them.

    Anything else that it lacks (file names may hold anything) becomes a Python escape, so that a
    name can still be told from others.
    """
    encoding = getattr(stream, "encoding", None) or "ascii"
    try:
        "×→".encode(encoding)
    except (UnicodeEncodeError, LookupError):
        text = text.replace("×", "x").replace("→", "->")
    return text.encode(encoding, "backslashreplace").decode(encoding)
