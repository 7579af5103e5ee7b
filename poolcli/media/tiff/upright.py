"""Planes with an Orientation tag, made upright as they are sliced."""

from poolcli.core.types import Array, Source

__all__ = ["UprightPlane"]

_SWAPPED = {5, 6, 7, 8}
_ROWS_REVERSED, _COLUMNS_REVERSED = {3, 4, 7, 8}, {2, 3, 6, 7}
"""Orientations that, after any swap of the axes, reverse the order of rows or of columns."""


class UprightPlane:
    """A plane (H, W, channels) as it is to be seen.

    Examples
    --------
    >>> import numpy as np
    >>> lying = np.array([[[1], [2], [3]], [[4], [5], [6]]])
    >>> UprightPlane(lying, 6)[slice(0, 2), slice(0, 2)][..., 0].tolist()
    [[4, 1], [5, 2]]
    """

    def __init__(self, source: Source, orientation: int) -> None:
        self._source = source
        self._swapped = orientation in _SWAPPED
        self._reversed = orientation in _ROWS_REVERSED, orientation in _COLUMNS_REVERSED
        height, width, channels = source.shape
        self.shape = (width, height, channels) if self._swapped else source.shape
        self.dtype = source.dtype

    def __getitem__(self, key: tuple[slice, ...]) -> Array:
        key = (*key, *[slice(None)] * 3)[:3]
        stored, turns = [], []
        for span, length, turned in zip(key[:2], self.shape[:2], self._reversed, strict=True):
            low, high, step = span.indices(length)
            high = max(low, high)
            stored.append(slice(length - high, length - low) if turned else slice(low, high))
            turns.append(slice(None, None, -1) if turned else slice(None, None, step))
        if self._swapped:
            found = self._source[stored[1], stored[0], key[2]].swapaxes(0, 1)
        else:
            found = self._source[stored[0], stored[1], key[2]]
        return found[turns[0], turns[1]]
