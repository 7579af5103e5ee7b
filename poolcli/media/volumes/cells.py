"""An array of intermediate values in a file, whose cells lie one after the other."""

from collections.abc import Iterator, Sequence
from itertools import product
from math import ceil, prod
from pathlib import Path
from threading import Lock
from typing import Any, BinaryIO, Protocol

import numpy as np

from poolcli.core.geometry.boxes import overlap, within
from poolcli.core.types import Array
from poolcli.errors import PictureError

__all__ = ["CellFile", "Cells"]


class Cells(Protocol):
    """An array, of which boxes of whole cells are written and any boxes are read, by any thread."""

    shape: tuple[int, ...]
    dtype: np.dtype[Any]

    def __setitem__(self, box: tuple[slice, ...], values: Array) -> None: ...

    def __getitem__(self, box: tuple[slice, ...]) -> Array: ...

    def close(self) -> None:
        """Close the files."""


class CellFile:
    """Cells in one file, which one process opens.

    Parameters
    ----------
    path : Path
        It is created, or opened to go on with.
    cell : sequence of int
        Lengths of a cell.
    """

    def __init__(self, path: Path, shape: Sequence[int], dtype: Any, cell: Sequence[int]) -> None:
        self.shape, self.dtype = tuple(shape), np.dtype(dtype)
        self._cell = tuple(min(n, length) for n, length in zip(cell, shape, strict=True))
        self._grid = [ceil(n / step) for n, step in zip(shape, self._cell, strict=True)]
        self._file: BinaryIO = path.open("r+b" if path.exists() else "w+b", buffering=0)
        self._lock = Lock()

    def _cells(self, box: Sequence[slice]) -> Iterator[tuple[int, tuple[slice, ...]]]:
        """Yield the places in the file of the cells that a box touches, and those in the array."""
        size = prod(self._cell) * self.dtype.itemsize
        spans = [
            range(span.start // step, ceil(span.stop / step))
            for span, step in zip(box, self._cell, strict=True)
        ]
        for at in product(*spans):
            number = int(np.ravel_multi_index(at, self._grid))
            yield (
                number * size,
                tuple(
                    slice(i * step, min(length, (i + 1) * step))
                    for i, step, length in zip(at, self._cell, self.shape, strict=True)
                ),
            )

    def __setitem__(self, box: tuple[slice, ...], values: Array) -> None:
        for place, where in self._cells(box):
            cell = np.ascontiguousarray(values[within(where, box)], self.dtype)
            view = memoryview(cell.reshape(-1).view(np.uint8).data)
            with self._lock:
                self._file.seek(place)
                while view:
                    view = view[self._file.write(view) :]

    def __getitem__(self, box: tuple[slice, ...]) -> Array:
        out = np.empty([span.stop - span.start for span in box], self.dtype)
        for place, where in self._cells(box):
            cell = self._read(place, [span.stop - span.start for span in where])
            both = overlap(where, box)
            out[within(both, box)] = cell[within(both, where)]
        return out

    def _read(self, place: int, shape: Sequence[int]) -> Array:
        cell: Array = np.empty(shape, self.dtype)
        view = memoryview(cell.reshape(-1).view(np.uint8).data)
        with self._lock:
            self._file.seek(place)
            while view:
                count = self._file.readinto(view)  # type: ignore[attr-defined]
                if not count:
                    raise PictureError("was cut while it was read; run the command again")
                view = view[count:]
        return cell

    def close(self) -> None:
        """Close the file."""
        self._file.close()
