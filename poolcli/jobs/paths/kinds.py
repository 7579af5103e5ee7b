"""Sources and destinations of a run, on this machine or in a store, told apart and looked at."""

# Names are plain text here: there may be very many, and a / at the end says something.
# ruff: noqa: PTH112

import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from poolcli.errors import PathError
from poolcli.jobs.paths.walk import FileFilter, Identity, walk
from poolcli.jobs.result import blamed_on
from poolcli.media.files import is_remote, path_from
from poolcli.media.zarr_store.names import is_zarr

if TYPE_CHECKING:
    from poolcli.media.places.remote_path import Place

__all__ = [
    "exists",
    "files_below",
    "is_file",
    "is_folder",
    "is_odd",
    "ready_for_stores",
    "remember_existing",
    "working_folder",
]


def is_folder(name: str) -> bool:
    """Tell whether a word names a folder of files, which a Zarr is not although it is stored so.

    Raises
    ------
    FileError
        If a store cannot be asked.
    """
    if is_remote(name):
        from poolcli.jobs.paths import objects

        return objects.is_folder(name) and not is_zarr(name)
    return (name.endswith(("/", os.sep)) or os.path.isdir(name)) and not is_zarr(name)


def is_file(name: str) -> bool:
    """Tell whether a word, which does not name a folder, names something that is there.

    Raises
    ------
    FileError
        If a store cannot be asked.
    """
    if is_remote(name):
        from poolcli.jobs.paths.objects import is_object

        return is_object(name)
    return os.path.lexists(name)


def ready_for_stores(sources: Sequence[str], destination: str, *, in_place: bool) -> Sequence[str]:
    """Replace patterns among URLs by what they match, and refuse what no store can do.

    Raises
    ------
    PathError
        If it cannot, or nothing matches.
    FileError
        If a store cannot be asked.
    """
    from poolcli.jobs.paths.objects import check_stores, expanded, refuse_web

    check_stores(word for word in (*sources, destination) if is_remote(word))
    if is_remote(destination):
        refuse_web(destination)
        if in_place:
            raise PathError("--in-place replaces local files alone; give another destination")
    return expanded(sources)


def files_below(
    source: str, selection: FileFilter, avoid: Identity | None, *, remember: bool
) -> Iterator[tuple[str, str | None, bool]]:
    """Yield every file taken below a folder, as `walk.walk` does, or object below a URL.

    Parameters
    ----------
    remember : bool
        Whether sizes and times of objects are kept for later, as they were listed.
    """
    if not is_remote(source):
        return walk(source, selection, avoid)
    from poolcli.jobs.paths.objects import walk_objects

    return walk_objects(source, selection, avoid, remember=remember)


def is_odd(destination: "Place") -> bool:
    """Tell whether a destination is neither a file nor a folder: a pipe would block for ever."""
    if not isinstance(destination, Path):
        return False
    with suppress(OSError):
        mode = destination.stat().st_mode
        return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))
    return False


def exists(destination: "Place") -> bool:
    """Tell whether there is a file, a link or an object of this name.

    Raises
    ------
    FileError
        If the store cannot be asked.
    """
    if isinstance(destination, Path):
        return os.path.lexists(destination)
    with blamed_on(destination):
        return destination.exists()


def working_folder(destination: "Place") -> Path:
    """Folder of the temporary file that becomes a destination."""
    if isinstance(destination, Path):
        return destination.parent
    from tempfile import gettempdir

    return Path(gettempdir())


def remember_existing(folder: str | None) -> None:
    """List a destination in a store once, so that no request is needed for each file of it.

    Raises
    ------
    FileError
        If the store cannot be asked.
    """
    place = None if folder is None else path_from(folder)
    if place is None or isinstance(place, Path):
        return
    from poolcli.media.places.filesystem import remember

    with blamed_on(place):
        remember(place.url)
