"""The choice between Pillow's encoder of PNG and the writer for pictures that have grain."""

import zlib
from typing import TYPE_CHECKING

from poolcli.media.options import Writing
from poolcli.media.picture import Frame
from poolcli.media.pillow.writing.deep_modes import is_deep

if TYPE_CHECKING:
    from poolcli.media.pillow.writing.png.deflating import Setting

__all__ = ["own_setting"]

_WRITTEN_MODES = {"L", "LA", "RGB", "RGBA", "I;16"}


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
