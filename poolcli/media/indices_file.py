"""Where pooled values were found, in a .npz file that unpooling needs nothing beside."""

import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from poolcli.core.types import Array
from poolcli.errors import PictureError
from poolcli.media.files import replacing

__all__ = ["Indices", "load_indices", "save_indices"]


_DAMAGED_FILE_ERRORS = (
    ValueError,
    LookupError,
    TypeError,
    EOFError,
    zipfile.BadZipFile,
    zlib.error,
    NotImplementedError,  # a zip file of another kind
    RuntimeError,  # an encrypted one
)


@dataclass(frozen=True, slots=True)
class Indices:
    """What was written beside a pooling.

    Attributes
    ----------
    indices : (..., H', W', ...) ndarray of int64
        Flat positions in each (H, W) plane; -1 where there is none.
    input_shape : tuple of int
    axes : (int, int)
        Which axes of the shape are H and W.
    """

    indices: Array
    input_shape: tuple[int, ...]
    axes: tuple[int, int]


def save_indices(path: Path, found: Indices, window: Mapping[str, Any]) -> None:
    """Write indices and, for people who look into the file, the window that they come from.

    Raises
    ------
    OSError
        If the folder cannot be written to or is full.
    """
    high, wide = (found.input_shape[axis] for axis in found.axes)
    dtype = np.int32 if high * wide <= np.iinfo(np.int32).max else np.int64
    with replacing(path) as file:
        items: dict[str, Any] = {
            "indices": found.indices.astype(dtype),
            "input_shape": np.array(found.input_shape),
            "axes": np.array(found.axes),
            **{name: np.array(value) for name, value in window.items()},
        }
        np.savez(file, **items)


def load_indices(path: Path) -> Indices:
    """Read what `save_indices` wrote.

    Raises
    ------
    PictureError
        If the file is something else, or damaged.
    OSError
        If it cannot be opened.
    """
    try:
        with path.open("rb") as opened, np.load(opened, allow_pickle=False) as file:
            height_axis, width_axis = map(int, file["axes"])
            shape = tuple(map(int, file["input_shape"]))
            indices = file["indices"]
            if indices.dtype.kind != "i" or indices.ndim != len(shape) or min(shape) < 0:
                raise ValueError("these are no indices")
            for axis in (height_axis, width_axis):
                if shape[axis] == 0:
                    raise ValueError("these are no places")
    except _DAMAGED_FILE_ERRORS as error:
        raise PictureError(
            "holds no indices; give the file that poolcli max … --indices wrote"
        ) from error
    return Indices(indices.astype(np.int64), shape, (height_axis, width_axis))
