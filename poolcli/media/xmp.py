"""XMP: turned upright, freed of statements about bytes that are not copied, set to a new size."""

import re
from typing import NamedTuple

__all__ = ["upright_xmp", "without_stale_parts", "xmp_for_size"]

_ORIENTATION = rb"(tiff:Orientation(?:=[\"']|>))[2-8]"

_LENGTHS = (
    rb"((?:exif:PixelXDimension|tiff:ImageWidth)(?:=[\"']|>))\d+",
    rb"((?:exif:PixelYDimension|tiff:ImageLength)(?:=[\"']|>))\d+",
)


class _StalePart(NamedTuple):
    """Properties of a namespace that describe what is not copied, and the name of that."""

    namespace: bytes
    properties: bytes
    name: str | None = None


_STALE_PARTS = (
    _StalePart(rb"http://ns\.adobe\.com/hdr-gain-map/1\.0/", rb"\w+", "gain map"),
    _StalePart(rb"http://ns\.apple\.com/HDRGainMap/1\.0/", rb"\w+", "gain map"),
    _StalePart(rb"http://ns\.google\.com/photos/1\.0/container/", rb"\w+"),
    _StalePart(rb"http://ns\.google\.com/photos/1\.0/container/item/", rb"\w+"),
    _StalePart(
        rb"http://ns\.google\.com/photos/1\.0/camera/",
        rb"(?:MotionPhoto|MicroVideo)\w*",
        "motion video",
    ),
    _StalePart(rb"http://ns\.google\.com/photos/1\.0/depthmap/", rb"\w+", "depth map"),
    _StalePart(rb"http://ns\.google\.com/photos/1\.0/image/", rb"\w+", "second image"),
    _StalePart(rb"http://ns\.google\.com/photos/1\.0/audio/", rb"\w+", "sound"),
    _StalePart(rb"http://ns\.google\.com/photos/1\.0/panorama/", rb"\w+Pixels", "panorama sizes"),
    _StalePart(rb"http://ns\.adobe\.com/xmp/note/", rb"HasExtendedXMP", "extended XMP"),
    _StalePart(rb"http://ns\.adobe\.com/xap/1\.0/", rb"Thumbnails"),
    _StalePart(rb"http://ns\.adobe\.com/tiff/1\.0/", rb"(?:[XY]Resolution|ResolutionUnit)"),
)


def upright_xmp(xmp: bytes) -> bytes:
    """Set the orientation to upright.

    >>> upright_xmp(b'<x tiff:Orientation="6"/>')
    b'<x tiff:Orientation="1"/>'
    """
    return re.sub(_ORIENTATION, rb"\g<1>1", xmp)


def xmp_for_size(xmp: bytes | None, size: tuple[int, int]) -> bytes | None:
    """Set the width and height in the XMP to those of the picture.

    >>> xmp_for_size(b'<x exif:PixelXDimension="48"/>', (24, 16))
    b'<x exif:PixelXDimension="24"/>'
    """
    if xmp is None:
        return None
    for pattern, length in zip(_LENGTHS, size, strict=True):
        xmp = re.sub(pattern, b"\\g<1>%d" % length, xmp)
    return xmp


def without_stale_parts(xmp: bytes) -> tuple[bytes, list[str]]:
    """Remove statements about other bytes of the old file; list what they promise.

    >>> apple = b"http://ns.apple.com/HDRGainMap/1.0/"
    >>> without_stale_parts(b'<x xmlns:a="%s" a:Version="1" b:c="d"/>' % apple)
    (b'<x b:c="d"/>', ['gain map'])
    """
    names: list[str] = []
    for part in _STALE_PARTS:
        declared = rb"\s+xmlns:([\w.-]+)\s*=\s*([\"'])" + part.namespace + rb"\2"
        for prefix in {match[1] for match in re.finditer(declared, xmp)}:
            xmp, count = _without_properties(xmp, re.escape(prefix), part.properties)
            if count and part.name is not None and part.name not in names:
                names.append(part.name)
            if not re.search(rb"[\s<]" + re.escape(prefix) + rb":", xmp):
                xmp = re.sub(declared, b"", xmp)
    return xmp, names


def _without_properties(xmp: bytes, prefix: bytes, properties: bytes) -> tuple[bytes, int]:
    """Remove the elements and the attributes of these names; count them."""
    name = prefix + b":" + properties
    element = rb"\s*<(" + name + rb")(?:\s[^>]*?)?(?:/>|>.*?</\1\s*>)"
    xmp, elements = re.subn(element, b"", xmp, flags=re.DOTALL)
    xmp, attributes = re.subn(rb"\s+" + name + rb"\s*=\s*(?:\"[^\"]*\"|'[^']*')", b"", xmp)
    return xmp, elements + attributes
