"""Files made byte by byte, of kinds that no library here writes."""

import struct
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from tests.commands import Run
from tests.oracle import Array

__all__ = ["chunk", "headed", "page", "png", "read_as", "tiff"]

_FORMATS = {"u": 1, "i": 2, "f": 3}


def read_as(run: Run, name: str, *words: str) -> tuple[Any, str]:
    """The values of a file (channels, height, width) as poolcli reads them, and what it says."""
    Path("out.npy").unlink(missing_ok=True)
    done = run("max", name, "out.npy", "-k", 1, "--alpha=channel", *words)
    assert done.code == 0, done.err
    return np.load("out.npy").tolist(), done.err.removeprefix(f"poolcli: note: {name}: ").strip()


def chunk(name: bytes, body: bytes) -> bytes:
    """A chunk of a PNG."""
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png(
    rows: Sequence[Sequence[int]], bits: int = 8, before: bytes = b"", after: bytes = b""
) -> bytes:
    """A grey PNG, with chunks before or after its pixels."""
    packed = b""
    for row in rows:
        line = "".join(format(value, f"0{bits}b") for value in row)
        line += "0" * (-len(line) % 8)
        packed += b"\0" + int(line, 2).to_bytes(len(line) // 8, "big")
    header = struct.pack(">IIBBBBB", len(rows[0]), len(rows), bits, 0, 0, 0, 0)
    pixels = chunk(b"IDAT", zlib.compress(packed))
    parts = (chunk(b"IHDR", header), before, pixels, after, chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


Page = tuple[dict[int, Sequence[int]], bytes]


def page(x: Array, *, packed: bool = False, order: str = "<", **tags: Any) -> Page:
    """The tags of a page of one strip, and its pixels; tags are given as ``tag254=[1]``."""
    high, wide, channels = x.shape if x.ndim == 3 else (*x.shape, 1)
    data = x.astype(f"{order}{x.dtype.str[1:]}").tobytes()
    data = zlib.compress(data) if packed else data
    given: dict[int, Sequence[int]] = {
        256: [wide],
        257: [high],
        258: [8 * x.dtype.itemsize] * channels,
        259: [8 if packed else 1],
        262: [1],
        273: [0],
        277: [channels],
        278: [high],
        279: [len(data)],
        339: [_FORMATS[x.dtype.kind]] * channels,
    }
    return given | {int(name[3:]): values for name, values in tags.items()}, data


def tiff(*pages: Page, order: str = "<", big: bool = False) -> bytes:
    """A TIFF or BigTIFF of pages, each with its pixels after it; offsets (273) are set here.

    Offsets of several strips in one page are given as they lie in its pixels.
    """
    word, entry, size, head = ("Q", "HHQ", 8, 16) if big else ("I", "HHI", 4, 8)
    out = {"<": b"II", ">": b"MM"}[order] + struct.pack(f"{order}H", 43 if big else 42)
    out += (struct.pack(f"{order}HH", 8, 0) if big else b"") + struct.pack(f"{order}{word}", head)
    for number, (tags, data) in enumerate(pages):
        count = len(tags)
        rest_at = (
            len(out) + struct.calcsize(f"={'Q' if big else 'H'}") + count * (4 + 2 * size) + size
        )
        lengths = {tag: 4 * len(values) for tag, values in tags.items()}
        pixels_at = rest_at + sum(length for length in lengths.values() if length > size)
        entries, rest = b"", b""
        for tag, values in sorted(tags.items()):
            moved = [pixels_at + value for value in values] if tag == 273 else values
            kind, letter = (3, "H") if tag not in (256, 257, 273, 279) else (4, "I")
            packed = struct.pack(f"{order}{len(values)}{letter}", *moved)
            if len(packed) > size:
                packed = packed.ljust(lengths[tag], b"\0")
                rest += packed
                packed = struct.pack(f"{order}{word}", rest_at + len(rest) - len(packed))
            elif lengths[tag] > size:
                rest += bytes(lengths[tag])
            entries += struct.pack(f"{order}{entry}", tag, kind, len(values)) + packed.ljust(
                size, b"\0"
            )
        following = pixels_at + len(data) if number < len(pages) - 1 else 0
        out += struct.pack(f"{order}{'Q' if big else 'H'}", count) + entries
        out += struct.pack(f"{order}{word}", following) + rest + data
    return out


def headed(cards: Mapping[str, object], data: bytes) -> bytes:
    """A unit of a FITS."""
    lines = [f"{key:8}= {value!s:>20}".ljust(80) for key, value in cards.items()]
    header = "".join([*lines, "END".ljust(80)]).encode()
    return header.ljust(-(-len(header) // 2880) * 2880) + data.ljust(
        -(-len(data) // 2880) * 2880, b"\0"
    )
