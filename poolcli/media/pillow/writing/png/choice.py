"""The choice between Pillow's encoder of PNG and the writer for pictures that have grain."""

import zlib
from collections.abc import Mapping
from typing import TYPE_CHECKING

from PIL import Image

from poolcli.media.options import Writing
from poolcli.media.picture import Frame
from poolcli.media.pillow.writing.deep_modes import is_deep

if TYPE_CHECKING:
    from poolcli.media.pillow.writing.png.deflating import Setting

__all__ = ["own_setting", "pillow_options"]

_WRITTEN_MODES = {"L", "LA", "RGB", "RGBA", "I;16"}

_SMALL_PICTURE = 20_000
"""Pixels up to which sampling costs more than it saves."""

_SMALL_FLAT_PICTURE = 200_000
"""Pixels up to which a flat picture is left to Pillow's default, which is quick on those."""


def own_setting(frame: Frame, writing: Writing) -> "Setting | None":
    """Choose the setting of zlib if `write_png` is to write a frame; None if Pillow is.

    A level that the user asks for is Pillow's to obey, where Pillow can write the frame.
    """
    deep = is_deep(frame)
    height, width, _ = frame.pixels.shape
    small = height * width <= _SMALL_PICTURE
    if frame.mode not in _WRITTEN_MODES or (small and not deep):
        return None
    # Samples are needed here alone, and only of large PNGs.
    from poolcli.media.pillow.writing.png.compression import (
        choose_setting,
        filtered_samples,
        has_grain,
    )
    from poolcli.media.pillow.writing.png.deflating import Setting

    if writing.compress_level is not None:
        return Setting(writing.compress_level, zlib.Z_FILTERED) if deep else None
    samples = None if small else filtered_samples(frame.pixels)
    if deep or (samples is not None and has_grain(samples)):
        return choose_setting(samples)
    return None


def pillow_options(image: Image.Image) -> Mapping[str, int]:
    """Choose Pillow's options for encoding a flat image.

    >>> pillow_options(Image.new("L", (8, 8)))
    {}
    """
    if image.width * image.height <= _SMALL_FLAT_PICTURE:
        return {}
    from poolcli.media.pillow.writing.png.compression import sampled_options

    return sampled_options(image)
