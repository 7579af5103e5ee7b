"""Modes of 16 bits a sample that Pillow does not have, and the formats that hold them."""

from poolcli.media.picture import Frame

__all__ = ["deep_suffixes", "holds_alpha", "is_deep"]

_DEEP_MODES = {"CMYK", "LA", "RGB", "RGBA"}
"""Modes that Pillow has with 8 bits only."""

_WITH_ALPHA = {"AVIF", "GIF", "ICO", "JPEG2000", "TGA", "WEBP"}


def is_deep(frame: Frame) -> bool:
    """Tell whether a frame has colours of 16 bits, for which Pillow has no mode.

    >>> import numpy as np
    >>> is_deep(Frame(np.zeros((1, 1, 3), np.uint16), "RGB"))
    True
    """
    return frame.mode in _DEEP_MODES and frame.pixels.dtype.name == "uint16"


def deep_suffixes(mode: str) -> str:
    """List the extensions of formats that hold 16 bits of a mode.

    >>> deep_suffixes("RGBA"), deep_suffixes("CMYK")
    ('.png, .tif or .npy', '.tif or .npy')
    """
    return ".tif or .npy" if mode == "CMYK" else ".png, .tif or .npy"


def holds_alpha(name: str) -> bool:
    """Tell whether pictures of 8 bits have an alpha channel in a format."""
    return name in _WITH_ALPHA
