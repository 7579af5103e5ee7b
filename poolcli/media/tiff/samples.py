"""Samples as they are pooled: white zeros, few bits, palettes and premultiplied alpha resolved.

What Pillow makes of a file is the rule here too, so that the same file gives the same pixels
whichever of the two reads it.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from poolcli.core.types import Array, Source
from poolcli.errors import PictureError

__all__ = ["MappedSamples", "Samples", "interpret"]

_WHITE_ZERO, _BLACK_ZERO, _RGB, _PALETTE, _CMYK, _YCBCR = 0, 1, 2, 3, 5, 6
_ASSOCIATED, _STRAIGHT = 1, 2
_COLOURS = {_WHITE_ZERO: 1, _BLACK_ZERO: 1, _RGB: 3, _CMYK: 4, _YCBCR: 3}
"""Number of colours of each photometric interpretation."""

_RGB_CODECS = {6, 7, 34892, 33007, 34712, 33003, 33004, 33005, 50001}
"""Compressions whose decoders turn YCbCr into RGB."""

_UNREADABLE = {
    8: "Lab colours",
    9: "Lab colours",
    10: "Lab colours",
    32844: "LogL",
    32845: "LogLuv",
    32803: "a colour filter array (CFA)",
    34892: "linear raw samples",
}


class Samples(NamedTuple):
    """Interpretation of a page's samples.

    Attributes
    ----------
    photometric : int
        Photometric interpretation of the pooled page.
    extras : tuple of int
        Kinds of the channels beyond the colours: 0 unknown, 2 alpha.
    channels : int
    dtype : numpy dtype
    function : callable, optional
        Takes the samples of some pixels, all of them, and returns their channels.
    colormap : ndarray, optional
        (3, n) uint16, where channels are indices of a palette.
    """

    photometric: int
    extras: tuple[int, ...]
    channels: int
    dtype: Any
    function: Callable[[Array], Array] | None = None
    colormap: Array | None = None

    @property
    def alpha(self) -> bool:
        """True if the last channel is alpha, which colours can be weighed by."""
        small = self.dtype.kind == "u" and self.dtype.itemsize <= 2
        return self.extras == (_STRAIGHT,) and small


class MappedSamples:
    """A plane whose samples pass through a function when they are read."""

    def __init__(self, source: Source, samples: Samples) -> None:
        self._source, self._function = source, samples.function
        self.shape = (*source.shape[:2], samples.channels)
        self.dtype = samples.dtype

    def __getitem__(self, key: tuple[slice, ...]) -> Array:
        if self._function is None:
            return self._source[key]
        found = self._function(self._source[key[:2]])
        return found[..., key[2]] if len(key) > 2 else found


def interpret(page: Any, *, keep_palette: bool = False) -> Samples:
    """Choose how the samples of a page are read.

    Parameters
    ----------
    page : tifffile's page
    keep_palette : bool
        Whether indices of a palette stay what they are.

    Raises
    ------
    PictureError
        If its samples cannot be pooled.
    """
    _check(page)
    dtype = np.dtype(page.dtype).newbyteorder("=")
    if page.photometric == _PALETTE and page.colormap is not None:
        return _looked_up(page, dtype, keep_palette)
    count, photometric = page.samplesperpixel, int(page.photometric)
    colours = _COLOURS.get(photometric, 1)
    if photometric == _YCBCR:
        photometric = _RGB
    if count < colours:
        photometric, colours = _BLACK_ZERO, 1
    extras = tuple(int(kind) for kind in page.extrasamples)[: count - colours]
    extras += (0,) * (count - colours - len(extras))
    associated = bool(extras) and extras[0] == _ASSOCIATED and extras.count(_ASSOCIATED) == 1
    steps: list[Callable[[Array], Array]] = []
    made, widen = _widened(dtype, page.bitspersample)
    if widen is not None:
        steps.append(widen)
    if photometric == _WHITE_ZERO:
        photometric = _BLACK_ZERO
        if made.kind == "u":
            steps.append(lambda x: np.invert(x))
    if associated:
        extras = (_STRAIGHT, *extras[1:])
        steps.append(lambda x: _straight(x, colours))
    if photometric not in (_BLACK_ZERO, _RGB, _CMYK):
        photometric = _BLACK_ZERO

    def function(x: Array) -> Array:
        for step in steps:
            x = step(x)
        return x

    return Samples(photometric, extras, count, made, function if steps else None)


def _check(page: Any) -> None:
    if page.dtype is None or page.imagelength < 1 or page.imagewidth < 1:
        raise PictureError(
            f"holds {page.bitspersample}-bit samples of a kind that cannot be read; "
            "save it as integers or floats"
        )
    if np.dtype(page.dtype).kind == "c":
        raise PictureError("holds complex numbers, which have no order; save their sizes as floats")
    kind = _UNREADABLE.get(int(page.photometric))
    raw = page.photometric == _YCBCR and page.compression not in _RGB_CODECS
    if kind is not None or raw:
        raise PictureError(
            f"holds {kind or 'YCbCr samples'}, which cannot be pooled; save it as RGB"
        )
    if page.imagedepth > 1:
        raise PictureError(
            f"holds {page.imagedepth} slices in one page, which cannot be read; save a page a slice"
        )


def _widened(dtype: Any, bits: int) -> tuple[Any, Callable[[Array], Array] | None]:
    """Scale samples of 1, 2 and 4 bits to 8, as Pillow does; others keep their values."""
    if dtype.kind == "b":
        return np.dtype(np.uint8), lambda x: x.astype(np.uint8) * np.uint8(255)
    if dtype == np.uint8 and bits in (1, 2, 4):
        return dtype, lambda x: x * np.uint8(255 // ((1 << bits) - 1))
    return dtype, None


def _straight(x: Array, colours: int) -> Array:
    """Divide premultiplied colours by alpha; where that is 0, so are they, and grey stays."""
    alpha = x[..., colours : colours + 1]
    out = x.copy()
    if x.dtype.kind == "f":
        with np.errstate(divide="ignore", invalid="ignore"):
            out[..., :colours] = np.where(alpha != 0, x[..., :colours] / alpha, 0)
        return out
    top = int(np.iinfo(x.dtype).max)
    # In Pillow's integers: the quotient cut off, and colours above alpha clipped.
    wide = x[..., :colours].astype(np.uint64) * np.uint64(top)
    part = np.minimum(wide // np.maximum(alpha, 1).astype(np.uint64), np.uint64(top))
    hidden = x[..., :colours] if colours == 1 else 0
    out[..., :colours] = np.where(alpha == 0, hidden, part)
    return out


def _looked_up(page: Any, dtype: Any, keep_palette: bool) -> Samples:
    colormap = np.asarray(page.colormap, np.uint16)
    if keep_palette and page.samplesperpixel == 1 and page.bitspersample == 8:
        return Samples(_PALETTE, (), 1, dtype, None, colormap)
    table = np.ascontiguousarray(colormap.T)
    made: Any = np.dtype(np.uint16)
    if dtype.itemsize == 1:
        made = np.dtype(np.uint8)
        # Some writers store 8 bits in the 16 of each entry.
        table = (table if table.max() < 256 else table >> 8).astype(made)

    alpha = page.samplesperpixel == 2 and dtype == made

    def function(x: Array) -> Array:
        indices = x[..., 0].astype(np.intp)
        colours: Array = table[np.minimum(indices, len(table) - 1)]
        return np.concatenate([colours, x[..., 1:2]], -1) if alpha else colours

    return Samples(_RGB, (_STRAIGHT,) if alpha else (), 3 + alpha, made, function)
