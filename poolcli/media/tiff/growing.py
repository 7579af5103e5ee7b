"""A TIFF whose segments are appended as they are made, and whose directories come last.

Until then its header names no directory, so that no reader takes it for a picture; and whoever
notes what was appended can cut off what came after, and go on.
"""

import os
import struct
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from threading import Lock
from typing import BinaryIO

from poolcli.errors import PictureError
from poolcli.media.tiff.meaning.exif import packed_directory
from poolcli.media.tiff.meaning.raw_tags import RawTag, places

__all__ = ["GrowingTiff", "Page"]

_LITTLE = sys.byteorder == "little"
_ORDER = "<" if _LITTLE else ">"
_SUB_IFDS = 330
_IFD, _IFD8 = 13, 18


class Page:
    """A page to write: its tags, those of directories below it, and those of its reduced copies."""

    def __init__(
        self,
        tags: Sequence[RawTag],
        directories: Iterable[tuple[int, Sequence[RawTag]]] = (),
        reduced: Sequence[Sequence[RawTag]] = (),
    ) -> None:
        self.tags, self.directories, self.reduced = tags, directories, reduced


class GrowingTiff:
    """A TIFF in the byte order of this machine.

    Parameters
    ----------
    path : Path
        It is created, or opened to go on with.
    big : bool
        Whether offsets take 64 bits.

    Attributes
    ----------
    end : int
        Place where the next segment is appended.
    """

    def __init__(self, path: Path, *, big: bool) -> None:
        self.big = big
        self._file: BinaryIO = path.open("r+b" if path.exists() else "w+b", buffering=0)
        self._reader: BinaryIO = path.open("rb", buffering=0)
        self._lock = Lock()
        self._offset = struct.Struct(f"{_ORDER}{'Q' if big else 'I'}")
        self._next = 8 if big else 4  # place of the pointer to the next page
        self.end = self._next + self._offset.size
        if self._size < self.end:
            self._write(0, self._header())

    @property
    def _size(self) -> int:
        return os.fstat(self._file.fileno()).st_size

    def _header(self) -> bytes:
        mark = b"II" if _LITTLE else b"MM"
        if self.big:
            return mark + struct.pack(f"{_ORDER}HHHQ", 43, 8, 0, 0)
        return mark + struct.pack(f"{_ORDER}HI", 42, 0)

    def _write(self, place: int, data: bytes) -> None:
        self._file.seek(place)
        view = memoryview(data)
        while view:
            view = view[self._file.write(view) :]

    def append(self, data: bytes) -> int:
        """Append a segment or a directory, and return its place."""
        place = self.next_place
        self._write(place, data)
        self.end = place + len(data)
        return place

    @property
    def next_place(self) -> int:
        """Place of what is appended next: offsets are even."""
        return self.end + self.end % 2

    def cut(self, end: int) -> None:
        """Forget what was appended after a place.

        Raises
        ------
        PictureError
            If there is less.
        """
        if self._size < end:
            raise PictureError("was cut short since; run the command without --resume")
        self._file.truncate(end)
        self.end = end

    def read(self, place: int, size: int) -> bytes:
        """Read a segment; by any thread, while another appends."""
        with self._lock:
            self._reader.seek(place)
            parts = []
            while size and (part := self._reader.read(size)):
                parts.append(part)
                size -= len(part)
        if size:
            raise PictureError("was cut while it was read; run the command again")
        return b"".join(parts)

    def finish(self, pages: Iterable[Page]) -> None:
        """Write the directories of all pages, one after the other."""
        for page in pages:
            tags = list(page.tags)
            if page.reduced:
                below = [self._directory(one) for one in page.reduced]
                kind = _IFD8 if self.big else _IFD
                tags.append(places(_SUB_IFDS, below, big=self.big)._replace(kind=kind))
            for code, entries in page.directories:
                tags.append(places(code, [self._directory(entries)], big=self.big))
            place = self._directory(tags)
            self._write(self._next, self._offset.pack(place))
            self._next = place + self._pointer(len(tags))
        os.fsync(self._file.fileno())

    def _directory(self, tags: Sequence[RawTag]) -> int:
        return self.append(packed_directory(tags, self.next_place, big=self.big))

    def _pointer(self, count: int) -> int:
        """Place of the pointer to the next page, from that of a directory."""
        return 8 + count * 20 if self.big else 2 + count * 12

    def close(self) -> None:
        """Close the file."""
        self._file.close()
        self._reader.close()
