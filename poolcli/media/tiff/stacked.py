"""Planes stacked along axes of their own, read as one array."""

from collections.abc import Mapping
from itertools import product
from typing import Any

import numpy as np

from poolcli.core.types import Array, Source

__all__ = ["StackedPlanes"]


class StackedPlanes:
    """Planes (H, W, channels) stacked to (..., H, W, channels), of which only some are there.

    Parameters
    ----------
    planes : mapping
        From places along the axes before a plane's own to planes of one shape and dtype.
    shape : tuple of int
        Lengths of these axes.

    Examples
    --------
    >>> planes = {(3,): np.zeros((2, 2, 1)), (4,): np.ones((2, 2, 1))}
    >>> StackedPlanes(planes, (9,))[slice(3, 5), slice(0, 1), slice(0, 2)][..., 0].tolist()
    [[[0.0, 0.0]], [[1.0, 1.0]]]
    """

    def __init__(self, planes: Mapping[tuple[int, ...], Source], shape: tuple[int, ...]) -> None:
        first = next(iter(planes.values()))
        self._planes, self._lead = planes, shape
        self.shape = (*shape, *first.shape)
        self.dtype: Any = np.dtype(first.dtype)

    def __getitem__(self, key: tuple[slice, ...]) -> Array:
        count = len(self._lead)
        key = (*key, *[slice(None)] * (len(self.shape) - len(key)))
        spans = [range(*one.indices(length)) for one, length in zip(key, self.shape, strict=True)]
        out = np.empty([len(span) for span in spans], self.dtype)
        places = product(*spans[:count])
        for where in product(*(range(len(span)) for span in spans[:count])):
            out[where] = self._planes[next(places)][key[count:]]
        return out
