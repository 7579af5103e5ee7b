"""A contact sheet: a picture beside its poolings, all at one scale."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from PIL import Image

from poolcli.core.types import Array
from poolcli.jobs.operation import Operation
from poolcli.studies.comparison import Detail, PooledFrame, cell_edges, choose_detail
from poolcli.studies.first_frame import FirstFrame
from poolcli.views.drawing.lettering import wrap_text
from poolcli.views.drawing.raster import rasterise
from poolcli.views.drawing.scene import Box, Item, Label, Raster, Scene
from poolcli.views.drawing.to_rgb import luma, to_rgb, value_span
from poolcli.views.titles import window_words
from poolcli.views.wording import shape_text
from poolcli.views.words.language import current_language, say

__all__ = ["THEMES", "Theme", "contact_sheet", "render_sheet"]

Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Theme:
    """The colours of a sheet."""

    ground: str
    ink: str
    faint: str
    rule: str
    accent: str

    @property
    def rgb(self) -> tuple[int, int, int]:
        """The ground's red, green and blue."""
        red, green, blue = bytes.fromhex(self.ground[1:])
        return red, green, blue


THEMES = {
    "light": Theme("#ffffff", "#1d2430", "#667080", "#d3d7dd", "#ffd000"),
    "dark": Theme("#15181d", "#eef1f5", "#9aa4b2", "#3a424e", "#ffd000"),
}

_MARGIN, _GAP, _BETWEEN = 56, 36, 10
_HEAD, _TITLE, _TEXT = 28.0, 21.0, 16.0
_ABOVE, _WIDEST, _ROOM = 36, 380, 1240


def contact_sheet(
    name: str,
    frame: FirstFrame,
    rows: list[list[PooledFrame]],
    theme: Theme,
    at: Pair | None = None,
) -> Scene:
    """Lay out a contact sheet.

    Parameters
    ----------
    name : str
        Name of the picture, for the heading.
    rows : list of list of PooledFrame
        Poolings, a row for each window; a single row is broken into lines of three.
    at : (int, int), optional
        First row and column of the detail; those of the busiest part unless given.
    """
    return _Sheet(name, frame, rows, theme, at).scene()


def render_sheet(scene: Scene) -> FirstFrame:
    """Draw a sheet in pixels, as a picture that can be saved."""
    return FirstFrame(np.asarray(rasterise(scene)), "RGB")


