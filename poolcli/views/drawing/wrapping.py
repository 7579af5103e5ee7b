"""Lines broken between words, and in Chinese between characters."""

import re
from collections.abc import Callable

__all__ = ["CHINESE", "has_chinese", "wrap_words"]

CHINESE = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f"
"""Characters of Chinese and its punctuation, as in a set of a regular expression."""

_NEVER_FIRST = "，。；：、！？）》”’…"
_PIECES = re.compile(
    rf"(\s*)([（《“]*(?:[{CHINESE}]|[^\s{CHINESE}]+)[{_NEVER_FIRST}]*|[{_NEVER_FIRST}]+)"
)


def has_chinese(text: str) -> bool:
    """Tell whether a text has characters of Chinese.

    >>> has_chinese("max 池化"), has_chinese("max → 3×3")
    (True, False)
    """
    return re.search(f"[{CHINESE}]", text) is not None


def wrap_words(text: str, width: float, measure: Callable[[str], float]) -> list[str]:
    """Break a text into lines that are no wider than ``width``, unless one word is.

    A line never begins with a mark that ends a sentence or a part of one.

    >>> wrap_words("the mean of all", 8, len)
    ['the mean', 'of all']
    >>> wrap_words("最大池化，步长 2。", 5, len)
    ['最大池化，', '步长 2。']
    """
    lines: list[str] = []
    for blank, piece in _PIECES.findall(text):
        longer = f"{lines[-1]}{' ' if blank else ''}{piece}" if lines else piece
        if lines and measure(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(piece)
    return lines
