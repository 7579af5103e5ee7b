"""Axes of a source put into the order of an OME-Zarr or a TIFF."""

from collections.abc import Sequence

import numpy as np

from poolcli.core.types import Array, Source
from poolcli.errors import PictureError
from poolcli.media.zarr_store.multiscales import Axis, Level
from poolcli.media.zarr_store.volume import Volume

__all__ = ["arranged"]

_ORDER = "tczyx"

_MOST_SAMPLES = 4
"""Channels of a plain array that a TIFF stores together."""


class _Transposed:
    """A source whose axes are seen in another order."""

    def __init__(self, source: Source, order: Sequence[int]) -> None:
        self._source, self._order = source, order
        self.shape = tuple(source.shape[axis] for axis in order)
        self.dtype = source.dtype

    def __getitem__(self, key: tuple[slice, ...]) -> Array:
        inner = [key[self._order.index(axis)] for axis in range(len(self._order))]
        return np.asarray(self._source[tuple(inner)]).transpose(self._order)


def arranged(volume: Volume, names: str | None, *, as_tiff: bool = False) -> Volume:
    """Name the axes of a source, and put them into order.

    Parameters
    ----------
    names : str, optional
        A letter for each axis, in place of those that the source tells.
    as_tiff : bool
        Whether the order is that of a TIFF, in place of time, channel, then space.

    Raises
    ------
    PictureError
        If the axes are not those of an image.
    """
    count = len(volume.source.shape)
    guess = {2: "yx", 3: "cyx", 4: "tcyx", 5: "tczyx"}.get(count, "")
    own = "".join(volume.names) if all(len(name) == 1 for name in volume.names) else guess
    given = (names or own or guess).lower()
    fits = len(given) == count == len(set(given)) and set("yx") <= set(given) <= set(_ORDER)
    if not fits:
        raise PictureError(
            f"has shape {volume.source.shape}, whose axes {given or '?'!r} are not those of an "
            "image; use --axes, a letter of tczyx for each"
        )
    axes = volume.axes if given == "".join(volume.names).lower() else map(Axis.named, given)
    told = [axis._replace(name=axis.name.lower()) for axis in axes]
    if as_tiff:
        order = _tiff_order(volume, given)
    else:
        order = sorted(range(count), key=lambda axis: _ORDER.index(given[axis]))
    chunks = None if volume.chunks is None else tuple(volume.chunks[axis] for axis in order)
    level = Level(
        "0",
        tuple(volume.level.scale[axis] for axis in order),
        tuple(volume.level.translation[axis] for axis in order),
    )
    in_order = order == list(range(count))
    source = volume.source if in_order else _Transposed(volume.source, order)
    ordered = tuple(told[axis] for axis in order)
    return volume._replace(source=source, axes=ordered, level=level, chunks=chunks)


def _tiff_order(volume: Volume, names: str) -> list[int]:
    """Order the axes as a TIFF holds them: planes along the first ones, channels of pixels last."""
    channels = volume.source.shape[names.index("c")] if "c" in names else 0
    together = names.endswith("c") and (volume.colours is not None or channels <= _MOST_SAMPLES)
    rank = {"y": 1, "x": 2} | ({"c": 3} if together else {})
    return sorted(range(len(names)), key=lambda axis: rank.get(names[axis], 0))
