"""Refusal of destinations that an array must not be written to."""

import os
from pathlib import Path

from poolcli.errors import PathError
from poolcli.media.file_names import shown

__all__ = ["check_destination", "check_file_destination"]


def check_file_destination(source: Path, destination: Path) -> None:
    """Refuse a destination that is not a file, or is or lies in the source.

    Raises
    ------
    PathError
        If it is.
    """
    _refuse_nested(source, destination)
    if os.path.lexists(destination) and not destination.is_file():
        raise PathError("exists and is not a file; give another destination")


def check_destination(source: Path, destination: Path) -> None:
    """Refuse a destination that is not a Zarr, or lies where the source does.

    Raises
    ------
    PathError
        If it is.
    """
    _refuse_nested(source, destination)
    if os.path.lexists(destination) and not _is_store(destination):
        raise PathError("exists and is not a Zarr; give another destination")


def _refuse_nested(source: Path, destination: Path) -> None:
    ends = [os.path.normcase(os.path.realpath(path)) + os.sep for path in (source, destination)]
    if ends[0].startswith(ends[1]) or ends[1].startswith(ends[0]):
        raise PathError(
            f"and its source {shown(source)} lie in one another; give another destination"
        )


def _is_store(path: Path) -> bool:
    """Tell whether a folder may be replaced: it holds a Zarr, or nothing."""
    names = ("zarr.json", ".zarray", ".zgroup")
    return path.is_dir() and (
        any((path / name).is_file() for name in names) or not any(path.iterdir())
    )
