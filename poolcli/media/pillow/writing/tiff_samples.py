"""Samples of a TIFF that Pillow takes for others, and the tags that tell what they are."""

from typing import Any

import numpy as np

from poolcli.media.picture import Frame
from poolcli.media.pillow.writing.deep_modes import is_deep

__all__ = ["as_stored", "sample_tags"]

_SAMPLE_FORMAT, _SIGNED = 339, 2


def sample_tags(frame: Frame) -> dict[int, Any]:
    """Choose the tags that tell a TIFF's samples from those that Pillow takes them for."""
    if is_deep(frame):
        from poolcli.media.pillow.writing.deep_colours import depth_tags

        return depth_tags(frame)
    if frame.sample_type != "int16":
        return {}
    pixels, range_ = np.asarray(frame.pixels), np.iinfo(np.int16)
    within = not pixels.size or (pixels.min() >= range_.min and pixels.max() <= range_.max)
    return {_SAMPLE_FORMAT: _SIGNED} if within else {}


def as_stored(frame: Frame) -> Frame:
    """Narrow the samples to the type they were stored in; signed ones are marked by a tag."""
    if _SAMPLE_FORMAT not in sample_tags(frame):
        return frame
    pixels = np.asarray(frame.pixels).astype(np.int16).view(np.uint16)
    return frame._replace(pixels=pixels, mode="I;16")
