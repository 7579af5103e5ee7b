"""Names that a file system may take for one: those that differ in case or composition alone."""

# Names are plain text here: there may be very many, and a / at the end says something.
# ruff: noqa: PTH100, PTH108, PTH112, PTH118, PTH120, PTH123

import os
from typing import NamedTuple
from unicodedata import normalize

from poolcli.media.files import temporary_name

__all__ = ["ALIKE", "Alike", "names_alike"]


class Alike(NamedTuple):
    """The differences of names that a file system does not see.

    Attributes
    ----------
    case : bool
        Whether ``a`` and ``A`` are one file.
    form : bool
        Whether ``é`` and ``e`` with a combining accent are one file.
    """

    case: bool
    form: bool

    def key(self, name: str) -> str:
        """Fold a name: equal for all names of one file.

        >>> Alike(True, False).key("A.png"), Alike(False, True).key("A.png")
        ('a.png', 'A.png')
        """
        if name.isascii():
            return name.lower() if self.case else name
        if not self.case:
            return normalize("NFC", name) if self.form else name
        # Some letters are composed only after folding, and some only before it.
        return normalize("NFC", normalize("NFC", name).casefold()) if self.form else name.casefold()


ALIKE = Alike(True, True)
"""The file system that takes most names for one."""


def names_alike(folder: str) -> Alike:
    """Ask the file system of a folder, by a file made in it (or above it) and removed again.

    Raises
    ------
    OSError
        If no file can be made there.
    """
    folder = os.path.abspath(folder)
    while not os.path.isdir(folder) and os.path.dirname(folder) != folder:
        folder = os.path.dirname(folder)
    begin = os.path.join(folder, temporary_name().removesuffix(".tmp"))
    return Alike(
        case=_is_one(f"{begin}a.tmp", f"{begin}A.tmp"),
        form=_is_one(f"{begin}\u00e9.tmp", f"{begin}e\u0301.tmp"),
    )


def _is_one(name: str, twin: str) -> bool:
    with open(name, "xb"):
        try:
            return os.path.lexists(twin)
        finally:
            os.unlink(name)