class _Sheet:
    """The measures of a sheet, and the panels on it."""

    def __init__(
        self,
        name: str,
        frame: FirstFrame,
        rows: list[list[PooledFrame]],
        theme: Theme,
        at: Pair | None,
    ) -> None:
        self.name, self.frame, self.rows, self.theme = name, frame, rows, theme
        self.span = value_span(frame)
        self.rgb = to_rgb(frame, theme.rgb)
        self.bright = luma(self.rgb)
        self.several, self.is_global = len(rows) > 1, _are_single_pixels(rows)
        panels = max(map(len, rows)) + (not self.several)
        self.columns = max(2, panels)
        if panels > 3 and not self.several:
            self.columns = 2 if panels == 4 else 3
        self.wide = min(_WIDEST, (_ROOM - (self.columns - 1) * _GAP) // self.columns)
        height, width = self.bright.shape
        scale = min(self.wide / width, 1.1 * self.wide / height)
        self.whole_size = max(1, round(height * scale)), max(1, round(width * scale))
        self.detail_size = round(self.wide * 0.56), self.wide
        # A single pooling of each kernel has room beside it.
        self.beside = self.several and panels == 1
        below = 0 if self.is_global or self.beside else _BETWEEN + self.detail_size[0]
        self.panel_height = _ABOVE + self.whole_size[0] + below
        several = [pooled.operation for row in rows for pooled in row]
        self.detail = choose_detail(
            self.bright, several, at, self.detail_size, 12 if self.several else 20
        )

    def scene(self) -> Scene:
        """Draw the whole sheet."""
        width = 2 * _MARGIN + self.columns * self.wide + (self.columns - 1) * _GAP
        scene = Scene(width, 0, self.theme.ground, self._heading())
        y = _MARGIN + 28.0
        for line in wrap_text(self._heading(), _HEAD, width - 2 * _MARGIN):
            scene.items.append(Label(_MARGIN, y, line, _HEAD, self.theme.ink, bold=True))
            y += 38
        for line in wrap_text(self._note(), _TEXT, width - 2 * _MARGIN):
            scene.items.append(Label(_MARGIN, y, line, _TEXT, self.theme.faint))
            y += 24
        y += 14
        if self.several:
            scene.items.extend(self._input_row(y))
            y += _ABOVE + max(self.whole_size[0], self.detail_size[0]) + _GAP + 8
        for row in self.rows:
            if self.several:
                scene.items.extend(self._row_heading(row[0].operation, y, width))
                y += 50
            panels: list[PooledFrame | None] = [*row] if self.several else [None, *row]
            for number, pooled in enumerate(panels):
                column = number % self.columns
                if number and column == 0:
                    y += self.panel_height + _GAP
                x = _MARGIN + column * (self.wide + _GAP)
                scene.items.extend(self._panel(pooled, row[0], x, y))
            y += self.panel_height + _GAP + 8
        height = round(y - _GAP + _MARGIN - 20)
        return replace(scene, height=height, lang=current_language())

    def _input_row(self, y: float) -> Iterator[Item]:
        """Draw the input once for all rows, its detail beside it."""
        yield from self._title(None, _MARGIN, y)
        rgb, top = to_rgb(self.frame, self.theme.rgb, self.span), y + _ABOVE
        yield from self._whole(None, rgb, _MARGIN, top)
        if not self.is_global:
            x = _MARGIN + self.wide + _GAP
            yield from self._framed(_sharp(_cut(rgb, self.detail), self.detail_size), x, top)
            for row in self.rows:
                yield from self._window(None, row[0], x, top)

    def _row_heading(self, operation: Operation, y: float, width: int) -> Iterator[Item]:
        yield Box(_MARGIN, y, width - 2 * _MARGIN, 1, self.theme.rule)
        yield Label(_MARGIN, y + 32, window_words(operation), _TITLE, self.theme.ink)

    def _heading(self) -> str:
        if self.several:
            text = "Poolings of {name} with {count} kernels"
            return say(text, name=self.name, count=len(self.rows))
        words = window_words(self.rows[0][0].operation)
        return say("Poolings of {name}, {words}", name=self.name, words=words)

    def _note(self) -> str:
        if self.is_global:
            return say(
                "The whole picture is one window, and each pooling of it one pixel, drawn as large "
                "as the picture."
            )
        if self.several:
            return say(
                "Whole pictures at one scale, whatever their size in pixels. Beside or below each, "
                "enlarged, the part framed in the input; small frames are windows, and the pixels "
                "pooled from them."
            )
        return say(
            "Whole pictures at one scale, whatever their size in pixels. Below each, enlarged, the "
            "part framed in the input; the small frame is one window, or the pixel pooled from it."
        )

    def _panel(
        self, pooled: PooledFrame | None, first: PooledFrame, x: float, y: float
    ) -> Iterator[Item]:
        """Draw a title and a shape, the whole picture, and the detail."""
        frame = self.frame if pooled is None else pooled.frame
        yield from self._title(pooled, x, y)
        rgb, top = to_rgb(frame, self.theme.rgb, self.span), y + _ABOVE
        yield from self._whole(pooled, rgb, x, top)
        if self.is_global:
            return
        if self.beside:
            x += self.wide + _GAP
        below = top if self.beside else top + self.whole_size[0] + _BETWEEN
        if pooled is None:
            detail = _sharp(_cut(rgb, self.detail), self.detail_size)
        else:
            detail = _sampled(rgb, pooled, self.detail, self.detail_size)
        yield from self._framed(detail, x, below)
        yield from self._window(pooled, first, x, below)

    def _title(self, pooled: PooledFrame | None, x: float, y: float) -> Iterator[Item]:
        frame = self.frame if pooled is None else pooled.frame
        title = say("input" if pooled is None else pooled.operation.name)
        shape = shape_text(frame.shape)
        yield Label(x, y + 22, title, _TITLE, self.theme.ink, bold=True)
        yield Label(x + self.wide, y + 22, shape, _TEXT, self.theme.faint, "end")

    def _whole(self, pooled: PooledFrame | None, rgb: Array, x: float, y: float) -> Iterator[Item]:
        left = x + (self.wide - self.whole_size[1]) // 2
        yield from self._framed(_sharp(rgb, self.whole_size), left, y)
        if pooled is None and not self.is_global:
            yield from self._mark(left, y)

    def _framed(self, rgb: Array, x: float, y: float) -> Iterator[Item]:
        height, width = rgb.shape[:2]
        yield Raster(round(x), round(y), Image.fromarray(rgb))
        yield Box(round(x), round(y), width, height, stroke=self.theme.rule)

    def _mark(self, x: float, y: float) -> Iterator[Item]:
        """Frame the detail in the whole input, on a dark edge to stand out anywhere."""
        detail, scale = self.detail, self.whole_size[1] / self.bright.shape[1]
        box = (
            x + detail.at[1] * scale, y + detail.at[0] * scale,
            detail.size[1] * scale, detail.size[0] * scale,
        )  # fmt: skip
        yield Box(*box, stroke="#000000", weight=4)
        yield Box(*box, stroke=self.theme.accent, weight=2)

    def _window(
        self, pooled: PooledFrame | None, first: PooledFrame, x: float, y: float
    ) -> Iterator[Item]:
        """Frame one window in the middle of the detail, or the pixel pooled from it."""
        which, detail = pooled or first, self.detail
        size = which.frame.pixels.shape[:2]
        middle = [at + length / 2 for at, length in zip(detail.at, detail.size, strict=True)]
        spans = []
        for window, edges, place, count in zip(
            which.windows, cell_edges(which.windows, size), middle, size, strict=True
        ):
            o = int(np.clip(np.searchsorted(edges, place) - 1, 0, count - 1))
            whole = window.start(o), window.stop(o)
            spans.append(whole if pooled is None else (float(edges[o]), float(edges[o + 1])))
        scales = [n / m for n, m in zip(self.detail_size, detail.size, strict=True)]
        (top, bottom), (left, right) = (
            [min(max((edge - at) * scale, 0), room) for edge in span]
            for span, at, scale, room in zip(
                spans, detail.at, scales, self.detail_size, strict=True
            )
        )
        box = (x + left, y + top, right - left, bottom - top)
        yield Box(*box, stroke="#000000", weight=4)
        yield Box(*box, stroke=self.theme.accent, weight=2)


def _are_single_pixels(rows: list[list[PooledFrame]]) -> bool:
    return all(pooled.frame.pixels.shape[:2] == (1, 1) for row in rows for pooled in row)


def _cut(rgb: Array, detail: Detail) -> Array:
    (row, column), (high, wide) = detail.at, detail.size
    return np.ascontiguousarray(rgb[row : row + high, column : column + wide])


def _sampled(rgb: Array, pooled: PooledFrame, detail: Detail, size: Pair) -> Array:
    """Draw the pooled pixels that lie over the detail, each as large as its cell."""
    places = []
    for edges, at, length, room in zip(
        cell_edges(pooled.windows, rgb.shape[:2]), detail.at, detail.size, size, strict=True
    ):
        points = at + (np.arange(room) + 0.5) * length / room
        places.append(np.clip(np.searchsorted(edges, points) - 1, 0, len(edges) - 2))
    return np.ascontiguousarray(rgb[np.ix_(*places)])


def _sharp(rgb: Array, size: Pair) -> Array:
    """Resize to (height, width), with all pixels of one size and no blur between them."""
    image: Any = Image.fromarray(rgb)
    height, width = rgb.shape[:2]
    times = max(-(-size[0] // height), -(-size[1] // width))
    if times > 1:
        image = image.resize((width * times, height * times), Image.Resampling.NEAREST)
    return np.asarray(image.resize((size[1], size[0]), Image.Resampling.BOX))
