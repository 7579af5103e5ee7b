"""Metadata of Pillow's images: read, corrected for the pooled picture, and written."""

import re
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from PIL import ExifTags, Image

from poolcli.media.picture import Metadata

if TYPE_CHECKING:
    from PIL.PngImagePlugin import PngInfo
    from PIL.TiffImagePlugin import ImageFileDirectory_v2

__all__ = ["dpi_of", "metadata_of", "metadata_options", "orientation_of"]

_LOSSLESS_TIFF = {"raw", "tiff_lzw", "tiff_adobe_deflate", "tiff_deflate", "packbits", "zstd"}

_XMP_ORIENTATION = rb"(tiff:Orientation(?:=[\"']|>))[2-8]"

_XMP_LENGTHS = (
    rb"((?:exif:PixelXDimension|tiff:ImageWidth)(?:=[\"']|>))\d+",
    rb"((?:exif:PixelYDimension|tiff:ImageLength)(?:=[\"']|>))\d+",
)

_XMP_KEY = "XML:com.adobe.xmp"

_XMP_TAG = 700

_TIFF_TEXTS = {
    ExifTags.Base.ImageDescription,
    ExifTags.Base.Make,
    ExifTags.Base.Model,
    ExifTags.Base.Software,
    ExifTags.Base.DateTime,
    ExifTags.Base.Artist,
    ExifTags.Base.Copyright,
}
"""Tags of a TIFF that describe the picture, not the layout of the file."""


def orientation_of(image: Image.Image, *, decode: bool = True) -> int:
    """Read the EXIF orientation, 1 to 8.

    A PNG may store it after its pixels, which are decoded then unless ``decode`` is false.
    """
    with suppress(Exception):  # unreadable EXIF has no orientation
        exif = image.getexif() if decode else Image.Image.getexif(image)
        return int(exif.get(ExifTags.Base.Orientation, 1))
    return 1


def dpi_of(image: Image.Image) -> tuple[float, float] | None:
    """Read the dots per inch, across and down, of the picture as stored."""
    dpi: Any = image.info.get("dpi")
    with suppress(TypeError, ValueError, ZeroDivisionError):
        across, down = map(float, dpi)
        if across > 0 and down > 0:
            return across, down
    return None


def metadata_of(image: Image.Image) -> Metadata:
    """Read the metadata of an opened image; durations and the like belong to its frames."""
    info = image.info
    comment = info.get("comment")
    if isinstance(comment, bytes):
        comment = comment.decode("utf-8", "replace")
    xmp = info.get("xmp") or info.get(_XMP_KEY)
    if isinstance(xmp, str):
        xmp = xmp.encode()
    texts = {
        str(key): str(value)
        for key, value in getattr(image, "text", {}).items()
        if key != _XMP_KEY and not key.startswith("Raw profile type")  # EXIF as text, for one
    }
    compression = info.get("compression") if image.format == "TIFF" else None
    return Metadata(
        icc=info.get("icc_profile"),
        exif=_exif_of(image),
        xmp=re.sub(_XMP_ORIENTATION, rb"\g<1>1", xmp) if isinstance(xmp, bytes) else None,
        comment=comment,
        texts=texts,
        loop=info.get("loop"),
        compression=compression if compression in _LOSSLESS_TIFF else None,
        default_image=bool(info.get("default_image", False)),
    )


def _exif_of(image: Image.Image) -> Image.Exif | None:
    """Copy the EXIF without orientation (already applied) and thumbnail (of the old picture)."""
    with suppress(Exception):  # unreadable EXIF is dropped
        old, new = image.getexif(), Image.Exif()
        for tag, value in old.items():
            if image.format in ("TIFF", "MPO") and tag not in _TIFF_TEXTS:
                continue
            if not isinstance(value, dict) and tag not in ExifTags.IFD.__members__.values():
                new[tag] = _original_bytes(value)
        for ifd in (ExifTags.IFD.Exif, ExifTags.IFD.GPSInfo):
            for tag, value in old.get_ifd(ifd).items():
                new.get_ifd(ifd)[tag] = _original_bytes(value)
        new.pop(ExifTags.Base.Orientation, None)
        new.get_ifd(ExifTags.IFD.Exif).pop(ExifTags.Base.ExifInteroperabilityOffset, None)
        if len(new) or new.get_ifd(ExifTags.IFD.Exif) or new.get_ifd(ExifTags.IFD.GPSInfo):
            new.tobytes()  # fails here, not when the file is half written
            return new
    return None


