"""Headers of .npy files, of which nothing is trusted."""

import math
import warnings
from typing import Any, BinaryIO, NamedTuple

import numpy as np

from poolcli.errors import PictureError

__all__ = ["Header", "read_header"]

_MOST_AXES, _MOST_BYTES = 64, 2**63 - 1
"""Axes and bytes that an array of NumPy may have at most."""

_LONGEST_TEXT = 100


class Header(NamedTuple):
    """The header of a .npy: its shape, whether the order is Fortran's, and its dtype."""

    shape: tuple[int, ...]
    fortran: bool
    dtype: np.dtype[Any]


def read_header(file: BinaryIO) -> Header:
    """Read the header of a .npy, of which nothing is trusted; the file is then at the values.

    Raises
    ------
    PictureError
        If there is none, it is damaged, or it announces what no array of numbers can be.

    Examples
    --------
    >>> from io import BytesIO
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
