"""Arrays in .npy files, read and written slice by slice."""

import math
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO, Literal, NamedTuple

import numpy as np

from poolcli.core.types import Array, Source
from poolcli.errors import PictureError
from poolcli.media.files import atomic_write

__all__ = [
    "ArrayFile",
    "Header",
    "create_array",
    "layout_notes",
    "open_array",
    "read_header",
    "read_piped_array",
]

_MOST_CHANNELS = 4

_NPY_MAGIC = b"\x93NUMPY"

_MOST_AXES, _MOST_BYTES = 64, 2**63 - 1
"""Axes and bytes that an array of NumPy may have at most."""

_LONGEST_TEXT = 100


class Header(NamedTuple):
    """The header of a .npy: its shape, whether the order is Fortran's, and its dtype."""

    shape: tuple[int, ...]
    fortran: bool
    dtype: np.dtype[Any]


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
        header = read_header(file)
        offset, size = file.tell(), file.seek(0, os.SEEK_END)
    _refuse_truncated(header, size - offset)
    return ArrayFile(path, header.shape, header.dtype, offset, "F" if header.fortran else "C")


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


def read_header(file: BinaryIO) -> Header:
    """Read the header of a .npy, of which nothing is trusted; the file is then at the values.

    Raises
    ------
    PictureError
        If there is none, it is damaged, or it announces what no array of numbers can be.

    Examples
    --------
    >>> file = BytesIO()
    >>> np.save(file, np.zeros((2, 3), "u1"))
    >>> _ = file.seek(0)
    >>> read_header(file).shape
    (2, 3)
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            version = _read_version(file)
            read = np.lib.format.read_array_header_1_0
            if version > (1, 0):
                read = np.lib.format.read_array_header_2_0  # 3.0 only adds names beyond Latin-1
            shape, fortran, dtype = read(file)
    except (PictureError, OSError):
        raise
    except Exception as error:  # a header is Python's text, and its parser raises almost anything
        raise PictureError(_not_an_array("its header is damaged")) from error
    if dtype.hasobject:
        raise PictureError(f"holds Python objects (dtype {dtype}); save an array of numbers")
    if not dtype.itemsize or dtype.subdtype is not None:
        raise PictureError(f"holds no numbers (dtype {dtype}); save an array of numbers")
    shape = tuple(map(int, shape))
    # The file's size bounds an array with values; an empty one has strides all the same.
    extent = math.prod(length for length in shape if length) * dtype.itemsize
    impossible = 0 in shape and extent > _MOST_BYTES
    if min(shape, default=0) < 0 or len(shape) > _MOST_AXES or impossible:
        raise PictureError(_not_an_array(f"its shape is {shape}"[:_LONGEST_TEXT]))
    return Header(shape, fortran, dtype)


def _read_version(file: BinaryIO) -> tuple[int, int]:
    try:
        version = np.lib.format.read_magic(file)
    except ValueError as error:
        raise PictureError(_not_an_array(str(error))) from error
    if not (1, 0) <= version <= (3, 0):
        raise PictureError(
            _not_an_array(f"its format version {version[0]}.{version[1]} is unknown")
        )
    return version


def _not_an_array(why: str) -> str:
    return f"is not a .npy array ({why}); give a file that numpy.save wrote"


@contextmanager
def create_array(
    path: Path, shape: tuple[int, ...], dtype: Any, *, sync: bool = True
) -> Iterator[Any]:
    """Yield an array to fill by slices; it replaces ``path`` if the block ends without an error.

    Parameters
    ----------
    sync : bool
        As in `files.atomic_write`.

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
