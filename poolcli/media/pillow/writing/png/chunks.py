"""Chunks of a PNG, and those around the pixels as Pillow writes them."""

import struct
import zlib
from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import Any, BinaryIO, NamedTuple

from PIL import Image

__all__ = [
    "SIGNATURE",
    "Chunk",
    "Surroundings",
    "chunks_of",
    "pillow_png",
    "surroundings",
    "write_chunk",
]

SIGNATURE = b"\x89PNG\r\n\x1a\n"

_NAME = "picture.png"
"""A name by which Pillow finds its encoder without importing those of other formats."""


class Chunk(NamedTuple):
    """A chunk's type, in four letters, and its data."""

    kind: bytes
    data: bytes


class Surroundings(NamedTuple):
    """The chunks before and after those of the pixels."""

    before: list[Chunk]
    after: list[Chunk]


def write_chunk(file: BinaryIO, kind: bytes, data: bytes) -> None:
    """Write a chunk with its length and its checksum."""
    file.write(struct.pack(">I4s", len(data), kind))
    file.write(data)
    file.write(struct.pack(">I", zlib.crc32(data, zlib.crc32(kind))))


def pillow_png(image: Image.Image, options: Mapping[str, Any]) -> bytes:
    """Encode an image as PNG by Pillow."""
    buffer: Any = BytesIO()
    buffer.name = _NAME
    image.save(buffer, **options)
    data: bytes = buffer.getvalue()
    return data


def surroundings(
    mode: str, size: tuple[int, int], bits: int, options: Mapping[str, Any]
) -> Surroundings:
    """Take the chunks over that Pillow writes around the pixels; the header is given its numbers.

    Parameters
    ----------
    mode : str
        Pillow's mode of the picture; of its 8-bit kin where Pillow has none.
    size : (int, int)
        Width and height.
    bits : int
        Bits of a sample.
    options : mapping
        Pillow's options for saving.

    Examples
    --------
    >>> [chunk.kind for chunk in surroundings("RGB", (7, 5), 16, {"dpi": (72, 72)}).before]
    [b'IHDR', b'pHYs']
    """
    before: list[Chunk] = []
    after: list[Chunk] = []
    chunks = before
    for kind, body in chunks_of(pillow_png(Image.new(mode, (1, 1)), options)):
        if kind == b"IDAT":
            chunks = after
            continue
        numbers = struct.pack(">IIB", *size, bits) if kind == b"IHDR" else b""
        chunks.append(Chunk(kind, numbers + body[len(numbers) :]))
    return Surroundings(before, after)


def chunks_of(data: bytes) -> Iterator[Chunk]:
    """Take an encoded PNG apart."""
    at = len(SIGNATURE)
    while at < len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        yield Chunk(kind, data[at + 8 : at + 8 + length])
        at += 12 + length
