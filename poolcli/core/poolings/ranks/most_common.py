"""The commonest of the taps of many windows at once."""

from collections.abc import Sequence

import numpy as np

from poolcli.core.poolings.ranks.tallies import commonest
from poolcli.core.types import Array

__all__ = ["PAIRS_TAPS", "codes", "commonest_of_few", "most_common"]

PAIRS_TAPS = 16
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
    """Write a pixel's channels side by side into one integer."""
    channels = np.moveaxis(plane, channel_axis, 0)
    width = next(size for size in (8, 16, 32, 64) if len(channels) * bits <= size)
    code: Array = np.zeros(channels.shape[1:], f"u{width // 8}")
    each = code.view(plane.dtype).reshape(*code.shape, width // bits)
    for number, channel in enumerate(channels):
        each[..., number] = channel
    return code


def most_common(
    taps: Sequence[Array], valid: Sequence[Array] | None, channel_axis: int | None
) -> Array:
    """Find the number of the first tap among the most common ones."""
    exists = None
    if valid is not None:
        exists = [_channelless(one, taps[0].ndim, channel_axis) for one in valid]
    if len(taps) > PAIRS_TAPS:
        stack = np.stack(taps, -1)
        rows, votes = stack.reshape(-1, len(taps)), None
        if exists is not None:
            each: Array = np.empty(stack.shape, bool)
            for number, one in enumerate(exists):
                each[..., number] = one
            votes = each.reshape(rows.shape)
        return commonest(rows, votes).reshape(stack.shape[:-1])
    return commonest_of_few(taps, exists)


def commonest_of_few(taps: Sequence[Array], exists: Sequence[Array] | None = None) -> Array:
    """Compare every two taps, to find the number of the first among the most common ones."""
    # Only those that follow are counted: the first of several equal ones has the most of them, and
    # the others too few to be chosen.
    shape = taps[0].shape
    chosen: Array = np.zeros(shape, np.uint8)
    best: Array = np.zeros(shape, np.uint8)
    same: Array = np.empty(shape, bool)
    for number, tap in enumerate(taps):
        count: Array = np.ones(shape, np.uint8)
        for other in range(number + 1, len(taps)):
            np.equal(tap, taps[other], out=same)
            if exists is not None:
                same &= exists[other]
            count += same.view(np.uint8)
        if exists is not None:
            count *= exists[number]
        np.greater(count, best, out=same)
        np.maximum(best, count, out=best)
        np.copyto(chosen, number, where=same)
    return chosen


def _channelless(valid: Array, ndim: int, channel_axis: int | None) -> Array:
    """Drop the axis of the channels, along which ``valid`` does not change."""
    if channel_axis is None or valid.ndim <= ndim - channel_axis:
        return valid
    without: Array = valid.take(0, channel_axis - (ndim + 1 - valid.ndim))
    return without
