"""Axes of a source put into the order of an OME-Zarr or a TIFF."""

from collections.abc import Sequence

import numpy as np

from poolcli.core.types import Array, Source
from poolcli.errors import PictureError
from poolcli.media.zarr_store.multiscales import Axis, Level
from poolcli.media.zarr_store.volume import Volume

__all__ = ["arranged", "factors_for"]

_ORDER = "tczyx"


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
        from poolcli.media.volumes.tiff_output import tiff_order

        order = tiff_order(volume, given)
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


def factors_for(names: Sequence[str], given: Sequence[int] | None) -> tuple[int, ...]:
    """Give each axis its factor: 2 for height and width, or these for the last axes of space.

    Raises
    ------
    PictureError
        If there are more factors than axes of space.

    Examples
    --------
    >>> factors_for("czyx", None), factors_for("czyx", (1, 2, 4)), factors_for("cyx", (3,))
    ((1, 1, 2, 2), (1, 1, 2, 4), (1, 3, 3))
    """
    space = [axis for axis, name in enumerate(names) if name in "zyx"]
    numbers = list(given or (2, 2))
    if len(numbers) == 1:
        numbers *= 2
    if len(numbers) > len(space):
        raise PictureError(
            f"has {len(space)} axes of space, {''.join(names)}; give {len(space)} factors or less"
        )
    factors = [1] * len(names)
    for axis, number in zip(space[-len(numbers) :], numbers, strict=True):
        factors[axis] = number
    return tuple(factors)
