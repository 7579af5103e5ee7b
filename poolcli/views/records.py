"""Studies as records for ``--json``: plain numbers, lists and names."""

from collections.abc import Iterable, Sequence
from math import isfinite
from typing import Any

import numpy as np

from poolcli.core.types import Array
from poolcli.jobs.result import parameters_record
from poolcli.studies.comparison import PooledFrame
from poolcli.studies.explanation import Explanation
from poolcli.studies.first_frame import FirstFrame
from poolcli.studies.shown_part import ShownPart
from poolcli.studies.stack import Stack

__all__ = [
    "comparison_record",
    "explanation_record",
    "frame_record",
    "inner_numbers",
    "number",
    "stack_record",
]

Place = tuple[int, int]


def frame_record(frame: FirstFrame) -> dict[str, Any]:
    """Make a record of a picture's shape and kind."""
    return {"shape": list(frame.shape), "mode": frame.mode, "dtype": frame.pixels.dtype.name}


def comparison_record(poolings: Iterable[PooledFrame]) -> list[dict[str, Any]]:
    """Make a record of each pooling on a sheet, in the order in which they are drawn."""
    return [
        {
            "operation": pooled.operation.name,
            **parameters_record(pooled.operation),
            "output_shape": list(pooled.frame.shape),
        }
        for pooled in poolings
    ]


def explanation_record(
    explanation: Explanation, places: Iterable[Place], origin: Place = (0, 0)
) -> dict[str, Any]:
    """Make a record of some windows of an explanation, and of the part of the map that they read.

    Parameters
    ----------
    places : iterable of (int, int)
        The windows, by their places in the result: all of some rows and some columns.
    origin : (int, int)
        Row and column of the map's first value in the picture that it was cut from.
    """
    operation, places = explanation.operation, list(places)
    values = explanation.map.values
    taps = {at: _taps(explanation, at) for at in places}
    # Padding and overhang are outside the map, and hold no values.
    rows = _inside((rows for rows, _ in taps.values()), values.shape[0])
    columns = _inside((columns for _, columns in taps.values()), values.shape[1])
    return {
        "operation": operation.name,
        **parameters_record(operation),
        "input_shape": list(values.shape),
        "output_shape": list(explanation.size),
        "map": {
            "row": rows.start + origin[0],
            "column": columns.start + origin[1],
            "values": [[number(values[row, column]) for column in columns] for row in rows],
        },
        "windows": [
            {
                "window": list(at),
                "rows": [row + origin[0] for row in taps[at][0]],
                "columns": [column + origin[1] for column in taps[at][1]],
                "result": number(explanation.result[at]),
                "winner": _moved(explanation.winner(at), origin),
            }
            for at in places
        ],
        "result": [
            [number(explanation.result[at]) for at in places if at[0] == row]
            for row in sorted({row for row, _ in places})
        ],
    }


def stack_record(stack: Stack, places: Iterable[Place]) -> dict[str, Any]:
    """Make a record of some windows of a stack, in all planes of the result, and of all its values.

    Parameters
    ----------
    places : iterable of (int, int)
        The windows, by their places in one plane of the result.
    """
    plane, places = stack.planes[0], list(places)
    windows = []
    for depth in range(len(stack.result)):
        for at in ((depth, *place) for place in places):
            rows, columns = plane.taps(at[1:])
            found = plane.found_at(at)
            windows.append(
                {
                    "window": list(at),
                    "planes": list(stack.taps(depth)),
                    "rows": list(rows),
                    "columns": list(columns),
                    "result": number(stack.result[at]),
                    "winner": None if found is None else list(found),
                }
            )
    return {
        "operation": stack.operation.name,
        **parameters_record(stack.operation),
        "input_shape": list(stack.values.shape),
        "output_shape": list(stack.result.shape),
        "map": {"values": _numbers(stack.values)},
        "windows": windows,
        "result": _numbers(stack.result),
    }


def _numbers(values: Any) -> Any:
    return number(values) if values.ndim == 0 else [_numbers(row) for row in values]


def inner_numbers(values: Array, explanation: Explanation, part: ShownPart) -> list[list[Any]]:
    """List the numbers of a part's positions, without those in padding and overhang."""
    keep = [
        [number for number, position in enumerate(span) if 0 <= position < length]
        for span, length in zip(part.positions, explanation.map.values.shape, strict=True)
    ]
    listed: list[list[Any]] = _numbers(values[np.ix_(*keep)])
    return listed


def number(value: Any) -> int | float | str:
    """Convert a value of an array; JSON has no infinities and no NaN, so these become text.

    >>> number(3), number(float("inf")), number(float("nan"))
    (3, 'inf', 'nan')
    """
    plain: int | float = value.item() if hasattr(value, "item") else value
    return plain if isfinite(plain) else str(plain)


def _taps(explanation: Explanation, at: Place) -> tuple[range, range]:
    (rows, columns), (down, across) = explanation.box(at), explanation.windows
    return rows[:: down.dilation], columns[:: across.dilation]


def _inside(positions: Iterable[Sequence[int]], length: int) -> range:
    """Span the positions that are in the map."""
    found = {position for several in positions for position in several if 0 <= position < length}
    return range(min(found), max(found) + 1) if found else range(0)


def _moved(place: Place | None, origin: Place) -> list[int] | None:
    return None if place is None else [place[0] + origin[0], place[1] + origin[1]]
