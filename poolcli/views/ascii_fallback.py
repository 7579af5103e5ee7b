"""ASCII in place of what a stream cannot encode."""

from functools import cache
from typing import TextIO

__all__ = ["can_write", "in_ascii", "plain_for", "readable_for"]

_ASCII = {
    "×": "x", "→": "->", "⌊": "floor(", "⌋": ")", "⌈": "ceil(", "⌉": ")", "·": "*", "−": "-",
    "…": "...", "–": "-", "∞": "inf", "▾": "v", "▸": ">", "░": ":", "╳": "x", "█": "#", "▌": "#",
    "²": "^2", "³": "^3",
}  # fmt: skip


@cache
def _table() -> dict[int, str]:
    lines = dict.fromkeys("─━╌", "-") | dict.fromkeys("│┃", "|")
    corners = {chr(code): "+" for code in range(0x250C, 0x254C)}
    return str.maketrans(_ASCII | lines | corners)


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


def in_ascii(text: str) -> str:
    """Replace mathematical and box-drawing characters by ASCII.

    >>> in_ascii("⌊7 / 2⌋ × 3")
    'floor(7 / 2) x 3'
    """
    # Blanks give way to the longer arrow, so that what follows it stays in its column.
    return text.replace("  →  ", " ->  ").translate(_table())
