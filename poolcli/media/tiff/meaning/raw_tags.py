"""Tags of a page as they are stored: bytes of a type, in this machine's order."""

from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np

__all__ = [
    "LETTERS",
    "RawTag",
    "doubles",
    "longs",
    "places",
    "ratio",
    "ratios",
    "read_raw",
    "shorts",
    "texts",
]

LETTERS = {1: "u1", 2: "u1", 3: "u2", 4: "u4", 5: "u4", 6: "i1", 7: "u1", 8: "i2", 9: "i4"}
LETTERS |= {10: "i4", 11: "f4", 12: "f8", 16: "u8", 17: "i8"}
"""Numbers that a value of each type is made of; directories' offsets are left out."""

_ASCII, _SHORT, _LONG, _RATIO, _DOUBLE, _LONG8 = 2, 3, 4, 5, 12, 16
_LARGEST = 0xFFFFFFFF


class RawTag(NamedTuple):
    """A tag as tifffile's writer takes it; the last field says that pages differ."""

    code: int
    kind: int
    length: int
    value: bytes
    once: bool = False


def read_raw(page: Any, tag: Any) -> RawTag | None:
    """Read a tag's bytes; None if they are places in the old file, or cannot be read."""
    letter = LETTERS.get(int(tag.dtype))
    if letter is None:
        return None
    file = page.parent.filehandle
    file.seek(tag.valueoffset)
    raw = file.read(tag.valuebytecount)
    if len(raw) < tag.valuebytecount:
        return None
    stored = np.frombuffer(raw, page.parent.byteorder + letter)
    return RawTag(tag.code, int(tag.dtype), tag.count, stored.astype(letter).tobytes())


def doubles(code: int, values: Any) -> RawTag:
    """Make a tag of float64 values."""
    stored = np.asarray(values, np.float64)
    return RawTag(code, _DOUBLE, stored.size, stored.tobytes())


def shorts(code: int, *values: int) -> RawTag:
    """Make a tag of 16-bit numbers."""
    return RawTag(code, _SHORT, len(values), np.array(values, np.uint16).tobytes())


def longs(code: int, *values: int) -> RawTag:
    """Make a tag of 32-bit numbers."""
    return RawTag(code, _LONG, len(values), np.array(values, np.uint32).tobytes())


def ratios(code: int, *values: tuple[int, int]) -> RawTag:
    """Make a tag of fractions."""
    return RawTag(code, _RATIO, len(values), np.array(values, np.uint32).tobytes())


def places(code: int, values: Any, *, big: bool) -> RawTag:
    """Make a tag of places in the file, or of sizes."""
    stored = np.asarray(values, np.uint64 if big else np.uint32)
    return RawTag(code, _LONG8 if big else _LONG, stored.size, stored.tobytes())


def texts(code: int, text: bytes) -> RawTag:
    """Make a tag of a text."""
    return RawTag(code, _ASCII, len(text) + 1, text + b"\0")


def ratio(value: float) -> tuple[int, int]:
    """Express a positive number as a fraction of 32-bit integers.

    >>> ratio(2.0), ratio(1 / 3)
    ((2, 1), (1, 3))
    """
    near = Fraction(value).limit_denominator(1_000_000)
    if not near or near.numerator > _LARGEST:
        near = Fraction(min(max(round(value), 1), _LARGEST))
    return near.numerator, near.denominator
