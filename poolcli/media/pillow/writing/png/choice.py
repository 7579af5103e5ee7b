"""The choice between Pillow's encoder of PNG and the writer for pictures that have grain."""

import zlib
from typing import TYPE_CHECKING

from poolcli.media.options import Writing
from poolcli.media.picture import Frame

if TYPE_CHECKING:
    from poolcli.media.pillow.writing.png.deflating import Setting

__all__ = ["is_deep", "own_setting"]

_WRITTEN_MODES = {"L", "LA", "RGB", "RGBA", "I;16"}
_DEEP_MODES = {"LA", "RGB", "RGBA"}
"""Modes that Pillow has with 8 bits only."""


def is_deep(frame: Frame) -> bool:
    """Tell whether a frame has colours of 16 bits, for which Pillow has no mode.

    >>> import numpy as np
    >>> is_deep(Frame(np.zeros((1, 1, 3), np.uint16), "RGB"))
    True
    """
    return frame.mode in _DEEP_MODES and frame.pixels.dtype.name == "uint16"


def own_setting(frame: Frame, writing: Writing) -> "Setting | None":
    """Choose the setting of zlib if `write_png` is to write a frame; None if Pillow is.

    A level that the user asks for is Pillow's to obey, where Pillow can write the frame.
    """
    deep = is_deep(frame)
    if frame.mode not in _WRITTEN_MODES:
        return None
    # NumPy is needed here alone, and only for PNG.
    from poolcli.media.pillow.writing.png.compression import (
        choose_setting,
        filtered_samples,
        has_grain,
    )
    from poolcli.media.pillow.writing.png.deflating import Setting

    if writing.compress_level is not None:
        return Setting(writing.compress_level, zlib.Z_FILTERED) if deep else None
    samples = filtered_samples(frame.pixels)
    if deep or (samples is not None and has_grain(samples)):
        return choose_setting(samples)
    return None
