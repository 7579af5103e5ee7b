"""The data of a page: the map or the picture, the settings, and where they come from."""

import base64
import zlib
from collections.abc import Callable
from math import isfinite
from pathlib import Path
from typing import Any

import numpy as np

from poolcli.core.geometry.stage import Stage
from poolcli.core.operations import OPERATIONS
from poolcli.core.types import Array
from poolcli.errors import WindowError
from poolcli.jobs.operation import Operation
from poolcli.studies.explanation import Explanation, Place
from poolcli.studies.first_frame import FirstFrame
from poolcli.studies.number_map import NumberMap
from poolcli.studies.shown_part import first_position
from poolcli.views.drawing.to_rgb import value_span
from poolcli.views.page.sources import source_record
from poolcli.views.page.words import page_words
from poolcli.views.records import number

__all__ = ["packed", "page_contents", "settings_record", "shrink_factor"]

LARGEST_NUMBERS = (24, 32)
"""Rows and columns of a map whose numbers are all drawn; a larger one is shown as a picture."""

LARGEST_SIZE = {"numbers": 48, "picture": 1000}
"""Rows, and columns, of a result of ``--size``, by the kind of page."""

_MOST_BYTES = 1_000_000
"""Bytes of a picture's values; a larger one is shown smaller, so that no page is heavy."""

_CHANNELS = {
    "L": ["grey"], "LA": ["grey", "alpha"], "RGB": ["red", "green", "blue"],
    "RGBA": ["red", "green", "blue", "alpha"], "CMYK": ["cyan", "magenta", "yellow", "black"],
}  # fmt: skip


