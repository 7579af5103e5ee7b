"""Arrays as pictures: (H, W), (channels, H, W) or (H, W, channels), of a picture's dtype."""

from typing import TYPE_CHECKING, Any

import numpy as np

from poolcli.core.types import Array, Source
from poolcli.errors import PictureError
from poolcli.media.arrays import create_array
from poolcli.media.picture import Frame, Picture
from poolcli.media.replacing import FileUnit

if TYPE_CHECKING:
    from poolcli.media.places.remote_path import Place

__all__ = ["frame_from_array", "is_picture", "mode_of", "save_as_array"]

_MODES = {
    ("uint8", 1): "L",
    ("uint8", 2): "LA",
    ("uint8", 3): "RGB",
    ("uint8", 4): "RGBA",
    ("uint16", 1): "I;16",
    ("uint16", 2): "LA",
    ("uint16", 3): "RGB",
    ("uint16", 4): "RGBA",
    ("int32", 1): "I",
    ("float32", 1): "F",
}

_MOST_AXES_SHOWN = 6


def mode_of(dtype: "np.dtype[Any]", channels: int) -> str | None:
    """Look up the mode of pictures of a dtype; None if there are none.

    >>> mode_of(np.dtype("u1"), 3)
    'RGB'
    """
    return _MODES.get((dtype.name, channels))


def frame_from_array(source: Source, layout: str | None = None) -> Frame:
    """Read an array as the one frame of a picture.

    Parameters
    ----------
    source : (H, W) or (channels, H, W) array
    layout : str, optional
        "hwc" for an array (H, W, channels).

    Raises
    ------
    PictureError
        If pictures do not have its shape and dtype.

    Examples
    --------
    >>> frame = frame_from_array(np.zeros((3, 5, 7), "u1"))
    >>> frame.mode, frame.pixels.shape
    ('RGB', (5, 7, 3))
    """
    shape = source.shape
    mode = _mode_of_array(source, layout)
    if mode is None:
        raise PictureError(
            f"holds {source.dtype} {_shown(shape)}, which is not a picture; give a .npy "
            "destination, or an array (H, W) or (channels, H, W) of uint8 or uint16, or (H, W) of "
            "int32 or float32; --layout hwc reads (H, W, channels)"
        )
    x = source[(slice(None),) * len(shape)]
    if len(shape) == 2:
        return Frame(x[..., None], mode)
    return Frame(x if layout == "hwc" else np.moveaxis(x, 0, -1), mode)


def is_picture(source: Source, layout: str | None = None) -> bool:
    """Tell whether pictures have the shape and dtype of an array."""
    return _mode_of_array(source, layout) is not None


def _mode_of_array(source: Source, layout: str | None) -> str | None:
    shape = source.shape
    if len(shape) not in (2, 3):
        return None
    return mode_of(source.dtype, 1 if len(shape) == 2 else shape[-1 if layout == "hwc" else 0])


def _shown(shape: tuple[int, ...]) -> str:
    """Show a shape in a message, a very long one by its number of axes."""
    return f"of shape {shape}" if len(shape) <= _MOST_AXES_SHOWN else f"of {len(shape)} axes"


def save_as_array(
    picture: Picture, path: "Place", *, sync: bool = True, unit: FileUnit | None = None
) -> list[str]:
    """Write a picture of one frame to a .npy as (channels, H, W); return notes on what is lost.

    Samples get the type that the picture's file stored them in. Metadata has no place in an array.
    ``sync`` and ``unit`` are as in `create_array`.

    Raises
    ------
    PictureError
        If there are several frames.
    OSError
        If the folder cannot be written to or is full.
    """
    frame, *others = picture.frames
    if others:
        raise PictureError("a .npy cannot hold several frames; use --frame N to take one")
    height, width, channels = frame.pixels.shape
    pixels = np.asarray(frame.pixels)
    dtype, notes = _stored_type(frame.sample_type, pixels)
    with create_array(path, (channels, height, width), dtype, sync=sync, unit=unit) as out:
        out[(slice(None),)][...] = np.moveaxis(pixels, -1, 0)
    return notes


def _stored_type(sample_type: str | None, pixels: Array) -> "tuple[np.dtype[Any], list[str]]":
    if sample_type is None:
        return pixels.dtype, []
    stored = np.dtype(sample_type)
    limits = np.iinfo(stored)
    if pixels.size and not limits.min <= pixels.min() <= pixels.max() <= limits.max:
        return pixels.dtype, [f"{stored} samples became {pixels.dtype}"]
    return stored, []
