"""Boards of two ways: the pooling above, and below it what comes back."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from poolcli.core.types import Array
from poolcli.studies.explanation import Spot
from poolcli.studies.shown_part import ShownPart
from poolcli.views.boards.board import Board, Panel, Strip
from poolcli.views.boards.footnotes import footnotes, is_partial, source_text
from poolcli.views.boards.telling import Telling
from poolcli.views.cell_grid import Cell, CellGrid, input_grid, result_grid
from poolcli.views.wording import number_text
from poolcli.views.words.language import say

__all__ = ["two_ways", "with_numbers"]


def two_ways(
    telling: Telling,
    part: ShownPart,
    picked: Spot,
    reached: Collection[Spot] | None,
    *,
    values: Array,
    given: Array,
    captions: tuple[str, str],
    sentences: Sequence[str],
) -> Board:
    """Lay out a map above its result, and below them numbers that go the other way.

    Parameters
    ----------
    values : (rows, columns) ndarray
        The numbers of the part's positions.
    given : (H', W') ndarray
        The numbers of the whole result.
    captions : (str, str)
        Names of both.
    """
    told, partial = telling.explanation, is_partial(telling.explanation, part)
    back = with_numbers(input_grid(told, part, picked, reached), values)
    rows, columns = part.windows
    shown = given[rows.start : rows.stop, columns.start : columns.stop]
    there = Strip(
        (
            Panel(input_grid(told, part, picked), say("map")),
            Panel(result_grid(told, part, picked), say("result"), rulers=partial),
        ),
        ("→",),
    )
    return_way = Strip(
        (
            Panel(back, captions[0]),
            Panel(with_numbers(result_grid(told, part, picked), shown), captions[1], partial),
        ),
        ("←",),
    )
    return Board(
        telling.title,
        source_text(told, part),
        (there, return_way),
        tuple(sentences),
        tuple(footnotes(told, part, picked)),
    )


def with_numbers(grid: CellGrid, numbers: Array) -> CellGrid:
    """Write other numbers into the cells of a grid, and none into padding and overhang."""
    cells = [
        [replace(cell, text=_text(cell, float(number))) for cell, number in zip(*rows, strict=True)]
        for rows in zip(grid.cells, numbers, strict=True)
    ]
    return replace(grid, cells=cells)


def _text(cell: Cell, number: float) -> str:
    return "" if cell.kind in ("padding", "overhang") else number_text(number)
