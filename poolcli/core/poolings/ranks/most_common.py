"""The commonest of the taps of many windows at once."""

from collections.abc import Sequence
from itertools import combinations
from typing import Any

import numpy as np

from poolcli.core.types import Array

__all__ = ["codes", "most_common"]

_PAIRS_TAPS = 25
"""Comparing every two taps is faster than sorting them up to this number."""


def codes(planes: Sequence[Array], channel_axis: int | None) -> list[Array]:
    """Encode each tap as one integer, equal where taps are; so are NaNs, and zeros of any sign."""
    if planes[0].dtype.kind == "f":
        size = planes[0].dtype.itemsize
        if size not in (2, 4, 8):  # a long double has bits that mean nothing
            planes, size = _ranks(planes), 8
        with np.errstate(invalid="ignore"):  # signalling NaNs
            planes = [np.where(np.isnan(plane), np.nan, plane + 0.0) for plane in planes]
        planes = [plane.astype(f"f{size}").view(f"u{size}") for plane in planes]
    if channel_axis is None:
        return list(planes)
    channels = planes[0].shape[channel_axis]
    bits = 8 * planes[0].dtype.itemsize
    if channels * bits <= 64:
        return [_packed(plane, channel_axis, bits) for plane in planes]
    stack = np.stack([np.moveaxis(plane, channel_axis, -1) for plane in planes])
    _, inverse = np.unique(stack.reshape(-1, channels), axis=0, return_inverse=True)
    return list(inverse.reshape(stack.shape[:-1]))


def _ranks(planes: Sequence[Array]) -> list[Array]:
    """Replace values by small floats, equal where the values are."""
    stack = np.stack(planes)
    _, inverse = np.unique(stack, return_inverse=True)
    return list(np.where(np.isnan(stack), np.nan, inverse.reshape(stack.shape)))


def _packed(plane: Array, channel_axis: int, bits: int) -> Array:
    unsigned = plane if plane.dtype.kind == "b" else plane.view(f"u{plane.dtype.itemsize}")
    code: Any = np.uint64(0)
    for channel in range(plane.shape[channel_axis]):
        code = code << np.uint64(bits) | unsigned.take(channel, channel_axis).astype(np.uint64)
    return np.asarray(code)


def most_common(
    taps: Sequence[Array], valid: Sequence[Array] | None, channel_axis: int | None
) -> Array:
    """Find the number of the first tap among the most common ones."""
    exists = None
    if valid is not None:
        exists = [_channelless(one, taps[0].ndim, channel_axis) for one in valid]
    if len(taps) > _PAIRS_TAPS:
        return _by_sorting(taps, exists)
    counts = [np.ones(taps[0].shape, np.uint8) for _ in taps]
    for i, j in combinations(range(len(taps)), 2):
        same = taps[i] == taps[j]
        if exists is not None:
            same &= exists[i] & exists[j]
        counts[i] += same
        counts[j] += same
    best = np.zeros(taps[0].shape, np.uint8)
    chosen = np.zeros(taps[0].shape, np.intp)
    for number, count in enumerate(counts):
        more = count > best
        if exists is not None:
            more &= exists[number]
        np.copyto(best, count, where=more)
        chosen[more] = number
    return chosen


def _channelless(valid: Array, ndim: int, channel_axis: int | None) -> Array:
    """Drop the axis of the channels, along which ``valid`` does not change."""
    if channel_axis is None or valid.ndim <= ndim - channel_axis:
        return valid
    without: Array = valid.take(0, channel_axis - (ndim + 1 - valid.ndim))
    return without


def _by_sorting(taps: Sequence[Array], exists: Sequence[Array] | None) -> Array:
    """Sort the taps of each window and count those that are equal, as `most_common` does."""
    stack = np.stack(taps, -1)
    real: Array = np.ones(stack.shape, np.int64)
    if exists is not None:
        for number, one in enumerate(exists):
            real[..., number] = one
    # Equal taps lie side by side once they are sorted. Each then looks up where its group begins
    # and ends, and the taps that exist between are its count; counts go back to the taps' order,
    # as the first of several is wanted.
    order = np.argsort(stack, axis=-1, kind="stable")
    ranked = np.take_along_axis(stack, order, -1)
    real = np.take_along_axis(real, order, -1)
    change = ranked[..., 1:] != ranked[..., :-1]
    places = np.arange(len(taps))
    begin = np.zeros(stack.shape, np.intp)
    begin[..., 1:] = np.maximum.accumulate(np.where(change, places[1:], 0), -1)
    end = np.full(stack.shape, len(taps) - 1)
    back = np.where(change, places[:-1], len(taps) - 1)[..., ::-1]
    end[..., :-1] = np.minimum.accumulate(back, -1)[..., ::-1]
    total = np.cumsum(real, -1)
    lengths = np.take_along_axis(total, end, -1) - np.take_along_axis(total - real, begin, -1)
    counts = np.empty_like(lengths)
    np.put_along_axis(counts, order, lengths * real, -1)
    first: Array = np.argmax(counts, axis=-1)
    return first
