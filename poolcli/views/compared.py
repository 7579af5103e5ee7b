"""A picture compared with its poolings: a contact sheet to show and to save."""

from collections.abc import Callable, Sequence
from os import PathLike, fspath
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Unpack

from poolcli.errors import WindowError
from poolcli.jobs.operation import Operation
from poolcli.jobs.parameters import Ints, Parameters
from poolcli.media.files import path_from
from poolcli.studies.comparison import PooledFrame, pool_frame
from poolcli.studies.first_frame import FirstFrame, save_frame
from poolcli.studies.inputs import Given, picture_of
from poolcli.views.contact_sheet import THEMES, contact_sheet, render_sheet
from poolcli.views.drawing.drawn import Drawn
from poolcli.views.drawing.scene import Scene
from poolcli.views.words.language import checked_language, speaking

if TYPE_CHECKING:
    from poolcli.media.places.remote_path import Place

__all__ = ["OPERATIONS_COMPARED", "Compared", "compare", "compared"]

OPERATIONS_COMPARED = ("max", "avg", "min", "median", "mode")


class Compared(Drawn):
    """A picture and its poolings on one sheet, which notebooks show.

    Attributes
    ----------
    poolings : list of list of PooledFrame
        The poolings, a row for each kernel.
    """

    def __init__(
        self, draw: Callable[[str], Scene], poolings: list[list[PooledFrame]], language: str
    ) -> None:
        super().__init__(language)
        self._draw, self.poolings = draw, poolings
        self._scenes = {language: draw(language)}

    def __repr__(self) -> str:
        return f"<Compared: {self.scene.title}>"

    def scene_in(self, language: str) -> Scene:
        """Draw the sheet in a language."""
        if language not in self._scenes:
            self._scenes[language] = self._draw(language)
        return self._scenes[language]

    def save(self, path: "str | PathLike[str] | Place") -> None:
        """Write the sheet in the format of the name: .svg, .html, or that of a picture.

        Parameters
        ----------
        path : str or path

        Raises
        ------
        FileError
            If it cannot be written.
        """
        path = path_from(fspath(path)) if isinstance(path, str | PathLike) else path
        if path.suffix.lower() not in (".svg", ".html"):
            save_frame(render_sheet(self.scene_for(path)), path)
            return
        from poolcli.jobs.result import blamed_on
        from poolcli.views.drawing.saving import save_scene

        with blamed_on(path):
            save_scene(self.scene, path)


def compare(
    source: Given,
    operations: Sequence[str] = OPERATIONS_COMPARED,
    *,
    kernels: Sequence[Ints] | None = None,
    detail: tuple[int, int] | None = None,
    theme: Literal["light", "dark"] = "light",
    lang: str = "en",
    **parameters: Unpack[Parameters],
) -> Compared:
    """Lay out a picture and its poolings on one sheet, whole and in detail.

    Parameters
    ----------
    source : path, Pillow image, or (H, W) or (H, W, C) array_like
    operations : sequence of str
        Names of operations.
    kernels : sequence of int or (int, int), optional
        In place of ``kernel``: several, each with a row of its own.
    detail : (int, int), optional
        First row and column to enlarge; those of the busiest part unless given.
    theme : str
        "light" or "dark".
    lang : str
        Language of the words: "en" or "zh".
    **parameters
        Those of `Operation`: kernel or size, stride, padding and so on.

    Returns
    -------
    Compared
        Shown by notebooks as a figure; ``save`` writes it.

    Raises
    ------
    FileError
        If a file cannot be read.
    PoolingError
        If the input is not a picture, or an argument does not suit.

    Examples
    --------
    >>> import numpy as np
    >>> compare(np.arange(64 * 48, dtype=np.uint16).reshape(64, 48), ["max", "avg"], kernel=4)
    <Compared: Poolings of an array, kernel 4, stride 4>
    """
    if theme not in THEMES:
        raise WindowError(f"theme {theme!r} is unknown; use {' or '.join(THEMES)}")
    if kernels is not None and (parameters.get("kernel") or parameters.get("size")):
        raise WindowError("kernels replaces kernel and size; give one")
    choices: list[Parameters] = [parameters]
    if kernels is not None:
        choices = [{**parameters, "kernel": kernel} for kernel in kernels]
    grid = [[Operation(name, **chosen) for name in operations] for chosen in choices]
    name = Path(source).name if isinstance(source, str | PathLike) else "an array"
    return compared(name, picture_of(source), grid, detail, theme, checked_language(lang))


def compared(
    name: str,
    frame: FirstFrame,
    grid: Sequence[Sequence[Operation]],
    detail: tuple[int, int] | None = None,
    theme: str = "light",
    language: str = "en",
) -> Compared:
    """Pool a picture by a grid of operations, a row for each kernel, and lay out the sheet.

    Raises
    ------
    WindowError
        If a window does not fit, or ``detail`` is outside the picture.
    """
    rows = [[pool_frame(frame, operation) for operation in row] for row in grid]

    def draw(language: str) -> Scene:
        with speaking(language):
            return contact_sheet(name, frame, rows, THEMES[theme], detail)

    return Compared(draw, rows, language)
