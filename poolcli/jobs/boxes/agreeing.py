"""Agreements of processes of several machines in a folder, without a word to one another.

Each makes a folder and moves it to the place that all look at, as only the first one can.
"""

import errno
import os
import shutil
from contextlib import suppress
from pathlib import Path

from poolcli.jobs.boxes.owners import name_owner, refuse_other_process
from poolcli.media.files import temporary_name

__all__ = ["OWNER", "agreed", "ends_with", "fresh_beside", "moved", "names_in", "take", "text_in"]

OWNER, _TEXT = "process", "text"
_THERE = (errno.EEXIST, errno.ENOTEMPTY)


def fresh_beside(home: Path) -> Path:
    """Make up a name beside a place."""
    return home.with_name(f"{home.name}{temporary_name()}")


def moved(folder: Path, home: Path) -> bool:
    """Move a folder to its place; if one is there, remove it and return False.

    Raises
    ------
    OSError
        If it cannot be moved for another reason.
    """
    if _moved(folder, home):
        return True
    shutil.rmtree(folder, ignore_errors=True)
    return False


def _moved(folder: Path, home: Path) -> bool:
    try:
        folder.rename(home)
    except OSError as error:
        if error.errno not in _THERE and not home.exists():
            raise
        return False
    return True


def agreed(home: Path, text: str) -> str:
    """Propose a text; return the one that was proposed first.

    Raises
    ------
    OSError
        If the folder of ``home`` is not there, for example.
    """
    if not home.exists():
        fresh = fresh_beside(home)
        fresh.mkdir()
        (fresh / _TEXT).write_text(text, encoding="ascii")
        moved(fresh, home)
    return (home / _TEXT).read_text(encoding="ascii")


def text_in(home: Path, name: str = _TEXT) -> str | None:
    """Read what was agreed on, if anything was."""
    try:
        return (home / name).read_text(encoding="ascii")
    except OSError:
        return None


def ends_with(path: Path, line: str) -> bool:
    """Tell whether a file is there whose last line is this one."""
    wanted = f"{line}\n".encode()
    try:
        with path.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - len(wanted)))
            return file.read() == wanted
    except FileNotFoundError:
        return False


def names_in(folder: Path) -> set[str]:
    """List a folder, none if it is not there; a network file system may remember older look-ups."""
    try:
        return {path.name for path in folder.iterdir()}
    except FileNotFoundError:
        return set()


def take(home: Path, journal: Path, *, resume: bool) -> None:
    """Become the owner of a place; journal and resume as in `refuse_other_process`.

    Raises
    ------
    PathError
        If another process is.
    """
    fresh = fresh_beside(home)
    fresh.mkdir()
    name_owner(fresh / OWNER)
    try:
        while not _moved(fresh, home):
            before = text_in(home, OWNER)
            refuse_other_process(home / OWNER, journal, resume=resume)
            gone = fresh_beside(home)
            with suppress(FileNotFoundError):
                home.rename(gone)
                # Another may have been faster, and lives.
                if text_in(gone, OWNER) == before or not _moved(gone, home):
                    shutil.rmtree(gone, ignore_errors=True)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
