"""A zlib stream deflated in pieces, which threads can work on side by side.

Every piece ends on a whole byte and refers to none of the threads' other work, so that the stream
is the same however many threads there are. zlib lets other threads go on while it works.
"""

import struct
import zlib
from collections import deque
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from poolcli.core.types import Array
from poolcli.media.pillow.zlib_libraries import deflating_library

__all__ = ["PIECE_BYTES", "Setting", "combined_adler", "deflated", "deflated_size"]

PIECE_BYTES = 1 << 18
"""Size of a piece: few enough ends to cost nothing, and little to hold for each thread."""

_HEADER, _END = b"\x78\x01", b"\x03\x00"
"""Begin of a zlib stream with a window of 32 KiB, and an empty block that is the last one."""

_RAW, _MEMORY = -15, 9
_WINDOW_BYTES = 1 << 15
_ADLER_PRIME = 65521


class Setting(NamedTuple):
    """Level and strategy of zlib."""

    level: int
    strategy: int

    @property
    def looks_back(self) -> bool:
        """True if repetitions are searched for, beyond runs of one byte."""
        return self.level > 0 and self.strategy not in (zlib.Z_HUFFMAN_ONLY, zlib.Z_RLE)


class _Packed(NamedTuple):
    data: bytes
    adler: int
    size: int


def deflated(pieces: Iterable[Array], setting: Setting, threads: int = 1) -> Iterator[bytes]:
    """Yield the parts of a zlib stream, one for each piece of data.

    Parameters
    ----------
    pieces : iterable of (n,) ndarray of uint8
        One or more; each is asked for when few are left that wait to be deflated.
    threads : int
        Number of threads that deflate beside this one, if it is 2 or more.

    Examples
    --------
    >>> import numpy as np
    >>> parts = list(deflated([np.zeros(9, "u1"), np.ones(9, "u1")], Setting(6, 0)))
    >>> len(parts), zlib.decompress(b"".join(parts)) == bytes([0] * 9 + [1] * 9)
    (2, True)
    """
    ready, adler = _HEADER, 1
    for number, packed in enumerate(_in_order(_with_windows(pieces, setting), setting, threads)):
        if number:
            yield ready
            ready = b""
        ready += packed.data
        adler = combined_adler(adler, packed.adler, packed.size)
    yield ready + _END + struct.pack(">I", adler)


def deflated_size(data: Array, setting: Setting) -> int:
    """Size of data if it is deflated by itself."""
    return len(_pack(data, b"", setting).data)


def combined_adler(first: int, second: int, size: int) -> int:
    """Compute the Adler-32 of two pieces of data from that of each, and the size of the second.

    >>> combined_adler(zlib.adler32(b"pool"), zlib.adler32(b"cli"), 3) == zlib.adler32(b"poolcli")
    True
    """
    low = (first & 0xFFFF) - 1
    high = (first >> 16) + (second >> 16) + size * low
    return high % _ADLER_PRIME << 16 | (low + (second & 0xFFFF)) % _ADLER_PRIME


def _with_windows(pieces: Iterable[Array], setting: Setting) -> Iterator[tuple[Array, bytes]]:
    """Pair each piece with the data before it that repetitions may refer to."""
    window = b""
    for piece in pieces:
        yield piece, window
        if setting.looks_back:
            window = piece[-_WINDOW_BYTES:].tobytes()


def _in_order(
    work: Iterable[tuple[Array, bytes]], setting: Setting, threads: int
) -> Iterator[_Packed]:
    """Deflate pieces in threads, few of them ahead of the one that is asked for."""
    if threads < 2:
        for piece, window in work:
            yield _pack(piece, window, setting)
        return
    from concurrent.futures import Future, ThreadPoolExecutor

    with ThreadPoolExecutor(threads) as pool:
        waiting: deque[Future[_Packed]] = deque()
        for piece, window in work:
            waiting.append(pool.submit(_pack, piece, window, setting))
            if len(waiting) > 2 * threads:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _pack(piece: Array, window: bytes, setting: Setting) -> _Packed:
    settings = (setting.level, zlib.DEFLATED, _RAW, _MEMORY, setting.strategy)
    library = deflating_library(setting.strategy)
    packer = library.compressobj(*settings, window) if window else library.compressobj(*settings)
    data = packer.compress(piece.data) + packer.flush(zlib.Z_SYNC_FLUSH)
    return _Packed(data, library.adler32(piece.data), piece.size)
