"""The values of many rows, each counted, by sorting.

A value is sorted together with its place in the row, as one integer, so that equal values lie side
by side and the first of them is the one that came first.
"""

from typing import Any, NamedTuple

import numpy as np

from poolcli.core.types import Array

__all__ = ["SHORT_ROW", "Tally", "commonest", "merged", "tally"]

SHORT_ROW = 256
"""NumPy sorts rows of up to this number of integers by a network, ten times as fast as longer ones.
"""

_FEW = 16
"""A row in which a value comes this many times, on average, is sorted in parts."""


class Tally(NamedTuple):
    """Values of rows, each of a row once.

    Attributes
    ----------
    row : ndarray of int64
        In ascending order.
    value : ndarray of unsigned integers
    first : ndarray of int64
        Where it comes first.
    times : ndarray of int64
        Number of times that it comes.
    """

    row: Array
    value: Array
    first: Array
    times: Array

    def winners(self) -> tuple[Array, Array]:
        """Find the rows that have any values, and where the commonest comes first in each."""
        if not self.row.size:
            return self.row, self.first
        last = int(self.first.max())
        bits = last.bit_length()
        begins = _begins(self.row)
        best = np.maximum.reduceat((self.times << bits) | (last - self.first), begins)
        return self.row[begins], last - (best & ((1 << bits) - 1))


class _Keys(NamedTuple):
    """Rows of integers, of which each is a value and its place below it.

    Attributes
    ----------
    keys : (n, taps) ndarray
    low : int
        Number of bits of a place.
    absent : int
        Keys from here on are of values that do not exist.
    """

    keys: Array
    low: int
    absent: int | None

    @property
    def mask(self) -> Any:
        return self.keys.dtype.type((1 << self.low) - 1)


def _keys(rows: Array, exists: Array | None) -> _Keys:
    taps = rows.shape[1]
    low = (taps - 1).bit_length()
    values = rows.view(f"u{rows.itemsize}")
    least, most = int(values.min()), int(values.max())
    bits = (most - least).bit_length()
    if low + bits + 1 > 64:  # wide values are numbered in their order
        _, numbers = np.unique(values, return_inverse=True)
        values, least = numbers.reshape(rows.shape), 0
        bits = int(values.max()).bit_length()
    high = low + bits
    dtype = np.dtype("u4" if high + (exists is not None) <= 32 else "u8")
    keys: Array = np.empty(rows.shape, dtype)
    if least:
        np.subtract(values, values.dtype.type(least), out=keys, casting="unsafe")
    else:
        np.copyto(keys, values, casting="unsafe")
    keys <<= dtype.type(low)
    keys |= np.arange(taps, dtype=dtype)
    if exists is None:
        return _Keys(keys, low, None)
    absent = 1 << high
    keys[~exists] |= dtype.type(absent)
    return _Keys(keys, low, absent)


def commonest(rows: Array, exists: Array | None = None) -> Array:
    """Find where the commonest value of each row comes first; of several, the one that does so.

    Parameters
    ----------
    rows : (n, taps) ndarray of integers or booleans
        Only whether they are equal matters.
    exists : (n, taps) ndarray of bool, optional
        The values that have a vote.

    Returns
    -------
    (n,) ndarray of int64
        0 for a row without any that has.

    Examples
    --------
    >>> commonest(np.array([[5, 7, 3, 7], [1, 2, 3, 4]]))
    array([1, 0])
    """
    if exists is None and rows.shape[1] > SHORT_ROW and rows.size:
        found = _in_parts(rows)
        if found is not None:
            return found
    place: Array = np.zeros(len(rows), np.int64)
    if exists is not None:
        place[:] = exists.argmax(axis=1)
    if rows.size:
        made = _keys(rows, exists)
        made.keys.sort(axis=1)
        where, first = _repeated(made).winners()
        place[where] = first
    return place


def _repeated(made: _Keys) -> Tally:
    """Count the values that a row of sorted keys has more than once."""
    keys = made.keys
    taps = keys.shape[1]
    same = np.zeros((len(keys), taps + 1), bool)  # as the key before, with a gap between rows
    np.less_equal(keys[:, 1:] ^ keys[:, :-1], made.mask, out=same[:, 1:-1])
    flat = same.reshape(-1)
    turns = np.flatnonzero(flat[1:] != flat[:-1])
    begin, end = turns[::2], turns[1::2]
    row = begin // (taps + 1)
    key = keys.reshape(-1)[begin - row]
    count = end - begin + 1
    if made.absent is not None:
        real = key < made.absent
        row, key, count = row[real], key[real], count[real]
    return Tally(row, key >> made.low, (key & made.mask).astype(np.int64), count)


def _in_parts(rows: Array) -> Array | None:
    """Sort long rows part by part, or return None if too few values come more than once."""
    parts = rows.shape[1] // SHORT_ROW
    cut = parts * SHORT_ROW
    one = tally(rows[:, :cut].reshape(-1, SHORT_ROW), rows.size // _FEW)
    if one is None:
        return None
    row, part = np.divmod(one.row, parts)
    tallies = [one._replace(row=row, first=one.first + part * SHORT_ROW)]
    if cut < rows.shape[1]:
        rest = tally(np.ascontiguousarray(rows[:, cut:]))
        assert rest is not None
        tallies.append(rest._replace(first=rest.first + cut))
    together = Tally(*map(np.concatenate, zip(*tallies, strict=True)))
    return merged(together, together.row).winners()[1]


def tally(rows: Array, most: int | None = None) -> Tally | None:
    """Count all values of each row, unless there are more than ``most`` in all.

    Parameters
    ----------
    rows : (n, taps) ndarray of integers or booleans
    """
    made = _keys(rows, None)
    keys = made.keys
    keys.sort(axis=1)
    begins = np.ones(keys.shape, bool)
    np.greater(keys[:, 1:] ^ keys[:, :-1], made.mask, out=begins[:, 1:])
    if most is not None and np.count_nonzero(begins) > most:
        return None
    at = np.flatnonzero(begins)
    row = at // keys.shape[1]
    first = (keys.reshape(-1)[at] & made.mask).astype(np.int64)
    value = rows.reshape(-1)[row * keys.shape[1] + first].view(f"u{rows.itemsize}")
    return Tally(row, value, first, np.diff(at, append=keys.size))


def merged(one: Tally, row: Array) -> Tally:
    """Make tallies of fewer rows, each of which is several of these.

    Parameters
    ----------
    row : ndarray of int64
        The new row of each value.
    """
    if not row.size:
        return one
    values = one.value - one.value.min()
    bits = int(values.max()).bit_length()
    if bits + int(row.max()).bit_length() > 64:
        _, values = np.unique(values, return_inverse=True)
        bits = int(values.max()).bit_length()
    key = (row.astype(np.uint64) << np.uint64(bits)) | values.astype(np.uint64)
    order = np.argsort(key)
    begins = _begins(key[order])
    some = order[begins]
    first = np.minimum.reduceat(one.first[order], begins)
    return Tally(row[some], one.value[some], first, np.add.reduceat(one.times[order], begins))


def _begins(ordered: Array) -> Array:
    """Find where each of the values begins, of some that are in order."""
    return np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1])))