def _original_bytes(value: Any) -> Any:
    """Encode a text as it was stored: Pillow reads Latin-1 but writes ASCII and "?"."""
    if isinstance(value, str) and not value.isascii():
        with suppress(UnicodeEncodeError):
            return value.encode("latin-1")
    return value


def _exif_for_size(
    exif: Image.Exif, size: tuple[int, int], dpi: tuple[float, float] | None
) -> Image.Exif:
    """Set the sizes and resolutions in the EXIF to those of a picture of this (width, height)."""
    inner = exif.get_ifd(ExifTags.IFD.Exif)
    for place, tag, value in (
        (inner, ExifTags.Base.ExifImageWidth, size[0]),
        (inner, ExifTags.Base.ExifImageHeight, size[1]),
        (exif, ExifTags.Base.ImageWidth, size[0]),
        (exif, ExifTags.Base.ImageLength, size[1]),
    ):
        if tag in place:
            place[tag] = value
    if ExifTags.Base.XResolution in exif and dpi is not None:
        exif[ExifTags.Base.XResolution], exif[ExifTags.Base.YResolution] = dpi
        exif[ExifTags.Base.ResolutionUnit] = 2
    return exif


def metadata_options(
    name: str,
    metadata: Metadata,
    size: tuple[int, int],
    dpi: tuple[float, float] | None,
) -> dict[str, Any]:
    """Choose Pillow's options for the metadata that a format can hold.

    Parameters
    ----------
    size : (int, int)
        Width and height of the written picture.
    """
    exif = None if metadata.exif is None else _exif_for_size(metadata.exif, size, dpi)
    given: dict[str, Any] = {"icc_profile": metadata.icc, "dpi": dpi}
    if name in ("JPEG", "MPO", "WEBP", "AVIF", "PNG") and exif is not None:
        given["exif"] = exif.tobytes()  # itself is false, and left out, if all stands further in
    if name in ("JPEG", "MPO", "WEBP", "AVIF"):
        given["xmp"] = _xmp_for_size(metadata.xmp, size)
    if name in ("JPEG", "MPO", "GIF"):
        given["comment"] = metadata.comment or metadata.texts.get("Comment")
    if name == "PNG":
        given["pnginfo"] = _png_chunks(metadata, _xmp_for_size(metadata.xmp, size))
    if name == "TIFF":
        given["compression"] = metadata.compression or "tiff_adobe_deflate"
        given["tiffinfo"] = _tiff_tags(metadata, exif, _xmp_for_size(metadata.xmp, size))
        if exif is not None and given["compression"] == "raw":  # Pillow needs it for these
            given["tiffinfo"].update(_exif_directories(exif))
    return {key: value for key, value in given.items() if value is not None}


def _xmp_for_size(xmp: bytes | None, size: tuple[int, int]) -> bytes | None:
    """Set the width and height in the XMP to those of the picture."""
    if xmp is None:
        return None
    for pattern, length in zip(_XMP_LENGTHS, size, strict=True):
        xmp = re.sub(pattern, b"\\g<1>%d" % length, xmp)
    return xmp


def _png_chunks(metadata: Metadata, xmp: bytes | None) -> "PngInfo":
    from PIL.PngImagePlugin import PngInfo

    chunks = PngInfo()
    texts = dict(metadata.texts)
    if metadata.comment:
        texts.setdefault("Comment", metadata.comment)
    for key, value in texts.items():
        try:
            value.encode("latin-1")
            chunks.add_text(key, value)
        except UnicodeEncodeError:
            chunks.add_itxt(key, value)
    if xmp is not None:
        chunks.add_itxt(_XMP_KEY, xmp.decode("utf-8", "replace"))
    return chunks


def _tiff_tags(
    metadata: Metadata, exif: Image.Exif | None, xmp: bytes | None
) -> "ImageFileDirectory_v2":
    from PIL.TiffImagePlugin import ImageFileDirectory_v2

    tags = ImageFileDirectory_v2()
    for tag in _TIFF_TEXTS:
        if exif is not None and tag in exif:
            tags[tag] = exif[tag]
    if metadata.comment:
        tags[ExifTags.Base.ImageDescription] = metadata.comment
    if xmp is not None:
        tags[_XMP_TAG] = xmp
    return tags


def _exif_directories(exif: Image.Exif) -> dict[int, Any]:
    """Collect the EXIF directories that a TIFF stores besides its own tags."""
    found: dict[int, Any] = {}
    for ifd in (ExifTags.IFD.Exif, ExifTags.IFD.GPSInfo):
        inner = dict(exif.get_ifd(ifd))
        inner.pop(ExifTags.Base.MakerNote, None)  # its offsets are valid only in the old file
        if inner:
            found[ifd] = inner
    return found
