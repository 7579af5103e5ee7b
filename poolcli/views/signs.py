"""Numbers and counts in words, and ASCII in place of what a stream cannot encode."""

from collections.abc import Sequence
from typing import TextIO

__all__ = [
    "can_write",
    "counts_text",
    "in_ascii",
    "number_text",
    "pair_text",
    "plural",
    "readable_for",
]

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
    """Tell whether the stream's encoding has every character of ``text``."""
    try:
        text.encode(getattr(stream, "encoding", None) or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def readable_for(stream: TextIO, text: str) -> str:
    """Replace all of the text by ASCII where the stream's encoding lacks one character of it.

    Anything without a replacement (names may hold anything) becomes a Python escape.
    """
    if can_write(stream, text):
        return text
    encoding = getattr(stream, "encoding", None) or "ascii"
    return in_ascii(text).encode(encoding, "backslashreplace").decode(encoding)


def in_ascii(text: str) -> str:
    """Replace mathematical and box-drawing characters by ASCII.

    >>> in_ascii("⌊7 / 2⌋ × 3")
    'floor(7 / 2) x 3'
    """
    # Blanks give way to the longer arrow, so that what follows it stays in its column.
    return text.replace("  →  ", " ->  ").translate(_TABLE)


def plural(count: int, noun: str) -> str:
    """Format a count with its noun.

    >>> plural(1, "row"), plural(2, "row")
    ('1 row', '2 rows')
    """
    return f"{count} {noun}{'s' * (count != 1)}"


def counts_text(counts: Sequence[int], nouns: Sequence[str]) -> str:
    """Format counts in words, leaving out those of 0.

    >>> counts_text((1, 2), ("row", "column"))
    '1 row and 2 columns'
    """
    pairs = zip(counts, nouns, strict=True)
    return " and ".join(plural(count, noun) for count, noun in pairs if count)


def pair_text(pair: tuple[int, int]) -> str:
    """Format a height and width, as one number where they are equal.

    >>> pair_text((6, 6)), pair_text((6, 4))
    ('6', '6×4')
    """
    return str(pair[0]) if pair[0] == pair[1] else f"{pair[0]}×{pair[1]}"


def number_text(value: float) -> str:
    """Format a value briefly, for a grid of numbers.

    >>> [number_text(value) for value in (3, 3.25, 2 / 3, -0.5, 1e-7, float("-inf"))]
    ['3', '3.25', '0.67', '−0.5', '1e−07', '−∞']
    """
    if value == int(value) if abs(value) < 1e15 else False:
        text = str(int(value))
    elif 0.01 <= abs(value) < 1e6:
        # Eighths are common in means, and exact with one more digit.
        digits = 3 if value * 8 == int(value * 8) else 2
        text = f"{value:.{digits}f}".rstrip("0").rstrip(".")
    else:
        text = f"{value:.2g}"
    return text.replace("-", "−").replace("inf", "∞")
