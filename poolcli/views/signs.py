"""Signs of mathematics and of frames, and what stands for them where a stream lacks them."""

from collections.abc import Sequence
from typing import TextIO

__all__ = ["amount", "can_write", "in_ascii", "number", "plural", "readable_for"]

_ASCII = {
    "×": "x", "→": "->", "⌊": "floor(", "⌋": ")", "⌈": "ceil(", "⌉": ")", "·": "*", "−": "-",
    "…": "...", "–": "-", "∞": "inf", "▾": "v", "▸": ">", "░": ":", "╳": "x", "█": "#", "▌": "#",
    "²": "^2", "³": "^3",
}  # fmt: skip
_TABLE = str.maketrans(
    _ASCII
    | dict.fromkeys("─━╌", "-")
    | dict.fromkeys("│┃", "|")
    | {chr(code): "+" for code in range(0x250C, 0x254C)}
)


def can_write(stream: TextIO, text: str) -> bool:
    """Whether the stream's encoding has every sign of ``text``."""
    try:
        text.encode(getattr(stream, "encoding", None) or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def readable_for(stream: TextIO, text: str) -> str:
    """``text``, all in ASCII signs where the stream's encoding lacks one of them.

    What has no such sign (names may hold anything) is written as Python's escapes.
    """
    if can_write(stream, text):
        return text
    encoding = getattr(stream, "encoding", None) or "ascii"
    return in_ascii(text).encode(encoding, "backslashreplace").decode(encoding)


def in_ascii(text: str) -> str:
    """``text`` with ASCII signs for those of mathematics and of frames.

    >>> in_ascii("⌊7 / 2⌋ × 3")
    'floor(7 / 2) x 3'
    """
    # Blanks give way to the longer arrow, so that what stands behind it keeps its place.
    return text.replace("  →  ", " ->  ").translate(_TABLE)


def plural(count: int, noun: str) -> str:
    """A count and what is counted.

    >>> plural(1, "row"), plural(2, "row")
    ('1 row', '2 rows')
    """
    return f"{count} {noun}{'s' * (count != 1)}"


def amount(counts: Sequence[int], nouns: Sequence[str]) -> str:
    """Those of the counts that are not 0, in words.

    >>> amount((1, 2), ("row", "column"))
    '1 row and 2 columns'
    """
    pairs = zip(counts, nouns, strict=True)
    return " and ".join(plural(count, noun) for count, noun in pairs if count)


def number(value: float) -> str:
    """A value in as few signs as a grid of numbers can bear.

    >>> number(3), number(3.25), number(2 / 3), number(-0.5), number(1e-7), number(float("-inf"))
    ('3', '3.25', '0.67', '−0.5', '1e−07', '−∞')
    """
    if value == int(value) if abs(value) < 1e15 else False:
        text = str(int(value))
    elif 0.01 <= abs(value) < 1e6:
        # Eighths are common, and exact with one digit more.
        digits = 3 if value * 8 == int(value * 8) else 2
        text = f"{value:.{digits}f}".rstrip("0").rstrip(".")
    else:
        text = f"{value:.2g}"
    return text.replace("-", "−").replace("inf", "∞")
