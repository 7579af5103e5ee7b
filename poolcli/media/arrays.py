"""Arrays in .npy files, read and written slice by slice."""

import math
import os
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from io import BytesIO
from itertools import product
from operator import mul
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Literal

import numpy as np

from poolcli.core.types import Array, Source
from poolcli.errors import PictureError
from poolcli.media.array_headers import Header, read_header
from poolcli.media.files import open_unchanged
from poolcli.media.replacing import FileUnit, atomic_write

if TYPE_CHECKING:
    from poolcli.media.places.remote_path import Place

__all__ = [
    "ArrayFile",
    "create_array",
    "layout_notes",
    "open_array",
    "read_piped_array",
]

_MOST_CHANNELS = 4

_NPY_MAGIC = b"\x93NUMPY"

_SHORT_RUN = 512
"""Bytes side by side for which it is not worth asking the system: a mapping is faster."""


class ArrayFile:
    """An array in an open file, which is read as it is sliced: it may be larger than memory.

    Parameters
    ----------
    file : binary file
        Must stay open: whoever replaces the file meanwhile does not change what is read here.
    offset : int
        Bytes before the array.
    """

    def __init__(
        self,
        file: BinaryIO,
        shape: tuple[int, ...],
        dtype: Any,
        offset: int,
        order: Literal["C", "F"] = "C",
    ) -> None:
        self.file, self.shape, self.dtype = file, shape, np.dtype(dtype)
        self.offset, self.order = offset, order

    def __getitem__(self, key: tuple[slice, ...]) -> Array:
        every = (*key, *(slice(None),) * (len(self.shape) - len(key)))
        spans = [
            range(*part.indices(length)) for part, length in zip(every, self.shape, strict=True)
        ]
        if not all(spans) or self.dtype.itemsize == 0:
            return np.empty([len(span) for span in spans], self.dtype)
        if any(span.step != 1 for span in spans):
            return self._mapped(every)
        if self.order == "C":
            piece = self._read(spans, self.shape)
        else:
            piece = self._read(spans[::-1], self.shape[::-1])
        return self._mapped(every) if piece is None else piece.transpose(self._axes())

    def _axes(self) -> list[int]:
        axes = list(range(len(self.shape)))
        return axes if self.order == "C" else axes[::-1]

    def _read(self, spans: Sequence[range], shape: Sequence[int]) -> Array | None:
        """Read a part of an array in C order, run by run; None where its runs are too short."""
        inner = len(spans)
        while inner and len(spans[inner - 1]) == shape[inner - 1]:
            inner -= 1
        outer = max(0, inner - 1)  # the axis whose entries lie side by side, if not all do
        item = self.dtype.itemsize
        strides = [item * math.prod(shape[axis + 1 :]) for axis in range(len(shape))]
        out = np.empty([len(span) for span in spans], self.dtype)
        runs = math.prod(out.shape[:outer])
        size = out.nbytes // runs
        if size < _SHORT_RUN and runs > 1:
            return None
        view = out.reshape(-1).view(np.uint8).data
        first = self.offset
        if inner:
            first += strides[outer] * spans[outer].start
        for number, places in enumerate(product(*spans[:outer])):
            start = first + sum(map(mul, places, strides))
            self._fill(view[number * size : (number + 1) * size], start)
        return out

    def _fill(self, view: memoryview, start: int) -> None:
        self.file.seek(start)
        while view:
            count = self.file.readinto(view)  # type: ignore[attr-defined]
            if not count:
                raise PictureError("was cut while it was read; run the command again")
            view = view[count:]

    def _mapped(self, key: tuple[slice, ...]) -> Array:
        """Copy a part out of a mapping, which keeps every page touched, and is made anew each time.

        To touch what was cut off kills a process; so it is looked at first.
        """
        end = self.offset + math.prod(self.shape) * self.dtype.itemsize
        if os.fstat(self.file.fileno()).st_size < end:
            raise PictureError("was cut while it was read; run the command again")
        mapping = np.memmap(self.file, self.dtype, "r", self.offset, self.shape, self.order)
        return np.array(mapping[key])


