"""The files that destinations lead to where there are links, found before any is written."""

# Names are plain text here: there may be very many.
# ruff: noqa: PTH112, PTH114, PTH118, PTH120

import os
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from poolcli.media.file_names import shown

__all__ = ["Targets", "find_targets"]


class Targets(NamedTuple):
    """The real paths of all destinations below a folder, kept small: only links are listed.

    Attributes
    ----------
    folder : str
        Real path of the folder.
    links : mapping of str to str
        Real path of each file and folder that a link leads to, by the destination's name.
    leave : bool
        Whether links may leave the folder.

    Examples
    --------
    >>> targets = Targets("/real", {"a": "/other", "b/2.png": "/other/2.png"})
    >>> [targets.of(name).replace(os.sep, "/") for name in ("1.png", "a/1.png", "b/2.png")]
    ['/real/1.png', '/other/1.png', '/other/2.png']
    """

    folder: str = ""
    links: Mapping[str, str] = MappingProxyType({})
    leave: bool = True

    def of(self, name: str) -> str:
        """Real path of the destination with this name below the folder."""
        if name in self.links:
            return self.links[name]
        folder, base = os.path.split(name)
        return os.path.join(self.links.get(folder) or _below(self.folder, folder), base)

    def refusal(self, name: str) -> str | None:
        """Tell why a destination must not be written, if a link leads it out of the folder."""
        if self.leave or not self.links or _is_below(self.folder, target := self.of(name)):
            return None
        return (
            f"leads to {shown(target)}, and --in-place replaces nothing outside "
            f"{shown(self.folder)}; name the folder that it is in"
        )


def find_targets(names: Iterable[str], folder: str, *, leave: bool = True) -> Targets:
    """Follow the links among the destinations with these names below a folder."""
    real = os.path.realpath(folder)
    links: dict[str, str] = {}
    if not os.path.isdir(folder):
        return Targets(real, links, leave)
    known = set()
    for name in names:
        inner = os.path.dirname(name)
        if inner not in known:
            known.add(inner)
            place = os.path.realpath(os.path.join(folder, inner))
            if place != _below(real, inner):
                links[inner] = place
        path = os.path.join(folder, name)
        if os.path.islink(path):
            links[name] = os.path.realpath(path)
    return Targets(real, links, leave)


def _is_below(folder: str, path: str) -> bool:
    try:
        return os.path.commonpath([path, folder]) == folder
    except ValueError:  # another drive
        return False


def _below(folder: str, name: str) -> str:
    return os.path.normpath(os.path.join(folder, name))
