"""A grid of cells as lines of styled text, with frames of box-drawing characters."""

from collections.abc import Iterator
from itertools import zip_longest

from rich.text import Text

from poolcli.views.cell_grid import Cell, CellGrid

__all__ = ["draw_grid", "join_blocks"]

# By the weight (0 none, 1 thin, 2 heavy) of the lines up, right, down and left, in base 3.
_JUNCTIONS = " ╴╸╷┐┑╻┒┓╶─╾┌┬┭┎┰┱╺╼━┍┮┯┏┲┳╵┘┙│┤┥╽┧┪└┴┵├┼┽┟╁╅┕┶┷┝┾┿┢╆╈╹┚┛╿┦┩┃┨┫┖┸┹┞╀╃┠╂╉┗┺┻┡╄╇┣╊╋"
_ACROSS = " ─━"
_DOWN = " │┃"

_TINTS = (
    ("#1a1a1a on #ffe3a3", "bold #1a1a1a on #ffb000"),
    ("#1a1a1a on #b9e3f7", "bold #1a1a1a on #38b0e8"),
    ("#1a1a1a on #c9ecb5", "bold #1a1a1a on #62c233"),
    ("#1a1a1a on #fbd0e2", "bold #1a1a1a on #f2699f"),
)
_FEW_TINTS = (
    ("black on yellow", "bold white on black"),
    ("black on cyan", "bold white on black"),
    ("black on green", "bold white on black"),
    ("black on magenta", "bold white on black"),
)
_DIM = "dim"


def draw_grid(grid: CellGrid, *, rulers: bool, few_colours: bool = False) -> list[Text]:
    """Draw a grid as lines of text.

    It can be read without colours: ``[6]`` is a winner, ``(6)`` another window's, ``~6~`` a hole,
    ``:6:`` invisible or missing.
    """
    return list(_Frame(grid, rulers, few_colours).lines())


def join_blocks(left: list[Text], middle: str, right: list[Text]) -> list[Text]:
    """Join two blocks side by side, the shorter one centred on the height of the other."""
    wide = max(line.cell_len for line in left)
    lines = []
    high = max(len(left), len(right))
    above = [(high - len(block)) // 2 for block in (left, right)]
    padded = [[Text()] * lead + block for lead, block in zip(above, (left, right), strict=True)]
    for row, (one, other) in enumerate(zip_longest(*padded, fillvalue=Text())):
        line = one.copy()
        line.append(" " * (wide - line.cell_len))
        line.append(middle if row == high // 2 else " " * len(middle))
        line.append_text(other)
        line.rstrip()
        lines.append(line)
    return lines


class _Frame:
    """The frame lines of a grid, and its lines of text."""

    def __init__(self, grid: CellGrid, rulers: bool, few_colours: bool) -> None:
        self.grid, self.rulers = grid, rulers
        self.tints = _FEW_TINTS if few_colours else _TINTS
        self.high, self.wide = len(grid.cells), len(grid.cells[0])
        names = grid.columns if rulers else []
        texts = [cell.text for line in grid.cells for cell in line]
        self.cell_width = max(map(len, [*texts, *names, "0"])) + 2
        self.margin = max(map(len, grid.rows)) + 2 if rulers else 0
        self.framed_columns = [
            any(self._side(row, column) for row in range(self.high))
            for column in range(self.wide + 1)
        ]

    def _side(self, row: int, column: int) -> int:
        """Weigh the line left of a cell."""
        return self.grid.weight((row, column - 1), (row, column)) if 0 <= row < self.high else 0

    def _top(self, row: int, column: int) -> int:
        """Weigh the line above a cell."""
        inside = 0 <= column < self.wide
        return self.grid.weight((row - 1, column), (row, column)) if inside else 0

    def lines(self) -> Iterator[Text]:
        """Draw rulers, frame lines and rows of cells, from the top."""
        if self.rulers:
            yield from self._columns_named()
        for row in range(self.high + 1):
            if any(self._top(row, column) for column in range(self.wide)):
                yield self._frame_line(row)
            if row < self.high:
                yield self._row(row)

    def _columns_named(self) -> Iterator[Text]:
        # A name is right above the last digit of a number, one place before the cell's end.
        names = Text(" " * self.margin, style=_DIM)
        marks = Text(" " * self.margin, style=_DIM)
        for column, name in enumerate(self.grid.columns):
            space = " " * self.framed_columns[column]
            names.append(f"{space}{name:>{self.cell_width - 1}} ")
            begins = self.grid.starts is not None and self.grid.starts[1][column]
            marks.append(f"{space}{'▾' if begins else '':>{self.cell_width - 1}} ")
        names.rstrip()
        marks.rstrip()
        yield names
        if self.grid.starts is not None:
            yield marks

    def _frame_line(self, row: int) -> Text:
        line = Text(" " * self.margin)
        for column in range(self.wide + 1):
            if self.framed_columns[column]:
                weights = (
                    self._side(row - 1, column),
                    self._top(row, column),
                    self._side(row, column),
                    self._top(row, column - 1),
                )
                code = sum(
                    weight * 3**power for weight, power in zip(weights, (3, 2, 1, 0), strict=True)
                )
                line.append(_JUNCTIONS[code])
            if column < self.wide:
                line.append(_ACROSS[self._top(row, column)] * self.cell_width)
        return line

    def _row(self, row: int) -> Text:
        line = Text()
        if self.rulers:
            begins = self.grid.starts is not None and self.grid.starts[0][row]
            line.append(f"{self.grid.rows[row]:>{self.margin - 2}}{'▸' if begins else ' '} ", _DIM)
        for column, cell in enumerate(self.grid.cells[row]):
            if self.framed_columns[column]:
                line.append(_DOWN[self._side(row, column)])
            line.append(self._content(cell), self._style(cell))
        if self.framed_columns[self.wide]:
            line.append(_DOWN[self._side(row, self.wide)])
        return line

    def _content(self, cell: Cell) -> str:
        if cell.kind in ("padding", "overhang"):
            filling = "░" if cell.kind == "padding" else "╳"
            if cell.text:
                return f"{filling}{cell.text}{filling}".rjust(self.cell_width, filling)
            return f" {filling * (self.cell_width - 2)} "
        marks = {"here": "[]", "elsewhere": "()"}.get(cell.winner, "  ")
        if cell.kind == "hole":
            marks = "~~"
        if cell.kind in ("invisible", "missing"):
            marks = "::"
        return f"{marks[0]}{cell.text}{marks[1]}".rjust(self.cell_width)

    def _style(self, cell: Cell) -> str:
        if cell.colour is not None:
            return self.tints[cell.colour][cell.winner == "here"]
        return _DIM if cell.kind != "value" else ""
