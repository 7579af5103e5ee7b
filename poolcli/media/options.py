"""How files are to be read and written; plain data, so that it can be sent to a worker."""

from typing import NamedTuple

__all__ = ["MAX_PIXELS", "Reading", "Writing"]

MAX_PIXELS = 178_956_970
"""Pillow's own limit: above it a picture is taken for a decompression bomb."""


class Reading(NamedTuple):
    """How a picture is read.

    Attributes
    ----------
    convert : str, optional
        A mode of Pillow's to convert to first.
    frame : int, optional
        The one frame to take, counted from 0; negative ones from the last.
    max_pixels : int, optional
        Most pixels of all frames together; None is no limit.
    plain_alpha : bool
        Whether alpha is one channel more, with no care for what is invisible.
    """

    convert: str | None = None
    frame: int | None = None
    max_pixels: int | None = MAX_PIXELS
    plain_alpha: bool = False


class Writing(NamedTuple):
    """How a picture is written.

    Attributes
    ----------
    format : str, optional
        An extension that stands for the format, in place of the destination's own.
    quality : int, optional
        1 to 100, for JPEG, WebP and AVIF.
    lossless : bool
        For WebP and AVIF.
    compress_level : int, optional
        0 to 9, for PNG.
    strip : bool
        Whether metadata are dropped.
    """

    format: str | None = None
    quality: int | None = None
    lossless: bool = False
    compress_level: int | None = None
    strip: bool = False
