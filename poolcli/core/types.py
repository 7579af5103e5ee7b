"""Types that all of core shares: arrays, what can be pooled like one, and numbers for axes."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol, TypeAlias

import numpy as np

__all__ = [
    "Array",
    "DTypeLike",
    "Indices",
    "Input",
    "Ints",
    "PillowImage",
    "Source",
    "SupportsArray",
]

Array: TypeAlias = np.ndarray[Any, np.dtype[Any]]

Indices: TypeAlias = np.ndarray[Any, np.dtype[np.int64]]

Ints: TypeAlias = int | Sequence[int]

DTypeLike: TypeAlias = str | type | np.dtype[Any]


class Source(Protocol):
    """An array, or an object that gives parts of one when it is sliced: a file, a picture."""

    @property
    def shape(self) -> tuple[int, ...]:
        """Lengths of the axes."""
        ...

    @property
    def dtype(self) -> np.dtype[Any]:
        """The dtype of the slices."""
        ...

    def __getitem__(self, key: tuple[slice, ...], /) -> Array: ...


class SupportsArray(Protocol):
    """An object that NumPy makes an array of, such as a tensor of another library."""

    def __array__(self) -> Array: ...


class PillowImage(Protocol):
    """The part of a ``PIL.Image.Image`` that core uses; Pillow itself is never imported."""

    @property
    def mode(self) -> str:
        """The kind of its pixels."""
        ...

    @property
    def has_transparency_data(self) -> bool:
        """True if a pixel may be transparent."""
        ...

    @property
    def __array_interface__(self) -> Mapping[str, Any]: ...

    def getbands(self) -> tuple[str, ...]:
        """Names of its channels."""
        ...

    def convert(self, mode: str, /) -> "PillowImage":
        """Copy it to another mode."""
        ...


Input: TypeAlias = Source | SupportsArray | PillowImage | Sequence[Any]