class _WritableArrayFile:
    """An array in a file; each slice is a writable view of a mapping of its own."""

    def __init__(self, path: str, shape: tuple[int, ...], dtype: Any, offset: int) -> None:
        self.path, self.shape, self.dtype, self.offset = path, shape, np.dtype(dtype), offset

    @property
    def size(self) -> int:
        return math.prod(self.shape)

    @property
    def ndim(self) -> int:
        return len(self.shape)

    def reshape(self, shape: tuple[int, ...]) -> "_WritableArrayFile":
        """Give the same array, in C order, with other axes."""
        return _WritableArrayFile(self.path, shape, self.dtype, self.offset)

    def __setitem__(self, key: tuple[slice, ...], values: Array) -> None:
        self[key][...] = values

    def __getitem__(self, key: tuple[slice, ...]) -> Array:
        if 0 in self.shape:
            return np.empty(self.shape, self.dtype)[key]
        return np.memmap(self.path, self.dtype, "r+", self.offset, self.shape)[key]


@contextmanager
def open_array(path: "Place") -> Iterator[Source]:
    """Open the array of a .npy file; only what is sliced is read, all of it from one open file.

    Raises
    ------
    PictureError
        If the file is not a .npy, is truncated, or holds Python objects; at the end, if it was
        changed or replaced meanwhile.
    OSError
        If the file cannot be opened.
    """
    with _opened(path) as file:
        header = read_header(file)
        offset, size = file.tell(), file.seek(0, os.SEEK_END)
        _refuse_truncated(header, size - offset)
        yield ArrayFile(file, header.shape, header.dtype, offset, "F" if header.fortran else "C")


def _opened(path: "Place") -> "AbstractContextManager[BinaryIO]":
    """Open a file to read in parts; a copy of an object, of which a part may be mapped."""
    if isinstance(path, Path):
        return open_unchanged(path, buffering=0)
    from poolcli.media.places.reading import open_copy

    return open_copy(path)


def _refuse_truncated(header: Header, size: int) -> None:
    """Refuse an array of which there are fewer bytes than its header announces."""
    if size < math.prod(header.shape) * header.dtype.itemsize:
        raise PictureError(
            f"is truncated: its header announces shape {header.shape} of {header.dtype}; "
            "save it again"
        )


def layout_notes(shape: tuple[int, ...], layout: str | None) -> tuple[str, ...]:
    """Note that what was taken for the width looks like channels, if nobody named the layout.

    >>> layout_notes((3, 480, 640), None), layout_notes((480, 640, 3), "hwc")
    ((), ())
    """
    narrow = len(shape) > 2 and shape[-1] <= _MOST_CHANNELS and shape[-1] < shape[-2]
    if not narrow or layout is not None:
        return ()
    return (
        f"the last axis of {shape} was taken for the width; "
        "use --layout hwc if it holds channels, --layout chw if not",
    )


def read_piped_array(file: BinaryIO) -> Array | None:
    """Read the array of a .npy that came through a pipe; return None for any other file.

    Raises
    ------
    PictureError
        If the array is truncated or holds Python objects.
    """
    begin = file.read(len(_NPY_MAGIC))
    file.seek(0)
    if begin != _NPY_MAGIC:
        return None
    header = read_header(file)
    data = file.read()
    _refuse_truncated(header, len(data))
    count = math.prod(header.shape)
    values: Array = np.frombuffer(data, header.dtype, count).copy()
    return values.reshape(header.shape, order="F" if header.fortran else "C")


@contextmanager
def create_array(
    path: "Place",
    shape: tuple[int, ...],
    dtype: Any,
    *,
    sync: bool = True,
    unit: FileUnit | None = None,
) -> Iterator[Any]:
    """Yield an array to fill by slices; it replaces ``path`` if the block ends without an error.

    Parameters
    ----------
    sync, unit
        As in `replacing.atomic_write`.

    Raises
    ------
    OSError
        If the disk is too full, before anything is computed.
    """
    dtype = np.dtype(dtype)
    header = {"descr": np.lib.format.dtype_to_descr(dtype), "fortran_order": False, "shape": shape}
    with atomic_write(path, sync=sync, unit=unit) as file:
        np.lib.format.write_array_header_1_0(file, header)
        if isinstance(file, BytesIO):
            memory = np.zeros(shape, dtype)
            yield memory
            file.write(memory.tobytes())
        else:
            offset = file.tell()
            _reserve(file, offset, math.prod(shape) * dtype.itemsize)
            yield _WritableArrayFile(file.name, shape, dtype, offset)


def _reserve(file: BinaryIO, offset: int, size: int) -> None:
    """Allocate the disk space now: on a full disk, writing to a mapping kills the process."""
    file.flush()
    block = bytes(1 << 20)
    for left in range(size, 0, -len(block)):
        file.write(block[: min(left, len(block))])
    file.flush()
    file.seek(offset)
