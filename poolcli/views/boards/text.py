"""A board as lines of text, for the terminal."""

from functools import reduce

from rich.text import Text

from poolcli.views.boards.board import Board, Strip
from poolcli.views.box_drawing import draw_grid, join_blocks
from poolcli.views.words.folding import fold
from poolcli.views.words.language import say

__all__ = ["board_lines", "board_width"]


def board_lines(board: Board, width: int, *, few_colours: bool = False) -> list[Text]:
    """Draw a board for the terminal, with a legend of the marks in it.

    Parameters
    ----------
    width : int
        Columns of the terminal; the grids of a strip that is wider are below each other.
    """
    lines = _wrapped(board.title, width, "bold")
    lines += _wrapped(board.source, width)
    for strip in board.strips:
        lines += [Text(), *_strip_lines(strip, width, few_colours)]
    lines.append(Text())
    for sentence in (*board.sentences, *board.notes):
        lines += _wrapped(sentence, width)
    if legend := _legend(board.marks):
        lines += [Text(), *_wrapped(legend, width, "dim")]
    return lines


def board_width(board: Board) -> int:
    """Measure the columns that the grids of a board take side by side."""
    return max(_width(_blocks(strip), strip) for strip in board.strips)


def _strip_lines(strip: Strip, width: int, few_colours: bool) -> list[Text]:
    blocks = _blocks(strip, few_colours)
    signs = [_between(sign) for sign in strip.signs]
    if _width(blocks, strip) > width:
        below = [[Text(sign), *block] for sign, block in zip(signs, blocks[1:], strict=True)]
        return [*blocks[0], *(line for block in below for line in block)]
    pairs = zip(signs, blocks[1:], strict=True)
    return reduce(lambda left, pair: join_blocks(left, *pair), pairs, blocks[0])


def _blocks(strip: Strip, few_colours: bool = False) -> list[list[Text]]:
    blocks = []
    for panel in strip.panels:
        drawn = draw_grid(panel.grid, rulers=panel.rulers, few_colours=few_colours)
        blocks.append([Text(panel.caption), *drawn] if panel.caption else drawn)
    return blocks


def _between(sign: str) -> str:
    return f"  {sign}  "


def _width(blocks: list[list[Text]], strip: Strip) -> int:
    wide = sum(max(line.cell_len for line in block) for block in blocks)
    return wide + sum(len(_between(sign)) for sign in strip.signs)


def _legend(marks: set[str]) -> str:
    return "   ".join(
        f"{sign} {say(text)}" for name, (sign, text) in _MARKS.items() if name in marks
    )


_MARKS = {
    "here": ("[ ]", "winner"),
    "elsewhere": ("( )", "winner of another window"),
    "hole": ("~ ~", "dilation hole"),
    "invisible": (": :", "invisible (alpha 0)"),
    "missing": (": :", "missing"),
    "padding": ("░", "padding"),
    "overhang": ("╳", "ceil-mode overhang"),
}


def _wrapped(text: str, width: int, style: str = "") -> list[Text]:
    return [Text(line, style) for line in fold(text, max(width, 20), "  ")]
