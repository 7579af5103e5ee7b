"""Planes of a stack as the frames of a picture, for formats of pictures."""

from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from typing import Any

import numpy as np

from poolcli.core.inputs import MappedSource
from poolcli.core.types import Array, Source
from poolcli.errors import PictureError
from poolcli.media.array_pictures import mode_of
from poolcli.media.options import Reading
from poolcli.media.picture import Frame, Metadata, Palette, Picture
from poolcli.media.tiff.errors import quietly
from poolcli.media.tiff.samples import Samples
from poolcli.media.tiff.stack import Plane, Stack

__all__ = ["picture_of"]

_GREY, _RGB, _CMYK, _INCH, _CENTIMETRE = 1, 2, 5, 2, 3
_ICC, _XMP = 34675, 700
_UNITS = {_INCH: 1.0, _CENTIMETRE: 2.54}
_COLOURS = {1: 1, 2: 3, 5: 4}

_KINDS = {"ome": "OME-XML", "imagej": "ImageJ description", "lsm": "LSM tables"}
_TAGS = {
    **dict.fromkeys((33550, 33922, 34264, 34735), "georeference"),
    34665: "EXIF",
    34853: "GPS position",
}
"""Names of what formats of pictures have no place for, or only Pillow could pack for them."""

_DESCRIPTION = 270
_TEXTS = (_DESCRIPTION, 271, 272, 305, 306, 315, 33432)
"""Texts that have a place in the EXIF of a picture."""

_MACHINE_TEXTS = ('{"shape": [', "ImageJ=", "Aperio")


_WIDENED = {"int8": "I", "int16": "I", "uint32": "I", "float16": "F"}
"""Modes of types that are wider in pictures."""

_WIDE = {"I": np.int32, "F": np.float32}

_LARGEST = 2**31 - 1


class _FirstChannels:
    """The first channels of a plane."""

    def __init__(self, source: Source, count: int) -> None:
        self._source, self._count = source, count
        self.shape = (*source.shape[:2], count)
        self.dtype = source.dtype

    def __getitem__(self, key: tuple[slice, ...]) -> Array:
        found = self._source[key[:2]][..., : self._count]
        return found[..., key[2]] if len(key) > 2 else found


def picture_of(stack: Stack) -> Picture:
    """Read the planes of a stack as the frames of a picture.

    Raises
    ------
    PictureError
        If there are too many pixels; while frames are iterated, if pictures do not have such
        samples.
    """
    stack.check_total(at_once=True)
    notes = list(stack.notes)
    return Picture(_frames(stack, notes), "TIFF", notes)


def _frames(stack: Stack, notes: list[str]) -> Iterator[Frame]:
    for number in stack.numbers:
        plane = stack.plane(number)
        with quietly():
            frame = _frame(stack, plane, notes)
        yield frame


def _frame(stack: Stack, plane: Plane, notes: list[str]) -> Frame:
    source, mode = _shown(plane, notes, stack.reading)
    dpi, density = _resolution(plane)
    stored = plane.samples.dtype
    return Frame(
        source,
        mode,
        _palette(plane.samples),
        dpi=dpi,
        density=density,
        metadata=_metadata(stack, plane),
        sample_type=stored.name if mode == "I" and stored != source.dtype else None,
        nodata=plane.nodata,
    )


def _palette(samples: Samples) -> Palette | None:
    if samples.colormap is None:
        return None
    colours = samples.colormap.T
    colours = colours if colours.max() < 256 else colours >> 8
    return Palette("RGB", colours.astype(np.uint8).tobytes())


