"""A board: grids side by side in strips, with a title above and sentences below."""

from collections.abc import Iterator
from dataclasses import dataclass

from poolcli.views.cell_grid import CellGrid

__all__ = ["Board", "Panel", "Strip"]


@dataclass(frozen=True, slots=True)
class Panel:
    """A grid, what it is called, and whether its rows and columns are numbered."""

    grid: CellGrid
    caption: str = ""
    rulers: bool = True


@dataclass(frozen=True, slots=True)
class Strip:
    """Panels side by side.

    Attributes
    ----------
    signs : tuple of str
        The sign between each two neighbours: "→", "←", or another one.
    """

    panels: tuple[Panel, ...]
    signs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Board:
    """All that is told of one window.

    Attributes
    ----------
    source : str
        The file and the part of it that is drawn, or nothing.
    sentences : tuple of str
        The arithmetic of the window.
    notes : tuple of str
        Facts about all windows.
    """

    title: str
    source: str
    strips: tuple[Strip, ...]
    sentences: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def grids(self) -> Iterator[CellGrid]:
        """All grids, in the order in which they are drawn."""
        return (panel.grid for strip in self.strips for panel in strip.panels)

    @property
    def marks(self) -> set[str]:
        """The kinds of cells and of winners that a legend has to explain."""
        found = set[str]()
        for grid in self.grids:
            found |= grid.kinds | grid.winners
        return found
