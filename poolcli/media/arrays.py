"""Arrays in .npy files, read and written a part at a time."""

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
from poolcli.media.files import replacing

__all__ = ["ArrayFile", "created", "opened_array", "piped_array"]

_NPY_MAGIC = b"\x93NUMPY"


class ArrayFile:
    """An array in a file, of which each slice is mapped into memory, copied, and let go.

    A mapping that is kept holds every page that was ever looked at; so an array larger than memory
    is seen through a new one for each slice.
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
    """An array in a file, of which each slice is a view to write to."""

    @property
    def size(self) -> int:
        return math.prod(self.shape)

    @property
    def ndim(self) -> int:
        return len(self.shape)

    def __getitem__(self, key: tuple[slice, ...]) -> Array:
        return self._map("r+")[key]


def opened_array(path: Path) -> Source:
    """The array of a file, in memory only where it is sliced.

    Raises
    ------
    PictureError
        If the file is no .npy, is cut short, or holds Python objects.
    OSError
        If the file cannot be opened.
    """
    with path.open("rb") as file:
        try:
            shape, fortran, dtype = _read_header(file)
        except ValueError as error:
            raise PictureError(f"is no .npy array ({error})") from error
        if dtype.hasobject:
            raise PictureError(f"holds Python objects (dtype {dtype}); use numbers")
        offset, size = file.tell(), file.seek(0, os.SEEK_END)
    if size < offset + math.prod(shape) * dtype.itemsize:
        raise PictureError(f"is cut short: its header tells of an array {shape} of {dtype}")
    return ArrayFile(path, shape, dtype, offset, "F" if fortran else "C")


def piped_array(file: BinaryIO) -> Array | None:
    """The array of a .npy that came through a pipe; None of anything else.

    Raises
    ------
    PictureError
        If the array is cut short or holds Python objects.
    """
    begin = file.read(len(_NPY_MAGIC))
    file.seek(0)
    if begin != _NPY_MAGIC:
        return None
    try:
        array: Array = np.load(file, allow_pickle=False)
    except (ValueError, EOFError) as error:
        text = " ".join(str(error).split())
        raise PictureError(f"is no .npy array that can be read ({text})") from error
    return array


def _read_header(file: BinaryIO) -> tuple[tuple[int, ...], bool, np.dtype[Any]]:
    """Shape, whether Fortran's order, dtype.

    Raises
    ------
    ValueError
        If it is none.
    """
    version = np.lib.format.read_magic(file)
    if not (1, 0) <= version <= (3, 0):
        raise ValueError(f"its format version {version[0]}.{version[1]} is unknown")
    read = np.lib.format.read_array_header_1_0
    if version > (1, 0):
        read = np.lib.format.read_array_header_2_0  # 3.0 only adds names that are not Latin
    try:
        shape, fortran, dtype = read(file)
    except ValueError as error:  # with a text for programmers
        raise ValueError("its header is damaged") from error
    if any(length < 0 for length in shape):
        raise ValueError(f"its shape is {shape}")
    return shape, fortran, dtype


@contextmanager
def created(path: Path, shape: tuple[int, ...], dtype: Any) -> Iterator[Any]:
    """Give an array to fill, slice by slice, that becomes ``path`` if the block ends well.

    Raises
    ------
    OSError
        If there is no room for it; before anything is computed.
    """
    dtype = np.dtype(dtype)
    header = {"descr": np.lib.format.dtype_to_descr(dtype), "fortran_order": False, "shape": shape}
    with replacing(path) as file:
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
    """Take the room now: a full disk must not be met through a mapping, which would end us."""
    file.flush()
    block = bytes(1 << 20)
    for left in range(size, 0, -len(block)):
        file.write(block[: min(left, len(block))])
    file.flush()
    file.seek(offset)
