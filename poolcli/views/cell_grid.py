"""An explained map as a grid of cells: the content of each, and the lines between them."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from poolcli.studies.explained import Explained, Place
from poolcli.views.signs import number

__all__ = ["Cell", "CellGrid", "input_grid", "result_grid"]


@dataclass(frozen=True, slots=True)
class Cell:
    """One position of a grid.

    Attributes
    ----------
    text : str
        The number in it, or nothing.
    kind : str
        "value", "hole" (skipped by the picked window's dilation), "unused" (in no window),
        "padding" or "overhang".
    colour : int or None
        The number of its window's colour.
    winner : str
        "here" for the winner of the picked window, or of a window that has this cell to itself;
        "elsewhere" for that of another window; "" for none.
    picked : bool
        Whether it lies in the picked window.
    group : object
        Cells of different groups have a thin line between them.
    """

    text: str
    kind: str = "value"
    colour: int | None = None
    winner: str = ""
    picked: bool = False
    group: Any = None


@dataclass(frozen=True, slots=True)
class CellGrid:
    """Rows of cells, the number at each row and column, and the marks where windows begin."""

    cells: list[list[Cell]]
    rows: list[str]
    columns: list[str]
    starts: tuple[list[bool], list[bool]] | None = None

    def weight(self, one: Place, other: Place) -> int:
        """Weigh the line between two neighbours: 0 none, 1 thin, 2 heavy."""
        a, b = self._cell(one), self._cell(other)
        if (a is not None and a.picked) != (b is not None and b.picked):
            return 2
        if a is None or b is None:
            return int(a is not b)
        return int(a.group != b.group)

    def _cell(self, at: Place) -> Cell | None:
        inside = 0 <= at[0] < len(self.cells) and 0 <= at[1] < len(self.cells[0])
        return self.cells[at[0]][at[1]] if inside else None

    @property
    def kinds(self) -> set[str]:
        """The kinds of cell in the grid."""
        return {cell.kind for line in self.cells for cell in line}

    @property
    def winners(self) -> set[str]:
        """The kinds of winner in the grid."""
        return {cell.winner for line in self.cells for cell in line} - {""}


def input_grid(explained: Explained, picked: Place) -> CellGrid:
    """Lay out the map with its padding and overhang, and the windows on it."""
    tiles = _tiles(explained)
    winners = Counter(explained.winner(at) for at in explained.places())
    mine = explained.winner(picked)
    taps = {(tap.row, tap.column) for tap in explained.taps(picked)}
    box = explained.box(picked)
    cells = []
    for row in explained.lattice[0]:
        line = []
        for column in explained.lattice[1]:
            at = row, column
            kind = explained.kind(row, column)
            within = row in box[0] and column in box[1]
            if kind == "value" and within and at not in taps:
                kind = "hole"
            elif kind == "value" and at not in tiles:
                kind = "unused"
            here = at == mine or (explained.disjoint and winners[at] > 0)
            line.append(
                Cell(
                    number(explained.map.values[at]) if kind in _WRITTEN else "",
                    kind,
                    _colour(explained, tiles.get(at), picked, at in taps),
                    "here" if here else "elsewhere" if winners[at] else "",
                    within,
                    _group(explained, at, tiles),
                )
            )
        cells.append(line)
    names = [
        [str(position + first) if 0 <= position < length else "" for position in positions]
        for positions, first, length in zip(
            explained.lattice, explained.map.origin, explained.map.values.shape, strict=True
        )
    ]
    return CellGrid(cells, names[0], names[1], None if explained.disjoint else _starts(explained))


_WRITTEN = ("value", "hole", "unused")


def _tiles(explained: Explained) -> dict[Place, Place]:
    """Map every position that is in a window to one such window."""
    return {(tap.row, tap.column): at for at in explained.places() for tap in explained.taps(at)}


def _colour(explained: Explained, tile: Place | None, picked: Place, tapped: bool) -> int | None:
    if explained.disjoint:
        return None if tile is None else _colour_of(tile)
    return _colour_of(picked) if tapped else None


def _colour_of(at: Place) -> int:
    """Number the colour of a window: with four, no two windows that touch have the same one."""
    return at[0] % 2 * 2 + at[1] % 2


def _group(explained: Explained, at: Place, tiles: dict[Place, Place]) -> Any:
    if explained.disjoint:
        return tiles.get(at, explained.kind(*at))
    kind = explained.kind(*at)
    holes = any(
        window.dilation > 1 for window in explained.windows
    )  # a frame would have frames inside
    return "unused" if kind == "value" and at not in tiles and not holes else kind


def _starts(explained: Explained) -> tuple[list[bool], list[bool]]:
    found = []
    for window, size, positions in zip(
        explained.windows, explained.size, explained.lattice, strict=True
    ):
        begin = {window.start(o) for o in range(size)}
        found.append([position in begin for position in positions])
    return found[0], found[1]


def result_grid(explained: Explained, picked: Place) -> CellGrid:
    """Lay out the result: a cell for each window, in the colour of its window."""
    height, width = explained.size
    cells = [
        [
            Cell(
                number(explained.result[row, column]),
                colour=_colour_of((row, column))
                if explained.disjoint or (row, column) == picked
                else None,
                picked=(row, column) == picked,
                group=(row, column) if explained.disjoint else None,
            )
            for column in range(width)
        ]
        for row in range(height)
    ]
    return CellGrid(cells, [str(row) for row in range(height)], [str(c) for c in range(width)])
