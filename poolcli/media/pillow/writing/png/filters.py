"""The five filters of PNG over bands of rows, each row by the one that leaves the least.

Everything is done in bytes, with working memory that stays in the processor's cache: a sum or a
difference that does not fit into a byte is never made.
"""

import numpy as np

from poolcli.core.types import Array

__all__ = ["RowFilters"]

_CACHE_BYTES = 1 << 17
"""Bytes of rows that are filtered at a time: with all candidates they stay in level-2 cache."""

_EVERY_OTHER_BYTE = np.uint64(0x00FF00FF00FF00FF)
_BYTE = np.uint64(8)

_LANES = 128
"""Words whose pairs of bytes are summed in 16 bits: 2·128 bytes of at most 128 each."""


class RowFilters:
    """Filters for rows of one length.

    Parameters
    ----------
    row_bytes : int
    step : int
        Bytes of a pixel: the distance to the byte that a filter takes as the left neighbour.
    """

    def __init__(self, row_bytes: int, step: int) -> None:
        self._row, self._step = row_bytes, step
        self._rows = max(1, _CACHE_BYTES // row_bytes)
        words = -(-row_bytes // 8)
        self._padded = np.zeros((1 + self._rows, step + row_bytes), np.uint8)
        # What pads the rows to whole words stays 0, so that it adds nothing to a sum.
        self._candidates = np.zeros((5, self._rows, 8 * words), np.uint8)
        self._signless = np.empty(self._candidates.shape, np.int8)
        self._pairs = np.empty((5, self._rows, words), np.uint64)
        self._work = np.empty((5, self._rows, row_bytes), np.uint8)

    def filtered(self, rows: Array, above: Array | None) -> Array:
        """Filter rows, and put the number of its filter before each.

        Parameters
        ----------
        rows : (n, row_bytes) ndarray of uint8
        above : (row_bytes,) ndarray of uint8, optional
            The row above the first one.

        Returns
        -------
        (n, 1 + row_bytes) ndarray of uint8

        Examples
        --------
        >>> RowFilters(3, 1).filtered(np.array([[1, 2, 3], [1, 2, 3]], np.uint8), None).tolist()
        [[1, 1, 1, 1], [2, 0, 0, 0]]
        """
        out = np.empty((len(rows), 1 + self._row), np.uint8)
        for low in range(0, len(rows), self._rows):
            part = rows[low : low + self._rows]
            self._filter(part, rows[low - 1] if low else above, out[low : low + len(part)])
        return out

    def _filter(self, rows: Array, above: Array | None, out: Array) -> None:
        count = len(rows)
        padded = self._padded[: 1 + count]
        padded[0, self._step :] = 0 if above is None else above
        padded[1:, self._step :] = rows
        candidates = self._candidates[:, :count, : self._row]
        work = self._work[:, :count]
        _apply_all(padded, self._step, candidates, work)
        best = np.argmin(self._sums(count), axis=0)
        out[:, 0] = best
        out[:, 1:] = candidates[best, np.arange(count)]

    def _sums(self, count: int) -> Array:
        """Sum what each filter leaves of each row: its bytes as signed numbers, without sign."""
        signless = self._signless[:, :count]
        np.abs(self._candidates[:, :count].view(np.int8), out=signless)
        words, pairs = signless.view(np.uint64), self._pairs[:, :count]
        np.bitwise_and(words, _EVERY_OTHER_BYTE, out=pairs)
        words >>= _BYTE
        words &= _EVERY_OTHER_BYTE
        pairs += words
        sums = np.add.reduceat(pairs, np.arange(0, pairs.shape[-1], _LANES), axis=-1)
        total: Array = sums.view(np.uint16).sum(axis=-1, dtype=np.uint32)
        return total


def _apply_all(padded: Array, step: int, candidates: Array, work: Array) -> None:
    """Apply all filters to rows that have a row above, and a pixel of zeros to the left."""
    x, left, up, corner = (
        padded[1:, step:],
        padded[1:, :-step],
        padded[:-1, step:],
        padded[:-1, :-step],
    )
    none, sub, above, average, paeth = candidates
    low, high, to_low, to_high, chosen = work
    np.copyto(none, x)
    np.subtract(x, left, out=sub)
    np.subtract(x, up, out=above)
    np.minimum(left, up, out=low)
    np.maximum(left, up, out=high)
    np.subtract(high, low, out=average)
    average >>= 1
    average += low
    np.subtract(x, average, out=average)
    # Paeth's predictor is the corner if that lies in the middle third between left and up, and
    # else the end that is farther from it; what lies outside is taken for the nearer end.
    middle = np.maximum(corner, low, out=paeth)
    np.minimum(middle, high, out=middle)
    np.subtract(middle, low, out=to_low)
    np.subtract(high, middle, out=to_high)
    chosen_as_bool = chosen.view(np.bool_)
    half = np.right_shift(to_low, 1, out=low)
    np.less_equal(to_high, half, out=chosen_as_bool)
    np.right_shift(to_high, 1, out=high)
    chosen *= to_low
    middle -= chosen
    np.less_equal(to_low, high, out=chosen_as_bool)
    chosen *= to_high
    middle += chosen
    np.subtract(x, middle, out=paeth)
