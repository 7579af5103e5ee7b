"""A small map of numbers, an operation on it, and all that happens in each window."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from poolcli.core.geometry.stage import Stage
from poolcli.core.geometry.windows import AnyWindow, Window
from poolcli.core.operations import OPERATIONS
from poolcli.core.types import Array
from poolcli.errors import FileError, WindowError
from poolcli.jobs.operation import Operation
from poolcli.jobs.result import blamed_on
from poolcli.media.options import Reading
from poolcli.studies.first_frame import read_first_frame

__all__ = [
    "CLASSIC",
    "Explanation",
    "NumberMap",
    "Tap",
    "classic_map",
    "default_area",
    "parse_map",
    "read_map",
]

CLASSIC = ((1, 3, 2, 1), (4, 6, 5, 0), (3, 3, 1, 2), (1, 9, 2, 7))
"""The map that tutorials begin with; max, avg, min and median of each quarter differ."""

Place = tuple[int, int]

_READING = Reading()

_CHANNELS = {
    "L": ["grey"], "LA": ["grey", "alpha"], "RGB": ["red", "green", "blue"],
    "RGBA": ["red", "green", "blue", "alpha"], "CMYK": ["cyan", "magenta", "yellow", "black"],
}  # fmt: skip


@dataclass(frozen=True)
class NumberMap:
    """Numbers (H, W), a label that tells their source, and the place of the first of them there."""

    values: Array
    label: str = ""
    origin: Place = (0, 0)

    def cut(self, at: Place, size: Place) -> "NumberMap":
        """Cut a part out of the map, at most of this size.

        Raises
        ------
        WindowError
            If ``at`` is outside the map.
        """
        height, width = self.values.shape
        if not (0 <= at[0] < height and 0 <= at[1] < width):
            raise WindowError(
                f"row {at[0]}, column {at[1]} is outside {height} rows and {width} columns; "
                f"use 0,0 to {height - 1},{width - 1}"
            )
        part = self.values[at[0] : at[0] + size[0], at[1] : at[1] + size[1]]
        return NumberMap(part, self.label, (self.origin[0] + at[0], self.origin[1] + at[1]))


class Tap(NamedTuple):
    """One position of a window: its row and column, and the kind of what is there.

    ``kind`` is "value", "padding", or "overhang" for a position beyond the padding.
    """

    row: int
    column: int
    kind: str


@dataclass(frozen=True)
class Explanation:
    """An operation on a map, with its result.

    Raises
    ------
    WindowError
        If a window does not fit.
    """

    map: NumberMap
    operation: Operation
    result: Array = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "result", self.operation.apply(self.map.values))

    @cached_property
    def stages(self) -> tuple[Stage, Stage]:
        """The windows as laid on the height and on the width."""
        height, width = self.map.values.shape
        return self.operation.stages((height, width))

    @property
    def windows(self) -> tuple[AnyWindow, AnyWindow]:
        """The windows of the height and of the width."""
        down, across = self.stages
        return down.window, across.window

    @property
    def size(self) -> Place:
        """The number of windows, down and across."""
        return self.result.shape[0], self.result.shape[1]

    @cached_property
    def lattice(self) -> tuple[range, range]:
        """The rows and columns from the padding before the map to padding or overhang after it."""
        ranges = []
        for window, length, size in zip(
            self.windows, self.map.values.shape, self.size, strict=True
        ):
            last = max(length + window.padding, window.stop(size - 1))
            ranges.append(range(-window.padding, last))
        return ranges[0], ranges[1]

    @cached_property
    def disjoint(self) -> bool:
        """True if no two windows share a position and none has holes: each window is a tile."""
        return all(
            window.dilation == 1
            and all(window.stop(o) <= window.start(o + 1) for o in range(size - 1))
            for window, size in zip(self.windows, self.size, strict=True)
        )

    def places(self) -> Iterator[Place]:
        """Iterate over the windows, by their places in the result."""
        for row in range(self.size[0]):
            for column in range(self.size[1]):
                yield row, column

    def box(self, at: Place) -> tuple[range, range]:
        """Span the rows and columns from a window's first tap to its last, holes included."""
        rows, columns = (
            range(window.start(o), window.stop(o))
            for window, o in zip(self.windows, at, strict=True)
        )
        return rows, columns

    def taps(self, at: Place) -> list[Tap]:
        """List the taps of a window in row-major order."""
        rows, columns = (
            box[:: window.dilation] for box, window in zip(self.box(at), self.windows, strict=True)
        )
        return [Tap(row, column, self.kind(row, column)) for row in rows for column in columns]

    def kind(self, row: int, column: int) -> str:
        """Name the kind of a position of the lattice, as in `Tap`."""
        kinds = [
            "value" if 0 <= position < length
            else "padding" if -window.padding <= position < length + window.padding
            else "overhang"
            for position, length, window in zip(
                (row, column), self.map.values.shape, self.windows, strict=True
            )
        ]  # fmt: skip
        return next((kind for kind in ("overhang", "padding") if kind in kinds), "value")

    def values(self, at: Place) -> list[Any]:
        """List the values that a window reads in the map."""
        return [self.map.values[t.row, t.column] for t in self.taps(at) if t.kind == "value"]

    def winner(self, at: Place) -> Place | None:
        """Find the tap whose value is a window's result; None for a mean, or without taps."""
        if OPERATIONS[self.operation.name].is_mean:
            return None
        result = self.result[at]
        spots = [(t.row, t.column) for t in self.taps(at) if t.kind == "value"]
        if result != result:  # NaN: the last one wins, as in torch's indices
            spots = [spot for spot in reversed(spots) if np.isnan(self.map.values[spot])]
            return spots[0] if spots else None
        return next((spot for spot in spots if self.map.values[spot] == result), None)

    def divisor(self, at: Place) -> int:
        """Find the divisor of a mean, for the sum of one window."""
        operation = self.operation
        if operation.divisor_override is not None:
            return operation.divisor_override
        kinds = ("value", "padding") if operation.count_include_pad else ("value",)
        return sum(tap.kind in kinds for tap in self.taps(at))


