"""Animated PNGs of 16-bit samples, of which Pillow would leave frames out: it compares 8 bits."""

import struct
from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any, BinaryIO

from poolcli.media.picture import Frame
from poolcli.media.pillow.writing.png.chunks import SIGNATURE, Chunk, chunks_of, write_chunk
from poolcli.media.pillow.writing.png.deflating import Setting
from poolcli.media.pillow.writing.png.writer import write_png

__all__ = ["write_animated_png"]

_OF_ANIMATIONS = {"save_all", "duration", "loop", "blend", "disposal", "default_image"}

_THOUSANDTHS = 1000
"""Parts of a second that durations are counted in."""


def write_animated_png(
    file: BinaryIO,
    frames: Sequence[Frame],
    options: Mapping[str, Any],
    setting: Setting | None = None,
) -> None:
    """Write frames of one size and mode, each whole, as an animated PNG.

    Parameters
    ----------
    options : mapping
        Pillow's options for saving, those of animations among them.
    setting : Setting, optional
        As for `write_png`.
    """
    plain = {key: value for key, value in options.items() if key not in _OF_ANIMATIONS}
    height, width, _ = frames[0].pixels.shape
    durations = iter(options["duration"])
    first, *others = (_encoded(frame, plain, setting) for frame in frames)
    default, number = bool(options.get("default_image")), 0

    def begin_frame() -> None:
        nonlocal number
        numbers = number, width, height, 0, 0, next(durations), _THOUSANDTHS, 0, 0
        write_chunk(file, b"fcTL", struct.pack(">5I2H2B", *numbers))
        number += 1

    data = [chunk.data for chunk in first if chunk.kind == b"IDAT"]
    where = next(at for at, chunk in enumerate(first) if chunk.kind == b"IDAT")
    file.write(SIGNATURE)
    for chunk in first[:where]:
        write_chunk(file, *chunk)
    write_chunk(file, b"acTL", struct.pack(">2I", len(frames) - default, options.get("loop") or 0))
    if not default:
        begin_frame()
    for one in data:
        write_chunk(file, b"IDAT", one)
    for encoded in others:
        begin_frame()
        for one in (chunk.data for chunk in encoded if chunk.kind == b"IDAT"):
            write_chunk(file, b"fdAT", struct.pack(">I", number) + one)
            number += 1
    for chunk in first[where + len(data) :]:
        write_chunk(file, *chunk)


def _encoded(frame: Frame, options: Mapping[str, Any], setting: Setting | None) -> list[Chunk]:
    buffer = BytesIO()
    write_png(buffer, frame.pixels, frame.mode, options, setting)
    return list(chunks_of(buffer.getvalue()))
