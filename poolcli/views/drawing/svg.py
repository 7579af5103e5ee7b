"""A scene as SVG, alone or in a page of HTML."""

from base64 import b64encode
from html import escape
from io import BytesIO

from poolcli.media.file_names import escaped
from poolcli.views.drawing.scene import Box, Item, Label, Line, Polygon, Raster, Scene

__all__ = ["html", "svg"]

_FONT = (
    "'Helvetica Neue', Helvetica, Arial, 'Liberation Sans', 'DejaVu Sans', 'PingFang SC', "
    "'Microsoft YaHei', 'Noto Sans CJK SC', 'Noto Sans SC', 'WenQuanYi Zen Hei', sans-serif"
)


def svg(scene: Scene) -> str:
    """Write a scene as an SVG document."""
    title = _text(scene.title)
    lang = "" if scene.lang == "en" else f' lang="{scene.lang}"'
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{scene.width}" '
            f'height="{scene.height}" viewBox="0 0 {scene.width} {scene.height}" '
            f'role="img"{lang} aria-label="{title}" font-family="{_FONT}">',
            f"<title>{title}</title>",
            f'<rect width="100%" height="100%" fill="{scene.ground}"/>',
            *map(_element, scene.items),
            "</svg>\n",
        ]
    )


def html(scene: Scene) -> str:
    """Write a scene as a page of HTML."""
    return (
        f'<!doctype html>\n<html lang="{scene.lang}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width">\n'
        f"<title>{_text(scene.title)}</title>\n"
        "<style>body{margin:0;display:grid;place-items:center;min-height:100vh;"
        f"background:{scene.ground}}}svg{{max-width:100%;height:auto}}</style>\n"
        f"</head>\n<body>\n{svg(scene)}</body>\n</html>\n"
    )


def _element(item: Item) -> str:
    if isinstance(item, Box):
        round_corners = f' rx="{item.radius:g}"' if item.radius else ""
        return (
            f'<rect x="{item.x:g}" y="{item.y:g}" width="{item.width:g}" height="{item.height:g}"'
            f'{round_corners} fill="{item.fill or "none"}"'
            f"{_stroke(item.stroke, item.weight)}/>"
        )
    if isinstance(item, Line):
        return (
            f'<polyline points="{_points(item.points)}" fill="none"'
            f"{_stroke(item.stroke, item.weight)}/>"
        )
    if isinstance(item, Polygon):
        return f'<polygon points="{_points(item.points)}" fill="{item.fill}"/>'
    if isinstance(item, Label):
        weight = ' font-weight="bold"' if item.bold else ""
        return (
            f'<text x="{item.x:g}" y="{item.y:g}" font-size="{item.size:g}" fill="{item.colour}" '
            f'text-anchor="{item.anchor}"{weight}>{_text(item.text)}</text>'
        )
    return _image(item)


def _image(raster: Raster) -> str:
    """Embed a picture, whose pixels stay sharp where it is enlarged."""
    file = BytesIO()
    raster.image.save(file, "PNG")
    data = b64encode(file.getvalue()).decode("ascii")
    return (
        f'<image x="{raster.x:g}" y="{raster.y:g}" width="{raster.image.width}" '
        f'height="{raster.image.height}" style="image-rendering:pixelated" '
        f'href="data:image/png;base64,{data}"/>'
    )


def _text(text: str) -> str:
    """Write text for XML, which has no place for control and other characters even as entities."""
    return escape(escaped(text))


def _points(points: tuple[tuple[float, float], ...]) -> str:
    return " ".join(f"{x:g},{y:g}" for x, y in points)


def _stroke(colour: str | None, weight: float) -> str:
    return "" if colour is None else f' stroke="{colour}" stroke-width="{weight:g}"'
