"""Which names are those of files that can be read."""

import sys

from PIL import Image

__all__ = ["is_readable"]

_HEADERS_ONLY = {"BUFR", "GRIB", "HDF5", "MPEG"} | ({"WMF"} if sys.platform != "win32" else set())
"""Formats that Pillow knows by sight, but whose pixels it cannot read."""


def is_readable(extension: str) -> bool:
    """Whether an extension, in small letters, is that of a picture or an array.

    >>> is_readable(".png"), is_readable(".npy"), is_readable(".txt"), is_readable(".pdf")
    (True, True, False, False)
    """
    name = Image.registered_extensions().get(extension)
    return extension == ".npy" or (name in Image.OPEN and name not in _HEADERS_ONLY)
