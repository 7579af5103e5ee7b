"""An array with what is known about its axes and its storage."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from poolcli.core.types import Source
from poolcli.media.zarr_store.multiscales import Axis, Level

__all__ = ["Colours", "Volume", "plain_volume"]

_NONE: Mapping[str, Any] = MappingProxyType({})


class Colours(NamedTuple):
    """The meaning of channels that are stored together, the last axis, in the numbers of TIFF.

    Attributes
    ----------
    photometric : int
    extras : tuple of int
        Kinds of the channels beyond the colours.
    icc : bytes, optional
    dpi : (float, float), optional
    """

    photometric: int
    extras: tuple[int, ...] = ()
    icc: bytes | None = None
    dpi: tuple[float, float] | None = None


class Volume(NamedTuple):
    """An array, its axes and its storage.

    Attributes
    ----------
    source : Source
        May be read by several threads side by side.
    axes : tuple of Axis
        Names are empty where they are not known.
    level : Level
        Places of the pixels.
    chunks, shards : tuple of int, optional
    zarr_format : int, optional
        2 or 3 of a Zarr.
    ome : bool
        Whether it is a level of an OME-Zarr.
    name : str
    fill_value : object
    attributes : mapping
        Those of a plain Zarr array.
    state : tuple of int or None
        Size and time of the file or its metadata, by which a later run detects another one.
    notes : tuple of str
    colours : Colours, optional
        Those of a picture.
    """

    source: Source
    axes: tuple[Axis, ...]
    level: Level
    chunks: tuple[int, ...] | None = None
    shards: tuple[int, ...] | None = None
    zarr_format: int | None = None
    ome: bool = False
    name: str = ""
    fill_value: Any = 0
    attributes: Mapping[str, Any] = _NONE
    state: tuple[int | None, ...] = ()
    notes: tuple[str, ...] = ()
    colours: Colours | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the axes."""
        return tuple(axis.name for axis in self.axes)


def plain_volume(source: Source, names: str = "") -> Volume:
    """Give an array axes of these names, or of none."""
    count = len(source.shape)
    axes = tuple(Axis.named(name) for name in names) or (Axis(""),) * count
    return Volume(source, axes, Level("0", (1.0,) * count, (0.0,) * count))
