"""Places of pooled pixels in the source."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from poolcli.core.geometry.stage import Stage

__all__ = ["Grid", "Line"]


class Line(NamedTuple):
    """Places of pooled planes along an axis, in planes of the source.

    Attributes
    ----------
    axis : str
        Its letter.
    size : int
        Number of pooled planes.
    step : float
        Distance from one to the next.
    centre : float
        Centre of the first one.
    """

    axis: str
    size: int
    step: float
    centre: float

    @property
    def corner(self) -> float:
        """Begin of the first pooled plane, from that of the first plane of the source."""
        return self.centre + 0.5 - self.step / 2


class Grid(NamedTuple):
    """Grid of the pooled pixels, in pixels of the source.

    Attributes
    ----------
    height, width : int
        Numbers of pooled rows and columns.
    steps : (float, float)
        Distances of rows and of columns.
    centres : (float, float)
        Centre of the first pooled pixel, from that of the first pixel of the source.
    lines : tuple of Line
        Places of the planes along the axes that these are pooled along.
    """

    height: int
    width: int
    steps: tuple[float, float]
    centres: tuple[float, float]
    lines: tuple[Line, ...] = ()

    @classmethod
    def of(cls, stages: "Sequence[Stage]", lines: tuple[Line, ...] = ()) -> "Grid":
        """Make the grid of a height and a width.

        >>> from poolcli.core.geometry.stage import Stage
        >>> from poolcli.core.geometry.windows import Window
        >>> stage = Stage(0, Window(4, 2, padding=1), 8, 4)
        >>> Grid.of([stage, stage]).corners
        (0.0, 0.0)
        """
        down, across = stages
        return cls(
            down.size,
            across.size,
            (down.spacing, across.spacing),
            (down.first_centre, across.first_centre),
            lines,
        )

    def line(self, axis: str) -> Line | None:
        """Find the places along an axis of this letter, if planes are pooled along it."""
        return next((line for line in self.lines if line.axis == axis), None)

    @property
    def corners(self) -> tuple[float, float]:
        """Upper left corner of the first pooled pixel, from that of the source."""
        (down, across), (top, left) = self.steps, self.centres
        return top + 0.5 - down / 2, left + 0.5 - across / 2
