"""Find sources that share a destination or would be replaced, before any is read."""

# Names are plain text here: there may be very many, and a / at the end says something.
# ruff: noqa: PTH114, PTH120

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from poolcli.errors import PathError
from poolcli.jobs.paths.walk import Identity, identity
from poolcli.jobs.result import reason
from poolcli.media.file_names import shown
from poolcli.media.files import STANDARD_STREAM, is_remote, path_from, same_file
from poolcli.media.twin_names import ALIKE, Alike, names_alike

if TYPE_CHECKING:
    from poolcli.media.places.remote_path import Place

__all__ = [
    "Pairs",
    "refuse_file_of_run",
    "refuse_one_for_two",
    "refuse_replaced_sources",
    "refuse_shared",
    "same_place",
]

Pairs = Callable[[], Iterator[tuple[str, str]]]
"""Yields every source with its destination, anew at each call, so that none need be kept."""


def refuse_one_for_two(pairs: Pairs, folder: str) -> None:
    """Refuse two sources that would become one file, or one file and a folder.

    Names that differ in case or in Unicode's composition alone are one name on many disks: where
    there are such names, the disk of the destination is asked.

    Parameters
    ----------
    folder : str
        The folder of all destinations, which need not exist.

    Raises
    ------
    PathError
        Naming both; or if the disk cannot be asked.
    """
    if is_remote(folder):
        if (clash := _clash(pairs, Alike(False, False), real=str)) is not None:
            raise PathError(clash)
        return
    clash = _clash(pairs, ALIKE)
    if clash is None:
        return
    if (exact := _clash(pairs, Alike(False, False))) is not None:
        raise PathError(exact)
    try:
        alike = names_alike(folder)
    except OSError as error:
        raise PathError(
            f"{clash} (names that differ in case alone may be one file, and the file system of "
            f"{shown(folder)} cannot be asked: {reason(error)})"
        ) from error
    if alike != ALIKE:
        clash = _clash(pairs, alike)
    if clash is not None:
        raise PathError(clash)


def _clash(pairs: Pairs, alike: Alike, real: Callable[[str], str] = os.path.realpath) -> str | None:
    """Describe the first clash, where names are one that a file system takes for one."""
    real = lru_cache(maxsize=None)(real)
    taken: dict[str, int] = {}
    folders: dict[str, int] = {}
    for number, (source, destination) in enumerate(pairs()):
        folder, name = os.path.split(destination)
        folder = real(folder)
        if os.path.islink(destination):  # what is written is what it points to
            folder, name = os.path.split(os.path.realpath(destination))
        folder = alike.key(folder)
        first = taken.setdefault(f"{folder}/{alike.key(name)}", number)
        if first != number:
            return (
                f"{shown(_nth(pairs, first)[0])} and {shown(source)} would both become "
                f"{shown(destination)}; rename one, or pool them into two folders"
            )
        while folder not in folders:
            folders[folder] = number
            folder = os.path.dirname(folder)
    for folder, number in folders.items():
        if folder in taken:
            source, destination = _nth(pairs, taken[folder])
            return (
                f"{shown(source)} would become {shown(destination)}, which must be a folder for "
                f"{shown(_nth(pairs, number)[0])}; rename one, or pool them into two folders"
            )
    return None


def refuse_replaced_sources(pairs: Pairs, *, in_place: bool) -> None:
    """Refuse sources that would be replaced, by whatever links; by themselves unless ``in_place``.

    Raises
    ------
    PathError
        Naming the source.
    """
    standing: dict[Identity, int] = {}
    for number, (_, destination) in enumerate(pairs()):
        if (there := identity(destination)) is not None:
            standing[there] = number
    if not standing:
        return
    for source, destination in pairs():
        itself = identity(source)
        if itself is None or itself not in standing:
            continue
        if identity(destination) != itself:
            other = _nth(pairs, standing[itself])[0]
            raise PathError(
                f"{shown(source)} would be replaced by {shown(other)}, pooled; give another folder"
            )
        if not in_place:
            raise PathError(
                f"{shown(source)} would be replaced by its own pooled version; "
                "give another destination, or --in-place"
            )


def refuse_shared(named: "Sequence[tuple[str, Place | None]]") -> None:
    """Refuse one file for two purposes, of which the first two may share theirs.

    Parameters
    ----------
    named : sequence of (str, Path)
        The word for each file, and its path if there is one.

    Raises
    ------
    PathError
        Naming both.
    """
    for number, (word, path) in enumerate(named):
        for other, taken in named[:number] if number > 1 else ():
            if path is not None and taken is not None and same_place(path, taken):
                raise PathError(f"{word} and {other} are both {shown(path)}; give another name")


def refuse_file_of_run(
    path: Path, pairs: Iterable[tuple[str, str]], others: "Mapping[str, Place | None]"
) -> None:
    """Refuse a file to be written to that a run reads, or writes for another purpose.

    Parameters
    ----------
    path : Path
        May be missing, or a link.
    pairs : iterable of (str, str)
        Sources and destinations.
    others : mapping of str to Path
        More files of the run, by what they are called.

    Raises
    ------
    PathError
        Naming both.
    """
    for word, other in others.items():
        if other is not None and same_place(path, other):
            raise PathError(f"the report and {word} are both {shown(path)}; give another name")
    there, real = identity(str(path)), os.path.realpath(path)
    own = ALIKE.key(os.path.split(real)[1])
    for pair in pairs:
        for word, name in zip(("a source", "a destination"), pair, strict=True):
            same = there is not None and identity(name) == there
            if not same and (ALIKE.key(os.path.split(name)[1]) == own or os.path.islink(name)):
                same = same_place(path, path_from(name))  # which need not exist yet
            if same:
                raise PathError(f"the report {shown(path)} is {word} of the run; give another name")


def same_place(one: "Place", other: "Place") -> bool:
    """Tell whether two paths are those of one file, which need not exist, links followed."""
    if not isinstance(one, Path) or not isinstance(other, Path):
        return same_file(one, other)
    if STANDARD_STREAM in (one, other):
        return one == other
    if same_file(one, other):
        return True
    places = os.path.realpath(one), os.path.realpath(other)
    if places[0] == places[1] or ALIKE.key(places[0]) != ALIKE.key(places[1]):
        return places[0] == places[1]
    with suppress(OSError):  # of a folder where nothing can be written
        alike = names_alike(os.path.dirname(places[0]))
        return alike.key(places[0]) == alike.key(places[1])
    return False


def _nth(pairs: Pairs, number: int) -> tuple[str, str]:
    return next(islice(pairs(), number, None))
