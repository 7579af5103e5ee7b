"""Small maps of numbers: from a word of the command line, a .csv, or a plane of a .npy."""

import re
from pathlib import Path

import numpy as np

from poolcli.core.types import Array
from poolcli.errors import PictureError
from poolcli.media.arrays import open_array

__all__ = ["parse_map", "read_csv_map", "read_npy_map"]

_MAX_BYTES = 1 << 24


def parse_map(text: str) -> Array:
    """Parse rows separated by semicolons or newlines, of numbers separated by blanks or commas.

    Returns
    -------
    (H, W) ndarray of float64

    Raises
    ------
    PictureError
        If a word is not a number, or the rows differ in length.

    Examples
    --------
    >>> parse_map("1 3; 2 9")
    array([[1., 3.],
           [2., 9.]])
    """
    return _parse_rows([line for line in re.split("[;\n]", text) if line.strip()])


def read_csv_map(path: Path) -> Array:
    """Read a .csv of numbers separated by commas, semicolons or tabs.

    Returns
    -------
    (H, W) ndarray of float64

    Raises
    ------
    PictureError
        If a word is not a number, or the rows differ in length.
    OSError
        If the file cannot be opened.
    """
    with path.open("rb") as file:
        raw = file.read(_MAX_BYTES + 1)
    if len(raw) > _MAX_BYTES:
        raise PictureError("is larger than 16 MB; use a .npy")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise PictureError("is not UTF-8 text; give numbers separated by commas") from error
    return _parse_rows([line.replace(";", ",") for line in text.splitlines() if line.strip()])


def read_npy_map(path: Path, channel: int) -> Array:
    """Read one plane of a .npy: a channel, on the axis before the last two, of the first item.

    Returns
    -------
    (H, W) ndarray

    Raises
    ------
    PictureError
        If the array does not have that plane, or its values are not real numbers.
    OSError
        If the file cannot be opened.
    """
    x = open_array(path)
    if len(x.shape) < 2:
        raise PictureError(f"has shape {x.shape}; use an array of 2 or more axes")
    if x.dtype.kind not in "biuf":
        raise PictureError(f"holds {x.dtype}; use integers, booleans or floats")
    channels = x.shape[-3] if len(x.shape) > 2 else 1
    if not 0 <= channel < channels or 0 in x.shape:
        raise PictureError(f"has no channel {channel} in shape {x.shape}; channels count from 0")
    first = (slice(0, 1),) * max(0, len(x.shape) - 3)
    of_channel = (slice(channel, channel + 1),) if len(x.shape) > 2 else ()
    return x[(*first, *of_channel, slice(None), slice(None))].reshape(x.shape[-2:])


def _parse_rows(lines: list[str]) -> Array:
    rows = []
    for line in lines:
        words = [word for word in re.split(r"[,\s]+", line.strip()) if word]
        try:
            rows.append([float(word) for word in words])
        except ValueError as error:
            raise PictureError(f"{str(error).rpartition(': ')[2]} is not a number") from error
    lengths = sorted({len(row) for row in rows})
    if not rows or lengths[0] == 0:
        raise PictureError("holds no numbers; give rows of numbers, as in 1 3; 2 9")
    if len(lengths) > 1:
        raise PictureError(
            f"has rows of {lengths[0]} and of {lengths[-1]} numbers; give rows of equal length"
        )
    return np.array(rows)
