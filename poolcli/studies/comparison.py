"""One picture pooled in several ways, and the part of it that is worth enlarging."""

from dataclasses import dataclass

import numpy as np

from poolcli.core.geometry.windows import AnyWindow
from poolcli.core.types import Array
from poolcli.errors import WindowError
from poolcli.jobs.operation import Operation
from poolcli.studies.first_frame import FirstFrame

__all__ = ["Detail", "PooledFrame", "cell_edges", "choose_detail", "find_busiest", "pool_frame"]

Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class PooledFrame:
    """A pooled picture, with the operation and the windows that it was pooled by."""

    operation: Operation
    frame: FirstFrame
    windows: tuple[AnyWindow, AnyWindow]


@dataclass(frozen=True, slots=True)
class Detail:
    """A part of the input: its first row and column, its height and width."""

    at: Pair
    size: Pair


def pool_frame(frame: FirstFrame, operation: Operation) -> PooledFrame:
    """Pool a picture and keep its windows.

    Raises
    ------
    WindowError
        If a window does not fit.
    """
    lengths = frame.pixels.shape[0], frame.pixels.shape[1]
    down, across = operation.windows(lengths)
    return PooledFrame(operation, frame.pool(operation), (down, across))


def choose_detail(
    bright: Array, operations: list[Operation], at: Pair | None, shape: Pair, steps: int = 20
) -> Detail:
    """Choose a part as wide as ``steps`` of the widest stride, in the proportions of ``shape``.

    Parameters
    ----------
    bright : (H, W) ndarray
        The brightness of each pixel.
    at : (int, int), optional
        First row and column of the part; those that `find_busiest` finds unless given.

    Raises
    ------
    WindowError
        If ``at`` is outside the picture.
    """
    height, width = bright.shape
    lengths = height, width
    widest = max(
        operation.spacing(lengths, operation.output_size(lengths))[1] for operation in operations
    )
    wide = min(width, max(32, round(steps * widest)))
    high = min(height, max(1, round(wide * shape[0] / shape[1])))
    wide = min(wide, max(1, round(high * shape[1] / shape[0])))
    if at is None:
        at = find_busiest(bright, (high, wide))
    elif at[0] >= height or at[1] >= width:
        raise WindowError(
            f"row {at[0]}, column {at[1]} is outside {height} rows and {width} columns; "
            f"use 0,0 to {height - 1},{width - 1}"
        )
    return Detail((min(at[0], height - high), min(at[1], width - wide)), (high, wide))


def find_busiest(bright: Array, size: Pair) -> Pair:
    """Find the first row and column of the part of this size in which neighbours differ most.

    >>> flat = np.zeros((9, 9))
    >>> flat[6, 7] = 1
    >>> find_busiest(flat, (3, 3))
    (6, 6)
    """
    change = np.zeros(bright.shape)
    # A difference counts at the later pixel of the two: a part sees nothing of what follows it.
    change[1:] += np.abs(np.diff(bright, axis=0))
    change[:, 1:] += np.abs(np.diff(bright, axis=1))
    total = np.pad(change, ((1, 0), (1, 0))).cumsum(0).cumsum(1)
    high, wide = size
    sums = total[high:, wide:] - total[:-high, wide:] - total[high:, :-wide] + total[:-high, :-wide]
    best = np.flatnonzero(sums.round(6) == sums.round(6).max())
    row, column = divmod(int(best[len(best) // 2]), sums.shape[1])
    return row, column


def cell_edges(windows: tuple[AnyWindow, AnyWindow], size: Pair) -> tuple[Array, Array]:
    """Lay a cell on the input for each pooled pixel; edges are half-way between windows' centres.

    Returns
    -------
    rows, columns : ndarray of float64
        The edges of the cells, one more than there are pooled pixels.
    """
    edges = []
    for window, count in zip(windows, size, strict=True):
        middles = np.array([(window.start(o) + window.stop(o)) / 2 for o in range(count)])
        between = (middles[1:] + middles[:-1]) / 2
        step = (middles[-1] - middles[0]) / (count - 1) if count > 1 else window.kernel
        edges.append(np.concatenate([[middles[0] - step / 2], between, [middles[-1] + step / 2]]))
    return edges[0], edges[1]
