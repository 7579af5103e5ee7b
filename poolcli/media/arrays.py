"""Arrays in .npy files, read and written slice by slice."""

import math
import os
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO, Literal

import numpy as np

from poolcli.core.types import Array, Source
from poolcli.errors import PictureError
from poolcli.media.replacing import atomic_write

__all__ = ["ArrayFile", "create_array", "layout_notes", "open_array", "read_piped_array"]

_MOST_CHANNELS = 4

_NPY_MAGIC = b"\x93NUMPY"


class ArrayFile:
    """An array in a file; each slice is memory-mapped, copied and unmapped.

    A mapping keeps every page that was ever touched, so a new one is made for each slice: an array
    may be larger than memory.
    """

    def __init__(
        self,
        path: str | Path,
        shape: tuple[int, ...],
        dtype: Any,
        offset: int,
        order: Literal["C", "F"] = "C",
    ) -> None:
        self.path, self.shape, self.dtype = path, shape, np.dtype(dtype)
        self.offset, self.order = offset, order

    def _map(self, mode: Any) -> Array:
        if 0 in self.shape:
            return np.empty(self.shape, self.dtype)
        return np.memmap(self.path, self.dtype, mode, self.offset, self.shape, self.order)

    def __getitem__(self, key: tuple[slice, ...]) -> Array:
        return np.array(self._map("r")[key])


class _WritableArrayFile(ArrayFile):
    """An array in a file; each slice is a writable view of it."""

    @property
    def size(self) -> int:
        return math.prod(self.shape)

    @property
    def ndim(self) -> int:
        return len(self.shape)

    def __getitem__(self, key: tuple[slice, ...]) -> Array:
        return self._map("r+")[key]


def open_array(path: Path) -> Source:
    """Open the array of a .npy file; only what is sliced is read.

    Raises
    ------
    PictureError
        If the file is not a .npy, is truncated, or holds Python objects.
    OSError
        If the file cannot be opened.
    """
    with path.open("rb") as file:
        try:
            shape, fortran, dtype = _read_header(file)
        except ValueError as error:
            raise PictureError(
                f"is not a .npy array ({error}); give a file that numpy.save wrote"
            ) from error
        if dtype.hasobject:
            raise PictureError(f"holds Python objects (dtype {dtype}); save an array of numbers")
        offset, size = file.tell(), file.seek(0, os.SEEK_END)
    if size < offset + math.prod(shape) * dtype.itemsize:
        raise PictureError(
            f"is truncated: its header announces shape {shape} of {dtype}; save it again"
        )
    return ArrayFile(path, shape, dtype, offset, "F" if fortran else "C")


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
    try:
        array: Array = np.load(file, allow_pickle=False)
    except (ValueError, EOFError) as error:
        text = " ".join(str(error).split())
        raise PictureError(
            f"is a .npy array that cannot be read ({text}); save it again"
        ) from error
    return array


def _read_header(file: BinaryIO) -> tuple[tuple[int, ...], bool, np.dtype[Any]]:
    """Read the shape, whether the order is Fortran's, and the dtype.

    Raises
    ------
    ValueError
        If the header is missing or invalid.
    """
    version = np.lib.format.read_magic(file)
    if not (1, 0) <= version <= (3, 0):
        raise ValueError(f"its format version {version[0]}.{version[1]} is unknown")
    read = np.lib.format.read_array_header_1_0
    if version > (1, 0):
        read = np.lib.format.read_array_header_2_0  # 3.0 only adds field names beyond Latin-1
    try:
        shape, fortran, dtype = read(file)
    except ValueError as error:  # its text is for programmers
        raise ValueError("its header is damaged") from error
    if any(length < 0 for length in shape):
        raise ValueError(f"its shape is {shape}")
    return shape, fortran, dtype


@contextmanager
def create_array(
    path: Path, shape: tuple[int, ...], dtype: Any, *, sync: bool = True
) -> Iterator[Any]:
    """Yield an array to fill by slices; it replaces ``path`` if the block ends without an error.

    Parameters
    ----------
    sync : bool
        As in `replacing.atomic_write`.

    Raises
    ------
    OSError
        If the disk is too full, before anything is computed.
    """
    dtype = np.dtype(dtype)
    header = {"descr": np.lib.format.dtype_to_descr(dtype), "fortran_order": False, "shape": shape}
    with atomic_write(path, sync=sync) as file:
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
