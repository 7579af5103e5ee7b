"""Text in pixels, in the font that Pillow brings along, and the characters that it lacks."""

import re
from functools import lru_cache
from typing import Any

from PIL import Image, ImageDraw, ImageFont

from poolcli.media.file_names import escaped
from poolcli.views.drawing.chinese_font import chinese_font
from poolcli.views.drawing.wrapping import CHINESE, has_chinese, wrap_words

__all__ = ["draw_text", "text_width", "wrap_text"]

_SUPER = 8

# Width and strokes of each, in ems; the baseline is at 0, and up is negative.
_GLYPHS: dict[str, tuple[float, tuple[tuple[tuple[float, float], ...], ...]]] = {
    "×": (0.60, (((0.13, -0.12), (0.47, -0.46)), ((0.13, -0.46), (0.47, -0.12)))),
    "→": (1.00, (((0.10, -0.30), (0.90, -0.30)), ((0.66, -0.54), (0.90, -0.30), (0.66, -0.06)))),
    "−": (0.60, (((0.11, -0.30), (0.49, -0.30)),)),
    "–": (0.60, (((0.05, -0.28), (0.55, -0.28)),)),
    "≈": (
        0.62,
        tuple(
            ((0.10, y), (0.22, y - 0.08), (0.40, y + 0.04), (0.52, y - 0.04))
            for y in (-0.36, -0.17)
        ),
    ),
}
_SPLIT = re.compile(f"([{''.join(_GLYPHS)}]|[{CHINESE}]+)")
_REPLACED = str.maketrans({"∞": "inf", "—": "–"})


@lru_cache(maxsize=32)
def _font(size: float) -> Any:
    return ImageFont.load_default(size=size)


def _font_for(part: str, size: float) -> Any:
    """Choose the font for a part of a text; None for characters that no font here has."""
    return chinese_font(size) if has_chinese(part) else _font(size)


def text_width(text: str, size: float) -> float:
    """Measure the width of a line of text in pixels."""
    return sum(_part_width(part, size) for part in _parts(text))


def _part_width(part: str, size: float) -> float:
    if part in _GLYPHS:
        return _GLYPHS[part][0] * size
    font = _font_for(part, size)
    # As wide as high is every character of Chinese, in whatever font a browser has for it.
    return len(part) * size if font is None else float(font.getlength(part))


def wrap_text(text: str, size: float, width: float) -> list[str]:
    """Break text into lines of whole words, none wider than ``width`` unless one word is."""
    return wrap_words(text, width, lambda line: text_width(line, size))


def draw_text(
    image: Image.Image,
    place: tuple[float, float],
    text: str,
    size: float,
    colour: str,
    anchor: str = "start",
    bold: bool = False,
) -> None:
    """Draw a line of text with its baseline at ``place``."""
    x, y = place
    x -= text_width(text, size) * {"start": 0.0, "middle": 0.5, "end": 1.0}[anchor]
    pen = ImageDraw.Draw(image)
    for part in _parts(text):
        if part in _GLYPHS:
            mask = _glyph(part, round(size), bold)
            image.paste(colour, (round(x), round(y) - round(size)), mask)
            x += _GLYPHS[part][0] * size
        else:
            # The font has no bold face; an outline in the same colour stands in for one.
            weight = size * 0.018 if bold else 0
            font = _font_for(part, size) or _font(size)
            pen.text((x, y), part, colour, font, anchor="ls", stroke_width=weight)
            x += _part_width(part, size)


def _parts(text: str) -> list[str]:
    return [part for part in _SPLIT.split(escaped(text).translate(_REPLACED)) if part]


@lru_cache(maxsize=64)
def _glyph(character: str, size: int, bold: bool) -> Image.Image:
    width, strokes = _GLYPHS[character]
    unit = size * _SUPER
    large = Image.new("L", (round(width * unit), round(unit * 1.25)), 0)
    pen = ImageDraw.Draw(large)
    for stroke in strokes:
        points = [(x * unit, (y + 1) * unit) for x, y in stroke]
        pen.line(points, 255, round(unit * (0.1 if bold else 0.075)), joint="curve")
    return large.reduce(_SUPER)
