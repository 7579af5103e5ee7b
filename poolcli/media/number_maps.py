"""Small maps of numbers: from a word of the command line, a .csv, or a plane of a .npy."""

import csv
import re
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from poolcli.core.types import Array
from poolcli.errors import PictureError
from poolcli.media.arrays import layout_notes, open_array
from poolcli.media.files import open_seekable

if TYPE_CHECKING:
    from poolcli.media.places.remote_path import Place

__all__ = ["CsvMap", "parse_map", "parse_planes", "read_csv_map", "read_npy_map"]

_MAX_BYTES = 1 << 24

_DECIMAL_COMMA = re.compile(r"[+-]?\d*,\d+([eE][+-]?\d+)?")


class CsvMap(NamedTuple):
    """The numbers of a .csv (H, W) in float64, and its header row, if it has one."""

    values: Array
    header: tuple[str, ...] = ()


class _Row(NamedTuple):
    """One row of cells, and its number in the file, counted from 1."""

    number: int
    cells: list[str]


def parse_map(text: str) -> Array:
    """Parse rows separated by semicolons or newlines, of numbers separated by blanks or commas.

    Nothing between two commas is NaN.

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
    >>> parse_map("1,,3")
    array([[ 1., nan,  3.]])
    """
    lines = [line.strip() for line in re.split("[;\n]", text) if line.strip()]
    rows = [re.split(r"\s*,\s*|\s+", line) for line in lines]
    return _numbers([_Row(*row) for row in enumerate(rows, 1)], decimal_comma=False)


def parse_planes(text: str) -> Array:
    """Parse maps separated by bars, each as `parse_map` reads it.

    Returns
    -------
    (D, H, W) ndarray of float64

    Raises
    ------
    PictureError
        If one of them cannot be parsed, or they differ in shape.

    Examples
    --------
    >>> parse_planes("1 3; 2 9 | 0 1; 1 0").shape
    (2, 2, 2)
    """
    planes = [parse_map(part) for part in text.split("|")]
    for number, plane in enumerate(planes):
        if plane.shape != planes[0].shape:
            first, other = ("×".join(map(str, one.shape)) for one in (planes[0], plane))
            raise PictureError(
                f"plane 0 is {first} and plane {number} {other}; give planes of one size"
            )
    return np.stack(planes)


def read_csv_map(path: "Place") -> CsvMap:
    r"""Read a .csv of numbers separated by commas, semicolons, tabs or blanks.

    An empty cell is NaN. Where semicolons or tabs separate, a decimal comma is read as one. Cells
    may be quoted, lines that begin with ``#`` are comments, and a first row of words is a header.

    Raises
    ------
    PictureError
        If a cell is not a number, or the rows differ in length; row and column are named.
    OSError
        If the file cannot be opened.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "map.csv"
    >>> _ = path.write_text('left;right\n1,5;"2"\n;4')
    >>> read_csv_map(path)
    CsvMap(values=array([[1.5, 2. ],
           [nan, 4. ]]), header=('left', 'right'))
    """
    lines = _text(path).splitlines()
    named = re.fullmatch(r"sep=(.)", lines[0], re.IGNORECASE) if lines else None
    if named:  # as spreadsheets name the separator
        lines[0] = ""
    lines = ["" if line.startswith("#") else line for line in lines]
    separator = named[1] if named else _separator([line for line in lines if line.strip()])
    if separator == " ":
        lines = [" ".join(line.split()) for line in lines]
    rows = _cells(lines, separator)
    header: tuple[str, ...] = ()
    if len(rows) > 1 and _is_header(rows[0].cells):
        header = tuple(rows.pop(0).cells)
    return CsvMap(_numbers(rows, decimal_comma=separator in ";\t"), header)


def _text(path: "Place") -> str:
    with path.open("rb") if isinstance(path, Path) else open_seekable(path) as file:
        raw = file.read(_MAX_BYTES + 1)
    if len(raw) > _MAX_BYTES:
        raise PictureError("is larger than 16 MB; use a .npy")
    wide = raw.startswith((b"\xff\xfe", b"\xfe\xff"))  # what spreadsheets call Unicode text
    try:
        return raw.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise PictureError("is not UTF-8 text; give numbers separated by commas") from error


def _separator(lines: list[str]) -> str:
    """Detect what separates the cells: the first line, which may be a header, is asked last."""
    for some in (lines[1:], lines):
        bare = re.sub('"[^"]*"', "", "\n".join(some))
        for separator in ("\t", ";", ","):
            if separator in bare:
                return separator
    return " "


