"""The part of an explained map that is drawn: some of its windows, and all that they reach."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from math import prod

from poolcli.core.geometry.stage import Stage
from poolcli.errors import WindowError
from poolcli.studies.explanation import Explanation, Place, Spot

__all__ = ["ShownPart", "choose_part", "default_area", "first_position"]

_SMALL, _LEAST, _MOST = (12, 16), (8, 12), (24, 32)
"""Rows and columns: of a map that is drawn as a whole, and of the part of a larger one."""

_MOST_DRAWN, _MOST_READ = 100_000, 10_000_000
"""Values that are drawn, and that all windows together read: what a page and memory hold."""


@dataclass(frozen=True)
class ShownPart:
    """The rows and columns that are drawn, padding and overhang included, and the windows there.

    Attributes
    ----------
    positions : (range, range)
    windows : (range, range)
        Down and across, by their places in the result of the whole map.
    """

    positions: tuple[range, range]
    windows: tuple[range, range]

    def places(self) -> Iterator[Place]:
        """Iterate over the windows that are drawn."""
        for row in self.windows[0]:
            for column in self.windows[1]:
                yield row, column

    def holds(self, at: Spot) -> bool:
        """Tell whether a window is drawn."""
        return at[0] in self.windows[0] and at[1] in self.windows[1]

    def cuts(self, box: tuple[range, range]) -> bool:
        """Tell whether a window that spans these rows and columns is drawn only in part."""
        return any(
            span.start < drawn.start or span.stop > drawn.stop
            for span, drawn in zip(box, self.positions, strict=True)
        )


def choose_part(explanation: Explanation, at: Place, area: Place) -> ShownPart:
    """Choose the windows at a position and as many more as an area holds.

    The windows are those of the whole map: the first one is where the position lies, and what they
    read around the area is drawn too. A window larger than the area is drawn in part.

    Raises
    ------
    WindowError
        If the position is outside the map, or the area is too large to be looked at.
    """
    height, width = explanation.map.values.shape
    if not (0 <= at[0] < height and 0 <= at[1] < width):
        raise WindowError(
            f"row {at[0]}, column {at[1]} is outside {height} rows and {width} columns; "
            f"use 0,0 to {height - 1},{width - 1}"
        )
    down, across = map(_along, explanation.stages, at, area)
    values = len(down[0]) * len(across[0])
    read = prod(
        len(one[1]) * window.kernel
        for one, window in zip((down, across), explanation.windows, strict=True)
    )
    if values > _MOST_DRAWN or read > _MOST_READ:
        raise WindowError(
            f"{len(down[0])}×{len(across[0])} values and {len(down[1])}×{len(across[1])} windows "
            f"are too many to draw; use a smaller --area, of {_MOST_DRAWN} values at most"
        )
    return ShownPart((down[0], across[0]), (down[1], across[1]))


def first_position(explanation: Explanation, window: Spot) -> Place:
    """Give the position at which `choose_part` begins with this window."""
    row, column = (_origin(stage, o) for stage, o in zip(explanation.stages, window, strict=True))
    return row, column


def default_area(explanation: Explanation) -> Place:
    """Choose how many rows and columns to draw, to see what an operation does.

    All of a small map; of a picture three windows or more in each direction, if they are small.
    """
    rows, columns = map(_length, explanation.stages, _SMALL, _LEAST, _MOST)
    return rows, columns


def _length(stage: Stage, small: int, least: int, most: int) -> int:
    if stage.length <= small:
        return stage.length
    reach = [_end(stage, o) for o in range(min(stage.size, most))]
    for count, length in enumerate(reach, 1):
        if count >= 3 and length >= least:
            return length if length <= most else _largest(reach, least, most)
    return _largest(reach, least, most)


def _largest(reach: list[int], least: int, most: int) -> int:
    return max([least, *(length for length in reach if length <= most)])


def _origin(stage: Stage, window: int) -> int:
    """Give the position that a window begins at, not counting its padding."""
    return stage.window.start(window) + stage.window.padding


def _end(stage: Stage, window: int) -> int:
    """Give the position before which a window ends, not counting its padding."""
    return stage.window.stop(window) - stage.window.padding


def _along(stage: Stage, at: int, area: int) -> tuple[range, range]:
    """Choose the positions and windows of one axis."""
    places = range(stage.size)
    first = bisect_right(places, at, key=lambda o: _origin(stage, o)) - 1
    if stage.window.stop(first) <= at and first + 1 < stage.size:
        first += 1  # the position is in a gap
    origin = _origin(stage, first)
    first = bisect_left(places, origin, key=lambda o: _origin(stage, o))
    begin, stop, padding = stage.window.start(first), stage.window.stop(first), stage.window.padding
    after = stop <= at  # in no window
    if area < stage.length and stop - begin > area + 2 * min(padding, area) and not after:
        begin = max(begin, at)
        return range(begin, min(stop, begin + area)), range(first, first + 1)
    if after or origin + area >= stage.length:
        last = stage.size - 1
        end = max(stage.window.stop(last), stage.length + padding)
    else:
        last = bisect_right(places, origin + area, key=lambda o: _end(stage, o)) - 1
        end = stage.window.stop(last)
    return range(begin, end), range(first, last + 1)
