"""The explanation of a window, as a figure."""

from collections.abc import Iterator

from poolcli.studies.explanation import Explanation, Place
from poolcli.studies.shown_part import ShownPart
from poolcli.views.arithmetic import arithmetic, heading
from poolcli.views.boards.text import footnotes, is_partial, source_text
from poolcli.views.cell_grid import Cell, CellGrid, input_grid, result_grid
from poolcli.views.drawing.lettering import text_width, wrap_text
from poolcli.views.drawing.scene import Box, Item, Label, Line, Polygon, Scene

__all__ = ["explanation_figure"]

_INK, _FAINT, _RULE, _GROUND = "#1d2430", "#6b7482", "#aab2bd", "#ffffff"
_TINTS = ("#ffe9b8", "#c9e8f8", "#d3f0c2", "#fbd7e6")
_STRONG = ("#ffb81f", "#45b4e8", "#6cc53d", "#f06fa3")
_OUTSIDE = "#eef0f3"

_CELL, _MARGIN, _RULER, _ARROW = 46, 44, 34, 104
_TITLE, _TEXT, _SMALL, _NUMBER = 21.0, 16.0, 13.0, 18.0


def explanation_figure(explanation: Explanation, part: ShownPart, picked: Place) -> Scene:
    """Draw the map beside its result, with the arithmetic of one window below.

    Without its colours the figure can be read too: a ring marks a winner (a thin one another
    window's), a stroke a hole, a bar what is invisible or missing, hatching padding, and a cross
    overhang.
    """
    grid, result = input_grid(explanation, part, picked), result_grid(explanation, part, picked)
    cell = max(_CELL, 16 + max(_widest(grid), _widest(result)))
    left = _MARGIN + _RULER
    top = _MARGIN + 46 + (24 if explanation.map.label else 0) + _RULER
    high, wide = len(grid.cells) * cell, len(grid.cells[0]) * cell
    partial = is_partial(explanation, part)
    across = left + wide + _ARROW + _RULER * partial
    down = top + max(0, (high - len(result.cells) * cell) / 2)
    items = [*_cells(grid, left, top, cell), *_rulers(grid, left, top, cell)]
    items += _arrow(left + wide + 26, top + max(high, len(result.cells) * cell) / 2)
    items += _cells(result, across, down, cell)
    if partial:
        items += _rulers(result, across, down, cell)
    title = heading(explanation)
    width = max(
        across + len(result.cells[0]) * cell + _MARGIN,
        2 * _MARGIN + text_width(title, _TITLE) * 1.15,
        560,
    )
    items.append(Label(_MARGIN, _MARGIN + 18, title, _TITLE, _INK, bold=True))
    if explanation.map.label:
        items.append(Label(_MARGIN, _MARGIN + 43, source_text(explanation, part), _SMALL, _FAINT))
    y = top + max(high, len(result.cells) * cell) + 46.0
    for text, size, colour in _words(explanation, part, picked, grid):
        for line in wrap_text(text, size, 0.87 * (width - 2 * _MARGIN)):
            items.append(Label(_MARGIN, y, line, size, colour))
            y += round(size * 1.5)
        y += 4
    return Scene(round(width), round(y + _MARGIN - 24), _GROUND, title, items)


def _widest(grid: CellGrid) -> float:
    return max(text_width(cell.text, _NUMBER) for line in grid.cells for cell in line)


def _words(
    explanation: Explanation, part: ShownPart, picked: Place, grid: CellGrid
) -> Iterator[tuple[str, float, str]]:
    for sentence in arithmetic(explanation, picked):
        yield sentence, _TEXT, _INK
    for note in footnotes(explanation, part, picked):
        yield note, _SMALL, _FAINT
    texts = {
        "here": "ring: winner",
        "elsewhere": "thin ring: winner of another window",
        "hole": "struck out: dilation hole",
        "invisible": "barred: invisible (alpha 0)",
        "missing": "barred: missing",
        "padding": "hatched: padding",
        "overhang": "crossed: ceil-mode overhang",
    }
    there = grid.kinds | grid.winners
    if legend := " · ".join(text for name, text in texts.items() if name in there):
        yield legend, _SMALL, _FAINT


