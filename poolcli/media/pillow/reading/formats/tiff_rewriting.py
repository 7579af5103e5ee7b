"""TIFFs rewritten in memory: new directories after the bytes of the old file."""

import struct
from collections.abc import Callable
from io import BytesIO
from typing import BinaryIO, NamedTuple, TypeAlias

from poolcli.errors import PictureError
from poolcli.media.pillow.reading.formats.tiff_directories import Layout, layout_of_tiff

__all__ = [
    "Entries",
    "Entry",
    "mend_big_tiff",
    "plane_of",
    "rewrite_as_classic",
    "rewritten",
]

_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}
_SIZES |= {16: 8, 17: 8, 18: 8}
"""Bytes of a value of each type."""

_CLASSIC_TYPES = {16: (4, "I"), 17: (9, "i"), 18: (13, "I")}
"""Types for those of 64 bits, and the letter of each in `struct`."""

_DIRECTORY_TAGS = {34665, 34853, 40965}
_SUB_DIRECTORIES = 330
_BITS, _PHOTOMETRIC, _SAMPLES, _PLANAR = 258, 262, 277, 284
_EXTRA_SAMPLES, _SAMPLE_FORMAT = 338, 339
_PER_PLANE = {273, 279, 324, 325}
"""Offsets and lengths of strips and tiles, those of one plane after those of another."""

_SEGMENTS = ((273, 279), (324, 325))
_INTEGERS = {3: "H", 4: "I", 13: "I", 16: "Q", 18: "Q"}

_LARGEST_OFFSET = 0xFFFFFFFF


class Entry(NamedTuple):
    """An entry of a directory: its type, and its values as they are stored."""

    kind: int
    values: bytes


Entries: TypeAlias = dict[int, Entry]


def mend_big_tiff(file: BinaryIO) -> tuple[BinaryIO, list[str]]:
    """Give `rewrite_as_classic` the form of a mender, whose notes there are none of."""
    return rewrite_as_classic(file), []


def rewrite_as_classic(file: BinaryIO) -> BytesIO:
    """Copy a BigTIFF as a TIFF of 32-bit offsets in the same byte order.

    Raises
    ------
    PictureError
        If offsets above 4 GiB are needed.
    """
    return rewritten(file, None, lambda entries: entries)


def plane_of(file: BinaryIO, offset: int, plane: int, planes: int, bits: int = 8) -> BytesIO:
    """Copy a TIFF with one plane of one of its pages, as a page of grey.

    Parameters
    ----------
    offset : int
        Offset of the page's directory.
    bits : int
        Bits of a sample.
    """
    layout = layout_of_tiff(file)
    one, depth = (struct.pack(f"{layout.order if layout else '<'}H", n) for n in (1, bits))

    def edited(entries: Entries) -> Entries:
        kept = {tag: entry for tag, entry in entries.items() if tag != _EXTRA_SAMPLES}
        kept |= {tag: Entry(3, one) for tag in (_PHOTOMETRIC, _SAMPLES, _PLANAR, _SAMPLE_FORMAT)}
        kept[_BITS] = Entry(3, depth)
        for tag in _PER_PLANE & set(kept):
            kind, values = kept[tag]
            length = len(values) // planes
            kept[tag] = Entry(kind, values[plane * length : (plane + 1) * length])
        return kept

    return rewritten(file, offset, edited)


def rewritten(file: BinaryIO, page: int | None, edit: Callable[[Entries], Entries]) -> BytesIO:
    """Write directories anew after the bytes of a file: of all pages, or of the one at an offset.

    Parameters
    ----------
    edit : callable
        Takes the entries of a page and returns those to write; called page after page.

    Raises
    ------
    PictureError
        If pixels are missing, or offsets above 4 GiB are needed.
    """
    position = file.tell()
    layout = layout_of_tiff(file)
    assert layout is not None
    file.seek(0)
    out = BytesIO(file.read())
    size = len(out.getbuffer())
    following, link = layout.first if page is None else page, 4
    out.seek(0)
    out.write((b"II*\0" if layout.order == "<" else b"MM\0*") + bytes(4))
    seen: set[int] = set()
    while following and following not in seen:
        seen.add(following)
        entries, following = _read(file, layout, following)
        _check_ends(entries, layout, size)
        link = _append(file, out, layout, edit(entries), link)
        if page is not None:
            break
    file.seek(position)
    out.seek(0)
    return out


