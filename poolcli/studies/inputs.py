"""Maps and pictures from whatever Python has: paths, arrays, nested lists, Pillow images."""

from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np

from poolcli.core.inputs import as_array, is_image
from poolcli.core.operations import OPERATIONS
from poolcli.core.types import Array, Input
from poolcli.errors import PictureError
from poolcli.jobs.operation import Operation
from poolcli.jobs.parameters import Parameters
from poolcli.studies.first_frame import FirstFrame, read_first_frame
from poolcli.studies.number_map import NumberMap, channel_label, classic_map, read_map
from poolcli.studies.one_row import along_row
from poolcli.studies.stack import Stack

__all__ = ["Given", "numbers_of", "picture_of"]

Given = Input | str | PathLike[str]

_MODES = {1: "L", 2: "LA", 3: "RGB", 4: "RGBA"}


def picture_of(source: Given) -> FirstFrame:
    """Read a picture, or take an array (H, W) or (H, W, C) for one.

    Raises
    ------
    FileError
        If a file cannot be read.
    PictureError
        If an array is not of such a shape, or holds no real numbers.
    """
    if isinstance(source, str | PathLike):
        return read_first_frame(Path(source))
    pixels = as_array(source)
    if pixels.ndim == 2:
        pixels = pixels[..., None]
    if pixels.ndim != 3 or pixels.shape[2] not in _MODES or 0 in pixels.shape:
        raise PictureError(
            f"an array of shape {as_array(source).shape} is not a picture; use (H, W), or "
            "(H, W, C) of up to 4 channels"
        )
    inks = is_image(source) and source.mode == "CMYK"
    return FirstFrame(_real(pixels), "CMYK" if inks else _MODES[pixels.shape[2]])


def numbers_of(
    source: Given | None, name: str, channel: int | None, parameters: Parameters
) -> tuple[NumberMap | Stack, Operation]:
    """Make a map or a stack of numbers, and an operation that suits it.

    Parameters
    ----------
    source : path, Pillow image, or (W,), (H, W) or (D, H, W) array_like, optional
        The map of the tutorials unless given.
    name : str
        The name of the operation.
    channel : int, optional
        Of a picture or a file.

    Raises
    ------
    FileError
        If a file cannot be read.
    PictureError
        If an array is not of such a shape, or holds no real numbers.
    WindowError
        If a parameter is out of its range.
    """
    if parameters.get("kernel") is None and parameters.get("size") is None:
        parameters = {**parameters, "kernel": 2}
    if source is None or isinstance(source, str | PathLike) or is_image(source):
        operation = Operation(name, **parameters)
        return _flat(source, operation, channel), operation
    values = _real(as_array(source))
    if values.ndim == 3 and values.size:
        deep: Parameters = {**parameters, "axes": "ZYX"}
        operation = Operation(name, **deep)
        return Stack(values, operation), operation
    if values.ndim not in (1, 2) or not values.size:
        raise PictureError(
            f"an array of shape {values.shape} cannot be drawn; use (W,), (H, W) or (D, H, W)"
        )
    operation = Operation(name, **parameters)
    row = len(np.atleast_2d(values)) == 1 < values.size
    return NumberMap.of(np.atleast_2d(values)), along_row(operation) if row else operation


def _flat(source: Any, operation: Operation, channel: int | None) -> NumberMap:
    if source is None:
        return classic_map()
    if not is_image(source):
        pixels = OPERATIONS[operation.name].keeps_pixels
        return read_map(Path(source), channel, whole_pixels=pixels)
    frame, which = picture_of(source), channel or 0
    return NumberMap(frame, channel_label("image", frame, which), which)


def _real(values: Array) -> Array:
    if values.dtype.kind not in "biuf":
        raise PictureError(f"an array of {values.dtype} cannot be drawn; use integers or floats")
    return values
