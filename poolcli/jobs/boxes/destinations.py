"""Refusal of destinations that an array must not be written to."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

from poolcli.errors import PathError
from poolcli.media.file_names import shown
from poolcli.media.zarr_store.names import is_zarr

if TYPE_CHECKING:
    from poolcli.media.places.remote_path import Place

__all__ = ["check_destination", "check_file_destination", "shares_boxes"]

_READ_BY_PARTS = (".npy", ".tif", ".tiff")


def shares_boxes(source: "Place", destination: "Place") -> bool:
    """Tell whether several processes can read parts of one file, and write those of the other."""
    parts = is_zarr(source) or source.suffix.lower() in _READ_BY_PARTS
    return parts and is_zarr(destination)


def check_file_destination(source: "Place", destination: "Place") -> None:
    """Refuse a destination that is not a file, or is or lies in the source.

    Raises
    ------
    PathError
        If it is.
    """
    _refuse_nested(source, destination)
    if not isinstance(destination, Path):
        return
    if os.path.lexists(destination) and not destination.is_file():
        raise PathError("exists and is not a file; give another destination")


def check_destination(source: "Place", destination: "Place", *, resume: bool = False) -> None:
    """Refuse a destination that is not a Zarr, or lies where the source does.

    In a store it must not exist: objects that belong together cannot be replaced as a whole.

    Parameters
    ----------
    resume : bool
        Whether objects may be there that an upload has left.

    Raises
    ------
    PathError
        If it is.
    """
    _refuse_nested(source, destination)
    if not isinstance(destination, Path):
        from poolcli.jobs.boxes.uploading import refuse_existing

        refuse_existing(destination, resume=resume)
        return
    if os.path.lexists(destination) and not _is_store(destination):
        raise PathError("exists and is not a Zarr; give another destination")


def _refuse_nested(source: "Place", destination: "Place") -> None:
    ends = [_end(path) for path in (source, destination)]
    if ends[0].startswith(ends[1]) or ends[1].startswith(ends[0]):
        raise PathError(
            f"and its source {shown(source)} lie in one another; give another destination"
        )


def _end(path: "Place") -> str:
    """Give a text that begins with that of each folder above."""
    if not isinstance(path, Path):
        return f"{path.identity}/"
    return os.path.normcase(os.path.realpath(path)) + os.sep


def _is_store(path: Path) -> bool:
    """Tell whether a folder may be replaced: it holds a Zarr, or nothing."""
    names = ("zarr.json", ".zarray", ".zgroup")
    return path.is_dir() and (
        any((path / name).is_file() for name in names) or not any(path.iterdir())
    )
