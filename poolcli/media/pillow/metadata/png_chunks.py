"""Chunks of a PNG that say what its samples mean, which Pillow does not keep; and texts."""

import struct
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from PIL.PngImagePlugin import PngInfo

__all__ = ["XMP_KEY", "colour_chunks_of", "is_srgb", "made_chunks"]

XMP_KEY = "XML:com.adobe.xmp"
"""Keyword of the text chunk that holds XMP in a PNG."""

_SIGNATURE_BYTES = 8
_COLOUR_CHUNKS = {b"cHRM", b"cICP", b"gAMA", b"sRGB"}
_HDR_CHUNKS = {b"cLLI", b"cLLi", b"mDCV", b"mDCv"}
"""Chunks on the display that a picture was made on, which Pillow does not write."""

_SRGB_GAMMA = struct.pack(">I", 45455)
_SRGB_CHROMATICITIES = struct.pack(">8I", 31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000)
_SRGB_VALUES = {b"gAMA": _SRGB_GAMMA, b"cHRM": _SRGB_CHROMATICITIES}
_SRGB_CODE_POINTS = b"\x01\x0d\0\x01"


def colour_chunks_of(file: BinaryIO) -> tuple[dict[bytes, bytes], list[str]]:
    """Read the chunks on colour, and the names of those that cannot be written.

    Parameters
    ----------
    file : binary file
        A PNG; its position is restored.
    """
    position = file.tell()
    found: dict[bytes, bytes] = {}
    dropped = []
    for name, length in _chunks_before_pixels(file):
        if name in _COLOUR_CHUNKS and length <= 32:
            found.setdefault(name, file.read(length))
        elif name in _HDR_CHUNKS:
            dropped.append(f"PNG chunk {name.decode()}")
    file.seek(position)
    return found, dropped


def _chunks_before_pixels(file: BinaryIO) -> Iterator[tuple[bytes, int]]:
    place = _SIGNATURE_BYTES
    while True:
        file.seek(place)
        head = file.read(8)
        if len(head) < 8 or head[4:] in (b"IDAT", b"IEND"):
            return
        (length,) = struct.unpack(">I", head[:4])
        yield head[4:], length
        place += 12 + length


def is_srgb(chunks: Mapping[bytes, bytes]) -> bool:
    """Tell whether the chunks say no more than readers assume without them: sRGB.

    >>> is_srgb({b"gAMA": struct.pack(">I", 45455)}), is_srgb({b"gAMA": struct.pack(">I", 100000)})
    (True, False)
    """
    if b"cICP" in chunks:
        return chunks[b"cICP"] == _SRGB_CODE_POINTS
    return b"sRGB" in chunks or all(
        chunks.get(name, value) == value for name, value in _SRGB_VALUES.items()
    )


def made_chunks(
    texts: Mapping[str, str], colours: Mapping[bytes, bytes], xmp: bytes | None
) -> "PngInfo":
    """Make the chunks that Pillow is given to write."""
    from PIL.PngImagePlugin import PngInfo

    chunks = PngInfo()
    for name, data in colours.items():
        chunks.add(name, data)
    for key, value in texts.items():
        try:
            value.encode("latin-1")
            chunks.add_text(key, value)
        except UnicodeEncodeError:
            chunks.add_itxt(key, value)
    if xmp is not None:
        chunks.add_itxt(XMP_KEY, xmp.decode("utf-8", "replace"))
    return chunks
