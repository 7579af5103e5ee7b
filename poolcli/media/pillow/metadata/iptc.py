"""IPTC: captions and credits, read from and written as a resource of Photoshop's."""

import struct
from contextlib import suppress
from typing import Any

from PIL import Image

__all__ = ["PHOTOSHOP_TAG", "TIFF_TAG", "as_jpeg_segment", "as_png_text", "iptc_of", "paths_of"]

TIFF_TAG, PHOTOSHOP_TAG = 33723, 34377

_RESOURCE = 0x0404
_PATHS = range(2000, 2999)
"""Resources that hold clipping paths, in fractions of the old height and width."""

_PNG_KEYS = ("Raw profile type iptc", "Raw profile type 8bim")
_HEX_PER_LINE = 72


def iptc_of(image: Image.Image) -> bytes | None:
    """Read the records of IPTC, wherever the format stores them."""
    tags: Any = getattr(image, "tag_v2", {}) if image.format == "TIFF" else {}
    own = tags.get(TIFF_TAG)
    if isinstance(own, bytes) and own:
        return own
    if isinstance(own, tuple) and own:  # some writers store the bytes as integers of 4 bytes
        with suppress(struct.error):
            return struct.pack(f"{_order(image)}{len(own)}I", *own).rstrip(b"\0")
    found = _resources_of(image).get(_RESOURCE)
    return found if isinstance(found, bytes) and found else None


def paths_of(image: Image.Image) -> bool:
    """Tell whether there are clipping paths beside the picture."""
    return any(number in _PATHS for number in _resources_of(image))


def as_jpeg_segment(iptc: bytes) -> bytes:
    """Wrap the records into a segment of a JPEG.

    >>> as_jpeg_segment(b"abc")[4:17]
    b'Photoshop 3.0'
    """
    body = b"Photoshop 3.0\0" + _as_resource(iptc)
    return b"\xff\xed" + struct.pack(">H", len(body) + 2) + body


def as_png_text(iptc: bytes) -> tuple[str, str]:
    """Write the records as the keyword and the text by which PNG tools exchange them.

    >>> as_png_text(b"abc")[0]
    'Raw profile type iptc'
    """
    data = _as_resource(iptc)
    digits = data.hex()
    lines = [digits[at : at + _HEX_PER_LINE] for at in range(0, len(digits), _HEX_PER_LINE)]
    return _PNG_KEYS[0], "\n".join(["", "iptc", f"{len(data):8d}", *lines, ""])


def _as_resource(iptc: bytes) -> bytes:
    return b"8BIM" + struct.pack(">HHI", _RESOURCE, 0, len(iptc)) + iptc + bytes(len(iptc) % 2)


def _order(image: Image.Image) -> str:
    prefix: Any = getattr(getattr(image, "tag_v2", None), "prefix", b"II")
    return "<" if prefix == b"II" else ">"


def _resources_of(image: Image.Image) -> dict[int, Any]:
    """Read Photoshop's resources by their numbers."""
    if image.format in ("JPEG", "MPO"):
        return dict(image.info.get("photoshop", {}))
    if image.format == "TIFF":
        return _parsed(getattr(image, "tag_v2", {}).get(PHOTOSHOP_TAG))
    texts = getattr(image, "text", {})
    for key in _PNG_KEYS:
        with suppress(ValueError):
            name, _, digits = str(texts.get(key, "")).strip().partition("\n")
            return _parsed(bytes.fromhex(digits.strip().partition("\n")[2])) if name else {}
    return {}


def _parsed(data: Any) -> dict[int, bytes]:
    found: dict[int, bytes] = {}
    place = 0
    while isinstance(data, bytes) and data[place : place + 4] == b"8BIM":
        with suppress(struct.error, IndexError):
            (number,) = struct.unpack_from(">H", data, place + 4)
            start = place + 6 + (data[place + 6] + 2) // 2 * 2  # after a name of even length
            (length,) = struct.unpack_from(">I", data, start)
            found[number] = data[start + 4 : start + 4 + length]
            place = start + 4 + (length + 1) // 2 * 2
            continue
        break
    return found
