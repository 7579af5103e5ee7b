"""Cells of a grid as shapes: fills, marks, numbers, frames and rulers."""

from collections.abc import Iterator

from poolcli.views.cell_grid import Cell, CellGrid
from poolcli.views.drawing.lettering import text_width
from poolcli.views.drawing.scene import Box, Item, Label, Line, Polygon

__all__ = [
    "FAINT",
    "GROUND",
    "INK",
    "RULE",
    "SMALL",
    "cell_fill",
    "cell_marks",
    "grid_fills",
    "grid_inks",
    "grid_rulers",
    "widest_cell",
]

INK, FAINT, RULE, GROUND = "#1d2430", "#6b7482", "#aab2bd", "#ffffff"
SMALL = 13.0

_OUTSIDE = "#eef0f3"
_TINTS = ("#ffe9b8", "#c9e8f8", "#d3f0c2", "#fbd7e6")
_STRONG = ("#ffb81f", "#45b4e8", "#6cc53d", "#f06fa3")

_NUMBER = 18.0
_LEAST, _BESIDE = 46, 26
"""The smallest cell, and the room that a ring needs beside a number."""


def widest_cell(grid: CellGrid) -> float:
    """Measure the size of cells that every number of a grid fits into, with a ring around it."""
    wide = max(text_width(cell.text, _NUMBER) for line in grid.cells for cell in line)
    return max(_LEAST, wide + _BESIDE)


def grid_fills(grid: CellGrid, left: float, top: float, size: float) -> Iterator[Item]:
    """Fill the cells, and draw thin lines between them."""
    places = list(_places(grid, left, top, size))
    for cell, x, y in places:
        yield cell_fill(cell, x, y, size)
    for _, x, y in places:
        yield Box(x, y, size, size, stroke=RULE, weight=1)


def grid_inks(grid: CellGrid, left: float, top: float, size: float) -> Iterator[Item]:
    """Draw the marks and the numbers of all cells, and the frames of windows."""
    for cell, x, y in _places(grid, left, top, size):
        yield from cell_marks(cell, x, y, size)
        if cell.text:
            faint = cell.kind != "value"
            middle = y + size / 2 + _NUMBER * 0.36
            colour, bold = FAINT if faint else INK, cell.winner == "here"
            yield Label(x + size / 2, middle, cell.text, _NUMBER, colour, "middle", bold)
    yield from _frames(grid, left, top, size)


def _places(
    grid: CellGrid, left: float, top: float, size: float
) -> Iterator[tuple[Cell, float, float]]:
    for row, line in enumerate(grid.cells):
        for column, cell in enumerate(line):
            yield cell, left + column * size, top + row * size


def _frames(grid: CellGrid, left: float, top: float, cell: float) -> Iterator[Item]:
    """Draw the lines between groups, thin ones first, so that the heavy ones lie above."""
    high, wide = len(grid.cells), len(grid.cells[0])
    for weight, thick in ((1, 2.0), (2, 4.0)):
        for row in range(high + 1):
            for column in range(wide + 1):
                x, y = left + column * cell, top + row * cell
                half = thick / 2
                if column < wide and grid.weight((row - 1, column), (row, column)) == weight:
                    yield Box(x - half, y - half, cell + thick, thick, INK)
                if row < high and grid.weight((row, column - 1), (row, column)) == weight:
                    yield Box(x - half, y - half, thick, cell + thick, INK)


def cell_fill(cell: Cell, x: float, y: float, size: float) -> Box:
    """Fill a cell in the colour of its window."""
    fill = _OUTSIDE if cell.kind in ("padding", "overhang") else GROUND
    if cell.colour is not None:
        fill = (_STRONG if cell.winner == "here" else _TINTS)[cell.colour]
    return Box(x, y, size, size, fill)


def cell_marks(cell: Cell, x: float, y: float, size: float) -> Iterator[Item]:
    """Draw what can be read without colours.

    A ring marks a winner (a thin one another window's), a stroke a hole, a bar what is invisible
    or missing, hatching padding, and a cross overhang.
    """
    if cell.kind == "padding":
        for offset in (0.25, 0.5, 0.75, 1.0):
            yield Line(((x, y + offset * size), (x + offset * size, y)), RULE)
        for offset in (0.25, 0.5, 0.75):
            yield Line(((x + offset * size, y + size), (x + size, y + offset * size)), RULE)
        if cell.text:
            clear, around = 0.56 * size, 0.22 * size
            fill = cell_fill(cell, x, y, size).fill
            yield Box(x + around, y + around, clear, clear, fill, radius=clear / 2)
    if cell.kind == "overhang":
        yield Line(((x, y), (x + size, y + size)), RULE, 1.5)
        yield Line(((x + size, y), (x, y + size)), RULE, 1.5)
    if cell.winner:
        yield _ring(cell, x, y, size)
    edge = 0.2 * size
    if cell.kind == "hole":
        yield Line(((x + edge, y + size - edge), (x + size - edge, y + edge)), FAINT, 1.5)
    if cell.kind in ("invisible", "missing"):
        yield Line(((x + edge, y + size / 2), (x + size - edge, y + size / 2)), FAINT, 1.5)


def _ring(cell: Cell, x: float, y: float, size: float) -> Box:
    """Draw a circle, drawn out where it is to hold a long number."""
    high = 0.78 * min(size, _LEAST)
    wide = max(high, text_width(cell.text, _NUMBER) + 16) if cell.text else high
    weight, colour = (2.5, INK) if cell.winner == "here" else (1, FAINT)
    left, top = x + (size - wide) / 2, y + (size - high) / 2
    return Box(left, top, wide, high, None, colour, weight, high / 2)


def grid_rulers(grid: CellGrid, left: float, top: float, cell: float) -> Iterator[Item]:
    """Draw row and column numbers, and a wedge where windows begin."""
    rows, columns = grid.starts or ([False] * len(grid.rows), [False] * len(grid.columns))
    for column, (name, begins) in enumerate(zip(grid.columns, columns, strict=True)):
        x = left + (column + 0.5) * cell
        yield Label(x, top - 16, name, SMALL, FAINT, "middle")
        if begins:
            yield Polygon(((x - 4, top - 11), (x + 4, top - 11), (x, top - 5)), FAINT)
    for row, (name, begins) in enumerate(zip(grid.rows, rows, strict=True)):
        y = top + (row + 0.5) * cell
        yield Label(left - 15, y + 5, name, SMALL, FAINT, "end")
        if begins:
            yield Polygon(((left - 11, y - 4), (left - 11, y + 4), (left - 5, y)), FAINT)
