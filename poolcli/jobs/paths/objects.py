"""Objects of stores among the sources and destinations of a run, found by few requests."""

import os
from collections.abc import Iterable, Iterator, Sequence
from stat import S_ISDIR

from poolcli.errors import FileError, PathError, PictureError
from poolcli.jobs.paths.walk import FileFilter, Identity, is_hidden
from poolcli.jobs.result import blamed_on, reason
from poolcli.media.file_names import shown
from poolcli.media.files import is_remote
from poolcli.media.places.filesystem import filesystem, forget, list_folder
from poolcli.media.places.filesystem import remember as remember_listed
from poolcli.media.places.globs import matching
from poolcli.media.places.remote_path import RemotePath

__all__ = ["check_stores", "expanded", "is_folder", "is_object", "refuse_web", "walk_objects"]


def is_folder(url: str) -> bool:
    """Tell whether a URL names a folder: it ends with / or there are objects below it.

    Raises
    ------
    FileError
        If the store cannot be asked.
    """
    path = RemotePath.of(url)
    if url.endswith("/") or path.is_web:
        return url.endswith("/")
    return _mode(path) is True


def is_object(url: str) -> bool:
    """Tell whether there is an object of just this name.

    Raises
    ------
    FileError
        If the store cannot be asked.
    """
    return _mode(RemotePath.of(url)) is False


def _mode(path: RemotePath) -> bool | None:
    """Tell whether it is a folder; None where there is nothing."""
    with blamed_on(path):
        try:
            return S_ISDIR(path.stat().st_mode)
        except FileNotFoundError:
            return None


def check_stores(words: Iterable[str]) -> None:
    """Refuse URLs of stores that are not known, or whose package is missing.

    Raises
    ------
    PathError
        If a scheme is not known.
    FileError
        If a package is missing, or a store cannot be set up.
    """
    for scheme, word in {word.partition("://")[0]: word for word in words}.items():
        place = RemotePath.of(word)
        try:
            filesystem(f"{scheme.lower()}://")
        except PathError:
            raise
        except (PictureError, OSError) as error:
            raise FileError(place, reason(error)) from error


def refuse_web(destination: str) -> None:
    """Refuse a destination on a web server.

    Raises
    ------
    PathError
        If it is one.
    """
    if RemotePath.of(destination).is_web:
        raise PathError(
            f"{shown(destination)} can only be read; name a local destination, or one in a store, "
            "as s3://bucket/name"
        )


def expanded(sources: Sequence[str]) -> list[str]:
    """Replace patterns among the URLs by the objects and folders that match, as a shell does.

    Raises
    ------
    PathError
        If nothing matches.
    FileError
        If the store cannot be asked.
    """
    forget()
    found: list[str] = []
    for source in sources:
        path = RemotePath.of(source) if is_remote(source) else None
        if path is None or path.is_web or not any(mark in path.key for mark in "*?["):
            found.append(source)
            continue
        with blamed_on(path):
            names = matching(path)
        if not names:
            raise PathError(f"no object matches {shown(source)}; check the pattern, in quotes")
        found += names
    return found


def walk_objects(
    root: str, selection: FileFilter, avoid: Identity | None, *, remember: bool
) -> Iterator[tuple[str, str | None, bool]]:
    """Yield every object taken below a URL, as `walk.walk` does the files below a folder."""
    path = RemotePath.of(root)
    try:
        listed = list_folder(path.url, deep=selection.recursive)
        if remember and selection.recursive:
            remember_listed(path.url, listed)
    except (OSError, ValueError) as error:
        yield "", reason(error), False
        return
    if not listed:
        yield "", "holds no objects; check the name", False
        return
    left_out = f"{avoid}/" if isinstance(avoid, str) and avoid != path.identity else None
    for relative in listed:
        if left_out is not None and f"{path.identity}/{relative}".startswith(left_out):
            continue
        if not _is_entered(relative, selection) or not selection.takes(relative):
            continue
        yield relative, _why_outside(relative), is_hidden(relative)


def _is_entered(relative: str, selection: FileFilter) -> bool:
    """Tell whether no folder above an object is excluded."""
    ends = [at for at, letter in enumerate(relative) if letter == "/"]
    return all(selection.enters(relative[:end]) for end in ends)


def _why_outside(relative: str) -> str | None:
    """Tell why the name of an object must not become that of a file: it would lead elsewhere."""
    parts = relative.split("/")
    if "" in parts or "." in parts or ".." in parts or (os.sep != "/" and os.sep in relative):
        return "its name holds . or .. or // and leads elsewhere as a file; pool it by itself"
    return None
