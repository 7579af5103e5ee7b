"""Sentences folded to the width of a terminal, in which a Chinese character takes two columns."""

from textwrap import wrap

from rich.cells import cell_len

from poolcli.views.drawing.wrapping import has_chinese, wrap_words

__all__ = ["fold"]


def fold(text: str, width: int, indent: str = "") -> list[str]:
    """Fold a sentence into lines; all but the first one are indented.

    >>> fold("最大池化，步长 2", 9)
    ['最大池', '化，步长', '2']
    """
    if not has_chinese(text):
        return wrap(text, width, subsequent_indent=indent)
    first, *others = wrap_words(text, width - len(indent), cell_len)
    return [first, *(indent + line for line in others)]
