"""A scene drawn in pixels."""

from typing import Any

from PIL import Image, ImageDraw

from poolcli.views.drawing.lettering import draw_text
from poolcli.views.drawing.scene import Box, Item, Label, Raster, Scene

__all__ = ["rasterise"]

_SUPER = 4


def rasterise(scene: Scene, scale: int = 1) -> Image.Image:
    """Draw a scene as a picture, each CSS pixel ``scale`` pixels wide.

    Slanted lines and round corners are drawn larger and averaged down, against jagged edges.
    """
    image = Image.new("RGB", (scene.width * scale, scene.height * scale), scene.ground)
    for item in scene.items:
        _draw(image, item, scale)
    return image


def _draw(image: Image.Image, item: Item, scale: int) -> None:
    if isinstance(item, Raster):
        image.paste(item.image, (round(item.x * scale), round(item.y * scale)))
    elif isinstance(item, Label):
        place = (item.x * scale, item.y * scale)
        draw_text(image, place, item.text, item.size * scale, item.colour, item.anchor, item.bold)
    elif isinstance(item, Box) and not item.radius:
        _straight(ImageDraw.Draw(image), item, scale)
    else:
        _smooth(image, item, scale)


def _straight(pen: Any, box: Box, scale: int) -> None:
    left, top = round(box.x * scale), round(box.y * scale)
    right, bottom = round((box.x + box.width) * scale), round((box.y + box.height) * scale)
    if box.fill is not None:
        pen.rectangle((left, top, right - 1, bottom - 1), box.fill)
    if box.stroke is not None:
        weight = max(1, round(box.weight * scale))
        out, into = weight // 2, weight - weight // 2
        for edges in (
            (left - out, top - out, right + into - 1, top + into - 1),
            (left - out, bottom - out, right + into - 1, bottom + into - 1),
            (left - out, top - out, left + into - 1, bottom + into - 1),
            (right - out, top - out, right + into - 1, bottom + into - 1),
        ):
            pen.rectangle(edges, box.stroke)


def _smooth(image: Image.Image, item: Any, scale: int) -> None:
    unit = scale * _SUPER
    x0, y0, x1, y1 = _bounds(item)
    left, top = int(x0 * scale) - 2, int(y0 * scale) - 2
    size = int(x1 * scale) - left + 4, int(y1 * scale) - top + 4
    shift = (left * _SUPER, top * _SUPER)
    for colour, weight in _inks(item):
        mask = Image.new("L", (size[0] * _SUPER, size[1] * _SUPER), 0)
        pen = ImageDraw.Draw(mask)
        if isinstance(item, Box):
            edges = [
                edge * unit - shift[number % 2]
                for number, edge in enumerate(
                    (item.x, item.y, item.x + item.width, item.y + item.height)
                )
            ]
            fill, outline = (255, None) if weight is None else (None, 255)
            pen.rounded_rectangle(
                edges, item.radius * unit, fill, outline, round((weight or 0) * unit)
            )
        else:
            points = [(x * unit - shift[0], y * unit - shift[1]) for x, y in item.points]
            if weight is None:
                pen.polygon(points, 255)
            else:
                pen.line(points, 255, max(1, round(weight * unit)), joint="curve")
        image.paste(colour, (left, top), mask.reduce(_SUPER))


def _inks(item: Any) -> list[tuple[str, float | None]]:
    """List colours, each with the weight of its line, or None where it fills."""
    inks: list[tuple[str, float | None]] = []
    if (fill := getattr(item, "fill", None)) is not None:
        inks.append((fill, None))
    if (stroke := getattr(item, "stroke", None)) is not None:
        inks.append((stroke, item.weight))
    return inks


def _bounds(item: Any) -> tuple[float, float, float, float]:
    if isinstance(item, Box):
        return item.x, item.y, item.x + item.width, item.y + item.height
    room = getattr(item, "weight", 0)
    xs, ys = zip(*item.points, strict=True)
    return min(xs) - room, min(ys) - room, max(xs) + room, max(ys) + room