def read_map(source: Path, channel: int | None = None, reading: Reading = _READING) -> NumberMap:
    """Read one channel of a picture, a .csv, or one plane of a .npy.

    Raises
    ------
    FileError
        If the file cannot be read or has no such channel or plane.
    """
    from poolcli.media import number_maps

    suffix, which = source.suffix.lower(), channel or 0
    with blamed_on(source):
        if suffix in (".csv", ".tsv", ".txt"):
            return NumberMap(number_maps.read_csv_map(source), source.name)
        if suffix == ".npy":
            named = "" if channel is None else f", channel {channel}"
            return NumberMap(number_maps.read_npy_map(source, which), source.name + named)
    frame = read_first_frame(source, reading)
    channels = frame.pixels.shape[2]
    if which >= channels:
        several = f"{channels} channels; use --channel 0 to {channels - 1}"
        there = several if channels > 1 else "1 channel; use --channel 0"
        raise FileError(source, f"has {there}")
    names = _CHANNELS.get(frame.mode, [f"channel {number}" for number in range(channels)])
    return NumberMap(frame.pixels[..., which], f"{source.name}, {names[which]}")


def classic_map() -> NumberMap:
    """Make the map of `CLASSIC`, in floats as networks have them."""
    return NumberMap(np.array(CLASSIC, np.float64))


def parse_map(text: str) -> NumberMap:
    """Parse numbers as written in the shell: ``1 3; 2 9``.

    Raises
    ------
    PictureError
        If something is not a number, or the rows differ in length.
    """
    from poolcli.media.number_maps import parse_map

    return NumberMap(parse_map(text))


def default_area(whole: NumberMap, operation: Operation) -> Place:
    """Choose how many rows and columns to show of a map, to see what an operation does.

    All of a small map; of a picture, three windows or more in each direction, with none unused.
    """
    if whole.values.shape[0] <= 12 and whole.values.shape[1] <= 16:
        return whole.values.shape[0], whole.values.shape[1]
    if operation.size is not None:
        return max(8, operation.size[0]), max(8, operation.size[1])
    high, wide = operation.windows((1, 1))
    return _filled(high, 8), _filled(wide, 12)


def _filled(window: AnyWindow, least: int) -> int:
    """Find a length of ``least`` or more that three windows or more use up exactly."""
    assert isinstance(window, Window)
    size = max(3, -(-(least - window.extent + 2 * window.padding) // window.stride) + 1)
    return window.extent + (size - 1) * window.stride - 2 * window.padding
