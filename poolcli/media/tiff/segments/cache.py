"""Decoded segments of a TIFF, the last used of which are kept."""

from collections import OrderedDict
from concurrent.futures import Future
from threading import Lock, RLock
from typing import Any

from poolcli.core.types import Array, Source
from poolcli.errors import PictureError
from poolcli.media.tiff.errors import translate_errors
from poolcli.media.tiff.segments.spool import Spool, Spooled

__all__ = ["SegmentCache"]

_CACHE_BYTES = 1 << 26
"""Bytes of decoded segments that are kept, enough for the strips that a row of tiles needs."""


class SegmentCache:
    """Decoded segments of one file, the last used of which are kept.

    A segment that several threads ask for at once is decoded by the first of them alone. Where more
    of them than memory may hold are asked for again, the others wait in a temporary file: to decode
    the same page for each box would take many times as long.

    Attributes
    ----------
    file_lock : RLock
        To be held by whatever moves the position in the file, which tifffile also does to look up
        where segments are: two threads that mix seeking and reading would read wrong pixels, and
        often no error would tell.
    """

    def __init__(self, limit: int = _CACHE_BYTES) -> None:
        self.file_lock = RLock()
        self._lock = Lock()
        self._limit, self._size = limit, 0
        self._kept: OrderedDict[tuple[int, int], Future[Array | None]] = OrderedDict()
        self._spool, self._aside, self._aside_size = Spool(), 0, 0
        self._spooled: OrderedDict[tuple[int, int], Spooled] = OrderedDict()

    def expect(self, size: int) -> None:
        """Say how many bytes of segments are asked for again and again."""
        if size > self._limit:
            # Threads may have begun with the next ones while others use the last.
            self._aside = max(self._aside, 2 * size)

    def close(self) -> None:
        """Remove the temporary file, if there is one."""
        self._spool.close()

    def segment(self, number: int, page: Any, keyframe: Any, index: int) -> Source | None:
        """Decode a segment of a page, or look it up; None for one that is not stored.

        Parameters
        ----------
        number : int
            Name of the page here.
        """
        with self._lock:
            if (spooled := self._spooled.get((number, index))) is not None:
                self._spooled.move_to_end((number, index))
                return spooled
            found = self._kept.get((number, index))
            if found is not None:
                self._kept.move_to_end((number, index))
            else:
                mine = self._kept[number, index] = Future()
        if found is not None:
            return found.result()
        try:
            decoded = _decode(page, keyframe, index, self.file_lock)
        except BaseException as error:
            with self._lock:
                del self._kept[number, index]
            mine.set_exception(error)
            raise
        mine.set_result(decoded)
        with self._lock:
            if decoded is None:
                del self._kept[number, index]
            else:
                self._size += decoded.nbytes
                self._shrink()
        return decoded

    def _shrink(self) -> None:
        """Forget the segments that were used longest ago; those being decoded stay."""
        while self._size > self._limit and len(self._kept) > 1:
            oldest = next((key for key, segment in self._kept.items() if segment.done()), None)
            if oldest is None:
                return
            forgotten = self._kept.pop(oldest).result()
            if forgotten is not None:
                self._size -= forgotten.nbytes
                self._lay_aside(oldest, forgotten)

    def _lay_aside(self, key: tuple[int, int], segment: Array) -> None:
        spooled = self._spool.put(segment) if self._aside else None
        if spooled is None:
            return
        self._spooled[key] = spooled
        self._aside_size += spooled.nbytes
        while self._aside_size > self._aside:
            _, oldest = self._spooled.popitem(last=False)
            self._aside_size -= oldest.nbytes


def _decode(page: Any, keyframe: Any, index: int, lock: Any) -> Array | None:
    with lock, translate_errors():
        file = page.parent.filehandle
        if file.closed:  # of a series of several files, which tifffile closes
            file.open()
        size = page.databytecounts[index] if index < len(page.databytecounts) else 0
        if not size:
            return None
        file.seek(page.dataoffsets[index])
        raw = file.read(size)
        decode, tables = keyframe.decode, page.jpegtables
    if len(raw) < size:
        raise PictureError(f"is truncated: segment {index} is cut short; save it again")
    try:
        data, _, shape = decode(raw, index, jpegtables=tables, _fullsize=False)
    except Exception as error:  # a damaged segment makes decoders raise almost anything
        raise PictureError(f"is truncated or damaged (segment {index}: {error})") from error
    segment: Array = data[(slice(None), *map(slice, shape[1:3]))][0]
    return segment
