"""Walk through a folder: its files as names relative to it."""

# Names are plain text here: there may be very many, and a / at the end says something.
# ruff: noqa: PTH116, PTH118

import os
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import NamedTuple

from poolcli.jobs.result import reason

__all__ = ["FileFilter", "Found", "identity", "walk"]


class Found(NamedTuple):
    """A file by its name relative to the folder walked, or a folder that could not be read."""

    relative: str
    error: str | None = None


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

    def takes(self, relative: str) -> bool:
        """Tell whether a file is taken."""
        return self.enters(relative) and (not self.include or _matches(relative, self.include))

    def enters(self, relative: str) -> bool:
        """Tell whether a file or folder is not excluded."""
        return not _matches(relative, self.exclude)


def _matches(relative: str, patterns: tuple[str, ...]) -> bool:
    name = relative.rpartition("/")[2]
    return any(fnmatchcase(relative, pattern) or fnmatchcase(name, pattern) for pattern in patterns)


def identity(path: str) -> tuple[int, int] | None:
    """Device and inode, equal for all paths to one file or folder; None where there is none."""
    try:
        status = os.stat(path)
    except OSError:
        return None
    return status.st_dev, status.st_ino


def walk(root: str, selection: FileFilter, avoid: tuple[int, int] | None = None) -> Iterator[Found]:
    """Yield every file taken below a folder, unordered, with ``/`` between the parts.

    Hidden files and folders, pipes and devices are left out. A dangling link is yielded like a
    file, so that reading it fails by name.

    Parameters
    ----------
    avoid : (int, int), optional
        The `identity` of a folder that is not entered.
    """
    waiting: list[tuple[str, tuple[tuple[int, int] | None, ...]]] = [("", (identity(root),))]
    while waiting:
        folder, above = waiting.pop()
        try:
            with os.scandir(os.path.join(root, folder)) as entries:
                listed = list(entries)
        except OSError as error:
            yield Found(folder.rstrip("/"), reason(error))
            continue
        for entry in listed:
            relative = folder + entry.name
            if entry.name.startswith("."):
                continue
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
                yield Found(relative)


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
