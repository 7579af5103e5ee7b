"""Resolutions, durations and transparent colours that cannot be: left out, and the file is read."""

import io
import struct
from math import inf, nan
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from poolcli.media.pillow.metadata.reading import dpi_of
from poolcli.media.pillow.reading.frame_decoding import _is_time, _palette_of
from tests.commands import Run
from tests.pictures import photo


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


@pytest.mark.parametrize("compression", ["raw", "group4", "tiff_lzw"])
@pytest.mark.parametrize("change", ["count", "type"])
def test_a_tag_without_a_value_is_no_defect_of_ours(
    run: Run, compression: str, change: str
) -> None:
    """Every tag of a TIFF by turns has a count of 0, or a type that there is not."""
    memory = io.BytesIO()
    photo("1" if compression == "group4" else "RGB").save(memory, "TIFF", compression=compression)
    data = memory.getvalue()
    (directory,) = struct.unpack_from("<I", data, 4)
    (tags,) = struct.unpack_from("<H", data, directory)
    for number in range(tags):
        spoilt = bytearray(data)
        entry = directory + 2 + 12 * number
        form, at = ("<I", entry + 4) if change == "count" else ("<H", entry + 2)
        struct.pack_into(form, spoilt, at, 0)
        Path("a.tif").write_bytes(spoilt)
        done = run("max", "a.tif", "b.tif", "-k", 2)
        assert "internal error" not in done.err, struct.unpack_from("<H", data, entry)
