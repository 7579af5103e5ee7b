"""Figures that a notebook shows."""

from abc import ABC, abstractmethod
from io import BytesIO

from poolcli.views.drawing.scene import Scene

__all__ = ["Drawn"]


class Drawn(ABC):
    """A figure that a notebook shows as HTML, SVG or PNG, whichever it prefers."""

    @property
    @abstractmethod
    def scene(self) -> Scene:
        """The figure as a scene."""

    def _repr_svg_(self) -> str:
        from poolcli.views.drawing.svg import svg

        return svg(self.scene)

    def _repr_html_(self) -> str:
        # The figure shrinks with the page, and does not grow.
        return self._repr_svg_().replace("<svg ", '<svg style="max-width:100%;height:auto" ', 1)

    def _repr_png_(self) -> bytes:
        from poolcli.views.drawing.raster import rasterise

        file = BytesIO()
        rasterise(self.scene, scale=2).save(file, "PNG", dpi=(192, 192))
        return file.getvalue()
