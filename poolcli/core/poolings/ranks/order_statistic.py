"""Medians of the taps of many windows at once, by a sorting network or partial sorting."""

from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from typing import Any

import numpy as np

from poolcli.core.engine.subsample import packed
from poolcli.core.engine.taps import Taps
from poolcli.core.poolings.ranks.counting import can_count, counted
from poolcli.core.poolings.ranks.sorting_network import comparators
from poolcli.core.types import Array

__all__ = ["HALF", "middle", "middle_of_rows", "network_size"]

HALF = Fraction(1, 2)
"""The share of values in order after which the middle one comes."""

_NETWORK_TAPS = 64
"""A sorting network is faster than partial sorting up to this number of taps."""


def middle(some: Taps, dtype: np.dtype[Any], out: Array, share: Fraction = HALF) -> None:
    """Find the middle value of the taps that exist, the lower one of two; NaN if any tap is.

    Of n values in order, counted from 0, it is that of number ⌊(n - 1)·share⌋.
    """
    if some.valid is None and len(some.planes) <= _NETWORK_TAPS:
        _select(some.planes, _rank(len(some.planes), share), out)
        return
    shape = np.broadcast_shapes(*(plane.shape for plane in some.planes))
    rows = np.empty((*shape, len(some.planes)), dtype)
    for number, plane in enumerate(some.planes):
        rows[..., number] = plane
    exists = None
    if some.valid is not None:
        exists = np.empty(rows.shape, bool)
        for number, valid in enumerate(some.valid):
            exists[..., number] = valid
    out[...] = middle_of_rows(rows, exists, share)


def _rank(count: Any, share: Fraction) -> Any:
    return (count - 1) * share.numerator // share.denominator


def _select(planes: Sequence[Array], rank: int, out: Array) -> None:
    """Find the value of one rank by the part of a sorting network that leads there."""
    if len(planes) == 1:
        out[...] = planes[0]
        return
    wires = [packed(plane) for plane in planes]
    owned = [True] * len(wires)
    for low, high, wants_low, wants_high in _network(len(planes), rank):
        a, b = wires[low], wires[high]
        if wants_low and wants_high:
            spare = np.minimum(a, b)
            wires[high] = np.maximum(a, b, out=b if owned[high] else None)
            wires[low] = spare
            owned[low] = owned[high] = True
        elif wants_low:
            wires[low] = np.minimum(a, b, out=a if owned[low] else None)
            owned[low] = True
        else:
            wires[high] = np.maximum(a, b, out=b if owned[high] else None)
            owned[high] = True
    out[...] = wires[rank]


def network_size(count: int) -> int:
    """Count the minima and maxima that lead to the middle of this many taps."""
    return sum(low + high for *_, low, high in _network(count, (count - 1) // 2))


@lru_cache(maxsize=128)
def _network(count: int, rank: int) -> tuple[tuple[int, int, bool, bool], ...]:
    """Make a sorting network without the comparators that do not lead to ``rank``.

    Each step is (lower wire, upper wire, is its minimum used?, is its maximum used?).
    """
    wanted, kept = {rank}, []
    for low, high in reversed(list(comparators(count))):
        if low in wanted or high in wanted:
            kept.append((low, high, low in wanted, high in wanted))
            wanted |= {low, high}
    return tuple(reversed(kept))


def middle_of_rows(rows: Array, exists: Array | None, share: Fraction = HALF) -> Array:
    """Find the middle of each row, in place; of ``exists``, where given, only the values there.

    A row of which nothing exists has some value.
    """
    if exists is None:
        rank = _rank(rows.shape[-1], share)
        if can_count(rows.dtype, rows.shape[-1]):
            flat = rows.reshape(-1, rows.shape[-1])
            return counted(flat, rank).reshape(rows.shape[:-1])
        middle: Array = np.partition(rows, rank, axis=-1)[..., rank]
        return _with_nans(middle, rows)
    # Values that do not exist sort after all others.
    nans = np.isnan(rows) & exists if rows.dtype.kind == "f" else None
    last: Any = True
    if rows.dtype.kind != "b":
        last = np.inf if rows.dtype.kind == "f" else np.iinfo(rows.dtype).max
    rows[~exists] = last
    ranks = _rank(np.maximum(np.count_nonzero(exists, axis=-1), 1), share)
    rows.sort(axis=-1)
    middle = np.take_along_axis(rows, ranks[..., None], -1)[..., 0]
    if nans is not None:
        middle[nans.any(axis=-1)] = np.nan
    return middle


def _with_nans(middle: Array, rows: Array) -> Array:
    """Set NaN where any value is NaN, which sorting alone puts after all numbers."""
    if rows.dtype.kind == "f":
        middle[np.isnan(rows).any(axis=-1)] = np.nan
    return middle
