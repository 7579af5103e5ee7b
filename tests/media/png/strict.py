"""A PNG taken apart by its specification alone; whatever it forbids fails."""

import struct
import zlib

import numpy as np

from tests.oracle import Array

__all__ = ["decoded", "parts"]

_CHANNELS = {0: 1, 2: 3, 4: 2, 6: 4}


def parts(data: bytes) -> list[tuple[bytes, bytes]]:
    """Names and contents of all chunks; checksums, and the order of the pixels', are checked."""
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    found, at = [], 8
    while at < len(data):
        length, name = struct.unpack_from(">I4s", data, at)
        body = data[at + 8 : at + 8 + length]
        assert struct.unpack_from(">I", data, at + 8 + length)[0] == zlib.crc32(name + body)
        found.append((name, body))
        at += 12 + length
    names = [name for name, _ in found]
    first = names.index(b"IDAT")
    assert names[first : first + names.count(b"IDAT")] == [b"IDAT"] * names.count(b"IDAT")
    assert (names[0], names[-1], names.count(b"IEND")) == (b"IHDR", b"IEND", 1)
    return found


def decoded(data: bytes) -> Array:
    """Samples (height, width, channels) of 8 or 16 bits."""
    found = parts(data)
    wide, high, bits, colour, *rest = struct.unpack(">IIBBBBB", found[0][1])
    assert (bits in (8, 16), rest) == (True, [0, 0, 0])
    inflate = zlib.decompressobj()  # it checks the Adler-32
    raw = inflate.decompress(b"".join(body for name, body in found if name == b"IDAT"))
    assert (inflate.eof, inflate.unused_data) == (True, b"")
    step = _CHANNELS[colour] * bits // 8
    length = 1 + wide * step
    assert len(raw) == high * length
    above, rows = [0] * (length - 1), []
    for top in range(0, len(raw), length):
        above = _unfiltered(raw[top], list(raw[top + 1 : top + length]), above, step)
        rows.append(bytes(above))
    samples = np.frombuffer(b"".join(rows), f">u{bits // 8}")
    return samples.astype(f"u{bits // 8}").reshape(high, wide, -1)


def _unfiltered(number: int, line: list[int], above: list[int], step: int) -> list[int]:
    for i, value in enumerate(line):
        a, c = (line[i - step], above[i - step]) if i >= step else (0, 0)
        line[i] = (value + guess(number, a, above[i], c)) % 256
    return line


def guess(number: int, a: int, b: int, c: int) -> int:
    """What a filter expects of a byte with these to the left, above, and above to the left."""
    nearest = min((abs(b - c), 0, a), (abs(a - c), 1, b), (abs(a + b - 2 * c), 2, c))[2]
    return (0, a, b, (a + b) // 2, nearest)[number]
