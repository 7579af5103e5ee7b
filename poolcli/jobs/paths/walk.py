"""Walk through a folder: its files as names relative to it."""

# Names are plain text here: there may be very many, and a / at the end says something.
# ruff: noqa: PTH116, PTH118

import os
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from poolcli.errors import PathError, PictureError
from poolcli.jobs.result import reason
from poolcli.media.file_names import shown
from poolcli.media.files import is_remote, path_from

if TYPE_CHECKING:
    from poolcli.media.places.remote_path import Place

__all__ = [
    "FileFilter",
    "Identity",
    "identity",
    "identity_of",
    "is_hidden",
    "joined",
    "parted",
    "split_kept",
    "walk",
]

Identity: TypeAlias = tuple[int, int] | str
"""Device and inode of a file, or the URL of an object."""


class FileFilter(NamedTuple):
    """A filter of the files in a folder.

    Attributes
    ----------
    include, exclude : tuple of str
        Shell patterns, matched against the name and against the path relative to the folder.
        A folder that is excluded is not entered.
    recursive : bool
    follow : bool
        Whether links to folders are followed; links to files always are.
    hidden : bool
        Whether files are taken whose name, or a folder's above them, begins with a dot.

    Examples
    --------
    >>> some = FileFilter(include=("*.png",), exclude=("old/*", "thumb*"))
    >>> [some.takes(name) for name in ("a/b.png", "b.jpg", "old/b.png", "a/thumb.png")]
    [True, False, False, False]
    """

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    recursive: bool = True
    follow: bool = False
    hidden: bool = False

    def takes(self, relative: str) -> bool:
        """Tell whether a file is taken."""
        return self.enters(relative) and (not self.include or _matches(relative, self.include))

    def enters(self, relative: str) -> bool:
        """Tell whether a file or folder is not excluded."""
        return not _matches(relative, self.exclude)

    def refuse_none(self, sources: Sequence[str], *, any_taken: bool) -> None:
        """Refuse to go on where patterns leave nothing of these sources.

        Raises
        ------
        PictureError
            If there is nothing.
        """
        if any_taken:
            return
        place = shown(sources[0]) if len(sources) == 1 else f"the {len(sources)} sources"
        if not self.include:
            raise PictureError(f"{place} is left out by --exclude; use another pattern")
        patterns = " or ".join(f"--include {shown(glob)}" for glob in self.include)
        raise PictureError(f"no picture in {place} matches {patterns}; use another pattern")


def _matches(relative: str, patterns: tuple[str, ...]) -> bool:
    name = relative.rpartition("/")[2]
    return any(fnmatchcase(relative, pattern) or fnmatchcase(name, pattern) for pattern in patterns)


def identity(path: str) -> Identity | None:
    """Tell which file, folder or object a path leads to; None where there is no such file."""
    if is_remote(path):
        return identity_of(path_from(path))
    try:
        status = os.stat(path)
    except OSError:
        return None
    return status.st_dev, status.st_ino


def identity_of(place: "Place") -> Identity | None:
    """Tell the `identity` of a place, which is equal for all paths to it."""
    return identity(str(place)) if isinstance(place, Path) else place.identity


def joined(root: str, relative: str) -> str:
    """Name a file below a folder, or an object below a URL, whose query string stays at the end.

    >>> joined("s3://b/k", "a/b.png"), joined("https://host/k?s=1", "a.png")
    ('s3://b/k/a/b.png', 'https://host/k/a.png?s=1')
    """
    if not is_remote(root):
        return os.path.join(root, relative)
    place = path_from(root)
    assert not isinstance(place, Path)
    return (place / relative if relative else place).url


def parted(word: str) -> tuple[str, str]:
    """Split a path or URL into its folder and its name; `joined` puts them together again."""
    if not is_remote(word):
        return os.path.split(word)
    place = path_from(word)
    assert not isinstance(place, Path)
    return place.parent.url, place.name


def split_kept(source: str) -> tuple[str, str]:
    """Split a path into the / (or drive) that it may begin with, and the rest, tidied.

    Raises
    ------
    PathError
        If the path leads upwards.
    """
    if is_remote(source):
        place = path_from(source)
        assert not isinstance(place, Path)
        return f"{place.scheme}://{place.query}", place.key
    path = Path(source)
    if ".." in path.parts:
        raise PathError(f"{shown(source)} leads out of DEST with --parents; give it without ..")
    kept = path.relative_to(path.anchor).as_posix()
    return path.anchor, "" if kept == "." else kept


def walk(
    root: str, selection: FileFilter, avoid: Identity | None = None
) -> Iterator[tuple[str, str | None, bool]]:
    """Yield every file taken below a folder, unordered, with ``/`` between the parts.

    Pipes and devices are left out. A dangling link is yielded like a file, so that reading it
    fails by name. Hidden files are yielded as such, to be counted where they are not taken.

    Parameters
    ----------
    avoid : (int, int) or str, optional
        The `identity` of a folder that is not entered.

    Yields
    ------
    relative : str
        Name of a file relative to the folder, or of a folder that could not be read.
    error : str or None
        Why it could not be read.
    hidden : bool
        Whether it, or a folder that it is in, is hidden.
    """
    waiting: list[tuple[str, tuple[Identity | None, ...]]] = [("", (identity(root),))]
    while waiting:
        folder, above = waiting.pop()
        try:
            with os.scandir(os.path.join(root, folder)) as entries:
                listed = list(entries)
        except OSError as error:
            yield folder.rstrip("/"), reason(error), is_hidden(folder)
            continue
        for entry in listed:
            relative = folder + entry.name
            if _is_folder(entry):
                if not selection.recursive or not selection.enters(relative):
                    continue
                if entry.is_symlink() and not selection.follow:
                    continue
                itself = identity(entry.path)
                # A link to a folder above would lead round and round.
                if itself not in above and (avoid is None or itself != avoid):
                    waiting.append((f"{relative}/", (*above, itself)))
            elif _is_file(entry) and selection.takes(relative):
                yield relative, None, is_hidden(relative)


def is_hidden(relative: str) -> bool:
    """Tell whether a file, or a folder that it is in, is hidden."""
    return relative.startswith(".") or "/." in relative


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def _is_file(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_file() or (entry.is_symlink() and identity(entry.path) is None)
    except OSError:
        return entry.is_symlink()
