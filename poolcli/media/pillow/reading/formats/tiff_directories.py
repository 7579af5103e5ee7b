"""Directories of a TIFF or BigTIFF, read without Pillow, which would parse and check each page."""

import struct
from collections.abc import Collection, Iterator
from contextlib import suppress
from typing import BinaryIO, NamedTuple

from poolcli.errors import PictureError

__all__ = ["Directory", "Layout", "layout_of_tiff", "read_directories"]

_TYPES = {1: "B", 2: "B", 3: "H", 4: "I", 6: "b", 8: "h", 9: "i", 13: "I"}
_TYPES |= {16: "Q", 17: "q", 18: "Q"}
"""Types of the numbers and texts that are read here, for `struct`."""

_SUB_DIRECTORIES = 330
_WANTED = {254, 255, 258, 259, 262, 271, 277, _SUB_DIRECTORIES, 339, 50706}
"""Tags that anyone asks for; to read the others would cost much in a file of many pages."""

_MAX_VALUES = 4096
"""Values read of a tag, which a damaged file may promise far more of."""


class Layout(NamedTuple):
    """Layout of a TIFF's numbers and offsets, and where its first directory is."""

    order: str
    is_big: bool
    first: int

    @property
    def entries(self) -> struct.Struct:
        """One entry of a directory: tag, type, count, and value or offset."""
        return struct.Struct(f"{self.order}HHQ8s" if self.is_big else f"{self.order}HHI4s")

    @property
    def offsets(self) -> struct.Struct:
        """An offset in the file."""
        return struct.Struct(f"{self.order}{'Q' if self.is_big else 'I'}")

    @property
    def counts(self) -> struct.Struct:
        """The number of entries of a directory."""
        return struct.Struct(f"{self.order}{'Q' if self.is_big else 'H'}")


class Directory(NamedTuple):
    """A directory: where it is, and what its tags say that tell its kind.

    Attributes
    ----------
    is_page : bool
        Whether it lies in the chain of pages, not below one.
    """

    offset: int
    tags: dict[int, tuple[int, ...]]
    is_page: bool

    def value(self, tag: int, default: int) -> int:
        """Look up the first value of a tag."""
        return self.values(tag, (default,))[0]

    def values(self, tag: int, default: tuple[int, ...]) -> tuple[int, ...]:
        """Look up the values of a tag; one that is there without any says nothing."""
        return self.tags.get(tag) or default

    def text(self, tag: int) -> str:
        """Look up a text."""
        return bytes(self.tags.get(tag, ())).decode("latin-1").rstrip("\0 ")


def layout_of_tiff(file: BinaryIO) -> Layout | None:
    """Read a TIFF's header; None if the file is not a TIFF. The position is not restored."""
    file.seek(0)
    head = file.read(16)
    order = {b"II": "<", b"MM": ">"}.get(head[:2])
    if order is None or len(head) < 8:
        return None
    (version,) = struct.unpack_from(f"{order}H", head, 2)
    if version == 43 and len(head) == 16:
        return Layout(order, True, struct.unpack_from(f"{order}Q", head, 8)[0])
    if version == 42 or head[2:4] in (b"\x2a\0", b"\0\x2a"):
        return Layout(order, False, struct.unpack_from(f"{order}I", head, 4)[0])
    return None


_UNREADABLE = (struct.error, OSError, OverflowError, ValueError)


def read_directories(
    file: BinaryIO,
    *,
    below: bool = True,
    whole: bool = False,
    more: Collection[int] = (),
    limit: int | None = None,
) -> list[Directory]:
    """Read every directory that can be read, pages first to last, each before those below it.

    Parameters
    ----------
    file : binary file
        Its position is restored.
    below : bool
        Whether directories below the pages are read too.
    whole : bool
        Whether a later page that cannot be read is an error, not the end.
    more : collection of int
        Tags that are read besides the usual ones.
    limit : int, optional
        Number of pages to read.

    Raises
    ------
    PictureError
        If ``whole`` and a page after the first cannot be read.
    """
    position = file.tell()
    found: list[Directory] = []
    broken = False
    with suppress(struct.error, OSError, OverflowError, ValueError):
        layout = layout_of_tiff(file)
        seen: set[int] = set()
        following = layout.first if layout is not None else 0
        wanted = _WANTED.union(more)
        while layout is not None and following and following not in seen and limit != len(seen):
            try:
                page, following = _read_one(file, layout, following, seen, wanted, is_page=True)
            except _UNREADABLE:
                broken = bool(found)
                break
            found.append(page)
            if below:
                found += _read_below(file, layout, page, seen)
    file.seek(position)
    if whole and broken:
        pages = sum(directory.is_page for directory in found)
        raise PictureError(f"is truncated or damaged (page {pages} cannot be read)")
    return found


def _read_below(
    file: BinaryIO, layout: Layout, page: Directory, seen: set[int]
) -> Iterator[Directory]:
    for offset in page.tags.get(_SUB_DIRECTORIES, ()):
        with suppress(struct.error, OSError, OverflowError, ValueError):
            if offset and offset not in seen:
                yield _read_one(file, layout, offset, seen, _WANTED, is_page=False)[0]


def _read_one(
    file: BinaryIO,
    layout: Layout,
    offset: int,
    seen: set[int],
    wanted: Collection[int],
    *,
    is_page: bool,
) -> tuple[Directory, int]:
    seen.add(offset)
    file.seek(offset)
    (count,) = layout.counts.unpack(file.read(layout.counts.size))
    size = layout.entries.size
    entries = file.read(count * size) if count < 1 << 16 else b""
    (following,) = layout.offsets.unpack(file.read(layout.offsets.size))
    tags = {}
    for tag, kind, number, value in layout.entries.iter_unpack(entries):
        if tag not in wanted:
            continue
        with suppress(struct.error, OSError, OverflowError, ValueError):
            tags[tag] = _values(file, layout, kind, number, value)
    return Directory(offset, tags, is_page), following


def _values(
    file: BinaryIO, layout: Layout, kind: int, number: int, value: bytes
) -> tuple[int, ...]:
    number = min(number, _MAX_VALUES)
    form = struct.Struct(f"{layout.order}{number}{_TYPES.get(kind, 'x')}")
    if form.size > len(value):
        file.seek(layout.offsets.unpack(value)[0])
        value = file.read(form.size)
    return form.unpack(value[: form.size])
