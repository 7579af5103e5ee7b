"""File formats by extension: which ones there are, can be read, and can be written."""

from importlib import import_module
from typing import BinaryIO

from PIL import Image, UnidentifiedImageError
from PIL.ImageFile import ImageFile

from poolcli.errors import PictureError
from poolcli.media.options import Writing

__all__ = [
    "READABLE",
    "check_options",
    "format_of",
    "is_readable",
    "open_readable",
    "writable_format",
]

_COMMON_PLUGINS = {".png": "Png", ".jpg": "Jpeg", ".jpeg": "Jpeg"}
"""Pillow's plugins of the commonest formats."""

READABLE = frozenset(
    (
        *("AVIF", "BLP", "BMP", "CUR", "DCX", "DDS", "DIB", "FITS", "FLI", "FTEX", "GBR", "GIF"),
        "HEIF",
        *("ICNS", "ICO", "IM", "IMT", "JPEG", "JPEG2000", "MCIDAS", "MSP", "PCD", "PCX", "PIXAR"),
        *("PNG", "PPM", "PSD", "QOI", "SGI", "SPIDER", "SUN", "TGA", "TIFF", "WEBP", "XBM", "XPM"),
        "XVTHUMB",
    )
)
"""Formats that are opened, whatever else Pillow and its plugins know.

Not among them: EPS, for which Pillow runs the first program named gs that it finds; IPTC, which
may hold a file of any other format; WMF, which the system draws; and what Pillow identifies but
cannot decode.
"""

_HEIF_EXTENSIONS = {".heic", ".heics", ".heif", ".heifs", ".hif"}
"""Extensions of a format whose plugin is registered only when such a file is opened."""

_ONLY_READ = {"HEIF"}

_FIXED_SIZES = {"ICNS", "ICO"}
"""Formats of a few fixed sizes, to which Pillow would scale the picture."""


def format_of(extension: str) -> str | None:
    """Look up Pillow's name of the format of a lower-case extension.

    The plugins of the commonest formats are imported one by one: importing all takes as long as
    pooling a small picture.

    >>> format_of(".jpg"), format_of(".tif"), format_of(".txt")
    ('JPEG', 'TIFF', None)
    """
    if not extension:  # older Pillows take any extension for SPIDER's once they have written one
        return None
    if extension in _COMMON_PLUGINS:
        import_module(f"PIL.{_COMMON_PLUGINS[extension]}ImagePlugin")
    else:
        Image.preinit()
    return Image.EXTENSION.get(extension) or Image.registered_extensions().get(extension)


def writable_format(suffix: str) -> str:
    """Look up the format to write for an extension, with or without its dot.

    Raises
    ------
    PictureError
        If the extension is unknown, or its format can only be read.

    Examples
    --------
    >>> writable_format(".JPG"), writable_format("webp")
    ('JPEG', 'WEBP')
    """
    suffix = suffix.lower()
    dotted = suffix if suffix.startswith(".") or not suffix else f".{suffix}"
    name = format_of(dotted)
    if name is None or name not in Image.SAVE or name in _FIXED_SIZES | _ONLY_READ:
        shown = f"extension {dotted!r}" if suffix else "a name without extension"
        raise PictureError(
            f"{shown} does not name a format that can be written; use .png, .jpg, .tif, .webp …"
        )
    return name


def check_options(name: str, writing: Writing) -> None:
    """Refuse options of writing that a format does not have.

    Raises
    ------
    PictureError
        If an option would have no effect.

    Examples
    --------
    >>> check_options("JPEG", Writing(quality=80))
    """
    for option, (given, having) in {
        "--quality": (writing.quality is not None, {"AVIF", "JPEG", "MPO", "WEBP"}),
        "--lossless": (writing.lossless, {"AVIF", "WEBP"}),
        "--compress-level": (writing.compress_level is not None, {"PNG"}),
    }.items():
        if given and name not in having:
            raise PictureError(
                f"{option} is for {_listed(sorted(having))}, not for {name}; leave it out, or "
                "write one of these"
            )


def _listed(names: list[str]) -> str:
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last


def open_readable(file: BinaryIO) -> ImageFile:
    """Open a picture of one of the formats `READABLE`, by its content.

    Raises
    ------
    UnidentifiedImageError
        If it is of no such format.
    """
    Image.preinit()
    for load_plugins in (Image.init, None):
        try:
            known = [name for name in Image.ID if name in READABLE]
            return Image.open(file, formats=known)
        except UnidentifiedImageError:
            if load_plugins is None or not load_plugins():
                raise
            file.seek(0)
    raise AssertionError


def is_readable(extension: str) -> bool:
    """Tell whether a lower-case extension is that of a format that can be read.

    >>> is_readable(".png"), is_readable(".txt"), is_readable(".eps")
    (True, False, False)
    """
    if extension in _HEIF_EXTENSIONS:
        return True
    name = format_of(extension)
    return name in READABLE and name in Image.OPEN
