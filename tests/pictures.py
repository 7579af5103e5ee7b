"""Pictures to pool, files that Pillow cannot write, and what pooling should make of them."""

import struct
import zlib
from collections.abc import Callable, Sequence
from math import prod
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import PIL
from PIL import Image

from tests import oracle
from tests.oracle import Array, Ints

Photo: TypeAlias = Callable[..., Image.Image]

PILLOW = tuple(map(int, PIL.__version__.split(".")[:2]))
"""The version that is installed."""

_BYTES = {"I": 4, "F": 4, "I;16": 2, "I;16B": 2}
_TIFF_TYPES = {3: "H", 4: "I"}


def noise(shape: Sequence[int], dtype: str = "u1") -> Array:
    """Every value of an integer dtype as likely as any other."""
    raw = np.random.default_rng(7).bytes(prod(shape) * np.dtype(dtype).itemsize)
    return np.frombuffer(raw, dtype).reshape(shape)


def photo(mode: str, size: tuple[int, int] = (20, 15)) -> Image.Image:
    """One picture of (width, height) in any mode, the same ever; noise, for no flat windows."""
    wide, high = size
    if mode == "1":
        return Image.fromarray(noise((high, wide)) > 127)
    if mode == "F":
        return Image.fromarray(np.random.default_rng(7).normal(size=(high, wide)).astype("f4"))
    samples = _BYTES.get(mode) or len(Image.new(mode, (1, 1)).getbands())
    image = Image.frombytes(mode, size, noise((high, wide, samples)).tobytes())
    if mode in ("P", "PA"):
        image.putpalette(noise((768,)).tobytes())
    return image


def pixels(image: Image.Image) -> Array:
    """(height, width, channels), with bits as 0 and 255 and palettes looked up; not by poolcli."""
    if image.mode in ("P", "PA"):
        return _looked_up(image)
    array: Array = np.asarray(image)
    if image.mode == "1":
        array = array * np.uint8(255)
    return array.astype(array.dtype.newbyteorder("=")).reshape(image.height, image.width, -1)


def _looked_up(image: Image.Image) -> Array:
    samples = np.frombuffer(image.tobytes(), "u1").reshape(image.height, image.width, -1)
    indices, alpha = samples[..., :1], samples[..., 1:]
    colours = np.reshape(image.getpalette("RGB") or [], (-1, 3)).astype("u1")[indices[..., 0]]
    clear = image.info.get("transparency")
    if clear is not None:
        alpha = np.where(indices == clear, np.uint8(0), np.uint8(255))
    return np.concatenate([colours, alpha], axis=-1)


def read(path: Path | str) -> tuple[str, Array]:
    """A file's mode and pixels, by Pillow alone."""
    with Image.open(path) as image:
        image.load()
        return image.mode, pixels(image)


def pooled(
    operation: str,
    x: Array,
    kernel: Ints,
    stride: Ints | None = None,
    padding: Ints = 0,
    dilation: Ints = 1,
    ceil_mode: bool = False,
    **average: Any,
) -> Array:
    """What `oracle` makes of (height, width, channels); ``average`` is for `oracle.avg_pool`."""
    numbers = ((0, 1), kernel, stride or kernel, padding, dilation, ceil_mode)
    if operation == "avg":
        return oracle.avg_pool(x, *numbers, **average).astype(x.dtype)
    reduce = {"max": np.max, "min": np.min}[operation]
    return oracle.pool(x, *numbers, reduce=reduce).astype(x.dtype)


def same(got: Array, want: Array, near: float = 0) -> bool:
    """Equal shapes, dtypes and (or so ``near``) values."""
    if got.dtype != want.dtype or got.shape != want.shape:
        return False
    return np.allclose(got, want, rtol=0, atol=near)


def deep_png(x: Array) -> bytes:
    """A PNG of 16-bit samples (height, width, 1 … 4)."""
    high, wide, channels = x.shape
    colour = {1: 0, 2: 4, 3: 2, 4: 6}[channels]
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in x)
    header = struct.pack(">IIBBBBB", wide, high, 16, colour, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in parts
    )


def deep_tiff(x: Array, *, planar: bool = False, order: str = "<") -> bytes:
    """A TIFF of 16-bit RGB samples (height, width, 3), pixel by pixel or plane by plane."""
    high, wide, channels = x.shape
    data = np.moveaxis(x, -1, 0) if planar else x
    strips = channels if planar else 1
    length = x.nbytes // strips
    first = 8 + 2 + 10 * 12 + 4  # behind the header and ten entries: what is too long for an entry
    start = first + 2 * channels + (8 * strips if planar else 0)
    tags: list[tuple[int, int, list[int]]] = [
        (256, 4, [wide]),
        (257, 4, [high]),
        (258, 3, [16] * channels),
        (259, 3, [1]),
        (262, 3, [2]),
        (273, 4, [start + i * length for i in range(strips)]),
        (277, 3, [channels]),
        (278, 4, [high]),
        (279, 4, [length] * strips),
        (284, 3, [2 if planar else 1]),
    ]
    entries, rest = b"", b""
    for tag, kind, values in tags:
        value = struct.pack(f"{order}{len(values)}{_TIFF_TYPES[kind]}", *values)
        if len(value) > 4:
            rest += value
            value = struct.pack(f"{order}I", first + len(rest) - len(value))
        entries += struct.pack(f"{order}HHI", tag, kind, len(values)) + value.ljust(4, b"\0")
    head = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(f"{order}IH", 8, len(tags))
    return head + entries + bytes(4) + rest + data.astype(f"{order}u2").tobytes()
