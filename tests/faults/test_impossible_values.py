"""Resolutions, durations and transparent colours that cannot be: left out, and the file is read."""

from math import inf, nan
from typing import Any

import pytest
from PIL import Image

from poolcli.media.pillow.metadata.reading import dpi_of
from poolcli.media.pillow.reading.frame_reader import _is_time, _palette_of


@pytest.mark.parametrize(
    "dpi", [(inf, 72), (72, nan), (0, 72), (-1, -1), (72,), 72, "ab", None, (1e400, 1)], ids=repr
)
def test_a_resolution_that_cannot_be_is_none(dpi: Any) -> None:
    image = Image.new("L", (1, 1))
    image.info["dpi"] = dpi
    assert dpi_of(image) is None


@pytest.mark.parametrize(
    ("duration", "possible"),
    [(0, True), (40, True), (0.5, True), (-1, False), (inf, False), (nan, False), ("9", False)],
)
def test_a_duration_that_cannot_be_is_told(duration: Any, possible: bool) -> None:
    assert _is_time(duration) == possible


@pytest.mark.parametrize(
    ("transparency", "kept"),
    [
        (3, 3),
        (256, None),
        (-1, None),
        ("x", None),
        ((1, 2, 3), None),
        (b"\0\xff", b"\0\xff"),
        (bytes(300), bytes(256)),
    ],
    ids=lambda value: repr(value)[:12],
)
def test_a_transparent_colour_beyond_the_palette_is_none(transparency: Any, kept: Any) -> None:
    image = Image.new("P", (1, 1))
    image.info["transparency"] = transparency
    palette = _palette_of(image)
    assert palette is not None
    assert palette.transparency == kept
    assert len(palette.colours) <= 768
