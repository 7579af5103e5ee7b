"""BMP: pixels of 16 and 32 bits whose channels lie under masks that Pillow does not know."""

import struct
from io import BytesIO
from typing import BinaryIO, NamedTuple

import numpy as np

from poolcli.core.types import Array
from poolcli.errors import PictureError

__all__ = ["mend_bmp"]

_FILE_HEADER = 14
_BIT_FIELDS, _ALPHA_BIT_FIELDS = 3, 6
_V4_HEADER = 108
_OUTPUT_MASKS = (0xFF0000, 0xFF00, 0xFF, 0xFF000000)

_KNOWN_MASKS = {
    (16, (0xF800, 0x07E0, 0x001F, 0)),
    (16, (0x7C00, 0x03E0, 0x001F, 0)),
    (32, (0x00FF0000, 0x0000FF00, 0x000000FF, 0)),
    (32, (0x00FF0000, 0x0000FF00, 0x000000FF, 0xFF000000)),
    (32, (0x000000FF, 0x0000FF00, 0x00FF0000, 0xFF000000)),
    (32, (0, 0, 0, 0)),
}
"""Bits of a pixel and masks of red, green, blue and alpha that Pillow reads right."""


class _Header(NamedTuple):
    size: int
    width: int
    height: int
    bits: int
    compression: int
    pixels_at: int
    masks: tuple[int, int, int, int]


def mend_bmp(file: BinaryIO) -> tuple[BinaryIO, list[str]]:
    """Rewrite a BMP of other masks as one of 32 bits, whose masks Pillow knows.

    Raises
    ------
    PictureError
        If a channel has more than 8 bits, or a mask has gaps.
    """
    try:
        header = _read_header(file)
    except struct.error:
        header = None
    known = header is not None and (header.bits, header.masks) in _KNOWN_MASKS
    if header is None or (known and header.compression == _BIT_FIELDS):
        file.seek(0)
        return file, []
    widths = [mask.bit_count() for mask in header.masks]
    if max(widths) > 8:
        raise PictureError(
            f"is a BMP of {'-'.join(map(str, widths[:3]))} bits, of which only 8 can be read; "
            "save it as a 16-bit TIFF or .npy in grey"
        )
    if any(_has_gaps(mask) for mask in header.masks):
        raise PictureError("is a BMP whose colour masks have gaps, which cannot be read")
    return _rewritten(file, header), []


def _read_header(file: BinaryIO) -> _Header | None:
    file.seek(0)
    head = file.read(_FILE_HEADER + 56).ljust(_FILE_HEADER + 56, b"\0")
    size, width, height, _, bits, compression = struct.unpack_from("<IiiHHI", head, _FILE_HEADER)
    if size < 40 or bits not in (16, 32) or compression not in (_BIT_FIELDS, _ALPHA_BIT_FIELDS):
        return None
    masks = list(struct.unpack_from("<4I", head, _FILE_HEADER + 40))
    if size < 56 and compression == _BIT_FIELDS:
        masks[3] = 0
    (pixels_at,) = struct.unpack_from("<I", head, 10)
    red, green, blue, alpha = masks
    return _Header(size, width, height, bits, compression, pixels_at, (red, green, blue, alpha))


def _has_gaps(mask: int) -> bool:
    low = mask & -mask
    return bool(mask and (mask // low) & (mask // low + 1))


def _rewritten(file: BinaryIO, header: _Header) -> BytesIO:
    file.seek(header.pixels_at)
    high, bytes_each = abs(header.height), header.bits // 8
    pitch = (header.width * header.bits + 31) // 32 * 4
    packed = file.read(pitch * high)
    if header.width <= 0 or not high or len(packed) < pitch * high:
        raise PictureError("is truncated or damaged (a BMP shorter than its header says)")
    rows = np.frombuffer(packed, np.uint8).reshape(high, pitch)[:, : header.width * bytes_each]
    pixels = np.ascontiguousarray(rows).view(f"<u{bytes_each}")
    red, green, blue = (_channel(pixels, mask, 0) for mask in header.masks[:3])
    stack = np.stack([blue, green, red, _channel(pixels, header.masks[3], 255)], axis=-1)
    file.seek(_FILE_HEADER)
    old = bytearray(file.read(40))
    struct.pack_into("<I", old, 0, _V4_HEADER)
    masks = _OUTPUT_MASKS if header.masks[3] else (*_OUTPUT_MASKS[:3], 0)
    struct.pack_into("<HII", old, 14, 32, _BIT_FIELDS, stack.nbytes)
    old += struct.pack("<4I", *masks) + bytes(_V4_HEADER - 56)
    start = _FILE_HEADER + _V4_HEADER
    return BytesIO(
        struct.pack("<2sIHHI", b"BM", start + stack.nbytes, 0, 0, start) + old + stack.tobytes()
    )


def _channel(pixels: Array, mask: int, absent: int) -> Array:
    """Take the bits under a mask, and scale them so that all set are 255, rounded as by Pillow."""
    if not mask:
        return np.full(pixels.shape, absent, np.uint8)
    low = mask & -mask
    values = (pixels & mask) // low
    largest = mask // low
    scaled: Array = values.astype(np.uint32) * 255 // largest
    return scaled.astype(np.uint8)