def _cells(lines: list[str], separator: str) -> list[_Row]:
    reader = csv.reader(lines, delimiter=separator, skipinitialspace=separator == ",", strict=True)
    try:
        return [_Row(reader.line_num, [cell.strip() for cell in row]) for row in reader if row]
    except csv.Error as error:
        raise PictureError(f"row {reader.line_num}: {error}; close every quotation mark") from error


def _is_header(cells: Sequence[str]) -> bool:
    words = [cell for cell in cells if cell]
    return bool(words) and all(_number(cell, decimal_comma=True) is None for cell in words)


def _numbers(rows: list[_Row], *, decimal_comma: bool) -> Array:
    """Make numbers of rows of cells, all of one length.

    Raises
    ------
    PictureError
        If there are none, a cell is not a number, or the rows differ in length.
    """
    if not any(cell for row in rows for cell in row.cells):
        raise PictureError("holds no numbers; give rows of numbers, as in 1 3; 2 9")
    first = rows[0]
    values = []
    for row in rows:
        for column, cell in enumerate(row.cells, 1):
            number = _number(cell, decimal_comma=decimal_comma)
            if number is None:
                raise PictureError(
                    f"row {row.number}, column {column}: {cell!r} is not a number; "
                    "give one, or leave the cell empty for nan"
                )
            values.append(number)
        if len(row.cells) != len(first.cells):
            lengths = f"row {first.number} has {_cells_text(first)} and row {row.number} has "
            raise PictureError(f"{lengths}{_cells_text(row)}; give rows of equal length")
    _refuse_two_decimal_marks(rows)
    return np.array(values).reshape(len(rows), -1)


def _cells_text(row: _Row) -> str:
    return f"{len(row.cells)} cell{'s' * (len(row.cells) != 1)}"


def _number(cell: str, *, decimal_comma: bool) -> float | None:
    """Read one cell: NaN if it is empty, None if it is not a number."""
    if not cell:
        return float("nan")
    cell = cell.replace("\N{MINUS SIGN}", "-").replace("_", "?")  # float takes 1_000 for a number
    if decimal_comma and _DECIMAL_COMMA.fullmatch(cell):
        cell = cell.replace(",", ".")
    with suppress(ValueError):
        return float(cell)
    return None


def _refuse_two_decimal_marks(rows: list[_Row]) -> None:
    """Refuse commas beside points: one of the two might separate thousands."""
    with_mark = {
        mark: next(
            (
                (row.number, column, cell)
                for row in rows
                for column, cell in enumerate(row.cells, 1)
                if mark in cell
            ),
            None,
        )
        for mark in ".,"
    }
    point, comma = with_mark["."], with_mark[","]
    if point and comma:
        raise PictureError(
            f"row {comma[0]}, column {comma[1]}: {comma[2]!r} has a comma and {point[2]!r} in "
            f"row {point[0]}, column {point[1]} a point; use one of them for decimals"
        )


def read_npy_map(
    path: "Place", channel: int, layout: str | None = None, *, every_channel: bool = False
) -> tuple[Array, tuple[str, ...]]:
    """Read one channel of a .npy, of its first item, or every channel of that.

    Parameters
    ----------
    layout : str, optional
        "hwc" if the channels are the last axis; else they are the axis before the last two.

    Returns
    -------
    pixels : (H, W, channels) ndarray
    notes : tuple of str
        Facts that the user should know about how the axes were taken.

    Raises
    ------
    PictureError
        If the array does not have that channel, or its values are not real numbers.
    OSError
        If the file cannot be opened.
    """
    with open_array(path) as x:
        last = layout == "hwc"
        if len(x.shape) < 2 + last:
            raise PictureError(f"has shape {x.shape}; use an array of {2 + last} or more axes")
        if x.dtype.kind not in "biuf":
            raise PictureError(f"holds {x.dtype}; use integers, booleans or floats")
        axis = len(x.shape) - (1 if last else 3)
        channels = x.shape[axis] if axis >= 0 else 1
        if not 0 <= channel < channels or 0 in x.shape:
            raise PictureError(
                f"has no channel {channel} in shape {x.shape}; channels count from 0"
            )
        key = [slice(0, 1)] * max(0, len(x.shape) - 3) + [slice(None)] * min(3, len(x.shape))
        if axis >= 0 and not every_channel:
            key[axis] = slice(channel, channel + 1)
        item = x[tuple(key)]
        item = item.reshape(item.shape[-3:])
        pixels = item[..., None] if item.ndim == 2 else item
        if item.ndim == 3 and not last:
            pixels = np.moveaxis(item, 0, -1)
        return pixels, layout_notes(x.shape, layout)
