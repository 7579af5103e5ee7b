"""A Zarr array, or a level of an OME-Zarr, as a source that is read as it is sliced."""

from pathlib import Path
from typing import TYPE_CHECKING, Any
from warnings import catch_warnings, simplefilter

import numpy as np

from poolcli.core.types import Array
from poolcli.errors import PictureError
from poolcli.media.zarr_store.extra import library
from poolcli.media.zarr_store.multiscales import Axis, Level, read_multiscales
from poolcli.media.zarr_store.names import has_metadata
from poolcli.media.zarr_store.volume import Volume

if TYPE_CHECKING:
    from poolcli.media.places.remote_path import Place

__all__ = ["open_zarr"]


class _ZarrSource:
    """An array whose chunks are decoded when they are sliced; threads may read side by side."""

    def __init__(self, array: Any, path: "Place") -> None:
        self._array, self._name, self._remote = array, path.name, not isinstance(path, Path)
        self.shape: tuple[int, ...] = tuple(array.shape)
        self.dtype = np.dtype(array.dtype).newbyteorder("=")

    def __getitem__(self, key: tuple[slice, ...]) -> Array:
        try:
            return np.asarray(self._array[key], self.dtype)
        except Exception as error:  # of any codec, or of a store
            if isinstance(error, OSError) and not self._remote:
                raise
            if self._remote:
                from poolcli.media.places.errors import known_error

                if (fault := known_error(error)) is not None:
                    raise fault from error
            told = " ".join(str(error).split())[:200]
            raise PictureError(f"array {self._name!r} cannot be decoded: {told}") from error


def open_zarr(path: "Place", level: int = 0, *, threads: int | None = None) -> Volume:
    """Open an array, or a level of a pyramid; nothing of it is read yet.

    Raises
    ------
    PictureError
        If the extra is missing, or there is no array or no such level.
    OSError
        If it cannot be opened.
    """
    zarr = library(threads)
    if not (path.exists() if isinstance(path, Path) else has_metadata(path)):
        raise FileNotFoundError(2, "No such file or directory")
    node = _opened(zarr, path)
    if isinstance(node, zarr.Array):
        if level:
            raise PictureError(f"is a plain array, which has no level {level}; use --level 0")
        return _plain(node, path)
    pyramid = read_multiscales(dict(node.attrs))
    if pyramid is None:
        raise PictureError(_without_pyramid(node, path))
    if not 0 <= level < len(pyramid.levels):
        last = len(pyramid.levels) - 1
        raise PictureError(f"has no level {level}; use --level 0 to {last}")
    one = pyramid.levels[level]
    array = _opened(zarr, path / one.path)
    if not isinstance(array, zarr.Array) or array.ndim != len(pyramid.axes):
        raise PictureError(f"has no array of its axes at {one.path!r}, its level {level}")
    made = _plain(array, path / one.path)
    return made._replace(axes=pyramid.axes, level=one, ome=True, name=pyramid.name, attributes={})


def _opened(zarr: Any, path: "Place") -> Any:
    try:
        with catch_warnings():
            simplefilter("ignore")
            return zarr.open(str(path) if isinstance(path, Path) else path.url, mode="r")
    except PermissionError:
        raise
    except Exception as error:  # zarr's own are of several kinds, FileNotFoundError among them
        raise PictureError("is not a Zarr array or group, or its metadata is damaged") from error


def _plain(array: Any, path: "Place") -> Volume:
    source = _ZarrSource(array, path)
    attributes = dict(array.attrs)
    names = getattr(array.metadata, "dimension_names", None) or attributes.get("_ARRAY_DIMENSIONS")
    if not isinstance(names, list | tuple) or len(names) != array.ndim:
        names = ("",) * array.ndim
    zarr_format = int(array.metadata.zarr_format)
    status = (path / ("zarr.json" if zarr_format == 3 else ".zarray")).stat()
    return Volume(
        source,
        tuple(Axis.named(str(name or "")) for name in names),
        Level("0", (1.0,) * array.ndim, (0.0,) * array.ndim),
        chunks=tuple(array.chunks),
        shards=tuple(array.shards) if array.shards else None,
        zarr_format=zarr_format,
        fill_value=array.fill_value,
        attributes=attributes,
        state=(status.st_size, status.st_mtime_ns),
    )


def _without_pyramid(group: Any, path: "Place") -> str:
    if not isinstance(path, Path) and path.is_web:
        return "is a Zarr group without multiscales; name an array in it"
    inside = sorted(name for name, _ in group.members())
    if not inside:
        return "is a Zarr group without an array"
    shown = ", ".join(str(path / name) for name in inside[:3])
    return f"is a Zarr group without multiscales; name an array in it: {shown}"
