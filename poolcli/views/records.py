"""Studies as records for ``--json``: plain numbers, lists and names."""

from collections.abc import Iterable, Sequence
from math import isfinite
from typing import Any

from poolcli.jobs.result import parameters_record
from poolcli.studies.comparison import PooledFrame
from poolcli.studies.explanation import Explanation
from poolcli.studies.first_frame import FirstFrame

__all__ = ["comparison_record", "explanation_record", "frame_record", "number"]

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