def _shown(plane: Plane, notes: list[str], reading: Reading) -> tuple[Source, str]:
    """Choose the channels that a picture has, and the mode that they make."""
    samples = plane.samples
    if samples.colormap is not None:
        return plane.source, "P"
    if samples.dtype.name in _WIDENED and samples.channels == 1:
        wide = _WIDENED[samples.dtype.name]
        return MappedSource(plane.source, partial(_widened, mode=wide), _WIDE[wide]), wide
    converted = reading.convert is not None
    if converted and samples.dtype.itemsize == 8 and samples.channels == 1:
        notes.append(f"{samples.dtype} samples were read as float32")
        return MappedSource(plane.source, partial(_widened, mode="F"), np.float32), "F"
    count = _COLOURS.get(samples.photometric, 1)
    count += samples.extras[:1] == (2,)
    extra = samples.channels - count
    if extra and not (samples.photometric == _GREY and extra > 1):
        note = f"{extra} extra channel{'s' * (extra > 1)} of no stated use were not read"
        if note not in notes:
            notes.append(note)
        mode = _mode(samples, count)
        if mode is not None:
            return _FirstChannels(plane.source, count), mode
    mode = None if extra else _mode(samples, count)
    if mode is None:
        channels = f"{samples.channels} channel{'s' * (samples.channels > 1)}"
        held = f"holds {channels} of {samples.dtype}"
        if reading.profile is not None or reading.linear:
            raise PictureError(
                f"{held}, and --profile and --linear are for pictures of 8 or 16 bits; leave them "
                f"out{_remedy(samples)}"
            )
        raise PictureError(
            f"{held}, which can be pooled into a .tif or a .npy alone; name one as destination"
            f"{_remedy(samples)}"
        )
    return plane.source, mode


def _widened(x: Array, mode: str) -> Array:
    if mode == "I" and x.size and x.max() > _LARGEST:
        raise PictureError(
            f"has values above {_LARGEST}, which can be pooled into a .tif or a .npy alone; name "
            "one as destination"
        )
    with np.errstate(over="ignore"):
        return x.astype(_WIDE[mode])


def _remedy(samples: Samples) -> str:
    """Name the conversion to 8 bits that Pillow makes of some deep samples."""
    colours = {3: "RGB", 4: "RGBA"}.get(samples.channels)
    deep = samples.dtype == np.uint16 and samples.photometric == _RGB
    return f", or use --convert {colours}" if deep and colours else ""


def _mode(samples: Samples, count: int) -> str | None:
    if samples.photometric == _CMYK:
        return "CMYK" if count == 4 and samples.dtype.itemsize == 1 else None
    return mode_of(samples.dtype, count)


def _resolution(plane: Plane) -> tuple[tuple[float, float] | None, tuple[float, float] | None]:
    """Read dots per inch, and pixels per unit where the unit is not stated."""
    found: list[float] = []
    for code in (282, 283):
        with suppress(AttributeError, TypeError, ValueError, ZeroDivisionError):
            top, bottom = plane.page.tags.get(code).value
            found.append(top / bottom)
    if len(found) < 2 or min(found) <= 0:
        return None, None
    across, down = found if plane.orientation < 5 else found[::-1]
    tag = plane.page.tags.get(296)
    unit: Any = int(tag.value) if tag is not None else _INCH
    if unit not in _UNITS:
        return None, (across, down)
    return (across * _UNITS[unit], down * _UNITS[unit]), None


def _metadata(stack: Stack, plane: Plane) -> Metadata:
    tags = {tag.code: tag.value for tag in plane.page.tags}
    icc, xmp = tags.get(_ICC), tags.get(_XMP)
    dropped = [_KINDS[stack.kind]] if stack.kind in _KINDS else []
    dropped += [name for code, name in _TAGS.items() if code in tags]
    dropped += ["no-data value (GDAL_NODATA)"] * (42113 in tags and plane.nodata is None)
    texts = {code: tags[code] for code in _TEXTS if isinstance(tags.get(code), str)}
    if dropped or texts.get(_DESCRIPTION, "").startswith(_MACHINE_TEXTS):
        texts.pop(_DESCRIPTION, None)
    return Metadata(
        icc=None if icc is None else bytes(icc),
        exif=texts or None,
        xmp=xmp if isinstance(xmp, bytes) else None,
        dropped=tuple(dict.fromkeys(dropped)),
    )
