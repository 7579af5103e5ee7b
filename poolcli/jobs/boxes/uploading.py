"""A Zarr that was made on this machine, put into a store: its metadata last.

A store has no folders that could be renamed. Without metadata there is no array for a reader, so
that one sees all of it or nothing.
"""

from hashlib import blake2b
from pathlib import Path
from tempfile import gettempdir

from poolcli.errors import PathError
from poolcli.media.file_names import shown
from poolcli.media.files import TEMPORARY_PREFIX
from poolcli.media.places.filesystem import list_folder
from poolcli.media.places.remote_path import RemotePath
from poolcli.media.places.writing import put, put_all
from poolcli.media.zarr_store.names import has_metadata

__all__ = ["refuse_existing", "staging_folder", "upload"]

_METADATA = {"zarr.json", ".zarray", ".zgroup", ".zattrs", ".zmetadata"}

_AT_ONCE = 64
"""Chunks that are put together; Ctrl-C waits for no more."""


def staging_folder(destination: RemotePath) -> Path:
    """Folder on this machine in which an array for a store is made until it is whole."""
    mark = blake2b(destination.identity.encode(), digest_size=8).hexdigest()
    return Path(gettempdir(), f"{TEMPORARY_PREFIX}{destination.name}-{mark}.unfinished")


def refuse_existing(destination: RemotePath, *, resume: bool) -> None:
    """Refuse a destination where there is something.

    Parameters
    ----------
    resume : bool
        Whether objects may be there that an upload has left.

    Raises
    ------
    PathError
        If there is.
    OSError
        If the store cannot be asked.
    """
    if destination.is_web:
        raise PathError("can only be read; name a local destination, or one in a store")
    if has_metadata(destination):
        raise PathError(
            "exists, and many objects cannot be replaced as a whole; remove it, or give another "
            "destination"
        )
    if not resume:
        _refuse_others(destination, set())


def _refuse_others(destination: RemotePath, own: set[str]) -> None:
    """Refuse objects that a reader would take for chunks of the array."""
    others = sorted(set(list_folder(destination.url)) - own)
    if others:
        raise PathError(
            f"holds other objects, as {shown(others[0])}, which would be taken for a part of it; "
            "remove them, or give another destination"
        )


def upload(folder: Path, destination: RemotePath) -> None:
    """Put a file, or all files below a folder, those that make an array of them last.

    Raises
    ------
    PathError
        If there are other objects.
    OSError
        If one cannot be put.
    """
    if folder.is_file():
        put(destination, folder)
        return
    files = {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*"))}
    files = {name: path for name, path in files.items() if path.is_file()}
    _refuse_others(destination, set(files))
    last = [name for name in files if name.rpartition("/")[2] in _METADATA]
    chunks = [name for name in files if name not in set(last)]
    for start in range(0, len(chunks), _AT_ONCE):
        some = chunks[start : start + _AT_ONCE]
        put_all({destination / name: files[name] for name in some})
    for name in sorted(last, key=lambda name: -name.count("/")):  # the group's own after all others
        put(destination / name, files[name])
