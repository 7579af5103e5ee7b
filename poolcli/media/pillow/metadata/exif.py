"""EXIF: copied without what is false of a pooled picture, and set to its size."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from PIL import ExifTags, Image

__all__ = [
    "AXIS_SWAPS",
    "TRANSPOSES",
    "copied_exif",
    "exif_for_size",
    "exif_of_texts",
    "orientation_of",
    "resolution_in",
]

TRANSPOSES = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""The transpose that makes each EXIF orientation upright."""

AXIS_SWAPS = {TRANSPOSES[number] for number in (5, 6, 7, 8)}
"""Transposes that swap rows and columns; they may also reverse either."""

_INNER = (ExifTags.IFD.Exif, ExifTags.IFD.GPSInfo)
_INCH, _CENTIMETRE = 2, 3
_CENTIMETRES_PER_INCH = 2.54


def orientation_of(image: Image.Image, *, decode: bool = True) -> int:
    """Read the EXIF orientation, 1 to 8.

    A PNG may store it after its pixels, which are decoded then unless ``decode`` is false.
    """
    with suppress(Exception):  # unreadable EXIF has no orientation
        exif = image.getexif() if decode else Image.Image.getexif(image)
        return int(exif.get(ExifTags.Base.Orientation, 1))
    return 1


def copied_exif(image: Image.Image) -> Image.Exif | None:
    """Copy the EXIF without orientation (already applied) and thumbnail (of the old picture).

    Raises
    ------
    Exception
        Of almost any kind, if it is damaged.
    """
    old, new = image.getexif(), Image.Exif()
    for tag, value in _outer_tags(image, old).items():
        if not isinstance(value, dict) and tag not in ExifTags.IFD.__members__.values():
            new[tag] = _original_bytes(value)
    for ifd in _INNER:
        for tag, value in old.get_ifd(ifd).items():
            new.get_ifd(ifd)[tag] = _original_bytes(value)
    new.pop(ExifTags.Base.Orientation, None)
    new.get_ifd(ExifTags.IFD.Exif).pop(ExifTags.Base.ExifInteroperabilityOffset, None)
    if len(new) or any(new.get_ifd(ifd) for ifd in _INNER):
        new.tobytes()  # fails here, not when the file is half written
        return new
    return None


def exif_of_texts(texts: Mapping[int, str]) -> Image.Exif:
    """Make an EXIF of texts by their tags.

    >>> exif_of_texts({315: "A painter"})[ExifTags.Base.Artist]
    'A painter'
    """
    made = Image.Exif()
    for tag, text in texts.items():
        made[tag] = text
    return made


def _outer_tags(image: Image.Image, exif: Image.Exif) -> dict[int, Any]:
    """Choose the tags outside inner directories: in a TIFF, layout stands among them."""
    if image.format not in ("TIFF", "MPO"):
        return dict(exif.items())
    from poolcli.media.pillow.metadata.tiff_tags import LAYOUT_TAGS, own_tags

    if image.format == "TIFF":
        return own_tags(image)
    return {tag: value for tag, value in exif.items() if tag not in LAYOUT_TAGS}


def _original_bytes(value: Any) -> Any:
    """Encode a text as it was stored: Pillow reads Latin-1 but writes ASCII and "?"."""
    if isinstance(value, str) and not value.isascii():
        with suppress(UnicodeEncodeError):
            return value.encode("latin-1")
        return value.encode()
    return value


def resolution_in(exif: Image.Exif) -> tuple[float, float] | None:
    """Read the dots per inch that the EXIF states, across and down."""
    per_unit = {_INCH: 1.0, _CENTIMETRE: _CENTIMETRES_PER_INCH}
    with suppress(TypeError, ValueError, ZeroDivisionError, KeyError):
        factor = per_unit[exif[ExifTags.Base.ResolutionUnit]]
        across = float(exif[ExifTags.Base.XResolution]) * factor
        return across, float(exif[ExifTags.Base.YResolution]) * factor
    return None


def exif_for_size(
    exif: Image.Exif,
    size: tuple[int, int],
    dpi: tuple[float, float] | None,
    *,
    add_dpi: bool = False,
) -> Image.Exif:
    """Set the sizes and resolutions in the EXIF to those of a picture of this (width, height).

    Parameters
    ----------
    add_dpi : bool
        Whether a resolution is added where the EXIF states none.
    """
    inner = exif.get_ifd(ExifTags.IFD.Exif)
    for place, tag, value in (
        (inner, ExifTags.Base.ExifImageWidth, size[0]),
        (inner, ExifTags.Base.ExifImageHeight, size[1]),
        (exif, ExifTags.Base.ImageWidth, size[0]),
        (exif, ExifTags.Base.ImageLength, size[1]),
    ):
        if tag in place:
            place[tag] = value
    if dpi is not None and (add_dpi or ExifTags.Base.XResolution in exif):
        exif[ExifTags.Base.XResolution], exif[ExifTags.Base.YResolution] = dpi
        exif[ExifTags.Base.ResolutionUnit] = _INCH
    return exif
