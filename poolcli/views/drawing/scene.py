"""A scene of plain shapes, to be written as SVG, HTML or pixels."""

from dataclasses import dataclass, field
from typing import Any, TypeAlias

__all__ = ["Box", "Item", "Label", "Line", "Polygon", "Raster", "Scene"]

Point: TypeAlias = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle, with corners rounded by ``radius``."""

    x: float
    y: float
    width: float
    height: float
    fill: str | None = None
    stroke: str | None = None
    weight: float = 1
    radius: float = 0


@dataclass(frozen=True, slots=True)
class Line:
    """A polyline from point to point."""

    points: tuple[Point, ...]
    stroke: str
    weight: float = 1


@dataclass(frozen=True, slots=True)
class Polygon:
    """A filled polygon without an outline."""

    points: tuple[Point, ...]
    fill: str


@dataclass(frozen=True, slots=True)
class Label:
    """A line of text: ``y`` is its baseline, and ``x`` its start, middle or end, by ``anchor``."""

    x: float
    y: float
    text: str
    size: float
    colour: str
    anchor: str = "start"
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Raster:
    """A Pillow image, drawn as it is."""

    x: float
    y: float
    image: Any


Item: TypeAlias = Box | Line | Polygon | Label | Raster


@dataclass(frozen=True, slots=True)
class Scene:
    """Shapes on a background, later ones above, and the language of their words.

    Lengths are in CSS pixels.
    """

    width: int
    height: int
    ground: str
    title: str
    items: list[Item] = field(default_factory=list)
    lang: str = "en"
