"""A board as a figure."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from poolcli.views.boards.board import Board, Panel, Strip
from poolcli.views.boards.cells import (
    FAINT,
    GROUND,
    INK,
    RULE,
    SMALL,
    grid_fills,
    grid_inks,
    grid_rulers,
    widest_cell,
)
from poolcli.views.boards.legend import legend_items
from poolcli.views.drawing.lettering import text_width, wrap_text
from poolcli.views.drawing.scene import Item, Label, Line, Polygon, Scene
from poolcli.views.words.language import current_language

__all__ = ["board_figure", "board_figures"]

_BEAM = "#f1f3f7"
_MARGIN, _RULER, _ARROW, _APART, _CAPTION = 44, 34, 104, 36, 24
_TITLE, _TEXT, _WIDEST = 21.0, 16.0, 560


def board_figure(board: Board) -> Scene:
    """Draw a board: its strips one below the other, then its sentences and its legend."""
    return board_figures([board])[0]


def board_figures(boards: list[Board]) -> list[Scene]:
    """Draw boards of one kind, all of one size and with everything in the same place."""
    size = max(widest_cell(grid) for board in boards for grid in board.grids)
    marks = set[str]().union(*(board.marks for board in boards))
    drawn = [_Figure(board, size) for board in boards]
    width, foot = (max(getattr(one, name) for one in drawn) for name in ("width", "foot"))
    legend, end = legend_items(marks, _MARGIN, foot - 6, width - 2 * _MARGIN)
    size_of_all = round(width), round(end + _MARGIN - 24)
    return [
        Scene(*size_of_all, GROUND, one.board.title, [*one.items, *legend], current_language())
        for one in drawn
    ]


@dataclass(frozen=True, slots=True)
class _Placed:
    """A panel with the place of the first cell of its grid, in CSS pixels."""

    panel: Panel
    left: float
    top: float
    cell: float

    @property
    def right(self) -> float:
        return self.left + len(self.panel.grid.cells[0]) * self.cell

    @property
    def height(self) -> float:
        return len(self.panel.grid.cells) * self.cell

    @property
    def picked(self) -> tuple[float, float, float, float] | None:
        """Left, right, top and bottom of the window that is worked out."""
        cells = self.panel.grid.cells
        rows = [row for row, line in enumerate(cells) if any(cell.picked for cell in line)]
        columns = [
            column for column in range(len(cells[0])) if any(line[column].picked for line in cells)
        ]
        if not rows:
            return None
        return (
            self.left + columns[0] * self.cell,
            self.left + (columns[-1] + 1) * self.cell,
            self.top + rows[0] * self.cell,
            self.top + (rows[-1] + 1) * self.cell,
        )


class _Figure:
    """The layout of one board with cells of one size, all but its legend.

    Attributes
    ----------
    items : list of Item
    width, foot : float
        The width of the figure, and the place below the last sentence.
    """

    def __init__(self, board: Board, cell: float) -> None:
        self.board, self.cell = board, cell
        self.items: list[Item] = []
        self.items.append(Label(_MARGIN, _MARGIN + 18, board.title, _TITLE, INK, bold=True))
        y = _MARGIN + 46.0
        if board.source:
            self.items.append(Label(_MARGIN, _MARGIN + 43, board.source, SMALL, FAINT))
            y += 24
        right = 0.0
        for number, strip in enumerate(board.strips):
            y += _APART if number else 0
            right, y = max(right, self._right(strip)), self._strip(strip, y)
        title = 2 * _MARGIN + text_width(board.title, _TITLE) * 1.15
        self.width = max(right + _MARGIN, title, _WIDEST)
        self.foot = self._words(y + 46)

    def _words(self, y: float) -> float:
        """Write the sentences and the notes, and tell where they end."""
        for text, size, colour in _words(self.board):
            for line in wrap_text(text, size, 0.87 * (self.width - 2 * _MARGIN)):
                self.items.append(Label(_MARGIN, y, line, size, colour))
                y += round(size * 1.5)
            y += 4
        return y

    def _lefts(self, strip: Strip) -> Iterator[float]:
        """Place the panels of a strip from the left."""
        x = float(_MARGIN)
        for panel, sign in zip(strip.panels, (*strip.signs, ""), strict=True):
            x += _RULER * panel.rulers
            yield x
            x += len(panel.grid.cells[0]) * self.cell + (_ARROW if sign in _ARROWS else _APART)

    def _right(self, strip: Strip) -> float:
        return [*self._lefts(strip)][-1] + len(strip.panels[-1].grid.cells[0]) * self.cell

    def _strip(self, strip: Strip, top: float) -> float:
        """Draw a strip, and tell where it ends."""
        top += _RULER + _CAPTION * any(panel.caption for panel in strip.panels)
        highest = max(len(panel.grid.cells) for panel in strip.panels) * self.cell
        placed = []
        for panel, left in zip(strip.panels, self._lefts(strip), strict=True):
            down = top + max(0, (highest - len(panel.grid.cells) * self.cell) / 2)
            placed.append(_Placed(panel, left, down, self.cell))
        neighbours = list(zip(placed, placed[1:], strip.signs, strict=False))
        beams = [beam for one, other, sign in neighbours for beam in _beam(one, other, sign)]
        for polygon, lines in beams:
            self.items += [polygon, *lines]
        for one in placed:
            self.items += grid_fills(one.panel.grid, one.left, one.top, self.cell)
        for _, lines in beams:  # across the numbers of other cells, and so as faint as can be
            self.items += [replace(line, stroke=RULE) for line in lines]
        for one in placed:
            self.items += self._inks(one, top)
        for one, other, sign in neighbours:
            x = (one.right + other.left - _RULER * other.panel.rulers) / 2
            self.items += _sign(sign, x, _beam_middle(one, other, x) or top + highest / 2)
        return top + highest

    def _inks(self, one: _Placed, top: float) -> Iterator[Item]:
        grid, rulers = one.panel.grid, one.panel.rulers
        yield from grid_inks(grid, one.left, one.top, self.cell)
        if rulers:
            yield from grid_rulers(grid, one.left, one.top, self.cell)
        if one.panel.caption:
            yield Label(one.left, top - _RULER - 4, one.panel.caption, SMALL, INK, bold=True)


_ARROWS = ("→", "←")


def _beam(one: _Placed, other: _Placed, sign: str) -> Iterator[tuple[Polygon, list[Line]]]:
    """Join a window to the cell that it is pooled into."""
    window, cell = one.picked, other.picked
    if sign not in _ARROWS or window is None or cell is None:
        return
    upper = (window[1], window[2]), (cell[0], cell[2])
    lower = (window[1], window[3]), (cell[0], cell[3])
    yield (
        Polygon((*upper, *reversed(lower)), _BEAM),
        [Line(upper, FAINT), Line(lower, FAINT)],
    )


def _beam_middle(one: _Placed, other: _Placed, x: float) -> float | None:
    """Find the height at which the middle of the beam is, so far from the left."""
    window, cell = one.picked, other.picked
    if window is None or cell is None:
        return None
    begin, end = (window[2] + window[3]) / 2, (cell[2] + cell[3]) / 2
    return begin + (end - begin) * (x - window[1]) / (cell[0] - window[1])


def _sign(sign: str, x: float, y: float) -> list[Item]:
    """Draw the sign between two panels around a point."""
    if sign not in _ARROWS:
        return [Label(x, y + _TITLE * 0.36, sign, _TITLE, INK, "middle")] if sign else []
    way = 1 if sign == "→" else -1
    tail, tip = x - 26 * way, x + 26 * way
    return [
        Line(((tail, y), (tip - 8 * way, y)), INK, 2.5),
        Polygon(((tip - 14 * way, y - 8), (tip - 14 * way, y + 8), (tip, y)), INK),
    ]


def _words(board: Board) -> Iterator[tuple[str, float, str]]:
    for sentence in board.sentences:
        yield sentence, _TEXT, INK
    for note in board.notes:
        yield note, SMALL, FAINT
