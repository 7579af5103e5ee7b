"""Inputs of every kind as arrays or sources: array-likes, files, Pillow images."""

import sys
from collections.abc import Callable
from typing import Any, TypeGuard

import numpy as np

from poolcli.core.types import Array, PillowImage, Source
from poolcli.errors import PoolingError

__all__ = [
    "LAST_TWO",
    "MappedSource",
    "PartOfSource",
    "Slices",
    "as_array",
    "as_source",
    "default_axes",
    "is_image",
    "is_source",
]

LAST_TWO = (-2, -1)


def is_image(x: Any) -> TypeGuard[PillowImage]:
    """Recognise an image of Pillow by its methods, without importing Pillow.

    The class is asked, because an image copies all its pixels for its ``__array_interface__``.
    """
    if isinstance(x, np.ndarray):  # nearly always, and faster than three questions
        return False
    names = "getbands", "convert", "__array_interface__"
    return all(hasattr(type(x), name) for name in names)


class Slices:
    """An array of any library, or a file or a picture, whose slices are arrays of NumPy.

    Slicing an array of dask, xarray or JAX gives one of its own kind, which NumPy cannot write to.
    """

    def __init__(self, x: Any) -> None:
        self._x = x
        self.shape: tuple[int, ...] = tuple(x.shape)
        self.dtype: np.dtype[Any] = x.dtype

    def __getitem__(self, key: tuple[slice, ...]) -> Array:
        return np.asarray(self._x[key])


class PartOfSource:
    """A part of a source, sliced only when it is read itself.

    Parameters
    ----------
    key : tuple of slice
        With start and stop, both inside the source; axes left out are taken whole.
    """

    def __init__(self, source: Source, key: tuple[slice, ...]) -> None:
        self._source = source
        self._spans = [range(n)[k] for n, k in zip(source.shape, key, strict=False)]
        self.shape: tuple[int, ...] = (
            *(len(span) for span in self._spans), *source.shape[len(key) :]
        )  # fmt: skip
        self.dtype = source.dtype

    def __getitem__(self, key: tuple[slice, ...]) -> Array:
        spans = [span[k] for span, k in zip(self._spans, key, strict=False)]
        spans += self._spans[len(key) :]
        inner = (slice(span.start, span.stop, span.step) for span in spans)
        return self._source[(*inner, *key[len(self._spans) :])]


class MappedSource:
    """A source whose values pass through a function when they are read."""

    def __init__(self, source: Source, function: Callable[[Array], Array], dtype: Any) -> None:
        self._source, self._function = source, function
        self.shape: tuple[int, ...] = source.shape
        self.dtype = np.dtype(dtype)

    def __getitem__(self, key: tuple[slice, ...]) -> Array:
        return self._function(self._source[key])


def is_source(x: Any) -> bool:
    """Recognise arrays, and what can be sliced like one, by their shape and dtype."""
    return hasattr(x, "shape") and isinstance(getattr(x, "dtype", None), np.dtype)


def default_axes(x: Any) -> tuple[int, int]:
    """Height and width: the first two axes of an image, the last two of anything else."""
    return (0, 1) if is_image(x) else LAST_TWO


def as_source(x: Any) -> Source:
    """Leave what can be sliced like an array as it is, and make an array of anything else.

    Raises
    ------
    PoolingError
        If no array can be made of it, or values of it are masked.
    """
    if type(x) is np.ndarray:  # nearly always; masked arrays are of a subclass
        return x
    _refuse_masks(x)
    if is_image(x):
        return _pixels(x)
    if not isinstance(x, np.ndarray | np.generic) and is_source(x) and not hasattr(x, "iloc"):
        return x if isinstance(x, Slices) else Slices(x)
    try:
        return np.asarray(x)  # not of a subclass: a matrix would stay two-dimensional
    except ValueError as error:
        hint = "use nested sequences of equal lengths"
        raise PoolingError(f"input cannot be made an array; {hint}") from error


def as_array(x: Any) -> Array:
    """Make an array of anything that can be pooled, read as a whole.

    Raises
    ------
    PoolingError
        If no array can be made of it.
    """
    source = as_source(x)
    return np.asarray(source[(slice(None),) * len(source.shape)])


def _refuse_masks(x: Any) -> None:
    """Refuse masked values, which would win or be averaged as if they were there."""
    masked = getattr(sys.modules.get("numpy.ma"), "MaskedArray", None)
    if masked is None:  # nobody can have made one
        return
    given = x if isinstance(x, list | tuple) else [x]
    count = sum(int(np.count_nonzero(one.mask)) for one in given if isinstance(one, masked))
    if count:
        raise PoolingError(
            f"input has {count} masked values, which would be pooled as if they were there; "
            "give max_pool and the like one masked array, or fill them first, by x.filled(value)"
        )


def _pixels(image: PillowImage) -> Array:
    """Read pixels as (H, W) or (H, W, C); 1 bit and palettes become what the command line pools."""
    if image.mode == "1":
        image = image.convert("L")
    elif image.mode in ("P", "PA"):
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    return np.asarray(image)
