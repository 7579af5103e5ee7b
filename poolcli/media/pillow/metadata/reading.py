"""Reading the metadata of Pillow's images, freed of what is false of a pooled picture."""

import struct
from contextlib import suppress
from math import inf
from typing import Any, BinaryIO

from PIL import Image

from poolcli.media.picture import Metadata
from poolcli.media.pillow.metadata.exif import copied_exif, orientation_of, resolution_in
from poolcli.media.pillow.metadata.png_chunks import XMP_KEY, colour_chunks_of

__all__ = [
    "density_of",
    "dpi_of",
    "metadata_of",
    "nodata_of",
    "orientation_of",
    "sample_type_of",
    "stored_size",
]

_LOSSLESS_TIFF = {"raw", "tiff_lzw", "tiff_adobe_deflate", "tiff_deflate", "packbits", "zstd"}

_RAW_PROFILE = "Raw profile type"
"""Begin of the keywords of a PNG's texts that hold EXIF, captions or clipping paths."""

_EMPTY_EXIF = len(b"Exif\0\0II*\0\x08\0\0\0")

_IMAGE_WIDTH, _IMAGE_LENGTH = 256, 257
_X_RESOLUTION, _Y_RESOLUTION, _RESOLUTION_UNIT, _NO_UNIT = 282, 283, 296, 1


def stored_size(image: Image.Image) -> tuple[int, int]:
    """Read width and height as stored, before any orientation is applied.

    Those that Pillow states of a TIFF are upright already.
    """
    tags: Any = getattr(image, "tag_v2", {}) if image.format == "TIFF" else {}
    width, height = image.size
    return tags.get(_IMAGE_WIDTH, width), tags.get(_IMAGE_LENGTH, height)


def dpi_of(image: Image.Image) -> tuple[float, float] | None:
    """Read the dots per inch, across and down, of the picture as stored."""
    dpi: Any = image.info.get("dpi")
    if image.format == "TIFF" and _X_RESOLUTION not in getattr(image, "tag_v2", {}):
        return None  # Pillow makes up 1 dpi
    if dpi is None and image.format != "TIFF":
        with suppress(Exception):  # unreadable EXIF has no resolution
            dpi = resolution_in(image.getexif())
    with suppress(TypeError, ValueError, ZeroDivisionError):
        across, down = map(float, dpi)
        if 0 < across < inf and 0 < down < inf:
            return across, down
    return None


def density_of(image: Image.Image) -> tuple[float, float] | None:
    """Read the pixels per unit, across and down, where a TIFF does not state the unit."""
    tags: Any = getattr(image, "tag_v2", {}) if image.format == "TIFF" else {}
    if tags.get(_RESOLUTION_UNIT) != _NO_UNIT:
        return None
    with suppress(TypeError, ValueError, ZeroDivisionError, KeyError):
        across, down = float(tags[_X_RESOLUTION]), float(tags[_Y_RESOLUTION])
        if 0 < across < inf and 0 < down < inf:
            return across, down
    return None


def sample_type_of(image: Image.Image) -> str | None:
    """Look up the type of the stored samples, where the decoded array's is another."""
    if image.format != "TIFF" or image.mode != "I":
        return None
    from poolcli.media.pillow.metadata.tiff_tags import pixel_type

    return pixel_type(image)


def nodata_of(image: Image.Image) -> str | None:
    """Look up the value that stands for missing data, where the page states one."""
    if image.format != "TIFF":
        return None
    from poolcli.media.pillow.metadata import tiff_tags

    return tiff_tags.nodata_of(image)


def metadata_of(image: Image.Image, file: BinaryIO) -> Metadata:
    """Read the metadata of an opened image; durations and the like belong to its frames.

    Parameters
    ----------
    file : binary file
        File that the image was opened from; its position is restored.
    """
    info = image.info
    comment = info.get("comment")
    if isinstance(comment, str):
        comment = comment.encode()
    dropped: list[str] = []
    exif = None
    try:
        exif = copied_exif(image)
        if exif is None and _holds_tags(image):
            dropped.append("unreadable EXIF")
    except Exception:  # what is said of a picture is no reason to refuse the picture
        dropped.append("unreadable EXIF")
    xmp = _xmp_of(image, dropped)
    if image.format == "TIFF":
        from poolcli.media.pillow.metadata.tiff_tags import dropped_tags

        dropped += dropped_tags(image)
    iptc, has_paths = _resources_of(image)
    if has_paths:
        dropped.append("clipping paths")
    colours: dict[bytes, bytes] = {}
    if image.format == "PNG":
        colours, unwritable = colour_chunks_of(file)
        dropped += unwritable
    compression = info.get("compression") if image.format == "TIFF" else None
    return Metadata(
        icc=info.get("icc_profile"),
        exif=exif,
        xmp=xmp,
        iptc=iptc,
        comment=comment,
        texts=_texts_of(image),
        colours=colours,
        loop=_plays_of(image),
        compression=compression if compression in _LOSSLESS_TIFF else None,
        default_image=bool(info.get("default_image", False)),
        lossless=image.format == "WEBP" and _is_lossless_webp(file),
        dropped=tuple(dropped),
    )


def _holds_tags(image: Image.Image) -> bool:
    """Tell whether there are bytes of EXIF in which no tag was found."""
    return len(image.info.get("exif") or b"") > _EMPTY_EXIF and not len(image.getexif())


def _resources_of(image: Image.Image) -> tuple[bytes | None, bool]:
    """Read the IPTC, and tell whether there are clipping paths; only some formats hold either."""
    in_texts = any(map(_is_raw_profile, getattr(image, "text", {})))
    if image.format != "TIFF" and "photoshop" not in image.info and not in_texts:
        return None, False
    from poolcli.media.pillow.metadata.iptc import iptc_of, paths_of

    return iptc_of(image), paths_of(image)


def _xmp_of(image: Image.Image, dropped: list[str]) -> bytes | None:
    """Read the XMP, and name what it promises that is not read."""
    xmp = image.info.get("xmp") or image.info.get(XMP_KEY)
    if isinstance(xmp, str):
        xmp = xmp.encode()
    if not isinstance(xmp, bytes):
        return None
    from poolcli.media.xmp import upright_xmp, without_stale_parts

    xmp, names = without_stale_parts(upright_xmp(xmp))
    dropped += names
    return xmp


def _texts_of(image: Image.Image) -> dict[str, str]:
    return {
        str(key): str(value)
        for key, value in getattr(image, "text", {}).items()
        if key != XMP_KEY and not _is_raw_profile(key)
    }


def _is_raw_profile(key: str) -> bool:
    return key.startswith(_RAW_PROFILE)


def _plays_of(image: Image.Image) -> int | None:
    """Read how often an animation plays; 0 for ever."""
    loop = image.info.get("loop")
    if image.format == "GIF" and getattr(image, "is_animated", False):
        # The block of a GIF counts repetitions, and without one there are none.
        return 1 if loop is None else loop + 1 if loop else 0
    return loop


def _is_lossless_webp(file: BinaryIO) -> bool:
    """Tell whether all of a WebP's pictures are stored without loss."""
    position = file.tell()
    found: set[bytes] = set()
    place = 12
    with suppress(struct.error):
        while True:
            file.seek(place)
            name, length = struct.unpack("<4sI", file.read(8))
            if name == b"ANMF":
                file.seek(place + 24)
                name, _ = struct.unpack("<4sI", file.read(8))
            found.add(name)
            place += 8 + length + length % 2
    file.seek(position)
    return b"VP8L" in found and not found & {b"VP8 ", b"ALPH"}
