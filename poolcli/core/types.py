"""What all of core speaks of: arrays, what can be sliced like one, and numbers an axis."""

from collections.abc import Sequence
from typing import Any, Protocol, TypeAlias

import numpy as np

__all__ = ["Array", "Ints", "Source"]

Array: TypeAlias = np.ndarray[Any, np.dtype[Any]]

Ints: TypeAlias = int | Sequence[int]


class Source(Protocol):
    """An array, or what gives parts of one when it is sliced: a file, a picture."""

    @property
    def shape(self) -> tuple[int, ...]:
        """Lengths of the axes."""
        ...

    @property
    def dtype(self) -> np.dtype[Any]:
        """Of what the slices are."""
        ...

    def __getitem__(self, key: tuple[slice, ...], /) -> Array: ...
