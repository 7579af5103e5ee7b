"""Options of reading and writing pictures; plain data, so that workers can be sent them."""

from typing import NamedTuple

__all__ = [
    "INSTALL_HEIF",
    "INSTALL_REMOTE",
    "INSTALL_TIFF",
    "LAYOUTS",
    "MAX_PIXELS",
    "Reading",
    "Writing",
]

INSTALL_HEIF = "pip install '.[heif]'"
INSTALL_REMOTE = "pip install '.[remote]'"
INSTALL_TIFF = "pip install '.[tiff]'"
"""The command that installs, in a checkout, what reads all TIFFs."""

LAYOUTS = ("chw", "hwc")
"""The orders in which the last axes of an array may be channels, height and width."""

MAX_PIXELS = 178_956_970
"""Pillow's own limit, above which it takes a picture for a decompression bomb."""


class Reading(NamedTuple):
    """Options of reading a picture.

    Attributes
    ----------
    convert : str, optional
        Pillow mode to convert to before pooling.
    frame : int, optional
        The only frame to read, counted from 0; negative numbers count from the end.
    max_pixels : int, optional
        Limit of the pixels of all frames together; None for no limit.
    plain_alpha : bool
        Whether alpha is pooled as any other channel, and colours regardless of it.
    layout : str, optional
        The order of a plain array's last axes: "chw", which holds unless given, or "hwc".
    scale : bool or (float, float)
        Whether deeper samples are scaled to 8 bits in a conversion, from the whole range of their
        type or from these lowest and highest values, in place of being clipped.
    profile : str, optional
        "srgb" to convert colours to sRGB by the profile that the picture carries.
    truncated : bool
        Whether what there is of a cut JPEG or PNG is read, in place of an error.
    linear : bool
        Whether means are of the light that sRGB samples stand for, in place of the samples.
    level : int
        The level of an OME-Zarr.
    """

    convert: str | None = None
    frame: int | None = None
    max_pixels: int | None = MAX_PIXELS
    plain_alpha: bool = False
    layout: str | None = None
    scale: bool | tuple[float, float] = False
    profile: str | None = None
    linear: bool = False
    truncated: bool = False
    level: int = 0

    @property
    def as_stored(self) -> bool:
        """True if samples are pooled as they are stored, neither converted nor taken for light."""
        return self.convert is None and self.profile is None and not self.linear


class Writing(NamedTuple):
    """Options of writing a picture.

    Attributes
    ----------
    format : str, optional
        Extension that names the format, in place of the destination's own.
    quality : int, optional
        JPEG, WebP or AVIF quality, 1 to 100.
    lossless : bool
        Whether WebP and AVIF compress without loss.
    compress_level : int, optional
        PNG compression level, 0 to 9.
    strip : bool
        Whether metadata is dropped.
    exact : bool
        Whether a picture is refused where a format would change its colours.
    """

    format: str | None = None
    quality: int | None = None
    lossless: bool = False
    compress_level: int | None = None
    strip: bool = False
    exact: bool = False