def _cells(grid: CellGrid, left: float, top: float, cell: float) -> Iterator[Item]:
    for row, line in enumerate(grid.cells):
        for column, one in enumerate(line):
            yield from _cell(one, left + column * cell, top + row * cell, cell)
    for row, line in enumerate(grid.cells):
        for column in range(len(line)):
            x, y = left + column * cell, top + row * cell
            yield Box(x, y, cell, cell, stroke=_RULE, weight=1)
    yield from _borders(grid, left, top, cell)


def _borders(grid: CellGrid, left: float, top: float, cell: float) -> Iterator[Item]:
    """Draw the lines between groups, thin ones first, so that the heavy ones lie above."""
    high, wide = len(grid.cells), len(grid.cells[0])
    for weight, thick in ((1, 2.0), (2, 4.0)):
        for row in range(high + 1):
            for column in range(wide + 1):
                x, y = left + column * cell, top + row * cell
                half = thick / 2
                if column < wide and grid.weight((row - 1, column), (row, column)) == weight:
                    yield Box(x - half, y - half, cell + thick, thick, _INK)
                if row < high and grid.weight((row, column - 1), (row, column)) == weight:
                    yield Box(x - half, y - half, thick, cell + thick, _INK)


def _cell(cell: Cell, x: float, y: float, size: float) -> Iterator[Item]:
    outside = cell.kind in ("padding", "overhang")
    fill = _OUTSIDE if outside else None
    if cell.colour is not None:
        fill = (_STRONG if cell.winner == "here" else _TINTS)[cell.colour]
    yield Box(x, y, size, size, fill or _GROUND)
    if cell.kind == "padding":
        for offset in (0.25, 0.5, 0.75, 1.0):
            yield Line(((x, y + offset * size), (x + offset * size, y)), _RULE)
        for offset in (0.25, 0.5, 0.75):
            yield Line(((x + offset * size, y + size), (x + size, y + offset * size)), _RULE)
    if cell.kind == "overhang":
        yield Line(((x, y), (x + size, y + size)), _RULE, 1.5)
        yield Line(((x + size, y), (x, y + size)), _RULE, 1.5)
    if cell.winner:
        inset, weight = 5, 2.5 if cell.winner == "here" else 1
        ring = size - 2 * inset
        colour = _INK if cell.winner == "here" else _FAINT
        yield Box(x + inset, y + inset, ring, ring, None, colour, weight, ring / 2)
    faint = cell.kind in ("hole", "unused", "invisible", "missing")
    middle = y + size / 2 + _NUMBER * 0.36
    colour = _FAINT if faint else _INK
    bold = cell.winner == "here"
    if cell.text:
        yield Label(x + size / 2, middle, cell.text, _NUMBER, colour, "middle", bold)
    if cell.kind == "hole":
        yield Line(((x + 9, y + size - 9), (x + size - 9, y + 9)), _FAINT, 1.5)
    if cell.kind in ("invisible", "missing"):
        yield Line(((x + 9, y + size / 2), (x + size - 9, y + size / 2)), _FAINT, 1.5)


def _rulers(grid: CellGrid, left: float, top: float, cell: float) -> Iterator[Item]:
    """Draw row and column numbers, and a wedge where windows begin."""
    rows, columns = grid.starts or ([False] * len(grid.rows), [False] * len(grid.columns))
    for column, (name, begins) in enumerate(zip(grid.columns, columns, strict=True)):
        x = left + (column + 0.5) * cell
        yield Label(x, top - 16, name, _SMALL, _FAINT, "middle")
        if begins:
            yield Polygon(((x - 4, top - 11), (x + 4, top - 11), (x, top - 5)), _FAINT)
    for row, (name, begins) in enumerate(zip(grid.rows, rows, strict=True)):
        y = top + (row + 0.5) * cell
        yield Label(left - 15, y + 5, name, _SMALL, _FAINT, "end")
        if begins:
            yield Polygon(((left - 11, y - 4), (left - 11, y + 4), (left - 5, y)), _FAINT)


def _arrow(x: float, y: float) -> list[Item]:
    tip = x + 52
    return [
        Line(((x, y), (tip - 8, y)), _INK, 2.5),
        Polygon(((tip - 14, y - 8), (tip - 14, y + 8), (tip, y)), _INK),
    ]
