"""Directories below a page: EXIF and the place on earth, copied entry by entry."""

import struct
import sys
from collections.abc import Sequence
from typing import Any

import numpy as np

from poolcli.media.tiff.meaning.grid import Grid
from poolcli.media.tiff.meaning.raw_tags import LETTERS, RawTag

__all__ = ["DIRECTORY_TAGS", "packed_directory", "read_directory"]

DIRECTORY_TAGS = {34665: "ExifTag", 34853: "GPSTag"}
"""Tags that name a directory, with tifffile's names, by which alone it writes them."""

_MAKER_NOTE, _INTEROPERABILITY, _WIDTH, _HEIGHT = 37500, 40965, 40962, 40963
_LONG = 4
_MOST_ENTRIES = 1 << 12


def read_directory(page: Any, tag: Any, grid: Grid) -> tuple[list[RawTag], list[str]]:
    """Read the entries of a directory, set to the size of the pooled picture; name what is lost.

    Parameters
    ----------
    page, tag : tifffile's
        A page, and the tag of it that names the directory.
    """
    file, tif = page.parent.filehandle, page.parent.tiff
    order, big = page.parent.byteorder, tif.offsetsize == 8
    entry = struct.Struct(f"{order}HHQ8s" if big else f"{order}HHI4s")
    offset = struct.Struct(f"{order}{'Q' if big else 'I'}")
    file.seek(tag.offset + (12 if big else 8))
    file.seek(offset.unpack(file.read(offset.size))[0])
    counts = struct.Struct(f"{order}{'Q' if big else 'H'}")
    (number,) = counts.unpack(file.read(counts.size))
    kept, lost = [], []
    for code, kind, length, inline in entry.iter_unpack(
        file.read(min(number, _MOST_ENTRIES) * entry.size)
    ):
        if code == _MAKER_NOTE:  # its offsets are valid in the old file only
            lost.append("maker note")
        elif code == _INTEROPERABILITY or kind not in LETTERS:
            continue
        elif code in (_WIDTH, _HEIGHT):
            size = grid.width if code == _WIDTH else grid.height
            kept.append(RawTag(code, _LONG, 1, np.uint32(size).tobytes()))
        else:
            stored = np.dtype(f"{order}{LETTERS[kind]}")
            count = length * stored.itemsize * (2 if kind in (5, 10) else 1)
            raw = inline[:count]
            if count > len(inline):
                file.seek(offset.unpack(inline)[0])
                raw = file.read(count)
            if len(raw) == count:
                values = np.frombuffer(raw, stored).astype(LETTERS[kind])
                kept.append(RawTag(code, kind, length, values.tobytes()))
    return kept, lost


def packed_directory(entries: Sequence[RawTag], place: int, *, big: bool) -> bytes:
    """Pack entries as a directory that lies at a place in the file, in this machine's order."""
    order = "<" if sys.byteorder == "little" else ">"
    head = struct.pack(f"{order}{'Q' if big else 'H'}", len(entries))
    form = struct.Struct(f"{order}HHQ8s" if big else f"{order}HHI4s")
    offset = struct.Struct(f"{order}{'Q' if big else 'I'}")
    after = place + len(head) + len(entries) * form.size + offset.size
    written, values = head, b""
    for one in sorted(entries):
        value = one.value
        if len(value) > offset.size:
            values += bytes(len(values) % 2)
            value = offset.pack(after + len(values))
            values += one.value
        written += form.pack(one.code, one.kind, one.length, value.ljust(offset.size, b"\0"))
    return written + bytes(offset.size) + values
