"""PNG: damaged chunks that a picture can do without, long texts, and keys of grey of few bits."""

import struct
import zlib
from io import BytesIO
from typing import Any, BinaryIO

from PIL import Image, PngImagePlugin
from PIL.ImageFile import ImageFile

from poolcli.media.pillow.reading.formats.correction import Correction

__all__ = ["correct_png", "mend_png"]

_SIGNATURE_BYTES = 8

_MAX_TEXT = 1 << 26
"""Bytes of text or profile that are read, inflated; Pillow's own limit, 1 MiB, is too low."""

_MIN_LENGTHS = {b"cHRM": 32, b"gAMA": 4, b"sRGB": 1, b"pHYs": 9}
"""Lengths of the chunks that Pillow would refuse the whole file for."""

_KEY_LENGTHS = {0: 2, 2: 6}
"""Least length of a tRNS chunk, by the colour type of the header."""

_COMPRESSED = {b"zTXt", b"iTXt", b"iCCP"}
_ANIMATION = {b"acTL", b"fcTL", b"fdAT"}

_GREY_SCALES = {"L;2": (3, 85), "L;4": (15, 17)}
"""Largest key of each raw mode, and what its samples are multiplied by."""


def mend_png(file: BinaryIO) -> tuple[BinaryIO, list[str]]:
    """Leave out chunks that are damaged, if a picture can do without them.

    Returns
    -------
    (binary file, list of str)
        The file itself if nothing was left out, and a note on each kind of chunk that was.
    """
    PngImagePlugin.MAX_TEXT_CHUNK = max(PngImagePlugin.MAX_TEXT_CHUNK, _MAX_TEXT)
    file.seek(_SIGNATURE_BYTES + 8 + 9)
    least = _MIN_LENGTHS | {b"tRNS": _KEY_LENGTHS.get((file.read(1) or b"\3")[0], 0)}
    bad: list[tuple[int, int]] = []
    notes = []
    at = _SIGNATURE_BYTES
    while True:
        file.seek(at)
        head = file.read(8)
        if len(head) < 8:
            break
        length, name = struct.unpack(">I4s", head)
        end = at + 12 + length
        if name[0] & 0x20 and name not in _ANIMATION:
            body = file.read(length + 4)
            if len(body) == length + 4 and not _is_sound(name, body[:-4], body[-4:], least):
                bad.append((at, end))
                shown = name.decode("latin-1")
                notes.append(f"its {shown} chunk is damaged or too long and was dropped")
        at = end
    file.seek(0)
    return (_without(file, bad) if bad else file), list(dict.fromkeys(notes))


def _is_sound(name: bytes, body: bytes, checksum: bytes, least: dict[bytes, int]) -> bool:
    if zlib.crc32(body, zlib.crc32(name)) != int.from_bytes(checksum, "big"):
        return False
    if len(body) < least.get(name, 0):
        return False
    return name not in _COMPRESSED or _is_readable(name, body)


def _is_readable(name: bytes, body: bytes) -> bool:
    """Tell whether the method of compression is the known one, and the length within limits."""
    _, _, rest = body.partition(b"\0")
    if name == b"iTXt":
        packed = rest[2:].partition(b"\0")[2].partition(b"\0")[2]
        if rest[:1] != b"\1":
            return len(packed) <= _MAX_TEXT
        rest = rest[1:2] + packed
    if rest[:1] not in (b"\0", b""):
        return False
    inflate = zlib.decompressobj()
    try:
        inflate.decompress(rest[1:], _MAX_TEXT)
    except zlib.error:
        return False
    return not inflate.unconsumed_tail


def _without(file: BinaryIO, bad: list[tuple[int, int]]) -> BytesIO:
    file.seek(0)
    data = file.read()
    kept, start = [], 0
    for begin, end in bad:
        kept.append(data[start:begin])
        start = end
    return BytesIO(b"".join([*kept, data[start:]]))


def correct_png(image: ImageFile, _file: BinaryIO) -> Correction:
    """Scale the transparent value of grey of 1, 2 or 4 bits as Pillow scales the samples."""
    arguments: Any = image.tile[0][3] if image.tile else ""
    key = image.info.get("transparency")
    raw_mode = arguments if isinstance(arguments, str) else (*arguments, "")[0]
    if image.mode == "1" and isinstance(key, int):
        return Correction((), "LA", lambda image: _with_key(image, 255 if key else 0))
    if image.mode == "L" and isinstance(key, int):
        largest, factor = _GREY_SCALES.get(raw_mode, (255, 1))
        image.info["transparency"] = (key & largest) * factor
    return Correction()


def _with_key(image: Image.Image, key: int) -> Image.Image:
    """Make a value of a bit map transparent; Pillow before 13 converts it without."""
    grey = image.convert("L")
    grey.info["transparency"] = key
    return grey.convert("LA")
