"""Values of one rank in rows of small integers, found by counting.

Partial sorting of long rows takes several times as long where many values are equal, as those of
labels and dark backgrounds are; counting takes the same time whatever they are.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np

from poolcli.core.types import Array

__all__ = ["can_count", "counted", "histograms", "ranked"]

_SORTED_TAPS = 512
"""NumPy sorts shorter rows faster than it counts them, byte by byte."""

_PART = 1 << 17
"""Values that are counted at a time: NumPy counts integers of eight bytes, which stay in cache."""

_DIGITS = 256


def can_count(dtype: np.dtype[Any], taps: int) -> bool:
    """Tell whether counting is the fastest way for rows of so many values."""
    return dtype.kind in "biu" and dtype.itemsize <= 2 and taps >= _SORTED_TAPS * dtype.itemsize


def counted(rows: Array, rank: int) -> Array:
    """Find the value of a rank, counted from 0, in each row.

    Parameters
    ----------
    rows : (n, taps) ndarray
        Booleans, or integers of one or two bytes in the machine's byte order.

    Returns
    -------
    (n,) ndarray

    Examples
    --------
    >>> counted(np.array([[3, -300, 9], [7, 7, 1]], np.int16), 1)
    array([3, 7], dtype=int16)
    """
    bits = 8 * rows.itemsize
    unsigned = rows.view(f"u{rows.itemsize}")
    # Signed integers are in order as unsigned ones once their sign is turned.
    sign = unsigned.dtype.type(1 << (bits - 1) if rows.dtype.kind == "i" else 0)
    if sign:
        unsigned = unsigned ^ sign
    if bits == 8:
        value, _ = ranked(histograms(unsigned), rank)
    else:
        upper, below = ranked(histograms((unsigned >> 8).astype(np.uint8)), rank)
        value = (upper << 8) | ranked(histograms(unsigned, upper), rank - below)[0]
    found: Array = value.astype(unsigned.dtype) ^ sign
    return found.view(rows.dtype)


def histograms(rows: Array, upper: Array | None = None) -> Array:
    """Count each value of the lowest byte in every row.

    Parameters
    ----------
    rows : (n, taps) ndarray of unsigned integers
        Of one or two bytes.
    upper : (n,) ndarray of int, optional
        The higher byte of the values that are counted alone.

    Returns
    -------
    (n, 256) ndarray of int64
    """
    out: Array = np.zeros((len(rows), _DIGITS), np.int64)
    for some, part in _parts(rows):
        number = np.arange(len(part))[:, None] * _DIGITS
        if upper is not None:
            which = (part >> 8) == upper[some, None]
            index = ((part & 255) + number)[which]
        else:
            index = np.add(part, number).reshape(-1)
        out[some] += np.bincount(index, minlength=len(part) * _DIGITS).reshape(-1, _DIGITS)
    return out


def _parts(rows: Array) -> Iterator[tuple[slice, Array]]:
    """Cut rows into parts that are counted at a time, and long ones along them too."""
    taps = rows.shape[1]
    step = max(1, _PART // max(taps, 1))
    for low in range(0, len(rows), step):
        some = slice(low, low + step)
        for first in range(0, taps, _PART):
            yield some, rows[some, first : first + _PART]


def ranked(counts: Array, rank: Any) -> tuple[Array, Array]:
    """Find the value of a rank by the counts of all, and how many are smaller.

    Examples
    --------
    >>> ranked(np.array([[1, 0, 3]]), 2)
    (array([2]), array([1]))
    """
    total = np.cumsum(counts, axis=1)
    value = np.count_nonzero(total <= np.reshape(rank, (-1, 1)), axis=1)
    here = value[:, None]
    smaller = np.take_along_axis(total, here, 1) - np.take_along_axis(counts, here, 1)
    return value, smaller[:, 0]
