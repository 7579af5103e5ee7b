"""Files of 16-bit colours, made byte by byte or by other libraries than Pillow."""

import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from tests.oracle import Array
from tests.pictures import deep_png, noise

SHAPE = (15, 20)
CHANNELS = {"LA": 2, "RGB": 3, "RGBA": 4}
_ADAM7 = [(0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2)]
_ADAM7 += [(1, 0, 2, 1)]
"""First row and column, and the steps, of each pass."""


def samples(mode: str, shape: tuple[int, int] = SHAPE) -> Array:
    """Noise, with alpha that is nothing, a little, nearly all and all."""
    x = noise((*shape, CHANNELS[mode]), "u2").copy()
    if mode.endswith("A"):
        x[..., -1] = np.array([0, 0, 1, 255, 256, 32768, 65534, 65535], "u2")[x[..., -1] % 8]
    return x


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def with_chunk(data: bytes, name: bytes, body: bytes) -> bytes:
    """Put a chunk of a PNG right after the header."""
    return data[:33] + chunk(name, body) + data[33:]


def interlaced(x: Array) -> bytes:
    """Make a PNG of the seven passes of Adam7."""
    high, wide, channels = x.shape
    colour = {2: 4, 3: 2, 4: 6}[channels]
    rows = b"".join(
        b"\0" + row.astype(">u2").tobytes()
        for top, left, down, across in _ADAM7
        for row in x[top::down, left::across]
        if row.size
    )
    header = struct.pack(">IIBBBBB", wide, high, 16, colour, 0, 0, 1)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        chunk(*parts)
        for parts in ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    )


def filtered(x: Array) -> bytes:
    """Make a PNG whose rows have the five filters in turn."""
    high, _, channels = x.shape
    step = 2 * channels
    rows = x.astype(">u2").reshape(high, -1).view("u1").astype(int)
    out = []
    for y, row in enumerate(rows):
        above = rows[y - 1] if y else np.zeros_like(row)
        left, corner = (np.r_[np.zeros(step, int), line[:-step]] for line in (row, above))
        guess = left + above - corner
        near = [abs(guess - line) for line in (left, above, corner)]
        paeth = np.where(
            (near[0] <= near[1]) & (near[0] <= near[2]),
            left,
            np.where(near[1] <= near[2], above, corner),
        )
        kind = y % 5
        base = [np.zeros_like(row), left, above, (left + above) // 2, paeth][kind]
        out.append(bytes([kind]) + ((row - base) % 256).astype("u1").tobytes())
    plain = deep_png(x)
    at = plain.index(b"IDAT") - 4
    return plain[:at] + chunk(b"IDAT", zlib.compress(b"".join(out))) + chunk(b"IEND", b"")


def ppm(x: Array, largest: int = 65535) -> bytes:
    return b"P6 %d %d %d\n" % (x.shape[1], x.shape[0], largest) + x.astype(">u2").tobytes()


def plain_ppm(x: Array, largest: int = 65535) -> bytes:
    head = f"P3\n# one\n{x.shape[1]} {x.shape[0]}\n{largest}\n"
    return (head + " ".join(map(str, x.flat)) + "\n").encode()


def grey_and_alpha_tiff(x: Array, order: str = "<") -> bytes:
    """Make a TIFF of one strip, whose pixels stand after the directory."""
    high, wide, _ = x.shape
    tags = [(256, wide), (257, high), (258, 16, 16), (259, 1), (262, 1), (273, 134), (277, 2)]
    tags += [(278, high), (279, x.nbytes), (338, 2)]
    entries = b"".join(
        struct.pack(f"{order}HHI2H", tag, 3, len(values), *values, *[0] * (2 - len(values)))
        for tag, *values in tags
    )
    head = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(f"{order}IH", 8, len(tags))
    return head + entries + bytes(4) + x.astype(f"{order}u2").tobytes()


def tiff_by(library: Any, **options: Any) -> Callable[[Array], bytes]:
    """Write by tifffile, in its own words."""

    def write(x: Array) -> bytes:
        path = Path("made.tif")
        kinds: dict[str, Any] = {"photometric": "minisblack" if x.shape[2] == 2 else "rgb"}
        if x.shape[2] in (2, 4):
            kinds["extrasamples"] = ["unassalpha"]
        stored = np.moveaxis(x, -1, 0) if options.get("planarconfig") == "separate" else x
        library.imwrite(path, stored, **({"planarconfig": "contig"} | kinds | options))
        return path.read_bytes()

    return write
