"""An explained map as a grid of cells: the content of each, and the lines between them."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from poolcli.studies.explanation import Explanation, Place, Spot
from poolcli.studies.shown_part import ShownPart
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
        "invisible" (of alpha 0, where that has no vote), "missing", "padding" or "overhang".
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
    """Rows of cells, with what lies around them.

    Attributes
    ----------
    rows, columns : list of str
        The number at each row and column.
    starts : (list of bool, list of bool), optional
        At which rows and columns windows begin.
    torn : (tuple, tuple)
        Whether the picked window goes on before the first row and after the last one, and the same
        for columns.
    """

    cells: list[list[Cell]]
    rows: list[str]
    columns: list[str]
    starts: tuple[list[bool], list[bool]] | None = None
    torn: tuple[tuple[bool, bool], tuple[bool, bool]] = ((False, False), (False, False))

    def weight(self, one: Place, other: Place) -> int:
        """Weigh the line between two neighbours: 0 none, 1 thin, 2 heavy."""
        a, b = self._cell(one), self._cell(other)
        if (a is None or b is None) and self._is_torn(one, other):
            return 0
        if (a is not None and a.picked) != (b is not None and b.picked):
            return 2
        if a is None or b is None:
            return int(a is not b)
        return int(a.group != b.group)

    def _is_torn(self, one: Place, other: Place) -> bool:
        axis = 0 if one[0] != other[0] else 1
        before, after = self.torn[axis]
        return before if one[axis] < 0 else after

    def _cell(self, at: Spot) -> Cell | None:
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


def input_grid(
    explanation: Explanation,
    part: ShownPart,
    picked: Spot,
    reached: Collection[Spot] | None = None,
) -> CellGrid:
    """Lay out a part of the map with its padding and overhang, and the windows on it.

    Parameters
    ----------
    reached : collection of (int, int), optional
        The windows whose winners are marked; all that are drawn unless given.
    """
    tiles = _tiles(explanation, part)
    known = list(part.places() if reached is None else reached)
    winners = Counter(map(explanation.winner, known))
    mine = explanation.winner(picked) if picked in known else None
    kinds = _kinds(explanation, part, picked)
    box, taps = explanation.box(picked), explanation.taps(picked)
    cells = []
    for row in part.positions[0]:
        line = []
        for column in part.positions[1]:
            at, kind = (row, column), kinds[row, column]
            here = at == mine or (explanation.disjoint and winners[at] > 0)
            line.append(
                Cell(
                    _text(explanation, at, kind),
                    kind,
                    _colour(
                        explanation, tiles.get(at), picked, row in taps[0] and column in taps[1]
                    ),
                    "here" if here else "elsewhere" if winners[at] else "",
                    row in box[0] and column in box[1],
                    _group(explanation, at, kind, tiles),
                )
            )
        cells.append(line)
    rows, columns = (
        [str(position) if 0 <= position < length else "" for position in positions]
        for positions, length in zip(part.positions, explanation.map.values.shape, strict=True)
    )
    starts = None if explanation.disjoint else _starts(explanation, part)
    above, aside = (
        (len(span) > 0 and span.start < drawn.start, span.stop > drawn.stop)
        for span, drawn in zip(box, part.positions, strict=True)
    )
    return CellGrid(cells, rows, columns, starts, (above, aside))


def _text(explanation: Explanation, at: Place, kind: str) -> str:
    if kind == "padding":
        return "0" if explanation.counts_zeros else ""
    return "" if kind == "overhang" else number_text(explanation.map.values[at])


def _kinds(explanation: Explanation, part: ShownPart, picked: Spot) -> dict[Place, str]:
    """Tell the kind of every position, as in `Cell`."""
    used = [explanation.used(axis, part.positions[axis]) for axis in (0, 1)]
    box, taps = explanation.box(picked), explanation.taps(picked)
    kinds = {}
    for row in part.positions[0]:
        for column in part.positions[1]:
            kind = explanation.kind(row, column)
            if kind == "value":
                within = row in box[0] and column in box[1]
                if within and not (row in taps[0] and column in taps[1]):
                    kind = "hole"
                elif not (row in used[0] and column in used[1]):
                    kind = "unused"
                elif explanation.invisible(row, column):
                    kind = "invisible"
                elif explanation.missing(row, column):
                    kind = "missing"
            kinds[row, column] = kind
    return kinds


def _tiles(explanation: Explanation, part: ShownPart) -> dict[Place, Place]:
    """Map every drawn position that is in a drawn window to one such window."""
    tiles = {}
    for at in part.places():
        rows, columns = (
            [position for position in taps if position in drawn]
            for taps, drawn in zip(explanation.taps(at), part.positions, strict=True)
        )
        tiles.update({(row, column): at for row in rows for column in columns})
    return tiles


def _colour(explanation: Explanation, tile: Place | None, picked: Spot, tapped: bool) -> int | None:
    if explanation.disjoint:
        return None if tile is None else _colour_of(tile)
    return _colour_of(picked[-2:]) if tapped else None


def _colour_of(at: Spot) -> int:
    """Number the colour of a window: with four, no two windows that touch have the same one."""
    return at[0] % 2 * 2 + at[1] % 2


def _group(explanation: Explanation, at: Place, kind: str, tiles: dict[Place, Place]) -> Any:
    outside = explanation.kind(*at)
    if explanation.disjoint:
        return tiles.get(at, outside)
    holes = any(
        window.dilation > 1 for window in explanation.windows
    )  # a frame would have frames inside
    return kind if kind == "unused" and not holes else outside


def _starts(explanation: Explanation, part: ShownPart) -> tuple[list[bool], list[bool]]:
    found = []
    for window, drawn, positions in zip(
        explanation.windows, part.windows, part.positions, strict=True
    ):
        begin = {window.start(o) for o in drawn}
        found.append([position in begin for position in positions])
    return found[0], found[1]


def result_grid(
    explanation: Explanation,
    part: ShownPart,
    picked: Spot,
    reached: Collection[Spot] | None = None,
) -> CellGrid:
    """Lay out the result: a cell for each drawn window, in the colour of its window.

    Parameters
    ----------
    reached : collection of (int, int), optional
        The windows whose results are written; all that are drawn unless given.
    """
    rows, columns = part.windows
    cells = []
    for row in rows:
        line = []
        for column in columns:
            at, known = (row, column), reached is None or (row, column) in reached
            coloured = known and (explanation.disjoint or at == picked)
            line.append(
                Cell(
                    number_text(explanation.result[at]) if known else "",
                    colour=_colour_of(at) if coloured else None,
                    picked=at == picked,
                    group=at if explanation.disjoint else None,
                )
            )
        cells.append(line)
    return CellGrid(cells, [str(row) for row in rows], [str(column) for column in columns])
