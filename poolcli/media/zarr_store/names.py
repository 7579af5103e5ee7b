"""Paths of Zarr arrays and groups, told apart from other folders without the library."""

# Asked of every source and destination; names are plain text here.
# ruff: noqa: PTH112, PTH113, PTH118

import os

__all__ = ["SUFFIX", "is_zarr"]

SUFFIX = ".zarr"

_METADATA = ("zarr.json", ".zarray", ".zgroup")


def is_zarr(path: str | os.PathLike[str]) -> bool:
    """Tell whether a path names a Zarr array or group: by its name, or as a folder by its content.

    >>> is_zarr("big.ome.ZARR/"), is_zarr("photos"), is_zarr("a.png")
    (True, False, False)
    """
    name = os.fspath(path).rstrip("/" + os.sep)
    if name.lower().endswith(SUFFIX):
        return not os.path.isfile(name)
    return os.path.isdir(name) and any(
        os.path.isfile(os.path.join(name, metadata)) for metadata in _METADATA
    )
