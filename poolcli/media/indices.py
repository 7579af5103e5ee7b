"""Where pooled values were found, in a .npz file that unpooling needs nothing beside."""

import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from poolcli.core.kernels import Array
from poolcli.errors import PictureError
from poolcli.media.files import replacing

__all__ = ["Indices", "load_indices", "save_indices"]


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
        with np.load(path, allow_pickle=False) as file:
            height_axis, width_axis = map(int, file["axes"])
            return Indices(
                file["indices"].astype(np.int64),
                tuple(map(int, file["input_shape"])),
                (height_axis, width_axis),
            )
    except (ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile) as error:
        raise PictureError(
            "holds no indices; give the file that poolcli max … --indices wrote"
        ) from error
