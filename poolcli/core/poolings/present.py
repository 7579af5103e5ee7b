"""The values of a source that are not missing, and a source with the missing ones replaced."""

from fractions import Fraction
from math import isinf, isnan
from typing import Any, NamedTuple

import numpy as np

from poolcli.core.types import Array, Source

__all__ = ["Filled", "Missing", "Present", "stored_value"]


class Missing(NamedTuple):
    """The values that are missing.

    Attributes
    ----------
    value : int or float, optional
        The value that stands for one, and for a missing result; NaN stands for all NaNs.
    mask : ndarray or Source of bool, optional
        True where one is missing; of the shape of the input.
    min_valid : Fraction
        The share of a window's taps in the input of which the others are to be at least, and one
        tap in any case.
    """

    value: float | None = None
    mask: Source | None = None
    min_valid: Fraction = Fraction(0)

    def in_any(self, dtype: np.dtype[Any]) -> bool:
        """Tell whether any value of a dtype can be missing.

        >>> Missing(-1).in_any(np.dtype("u1")), Missing(-1).in_any(np.dtype("f4"))
        (False, True)
        """
        return self.mask is not None or stored_value(self.value, dtype) is not None


def stored_value(value: float | None, dtype: np.dtype[Any]) -> Any:
    """Convert a value as it is stored; None where the dtype does not hold it."""
    if value is None:
        return None
    if dtype.kind == "f":
        with np.errstate(over="ignore"):
            try:
                stored = dtype.type(value)
            except OverflowError:
                return None
        return None if np.isinf(stored) and not isinf(value) else stored
    low, high = (0, 1) if dtype.kind == "b" else (np.iinfo(dtype).min, np.iinfo(dtype).max)
    if isnan(value) or not low <= value <= high or value != int(value):
        return None
    return dtype.type(int(value))


class Present:
    """True for each value of a source that is there; with a channel axis, for each pixel.

    A pixel is missing where all its channels are.
    """

    def __init__(self, x: Source, missing: Missing, channel_axis: int | None) -> None:
        self.x, self._mask, self._channel = x, missing.mask, channel_axis
        self._value = stored_value(missing.value, x.dtype)
        self.dtype = np.dtype(bool)
        self.shape = tuple(
            1 if axis == channel_axis else length for axis, length in enumerate(x.shape)
        )

    def __getitem__(self, key: tuple[slice, ...]) -> Array:
        if self._channel is None:
            return self.among(self.x[key], key)
        every = [*key, *(slice(None),) * (len(self.shape) - len(key))]
        every[self._channel] = slice(None)
        votes = self.among(self.x[tuple(every)], tuple(every))
        return np.logical_or.reduce(votes, axis=self._channel, keepdims=True)

    def among(self, band: Array, key: tuple[slice, ...]) -> Array:
        """Tell the values apart of a band that was read by this key."""
        votes: Array
        if self._value is None:
            votes = np.ones(band.shape, bool)
        elif self._value != self._value:
            votes = ~np.isnan(band)
        else:
            with np.errstate(invalid="ignore"):  # signalling NaNs
                votes = band != self._value
        if self._mask is not None:
            votes &= ~self._mask[key]
        return votes


class Filled:
    """A source with a value in place of each that is missing."""

    def __init__(self, present: Present, value: Any) -> None:
        self._present, self._value = present, value
        self.shape, self.dtype = present.x.shape, present.x.dtype

    def __getitem__(self, key: tuple[slice, ...]) -> Array:
        band = self._present.x[key]
        votes = self._present.among(band, key)
        if votes.all():
            return band
        band = band.copy()
        band[~votes] = self._value
        return band
