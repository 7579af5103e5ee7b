"""Figures that a notebook shows."""

import warnings
from abc import ABC, abstractmethod
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from poolcli.views.drawing.scene import Scene

if TYPE_CHECKING:
    from poolcli.media.places.remote_path import Place

__all__ = ["Drawn", "drawable_language"]

_WRITTEN_AS_TEXT = (".svg", ".html")


def drawable_language(language: str, path: "Place") -> str:
    """Find the language that a figure can be drawn in: English where a font lacks characters.

    What a browser shows is written as text, and needs no font here.
    """
    if language != "zh" or path.suffix.lower() in _WRITTEN_AS_TEXT:
        return language
    return language if _font_is_there() else "en"


def _font_is_there() -> bool:
    from poolcli.views.drawing.chinese_font import chinese_font

    return chinese_font(16) is not None


class Drawn(ABC):
    """A figure that a notebook shows as HTML, SVG or PNG, whichever it prefers.

    Attributes
    ----------
    language : str
        The language of its words.
    """

    def __init__(self, language: str = "en") -> None:
        self.language = language

    @abstractmethod
    def scene_in(self, language: str) -> Scene:
        """Draw the figure in a language."""

    @property
    def scene(self) -> Scene:
        """The figure as a scene."""
        return self.scene_in(self.language)

    def language_for(self, path: "Place") -> str:
        """Find the language to write a figure in; warn if it is not the one that was asked for."""
        found = drawable_language(self.language, path)
        if found != self.language:
            warnings.warn(
                "the figure is in English, as no font with Chinese characters was found",
                stacklevel=3,
            )
        return found

    def scene_for(self, path: "Place") -> Scene:
        """Draw the figure in a language that it can be written in."""
        return self.scene_in(self.language_for(path))

    def _repr_svg_(self) -> str:
        from poolcli.views.drawing.svg import svg

        return svg(self.scene)

    def _repr_html_(self) -> str:
        # The figure shrinks with the page, and does not grow.
        return self._repr_svg_().replace("<svg ", '<svg style="max-width:100%;height:auto" ', 1)

    def _repr_png_(self) -> bytes:
        from poolcli.views.drawing.raster import rasterise

        file = BytesIO()
        scene = self.scene_in(drawable_language(self.language, Path("figure.png")))
        rasterise(scene, scale=2).save(file, "PNG", dpi=(192, 192))
        return file.getvalue()
