"""JPEG 2000: samples of any number of bits, with and without a sign."""

from typing import Any, BinaryIO, NamedTuple

import numpy as np
from PIL import Image
from PIL.ImageFile import ImageFile

from poolcli.media.pillow.reading.formats.correction import Correction, white_note

__all__ = ["component_bits", "correct_jpeg2000"]

_HEADER_BYTES = 1 << 22
"""Bytes searched for the code stream; a profile may precede it."""

_OPAQUE = 255


class _Component(NamedTuple):
    bits: int
    signed: bool


def component_bits(file: BinaryIO) -> list[int]:
    """Read the bits of each component from the code stream's header."""
    return [component.bits for component in _components(file)]


def _components(file: BinaryIO) -> list[_Component]:
    position = file.tell()
    file.seek(0)
    head = file.read(_HEADER_BYTES)
    file.seek(position)
    start = head.find(b"\xff\x4f\xff\x51")  # start of code stream, then SIZ
    if start < 0 or len(head) < start + 42:
        return []
    sizes = head[start + 42 : start + 42 + 3 * head[start + 41] : 3]
    return [_Component((size & 0x7F) + 1, size > 0x7F) for size in sizes]


def correct_jpeg2000(image: ImageFile, file: BinaryIO) -> Correction:
    """Undo what Pillow does to samples: it shifts them up to 8 or 16 bits and adds to signed ones.

    Alpha is scaled to its full range instead; colours with a sign are only noted.
    """
    components = _components(file)
    bands = image.getbands()
    if len(components) != len(bands) or image.mode == "P":
        return Correction()
    if image.mode == "L" and components[0].bits > 8:
        image._mode = "I;16"  # Pillow takes 9 bits for 8
    full = 16 if image.mode == "I;16" else 8
    colours = components[:-1] if bands[-1] == "A" else components
    bits, signed = max(component.bits for component in colours), colours[0].signed
    if any(component.bits > full for component in components):
        return Correction()
    notes: tuple[str, ...] = ()
    if signed and len(bands) > 1:
        notes = (f"its samples have a sign, and {1 << (bits - 1)} was added to each",)
    elif bits < full and not signed:
        notes = (white_note((1 << bits) - 1),)
    if signed and len(bands) == 1:
        half = 1 << (bits - 1)
        return Correction(notes, "I", lambda image: _unshifted(image, full - bits, half))
    if all(component.bits == full for component in components):
        return Correction(notes)
    if image.mode == "I;16":
        return Correction(notes, None, lambda image: _unshifted(image, full - bits))
    pairs = zip(bands, components, strict=True)
    table = [entry for band, component in pairs for entry in _lut(band, component)]
    return Correction(notes, None, lambda image: image.point(table))


def _unshifted(image: Image.Image, shift: int, subtracted: int | None = None) -> Image.Image:
    values: Any = np.asarray(image) >> shift
    if subtracted is None:
        return Image.fromarray(values)
    return Image.fromarray(values.astype(np.int32) - np.int32(subtracted))


def _lut(band: str, component: _Component) -> list[int]:
    shift = 8 - component.bits
    stored = [value >> shift for value in range(256)]
    if band != "A":
        return stored
    return [round(value * _OPAQUE / ((1 << component.bits) - 1)) for value in stored]
