"""Samples of 16 bits, put together band by band from the bytes that Pillow decoded."""

from collections.abc import Callable, Sequence

import numpy as np
from PIL import Image

from poolcli.core.types import Array, Source
from poolcli.media.pillow.image_rows import ImageRows

__all__ = [
    "DerivedRows",
    "WideRows",
    "joined",
    "pairs",
    "planes",
    "predicted",
    "with_key",
    "without_alpha",
]

_TOP = 65535


class DerivedRows:
    """A source (height, width, channels) of uint16, computed from others as it is sliced.

    Parameters
    ----------
    sources : sequence of Source
        (height, width, …) each.
    function : callable
        Takes a band of each source with all of their channels, and returns one of ``channels``.
    channels : int

    Examples
    --------
    >>> high, low = np.ones((2, 3, 1), np.uint8), np.zeros((2, 3, 1), np.uint8)
    >>> DerivedRows([high, low], lambda a, b: a * np.uint16(256) + b, 1)[:1][..., 0].tolist()
    [[256, 256, 256]]
    """

    def __init__(
        self, sources: Sequence[Source], function: Callable[..., Array], channels: int
    ) -> None:
        self._sources, self._function = sources, function
        self.shape = (*sources[0].shape[:2], channels)
        self.dtype = np.dtype(np.uint16)

    def __getitem__(self, key: slice | tuple[slice, ...]) -> Array:
        key = key if isinstance(key, tuple) else (key,)
        across = key[:2] or (slice(None),)
        band = self._function(*(source[across] for source in self._sources))
        return band[(slice(None), slice(None), *key[2:])] if len(key) > 2 else band


def joined(high: Image.Image, low: Image.Image) -> DerivedRows:
    """Join the upper and the lower byte of each sample, from two images of one mode."""
    sources = [ImageRows(half).fastest_source() for half in (high, low)]
    return DerivedRows(sources, _join, sources[0].shape[2])


def _join(high: Array, low: Array) -> Array:
    out = high.astype(np.uint16)
    out <<= 8
    out |= low
    return out


def pairs(image: Image.Image, order: str) -> DerivedRows:
    """Take each two channels of bytes for one sample, in the byte order ``<`` or ``>``."""

    def pair(band: Array) -> Array:
        return np.ascontiguousarray(band).view(f"{order}u2").astype(np.uint16)

    source = ImageRows(image).fastest_source()
    return DerivedRows([source], pair, source.shape[2] // 2)


def planes(images: Sequence[Image.Image]) -> DerivedRows:
    """Lay the planes of 16-bit grey images side by side, as the channels of one picture."""
    sources = [ImageRows(image).fastest_source() for image in images]
    return DerivedRows(sources, lambda *bands: np.concatenate(bands, axis=2), len(sources))


class WideRows:
    """A grey image of so many times the width, whose columns are a pixel's channels in turn.

    Examples
    --------
    >>> image = Image.fromarray(np.array([[1, 2, 3, 4, 5, 6]], np.uint16))
    >>> WideRows(image, 3)[:, 1:].tolist()
    [[[4, 5, 6]]]
    """

    def __init__(self, image: Image.Image, channels: int) -> None:
        self._source = ImageRows(image).fastest_source()
        self.shape = (image.height, image.width // channels, channels)
        self.dtype = np.dtype(np.uint16)

    def __getitem__(self, key: slice | tuple[slice, ...]) -> Array:
        rows, *others = (key if isinstance(key, tuple) else (key,)) or (slice(None),)
        band = self._source[rows, slice(None)].astype(np.uint16, copy=False)
        return band.reshape(len(band), *self.shape[1:])[(slice(None), *others)]


def predicted(source: Source, width: int) -> Array:
    """Add up samples that were stored as differences from those on their left.

    Parameters
    ----------
    width : int
        Columns after which the sums begin anew: those of a tile.

    Examples
    --------
    >>> predicted(np.array([[[1], [1], [1], [65535]]], np.uint16), 3).ravel().tolist()
    [1, 2, 3, 65535]
    """
    out = np.array(source[(slice(None),)])
    for left in range(0, out.shape[1], width):
        some = out[:, left : left + width]
        np.cumsum(some, axis=1, dtype=np.uint16, out=some)
    return out


def with_key(source: Source, key: Sequence[int]) -> DerivedRows:
    """Add an alpha channel that is 0 where a pixel has this colour, and full elsewhere.

    >>> with_key(np.array([[[1], [2]]], np.uint16), [2])[:].tolist()
    [[[1, 65535], [2, 0]]]
    """

    def add(band: Array) -> Array:
        seen = (band != np.array(key, np.uint16)).any(axis=2, keepdims=True)
        return np.concatenate([band, seen * np.uint16(_TOP)], axis=2)

    return DerivedRows([source], add, source.shape[2] + 1)


def without_alpha(source: Source) -> DerivedRows:
    """Divide colours by the alpha that they were multiplied by, rounded half up.

    >>> without_alpha(np.array([[[1, 50000, 0, 32768]]], np.uint16))[:].tolist()
    [[[2, 65535, 0, 32768]]]
    """
    return DerivedRows([source], _divided, source.shape[2])


def _divided(band: Array) -> Array:
    out = band.astype(np.uint64)
    weights = np.maximum(out[..., -1:], 1)
    colours = np.minimum((2 * _TOP * out[..., :-1] + weights) // (2 * weights), _TOP)
    out[..., :-1] = np.where(out[..., -1:] > 0, colours, 0)
    return out.astype(np.uint16)
