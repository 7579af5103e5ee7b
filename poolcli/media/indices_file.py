"""Indices of pooled values in a .npz file, which holds all that unpooling needs."""

import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from poolcli.core.types import Array
from poolcli.errors import PictureError
from poolcli.media.files import atomic_write

__all__ = ["Indices", "load_indices", "save_indices"]


_DAMAGED_FILE_ERRORS = (
    ValueError,
    LookupError,
    TypeError,
    EOFError,
    zipfile.BadZipFile,
    zlib.error,
    NotImplementedError,  # an unknown kind of zip file
    RuntimeError,  # an encrypted zip file
)


@dataclass(frozen=True, slots=True)
class Indices:
    """The indices of a pooling, and the shape of its input.

    Attributes
    ----------
    indices : (..., H', W', ...) ndarray of int64
        Flat positions in each (H, W) plane; -1 for a window without a value.
    input_shape : tuple of int
    axes : (int, int)
        The axes of the input shape that are H and W.
    """

    indices: Array
    input_shape: tuple[int, ...]
    axes: tuple[int, int]


def save_indices(path: Path, found: Indices, window: Mapping[str, Any]) -> None:
    """Write indices; also the window that they come from, for people who look into the file.

    Raises
    ------
    OSError
        If the folder cannot be written to or is full.
    """
    high, wide = (found.input_shape[axis] for axis in found.axes)
    dtype = np.int32 if high * wide <= np.iinfo(np.int32).max else np.int64
    with atomic_write(path) as file:
        items: dict[str, Any] = {
            "indices": found.indices.astype(dtype),
            "input_shape": np.array(found.input_shape),
            "axes": np.array(found.axes),
            **{name: np.array(value) for name, value in window.items()},
        }
        _write_arrays(file, items)


def _write_arrays(file: BinaryIO, arrays: Mapping[str, Array]) -> None:
    """As `numpy.savez`, which before NumPy 2.2 leaves its archive open when the disk is full."""
    with zipfile.ZipFile(file, "w") as archive:
        for name, array in arrays.items():
            with archive.open(f"{name}.npy", "w", force_zip64=True) as member:
                np.lib.format.write_array(member, array, allow_pickle=False)


def load_indices(path: Path) -> Indices:
    """Read a file that `save_indices` wrote.

    Raises
    ------
    PictureError
        If the file is of another kind, or damaged.
    OSError
        If it cannot be opened.
    """
    try:
        with path.open("rb") as opened, np.load(opened, allow_pickle=False) as file:
            height_axis, width_axis = map(int, file["axes"])
            shape = tuple(map(int, file["input_shape"]))
            indices = file["indices"]
            if indices.dtype.kind != "i" or indices.ndim != len(shape) or min(shape) < 0:
                raise ValueError("not indices")
            for axis in (height_axis, width_axis):
                if shape[axis] == 0:
                    raise ValueError("an empty plane")
    except _DAMAGED_FILE_ERRORS as error:
        raise PictureError(
            "holds no indices; give the file that poolcli max … --indices wrote"
        ) from error
    return Indices(indices.astype(np.int64), shape, (height_axis, width_axis))
