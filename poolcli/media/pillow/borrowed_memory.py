"""Pillow's memory as an array without a copy, through the Arrow interface."""

import ctypes
from typing import Any

import numpy as np
from PIL import Image

from poolcli.core.types import Array
from poolcli.media.pillow.modes import dtype_of

__all__ = ["borrow_memory"]

_CHANNELS_IN_MEMORY = {"L": 1, "I;16": 1, "I": 1, "F": 1, "RGB": 4, "RGBA": 4, "CMYK": 4}
"""Channels of a pixel in memory: those of the mode in its order, then perhaps a spare one."""


class _ArrowArray(ctypes.Structure):
    """The leading fields of ``ArrowArray`` in the Arrow C data interface.

    References
    ----------
    https://arrow.apache.org/docs/format/CDataInterface.html
    """


_ArrowArray._fields_ = [
    ("length", ctypes.c_int64),
    ("null_count", ctypes.c_int64),
    ("offset", ctypes.c_int64),
    ("n_buffers", ctypes.c_int64),
    ("n_children", ctypes.c_int64),
    ("buffers", ctypes.POINTER(ctypes.c_void_p)),
    ("children", ctypes.POINTER(ctypes.POINTER(_ArrowArray))),
]


class _BorrowedMemory:
    """NumPy's array interface to memory of Pillow, which its owner keeps allocated."""

    def __init__(self, address: int, shape: tuple[int, ...], dtype: str, owner: object) -> None:
        self.__array_interface__ = {
            "data": (address, True),
            "shape": shape,
            "typestr": dtype,
            "version": 3,
        }
        self.owner = owner


def borrow_memory(image: Image.Image) -> Array | None:
    """Borrow the memory of an image as a read-only array; RGB has a spare fourth channel.

    Returns
    -------
    (height, width, channels) ndarray or None
        None if Pillow does not lend it: other modes, memory-mapped files, padded lines, and images
        in several blocks, as those are that exceed ``PILLOW_BLOCK_SIZE`` (16 MiB by default).

    Examples
    --------
    >>> from PIL import Image
    >>> borrow_memory(Image.new("RGBA", (2, 1), (1, 2, 3, 4))).tolist()
    [[[1, 2, 3, 4], [1, 2, 3, 4]]]
    """
    channels = _CHANNELS_IN_MEMORY.get(image.mode)
    if channels is None:
        return None
    core: Any = vars(Image).get("core")
    try:
        if image.readonly or core.get_alignment() != 1:
            return None
        shape = (image.height, image.width, channels)
        _, owner = image.__arrow_c_array__()
        address = _address(owner, image.height * image.width * channels)
    except (AttributeError, TypeError, ValueError, OSError, MemoryError):
        return None
    if address is None:
        return None
    return np.asarray(_BorrowedMemory(address, shape, dtype_of(image.mode).str, owner))


def _address(owner: Any, values: int) -> int | None:
    """Address of the buffer, if it is one of this many values."""
    # A function object of its own: setting types on that of ctypes.pythonapi would be global.
    kind = ctypes.PYFUNCTYPE(ctypes.c_void_p, ctypes.py_object, ctypes.c_char_p)
    pointer = kind(("PyCapsule_GetPointer", ctypes.pythonapi))
    found = ctypes.cast(pointer(owner, b"arrow_array"), ctypes.POINTER(_ArrowArray)).contents
    if found.n_children:
        found = found.children[0].contents
    whole = found.length == values and found.offset == 0 and found.n_buffers == 2
    return found.buffers[1] if whole else None