def _read(file: BinaryIO, layout: Layout, offset: int) -> tuple[Entries, int]:
    file.seek(offset)
    (count,) = layout.counts.unpack(file.read(layout.counts.size))
    if count > 1 << 16:
        raise PictureError("is a TIFF that is damaged: a directory has too many entries")
    raw = file.read(count * layout.entries.size)
    (following,) = layout.offsets.unpack(file.read(layout.offsets.size))
    entries = {}
    for tag, kind, number, value in layout.entries.iter_unpack(raw):
        size = _SIZES.get(kind, 0) * number
        if size > len(value):
            file.seek(layout.offsets.unpack(value)[0])
            value = file.read(size)
        if size and len(value) >= size and tag != _SUB_DIRECTORIES:
            entries[tag] = Entry(kind, value[:size])
    return entries, following


def _check_ends(entries: Entries, layout: Layout, size: int) -> None:
    """Refuse strips or tiles past the end of the file, where new directories are to be."""
    for places, lengths in _SEGMENTS:
        if places in entries and lengths in entries:
            pairs = zip(
                *(_integers(entries[tag], layout) for tag in (places, lengths)), strict=False
            )
            if any(place + length > size for place, length in pairs):
                raise PictureError("is a TIFF that is truncated or damaged: pixels are missing")


def _integers(entry: Entry, layout: Layout) -> tuple[int, ...]:
    letter = _INTEGERS.get(entry.kind, "B")
    return struct.unpack(
        f"{layout.order}{len(entry.values) // struct.calcsize(letter)}{letter}", entry.values
    )


def _append(
    file: BinaryIO, out: BytesIO, layout: Layout, entries: Entries, link: int | None
) -> int:
    """Append a directory, let the offset at ``link`` point to it, and return its own link's."""
    written = b""
    for tag, entry in sorted(entries.items()):
        kind, values = _classic(layout, entry)
        if tag in _DIRECTORY_TAGS and len(values) == 4:
            inner, _ = _read(file, layout, struct.unpack(f"{layout.order}I", values)[0])
            end = _append(file, out, layout, inner, None)
            values = _offset(layout, end - 12 * len(inner) - 2)
        number = len(values) // _SIZES[kind]
        if len(values) > 4:
            place = out.seek(0, 2)
            out.write(values)
            values = _offset(layout, place)
        written += struct.pack(f"{layout.order}HHI", tag, kind, number) + values.ljust(4, b"\0")
    start = out.seek(0, 2)
    if start % 2:
        start += out.write(b"\0")
    out.write(struct.pack(f"{layout.order}H", len(entries)) + written + bytes(4))
    if link is not None:
        out.seek(link)
        out.write(_offset(layout, start))
    return start + 2 + len(written)


def _classic(layout: Layout, entry: Entry) -> Entry:
    if entry.kind not in _CLASSIC_TYPES:
        return entry
    kind, letter = _CLASSIC_TYPES[entry.kind]
    count = len(entry.values) // 8
    wide = struct.unpack(f"{layout.order}{count}{'q' if letter == 'i' else 'Q'}", entry.values)
    if any(abs(value) > _LARGEST_OFFSET for value in wide):
        _too_large()
    return Entry(kind, struct.pack(f"{layout.order}{count}{letter}", *wide))


def _offset(layout: Layout, place: int) -> bytes:
    if place > _LARGEST_OFFSET:
        _too_large()
    return struct.pack(f"{layout.order}I", place)


def _too_large() -> None:
    raise PictureError(
        "is a big-endian BigTIFF above 4 GiB, which cannot be read; save it little-endian"
    )
