"""Which formats names stand for, and which of them can be read."""

import sys
from importlib import import_module

from PIL import Image

from poolcli.errors import PictureError

__all__ = ["format_of", "is_readable", "writable_format"]

_COMMON_PLUGINS = {".png": "Png", ".jpg": "Jpeg", ".jpeg": "Jpeg"}
"""Where the commonest formats are at home."""

_HEADERS_ONLY = {"BUFR", "GRIB", "HDF5", "MPEG"} | ({"WMF"} if sys.platform != "win32" else set())
"""Formats that Pillow knows by sight, but whose pixels it cannot read."""

_FIXED_SIZES = {"ICNS", "ICO"}
"""Formats of a few fixed sizes, to which Pillow scales the picture."""


def format_of(extension: str) -> str | None:
    """Pillow's name of the format that an extension, in small letters, stands for.

    The commonest formats are asked first, each on its own, for the others' modules take as long to
    load as a small picture takes to pool.

    >>> format_of(".jpg"), format_of(".tif"), format_of(".txt")
    ('JPEG', 'TIFF', None)
    """
    if extension in _COMMON_PLUGINS:
        import_module(f"PIL.{_COMMON_PLUGINS[extension]}ImagePlugin")
    else:
        Image.preinit()
    return Image.EXTENSION.get(extension) or Image.registered_extensions().get(extension)


def writable_format(suffix: str) -> str:
    """The format that an extension stands for.

    Raises
    ------
    PictureError
        If no format is known by that name, or it can only be read.

    Examples
    --------
    >>> writable_format(".JPG"), writable_format("webp")
    ('JPEG', 'WEBP')
    """
    suffix = suffix.lower()
    dotted = suffix if suffix.startswith(".") or not suffix else f".{suffix}"
    name = format_of(dotted)
    if name is None or name not in Image.SAVE or name in _FIXED_SIZES:
        shown = f"extension {dotted!r}" if suffix else "a name without extension"
        raise PictureError(
            f"{shown} stands for no format that can be written; use .png, .jpg, .tif, .webp …"
        )
    return name


def is_readable(extension: str) -> bool:
    """Whether an extension, in small letters, is that of a picture.

    >>> is_readable(".png"), is_readable(".txt"), is_readable(".pdf")
    (True, False, False)
    """
    name = format_of(extension)
    return name in Image.OPEN and name not in _HEADERS_ONLY
