"""Is a result right: ours by definition in windows drawn by lot, a peer's against all of ours."""

from math import fsum

import numpy as np

from tests.bench.kernels.cells import Array, Cell
from tests.bench.kernels.peers import Arrays

__all__ = ["TOLERANCE", "check_by_definition", "differing"]

TOLERANCE = 1e-5
"""Of a mean of floats, relative; everything else must be equal."""

_DRAWN = 100


def differing(cell: Cell, ours: Arrays, theirs: Arrays) -> float:
    """The share of samples in which two results differ."""
    if [a.shape for a in ours] != [b.shape for b in theirs]:
        raise ValueError(f"shapes {[b.shape for b in theirs]}, not {[a.shape for a in ours]}")
    pairs = zip(ours, theirs, strict=True)
    return max(float(np.mean(~_same(cell, a, b))) for a, b in pairs)


def _same(cell: Cell, a: Array, b: Array) -> Array:
    if cell.kind == "avg" and not cell.integer:
        return np.isclose(b, a, rtol=TOLERANCE, atol=0.0)
    return np.asarray(a == b)


def check_by_definition(cell: Cell, x: Array, result: Arrays) -> None:
    """Raise ArithmeticError if one of the drawn windows is not what it should be."""
    rng = np.random.default_rng(5)
    planes = cell.planes(x)
    high, wide = cell.output
    if result[0].shape != (len(planes), high, wide):
        raise ArithmeticError(f"shape {result[0].shape} for {cell.label}")
    rows = [0, high - 1, *rng.integers(0, high, _DRAWN).tolist()]
    columns = [0, wide - 1, *rng.integers(0, wide, _DRAWN).tolist()]
    for plane, values in enumerate(planes):
        for row, column in zip(rows, columns, strict=True):
            (top, bottom), (left, right) = _spans(cell, row, column)
            taps = values[top:bottom, left:right]
            expected: float = _reduced(cell, taps)
            got = float(result[0][plane, row, column])
            slack = TOLERANCE * abs(expected) if taps.dtype.kind == "f" else 0.0
            if abs(got - expected) > (slack if cell.kind == "avg" else 0.0):
                where = (plane, row, column)
                raise ArithmeticError(f"{got}, not {expected}, at {where} of {cell.label}")
            if cell.indices:
                _check_index(cell, taps, (top, left), int(result[1][plane, row, column]))


def _spans(cell: Cell, row: int, column: int) -> tuple[tuple[int, int], tuple[int, int]]:
    if cell.size is None:
        top, left = row * cell.stride, column * cell.stride
        return (top, top + cell.kernel), (left, left + cell.kernel)
    lengths = zip((row, column), (cell.height, cell.width), cell.size, strict=True)
    high, wide = ((i * n // size, -(-(i + 1) * n // size)) for i, n, size in lengths)
    return high, wide


def _reduced(cell: Cell, taps: Array) -> float:
    values = sorted(taps.ravel().tolist())
    if cell.kind == "avg" and cell.integer:
        return float((2 * sum(values) + len(values)) // (2 * len(values)))
    if cell.kind == "avg":
        return fsum(values) / len(values)
    return float(values[{"max": -1, "min": 0, "median": (len(values) - 1) // 2}[cell.kind]])


def _check_index(cell: Cell, taps: Array, corner: tuple[int, int], got: int) -> None:
    row, column = divmod(int(taps.argmax()), taps.shape[1])
    expected = (corner[0] + row) * cell.width + corner[1] + column
    if got != expected:
        raise ArithmeticError(f"index {got}, not {expected}, in {cell.label}")
