"""Zarr arrays to write box by box, each box of whole chunks or shards."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from poolcli.core.types import Array
from poolcli.media.zarr_store.extra import library

__all__ = [
    "Layout",
    "ZarrSink",
    "create_array",
    "create_group",
    "fitted_layout",
    "reopen_array",
]

_LEVEL = 1
"""Compression of zstd: higher ones take several times as long for a few percent."""


class ZarrSink:
    """An array whose boxes are stored by the threads that made them, in whatever order."""

    ordered = False

    def __init__(self, array: Any) -> None:
        self._array = array
        self.shape: tuple[int, ...] = tuple(array.shape)
        self.dtype = np.dtype(array.dtype)

    def encode(self, box: tuple[slice, ...], values: Array) -> None:
        """Store a box of whole chunks or shards."""
        self._array[box] = values

    def keep(self, encoded: None) -> None:
        """Do nothing: the box is stored."""

    def __getitem__(self, box: tuple[slice, ...]) -> Array:
        return np.asarray(self._array[box])


class Layout(NamedTuple):
    """The storage of an array.

    Attributes
    ----------
    shape : tuple of int
    dtype : str
    chunks : tuple of int
    shards : tuple of int, optional
        Multiples of the chunks; only in format 3.
    zarr_format : int
        2 or 3.
    names : tuple of str
        Names of the axes, empty where they have none.
    fill_value : object
        Value of chunks that are not stored.
    """

    shape: tuple[int, ...]
    dtype: str
    chunks: tuple[int, ...]
    shards: tuple[int, ...] | None = None
    zarr_format: int = 3
    names: tuple[str, ...] = ()
    fill_value: Any = 0

    @property
    def unit(self) -> tuple[int, ...]:
        """The smallest box that may be written by itself: a chunk, or a whole shard."""
        return self.shards or self.chunks


def fitted_layout(
    shape: Sequence[int],
    dtype: Any,
    chunks: Sequence[int],
    shards: Sequence[int] | None = None,
    **others: Any,
) -> Layout:
    """Make a layout whose chunks and shards are not larger than the array.

    Examples
    --------
    >>> made = fitted_layout((3, 100), "u1", (1, 64), (4, 256))
    >>> made.chunks, made.shards
    ((1, 64), (3, 128))
    """
    fitted = tuple(max(1, min(c, n)) for c, n in zip(chunks, shape, strict=True))
    whole = None
    if shards is not None:
        whole = tuple(
            c * min(max(1, s // given), -(-n // c))
            for c, given, s, n in zip(fitted, chunks, shards, shape, strict=True)
        )
    return Layout(tuple(shape), str(dtype), fitted, whole, **others)


def create_group(folder: Path, zarr_format: int, attributes: Mapping[str, Any]) -> None:
    """Make a group; what is in the folder already is left there."""
    zarr = library()
    zarr.create_group(str(folder), zarr_format=zarr_format, attributes=dict(attributes))


def create_array(
    folder: Path, name: str | None, layout: Layout, attributes: Mapping[str, Any] | None = None
) -> Any:
    """Create an array in a group, or as the folder itself, whose boxes are then assigned."""
    zarr = library()
    options: dict[str, Any] = {}
    if layout.zarr_format == 3:
        options["compressors"] = zarr.codecs.ZstdCodec(level=_LEVEL)
        options["shards"] = layout.shards
        if any(layout.names):
            options["dimension_names"] = [name or None for name in layout.names]
    else:
        options["compressors"] = {"id": "blosc", "cname": "zstd", "clevel": _LEVEL, "shuffle": 1}
        options["chunk_key_encoding"] = {"name": "v2", "separator": "/"}
    return zarr.create_array(
        str(folder),
        name=name,
        shape=layout.shape,
        dtype=layout.dtype,
        chunks=layout.chunks,
        zarr_format=layout.zarr_format,
        fill_value=layout.fill_value,
        attributes=dict(attributes or {}),
        **options,
    )


def reopen_array(folder: Path, name: str | None) -> Any:
    """Open an array that an interrupted run has created, to go on writing."""
    return library().open_array(str(folder if name is None else folder / name), mode="r+")