def page_contents(
    explanation: Explanation,
    picked: Place | None,
    source: Path | None,
    translate: Callable[[str], str] = str,
) -> dict[str, Any]:
    """Gather all that a page knows, as plain data for JSON.

    Parameters
    ----------
    picked : (int, int), optional
        The window to light first; unless given the first one, or that in the middle of a picture.
    source : Path, optional
        The file that the map was read from.
    translate : callable
        Gives each English text in the page's language.

    Raises
    ------
    WindowError
        If the page cannot show as large a result, or the windows do not fit the smaller picture
        that stands for a large one.
    """
    words = page_words(translate)
    numbers, operation = explanation.map, explanation.operation
    kind = "picture" if _is_picture(numbers) else "numbers"
    size = operation.size
    if size is not None and max(size) > LARGEST_SIZE[kind]:
        most = LARGEST_SIZE[kind]
        raise WindowError(
            f"size {size[0]}x{size[1]} is too large for a page; use {most}x{most} or less, "
            "or save a .svg"
        )
    if picked is None:
        rows, columns = explanation.size
        picked = (rows // 2, columns // 2) if kind == "picture" else (0, 0)
    frame, at, factor = numbers.frame, picked, (1, 1)
    if kind == "picture" and (factor := shrink_factor(frame)) != (1, 1):
        frame, at = _shrunk(explanation, picked, factor)
    return {
        "kind": kind,
        "words": words,
        "settings": settings_record(operation),
        "at": list(at),
        "channel": numbers.channel if kind == "picture" else 0,
        "channels": [words.get(name, name) for name in _channel_names(numbers, kind)],
        "map": packed(frame) if kind == "picture" else _plain(numbers.values),
        "source": source_record(numbers, operation, source, factor),
    }


def _is_picture(numbers: NumberMap) -> bool:
    large = any(n > most for n, most in zip(numbers.values.shape, LARGEST_NUMBERS, strict=True))
    return bool(numbers.frame.mode) or numbers.frame.pixels.shape[2] > 1 or large


def _channel_names(numbers: NumberMap, kind: str) -> list[str]:
    count = numbers.frame.pixels.shape[2] if kind == "picture" else 1
    return _CHANNELS.get(numbers.frame.mode, [str(channel) for channel in range(count)])


def settings_record(operation: Operation) -> dict[str, Any]:
    """Give the settings of an operation by the names that a page has for them."""
    return {
        "op": operation.name,
        "kernel": operation.kernel or (2, 2),
        "stride": operation.stride,
        "padding": operation.padding,
        "dilation": operation.dilation,
        "ceil": operation.ceil_mode,
        "size": operation.size,
        "countPad": operation.count_include_pad,
        "divisor": operation.divisor_override,
        "power": number(float(operation.power)),
        "quantile": operation.quantile,
        "skip": None if operation.skip is None else number(float(operation.skip)),
        "minValid": operation.min_valid or 0,
        "sparse": operation.sparse,
    }


def shrink_factor(frame: FirstFrame) -> tuple[int, int]:
    """Choose the kernel of the mean that makes a picture small enough for a page.

    Examples
    --------
    >>> shrink_factor(FirstFrame(np.zeros((1200, 1600, 3), np.uint8), "RGB"))
    (3, 3)
    >>> shrink_factor(FirstFrame(np.zeros((201, 250, 3), np.uint8), "RGB"))
    (1, 1)
    """
    height, width, channels = frame.pixels.shape
    each = channels * _stored(frame.pixels.dtype).itemsize
    factor = 1
    while (height // min(factor, height)) * (width // min(factor, width)) * each > _MOST_BYTES:
        factor += 1
    return min(factor, height), min(factor, width)


def _shrunk(
    explanation: Explanation, picked: Place, factor: tuple[int, int]
) -> tuple[FirstFrame, Place]:
    """Make a picture smaller, and find the window there that lies where another one lay."""
    operation, frame = explanation.operation, explanation.map.frame
    name = "mode" if OPERATIONS[operation.name].keeps_pixels else "avg"
    smaller = frame.pool(Operation(name, factor, skip=operation.skip, sparse=operation.sparse))
    height, width = smaller.pixels.shape[:2]
    try:
        stages = operation.stages((height, width))
    except WindowError as error:
        raise WindowError(
            f"{error}: a page shows the picture as {height}×{width}; use such a kernel, "
            "or save a .svg"
        ) from error
    row, column = (
        _nearest(stage, place // step)
        for stage, place, step in zip(
            stages, first_position(explanation, picked), factor, strict=True
        )
    )
    return smaller, (row, column)


def _nearest(stage: Stage, position: int) -> int:
    """Find the window that begins nearest to a position."""
    return min(range(stage.size), key=lambda o: abs(stage.window.start(o) - position))


def _limits(dtype: np.dtype[Any]) -> list[int] | None:
    if dtype.kind == "f":
        return None
    if dtype.kind == "b":
        return [0, 1]
    return [int(np.iinfo(dtype).min), int(np.iinfo(dtype).max)]


def _plain(values: Array) -> dict[str, Any]:
    """Describe a small map of numbers."""
    return {
        "height": values.shape[0],
        "width": values.shape[1],
        "channels": 1,
        "values": [number(value) for value in values.ravel()],
        "limits": _limits(values.dtype),
        "alpha": False,
        "opaque": True,
        "wholePixels": False,
    }


def _stored(dtype: np.dtype[Any]) -> np.dtype[Any]:
    """Choose the dtype in which a page holds values: browsers have no integers of 64 bits."""
    if dtype.kind == "b":
        return np.dtype("u1")
    if dtype.kind == "f":
        return np.dtype("<f4" if dtype.itemsize <= 4 else "<f8")
    return np.dtype("<f8") if dtype.itemsize > 4 else dtype.newbyteorder("<")


def packed(frame: FirstFrame) -> dict[str, Any]:
    """Pack a picture's values: integers as steps from pixel to pixel of a row, deflated.

    Examples
    --------
    >>> made = packed(FirstFrame(np.array([[[1], [3], [2]]], np.uint8), "L"))
    >>> made["dtype"], list(zlib.decompress(base64.b64decode(made["values"])))
    ('u1', [1, 2, 255])
    """
    pixels = frame.pixels
    values = np.array(pixels, _stored(pixels.dtype))
    if values.dtype.kind != "f":
        values[:, 1:] -= values[:, :-1].copy()
    alpha = frame.mode in ("LA", "RGBA") and not frame.plain_alpha
    limits = _limits(pixels.dtype)
    span = value_span(frame) or (0, 255)
    return {
        "height": pixels.shape[0],
        "width": pixels.shape[1],
        "channels": pixels.shape[2],
        "dtype": values.dtype.str[1:],
        "values": base64.b64encode(zlib.compress(values.tobytes(), 9)).decode(),
        "limits": limits,
        "mode": frame.mode,
        "span": [float(end) if isfinite(end) else 0.0 for end in span],
        "alpha": alpha,
        "opaque": alpha and bool((pixels[..., -1] == (limits or [0, 1])[1]).all()),
        "wholePixels": True,
    }
