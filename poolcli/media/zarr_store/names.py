"""Paths of Zarr arrays and groups, told apart from other folders without the library."""

# Asked of every source and destination; names are plain text here.
# ruff: noqa: PTH112, PTH113, PTH118

import os
from typing import TYPE_CHECKING

from poolcli.media.files import is_remote, path_from

if TYPE_CHECKING:
    from poolcli.media.places.remote_path import Place, RemotePath

__all__ = ["SUFFIX", "has_metadata", "is_zarr"]

SUFFIX = ".zarr"

_METADATA = ("zarr.json", ".zarray", ".zgroup")


def is_zarr(path: "str | os.PathLike[str] | RemotePath") -> bool:
    """Tell whether a path names a Zarr array or group: by its name, or as a folder by its content.

    >>> is_zarr("big.ome.ZARR/"), is_zarr("photos"), is_zarr("a.png")
    (True, False, False)
    >>> is_zarr("s3://b/big.ome.zarr/0"), is_zarr("s3://b/photos")
    (True, False)
    """
    place = path_from(path) if isinstance(path, str) and is_remote(path) else path
    if not isinstance(place, str | os.PathLike):
        return _is_remote_zarr(place)
    name = os.fspath(place).rstrip("/" + os.sep)
    if name.lower().endswith(SUFFIX):
        return not os.path.isfile(name)
    return os.path.isdir(name) and any(
        os.path.isfile(os.path.join(name, metadata)) for metadata in _METADATA
    )


def _is_remote_zarr(path: "RemotePath") -> bool:
    """Tell it by the name, its own or one above, as every question to a store takes its time."""
    if path.suffix:
        return path.suffix.lower() == SUFFIX
    return any(part.lower().endswith(SUFFIX) for part in path.key.split("/"))


def has_metadata(path: "Place") -> bool:
    """Tell whether there is the metadata of an array or group.

    Raises
    ------
    OSError
        If a store cannot be asked.
    """
    return any((path / metadata).exists() for metadata in _METADATA)
