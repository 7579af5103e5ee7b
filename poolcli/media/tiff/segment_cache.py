"""Decoded segments of a TIFF, the last used of which are kept."""

from collections import OrderedDict
from concurrent.futures import Future
from threading import Lock, RLock
from typing import Any

from poolcli.core.types import Array
from poolcli.errors import PictureError
from poolcli.media.tiff.errors import translate_errors

__all__ = ["SegmentCache"]

_CACHE_BYTES = 1 << 26
"""Bytes of decoded segments that are kept, enough for the strips that a row of tiles needs."""


class SegmentCache:
    """Decoded segments of one file, the last used of which are kept.

    A segment that several threads ask for at once is decoded by the first of them alone.

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

    def segment(self, number: int, page: Any, keyframe: Any, index: int) -> Array | None:
        """Decode a segment of a page, or look it up; None for one that is not stored.

        Parameters
        ----------
        number : int
            Name of the page here.
        """
        with self._lock:
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
            self._size -= 0 if forgotten is None else forgotten.nbytes


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
