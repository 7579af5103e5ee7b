"""FITS: which of its units is the picture, and the physical values of what it stores."""

import gzip
import struct
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from math import prod
from typing import Any, BinaryIO, NamedTuple

import numpy as np
from PIL import Image
from PIL.ImageFile import ImageFile, _Tile

from poolcli.core.types import Array
from poolcli.errors import PictureError
from poolcli.media.pillow.reading.formats.correction import Correction

__all__ = ["correct_fits"]

_BLOCK, _CARD = 2880, 80

_RAW_MODES = {
    8: ("L", "L"),
    16: ("I;16", "I;16B"),
    32: ("I", "I;32B"),
    -32: ("F", "F;32BF"),
    -64: ("F", "F;64BF"),
}
"""Pillow's mode and raw mode for each BITPIX."""

_INTEGER_MODES: dict[str, np.dtype[Any]] = {
    "L": np.dtype(np.uint8),
    "I;16": np.dtype(np.uint16),
    "I": np.dtype(np.int32),
}


class _Unit(NamedTuple):
    """A header and where its data begins."""

    cards: dict[str, str]
    offset: int

    def number(self, key: str, default: float) -> float:
        """Read a number, which Fortran may have written with the exponent D."""
        with suppress(ValueError):
            return float(self.cards.get(key, "").replace("D", "E"))
        return float(default)

    @property
    def axes(self) -> list[int]:
        count = int(self.number("NAXIS", 0))
        return [int(self.number(f"NAXIS{i + 1}", 0)) for i in range(count)]

    @property
    def bits(self) -> int:
        return int(self.number("BITPIX", 0))

    @property
    def is_compressed(self) -> bool:
        return self.cards.get("ZIMAGE") == "T"

    @property
    def is_picture(self) -> bool:
        kind = self.cards.get("XTENSION", "IMAGE")
        return self.is_compressed or (kind == "IMAGE" and prod(self.axes or [0]) > 0)

    def end(self) -> int:
        """Compute where the next unit begins."""
        count = prod(self.axes) if self.axes else 0
        groups = int(self.number("GCOUNT", 1)) * (int(self.number("PCOUNT", 0)) + count)
        return self.offset + -(-groups * abs(self.bits) // 8 // _BLOCK) * _BLOCK


def correct_fits(image: ImageFile, file: BinaryIO) -> Correction:
    """Point Pillow at the first picture, and turn stored values into physical ones.

    Raises
    ------
    PictureError
        If no unit is a picture, or it is compressed or of a kind that cannot be read.
    """
    units = list(_units(file))
    pictures = [unit for unit in units if unit.is_picture]
    if not pictures:
        raise PictureError("is a FITS without a picture, of tables alone; give one with an image")
    first, *others = pictures
    notes = []
    if first.is_compressed:
        if first.cards.get("ZCMPTYPE") != "GZIP_1":
            kind = first.cards.get("ZCMPTYPE", "an unknown way")
            raise PictureError(
                f"is a FITS compressed by {kind}, which cannot be read; funpack it first"
            )
        bits, axes = int(first.number("ZBITPIX", 0)), []
        _check_gzip(image, file)
    else:
        bits, axes = first.bits, first.axes
        _point_at(image, first)
    planes = prod(axes[2:])
    if planes > 1:
        notes.append(f"holds {planes} planes, of which the first was taken")
    left = len(units) - 1 - (units[0] is not first)
    if left > 0:
        kinds = f"{len(others)} of them pictures, " if others else ""
        notes.append(f"holds {left} more extension{'s' * (left > 1)}, {kinds}not read")
    return _scaling(first, bits, tuple(notes))


def _units(file: BinaryIO) -> Iterator[_Unit]:
    position = file.tell()
    start = 0
    with suppress(ValueError, OverflowError, struct.error):
        while (unit := _read_unit(file, start)) is not None:
            yield unit
            if unit.end() < unit.offset:
                break
            start = unit.end()
    file.seek(position)


def _read_unit(file: BinaryIO, start: int) -> _Unit | None:
    cards: dict[str, str] = {}
    file.seek(start)
    while len(block := file.read(_BLOCK)) >= _CARD:
        if not cards and not block.startswith((b"SIMPLE", b"XTENSION")):
            return None
        for at in range(0, len(block), _CARD):
            card = block[at : at + _CARD].decode("latin-1")
            if card[:8].strip() == "END":
                return _Unit(cards, file.seek(0, 1))
            key, equals, value = card[:8].strip(), card[8:9], card[9:].strip()
            if equals == "=" and key not in cards:
                quoted = value.startswith("'")
                cards[key] = value[1:].split("'")[0] if quoted else value.split("/")[0]
                cards[key] = cards[key].strip()
    return None


def _check_gzip(image: ImageFile, file: BinaryIO) -> None:
    """Refuse compressed samples that do not take the 4 bytes each that Pillow expects."""
    file.seek(image.tile[0][2])
    with suppress(OSError, EOFError, zlib.error), gzip.GzipFile(fileobj=file) as inflated:
        length = 4 * image.width * image.height
        if len(inflated.read(length + 1)) == length:
            return
    raise PictureError("is a FITS compressed by GZIP_1, which cannot be read; funpack it first")


def _point_at(image: ImageFile, unit: _Unit) -> None:
    if unit.bits not in _RAW_MODES:
        raise PictureError(
            f"is a FITS of {unit.bits}-bit integers, which cannot be read; store 32 bits or floats"
        )
    wide, high = (unit.axes if len(unit.axes) > 1 else [1, *unit.axes])[:2]
    image._mode, raw_mode = _RAW_MODES[unit.bits]
    image._size = wide, high
    image.tile = [_Tile("raw", (0, 0, wide, high), unit.offset, (raw_mode, 0, -1))]


def _scaling(unit: _Unit, bits: int, notes: tuple[str, ...]) -> Correction:
    """Plan value = BZERO + BSCALE × stored; integers stay integers if those two are whole."""
    zero, scale = unit.number("BZERO", 0), unit.number("BSCALE", 1)
    has_blank = "BLANK" in unit.cards and bits > 0
    blank = int(unit.number("BLANK", 0)) if has_blank else None
    if scale == 1 and zero.is_integer() and bits > 0:
        low = int(zero) - (0 if bits == 8 else 1 << (bits - 1))
        mode = _holding(low, low + (1 << bits) - 1)
        nodata = None if blank is None else str(blank + int(zero))
        if bits == 8 and zero == 0:
            return Correction(notes, nodata=nodata)
        shift: Callable[[Image.Image], Image.Image] = partial(
            _shifted, bits=bits, zero=int(zero), mode=mode
        )
        return Correction(notes, mode, shift, nodata=nodata)
    if scale == 1 and zero == 0:
        return Correction(notes)
    if bits == 32:
        notes += ("its 32-bit integers were scaled and rounded to 32-bit floats",)
    undefined = None if blank is None else "nan"
    return Correction(notes, "F", _scaled(bits, zero, scale, blank), nodata=undefined)


def _holding(low: int, high: int) -> str:
    """Choose the mode of the smallest integers that hold a range, or else the largest."""
    for mode, dtype in _INTEGER_MODES.items():
        if np.iinfo(dtype).min <= low and high <= np.iinfo(dtype).max:
            return mode
    return "I"


def _stored(image: Image.Image, bits: int) -> Array:
    """Restore the sign of 16-bit samples, which Pillow reads without one."""
    values: Array = np.asarray(image)
    return values.astype(np.uint16).view(np.int16) if bits == 16 else values


def _shifted(image: Image.Image, bits: int, zero: int, mode: str) -> Image.Image:
    values: Any = _stored(image, bits).astype(np.int64) + zero
    kept = np.iinfo(_INTEGER_MODES[mode])
    if values.size and (values.min() < kept.min or values.max() > kept.max):
        raise PictureError(
            f"has values above {kept.max}, which cannot be read; store them as floats or as .npy"
        )
    return Image.fromarray(values.astype(_INTEGER_MODES[mode]))


def _scaled(
    bits: int, zero: float, scale: float, blank: int | None
) -> Callable[[Image.Image], Image.Image]:
    def finish(image: Image.Image) -> Image.Image:
        stored = _stored(image, bits)
        values: Any = (stored * np.float64(scale) + zero).astype(np.float32)
        if blank is not None:
            values[stored == blank] = np.nan  # undefined pixels
        return Image.fromarray(values)

    return finish
