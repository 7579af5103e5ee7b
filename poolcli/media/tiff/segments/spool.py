"""Arrays laid aside in a temporary file, which goes when the program ends, however it ends."""

from contextlib import suppress
from tempfile import TemporaryFile
from threading import Lock
from typing import IO, Any
from weakref import finalize

import numpy as np

from poolcli.core.types import Array

__all__ = ["Spool", "Spooled"]


class Spooled:
    """An array in a temporary file, of which slices are copied."""

    def __init__(self, spool: "Spool", offset: int, x: Array) -> None:
        self._spool, self._offset = spool, offset
        self.shape, self.dtype, self.nbytes = x.shape, x.dtype, x.nbytes

    def __getitem__(self, key: tuple[slice, ...]) -> Array:
        # A mapping keeps each page that was touched in memory, so a new one is made for each slice.
        copied: Array = np.array(self._spool.mapped(self._offset, self.dtype, self.shape)[key])
        return copied


class Spool:
    """A temporary file that takes arrays, in the folder that TMPDIR names.

    The place of an array that nobody holds any longer is given to the next one of its size.

    Examples
    --------
    >>> spool = Spool()
    >>> spooled = spool.put(np.arange(6).reshape(2, 3))
    >>> spooled[slice(1, 2), slice(0, 2)].tolist()
    [[3, 4]]
    >>> spool.close()
    """

    def __init__(self) -> None:
        self._file: IO[bytes] | None = None
        self._lock = Lock()
        self._end = 0
        self._free: dict[int, list[int]] = {}

    def put(self, x: Array) -> Spooled | None:
        """Lay an array aside; None where the disk has no room for it."""
        free = self._free.setdefault(x.nbytes, [])
        with suppress(OSError), self._lock:
            if self._file is None:
                self._file = TemporaryFile(buffering=0)  # noqa: SIM115
            offset = free.pop() if free else self._end
            self._file.seek(offset)
            rest = np.ascontiguousarray(x).reshape(-1).view(np.uint8).data
            while rest:
                rest = rest[self._file.write(rest) :]
            self._end = max(self._end, offset + x.nbytes)
            spooled = Spooled(self, offset, x)
            finalize(spooled, free.append, offset)
            return spooled
        return None

    def mapped(self, offset: int, dtype: Any, shape: tuple[int, ...]) -> Array:
        """Map an array that was put there."""
        file: Any = self._file
        with self._lock:  # NumPy moves the position in the file
            mapping: Array = np.memmap(file, dtype, "r", offset, shape)
        return mapping

    def close(self) -> None:
        """Remove the file."""
        if self._file is not None:
            self._file.close()
