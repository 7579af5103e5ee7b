"""An explained map as a grid of cells: the content of each, and the lines between them."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from poolcli.studies.explanation import Explanation, Place
from poolcli.views.wording import number_text

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


def input_grid(explanation: Explanation, picked: Place) -> CellGrid:
    """Lay out the map with its padding and overhang, and the windows on it."""
    tiles = _tiles(explanation)
    winners = Counter(explanation.winner(at) for at in explanation.places())
    mine = explanation.winner(picked)
    taps = {(tap.row, tap.column) for tap in explanation.taps(picked)}
    box = explanation.box(picked)
    cells = []
    for row in explanation.lattice[0]:
        line = []
        for column in explanation.lattice[1]:
            at = row, column
            kind = explanation.kind(row, column)
            within = row in box[0] and column in box[1]
            if kind == "value" and within and at not in taps:
                kind = "hole"
            elif kind == "value" and at not in tiles:
                kind = "unused"
            here = at == mine or (explanation.disjoint and winners[at] > 0)
            line.append(
                Cell(
                    number_text(explanation.map.values[at]) if kind in _WRITTEN else "",
                    kind,
                    _colour(explanation, tiles.get(at), picked, at in taps),
                    "here" if here else "elsewhere" if winners[at] else "",
                    within,
                    _group(explanation, at, tiles),
                )
            )
        cells.append(line)
    names = [
        [str(position + first) if 0 <= position < length else "" for position in positions]
        for positions, first, length in zip(
            explanation.lattice, explanation.map.origin, explanation.map.values.shape, strict=True
        )
    ]
    return CellGrid(
        cells, names[0], names[1], None if explanation.disjoint else _starts(explanation)
    )


_WRITTEN = ("value", "hole", "unused")


def _tiles(explanation: Explanation) -> dict[Place, Place]:
    """Map every position that is in a window to one such window."""
    return {
        (tap.row, tap.column): at for at in explanation.places() for tap in explanation.taps(at)
    }


def _colour(
    explanation: Explanation, tile: Place | None, picked: Place, tapped: bool
) -> int | None:
    if explanation.disjoint:
        return None if tile is None else _colour_of(tile)
    return _colour_of(picked) if tapped else None


def _colour_of(at: Place) -> int:
    """Number the colour of a window: with four, no two windows that touch have the same one."""
    return at[0] % 2 * 2 + at[1] % 2


def _group(explanation: Explanation, at: Place, tiles: dict[Place, Place]) -> Any:
    if explanation.disjoint:
        return tiles.get(at, explanation.kind(*at))
    kind = explanation.kind(*at)
    holes = any(
        window.dilation > 1 for window in explanation.windows
    )  # a frame would have frames inside
    return "unused" if kind == "value" and at not in tiles and not holes else kind


def _starts(explanation: Explanation) -> tuple[list[bool], list[bool]]:
    found = []
    for window, size, positions in zip(
        explanation.windows, explanation.size, explanation.lattice, strict=True
    ):
        begin = {window.start(o) for o in range(size)}
        found.append([position in begin for position in positions])
    return found[0], found[1]


def result_grid(explanation: Explanation, picked: Place) -> CellGrid:
    """Lay out the result: a cell for each window, in the colour of its window."""
    height, width = explanation.size
    cells = [
        [
            Cell(
                number_text(explanation.result[row, column]),
                colour=_colour_of((row, column))
                if explanation.disjoint or (row, column) == picked
                else None,
                picked=(row, column) == picked,
                group=(row, column) if explanation.disjoint else None,
            )
            for column in range(width)
        ]
        for row in range(height)
    ]
    return CellGrid(cells, [str(row) for row in range(height)], [str(c) for c in range(width)])
