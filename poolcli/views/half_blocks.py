"""Pictures in the terminal: half blocks in colour, or ASCII art where there is no colour."""

from collections.abc import Iterator
from itertools import zip_longest

import numpy as np
from rich.color import Color
from rich.console import Console, ConsoleOptions
from rich.segment import Segment
from rich.style import Style

from poolcli.core.types import Array
from poolcli.studies.first_frame import FirstFrame
from poolcli.views.drawing.to_rgb import fit_size, luma, resize, to_rgb, value_span
from poolcli.views.terminal import Terminal
from poolcli.views.wording import shape_text

__all__ = ["SegmentLines", "draw_picture", "draw_preview"]

_HALF = "▀"
_RAMP = " .:-=+*#%@"
_GAP = 3
_SMALL = 48
"""Rows and columns up to which a picture is enlarged, so that its pixels can be told apart."""

_Line = list[Segment]


class SegmentLines:
    """Lines of segments that rich can print."""

    def __init__(self, lines: list[_Line]) -> None:
        self.lines = lines

    def __rich_console__(self, _console: Console, _options: ConsoleOptions) -> Iterator[Segment]:
        for line in self.lines:
            yield from line
            yield Segment.line()


def draw_picture(
    frame: FirstFrame, terminal: Terminal, width: int | None = None, *, invert: bool = False
) -> SegmentLines:
    """Draw a picture as large as the terminal.

    Parameters
    ----------
    width : int, optional
        Columns to fill; those of the terminal unless given.
    invert : bool
        Whether characters are dark on a light background.
    """
    rgb = to_rgb(frame)
    room = (1 << 30, width) if width else (2 * max(4, terminal.height - 3), terminal.width)
    lines = _drawn(rgb, _grid(rgb.shape[:2], room, bool(width)), terminal, invert)
    # Trailing blanks show nothing, and are in the way in a file.
    return SegmentLines(
        [
            [line[0]._replace(text=line[0].text.rstrip())] if len(line) == 1 else line
            for line in lines
        ]
    )


def draw_preview(before: FirstFrame, after: FirstFrame, terminal: Terminal) -> SegmentLines:
    """Draw two pictures side by side at one size, each under its shape."""
    span = value_span(before)
    room = (2 * max(4, terminal.height - 5), (terminal.width - _GAP) // 2)
    grid = _grid(before.pixels.shape[:2], room, whole=True)
    lines: list[list[_Line]] = []
    for frame in (before, after):
        title = (
            shape_text(frame.shape) if terminal.can_write("×") else "x".join(map(str, frame.shape))
        )
        picture = _drawn(to_rgb(frame, span=span), grid, terminal, invert=False)
        lines.append([[Segment(f"{title:<{grid[1]}}", Style(bold=True))], *picture])
    gap = Segment(" " * _GAP)
    return SegmentLines([[*left, gap, *right] for left, right in zip_longest(*lines, fillvalue=[])])


def _grid(size: tuple[int, int], room: tuple[int, int], whole: bool) -> tuple[int, int]:
    """Choose rows (two a line) and columns for a picture of this size."""
    if not whole and max(size) <= _SMALL:
        room = (min(room[0], _SMALL), min(room[1], _SMALL))
    height, width = fit_size(size, room)
    return height + height % 2, width


def _drawn(rgb: Array, grid: tuple[int, int], terminal: Terminal, invert: bool) -> list[_Line]:
    pixels = resize(rgb, grid)
    if terminal.colours and terminal.can_write(_HALF):
        return [list(_merged(pixels[row], pixels[row + 1])) for row in range(0, pixels.shape[0], 2)]
    return [[Segment(line)] for line in _ascii_lines(luma(pixels), invert)]


def _merged(upper: Array, lower: Array) -> Iterator[Segment]:
    """Draw one line, with neighbours of the same colours as one segment."""
    count, before = 0, None
    for colours in zip(map(tuple, upper.tolist()), map(tuple, lower.tolist()), strict=True):
        if colours != before and before is not None:
            yield Segment(_HALF * count, _style(*before))
            count = 0
        before = colours
        count += 1
    if before is not None:
        yield Segment(_HALF * count, _style(*before))


def _style(upper: tuple[int, int, int], lower: tuple[int, int, int]) -> Style:
    return Style(color=Color.from_rgb(*upper), bgcolor=Color.from_rgb(*lower))


def _ascii_lines(brightness: Array, invert: bool) -> list[str]:
    """Choose a character for each pair of rows, on a scale of percentiles 1 to 99 of brightness."""
    pairs = brightness.reshape(-1, 2, brightness.shape[1]).mean(axis=1)
    low, high = np.percentile(pairs, (1, 99))
    shares = ((pairs - low) / ((high - low) or 1.0)).clip(0, 1)
    if invert:
        shares = 1 - shares
    steps = (shares * (len(_RAMP) - 1) + 0.5).astype(int)
    return ["".join(_RAMP[step] for step in line) for line in steps]
