"""The legend of a figure: a small cell for each mark, and what it means."""

from collections.abc import Iterable

from poolcli.views.boards.cells import FAINT, SMALL, cell_fill, cell_marks
from poolcli.views.cell_grid import Cell
from poolcli.views.drawing.lettering import text_width
from poolcli.views.drawing.scene import Box, Item, Label
from poolcli.views.words.language import say

__all__ = ["legend_items"]

_SWATCH, _BESIDE, _APART, _LINE = 22, 8, 26, 32

_MARKS = {
    "here": (Cell("", colour=0, winner="here"), "winner"),
    "elsewhere": (Cell("", winner="elsewhere"), "winner of another window"),
    "hole": (Cell("", "hole"), "dilation hole"),
    "invisible": (Cell("", "invisible"), "invisible (alpha 0)"),
    "missing": (Cell("", "missing"), "missing"),
    "padding": (Cell("", "padding"), "padding"),
    "overhang": (Cell("", "overhang"), "ceil-mode overhang"),
}


def legend_items(
    marks: Iterable[str], left: float, top: float, width: float
) -> tuple[list[Item], float]:
    """Draw the swatches of these marks in lines of a width, and tell where they end."""
    items: list[Item] = []
    x, y = left, top
    known = set(marks)
    for name, (cell, words) in _MARKS.items():
        if name not in known:
            continue
        text = say(words)
        wide = _SWATCH + _BESIDE + text_width(text, SMALL)
        if x > left and x + wide > left + width:
            x, y = left, y + _LINE
        items.append(cell_fill(cell, x, y, _SWATCH))
        items += cell_marks(cell, x, y, _SWATCH)
        items.append(Box(x, y, _SWATCH, _SWATCH, stroke=FAINT, weight=1))
        items.append(Label(x + _SWATCH + _BESIDE, y + 16, text, SMALL, FAINT))
        x += wide + _APART
    return items, y + _LINE if items else top
