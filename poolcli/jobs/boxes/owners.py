"""The process that writes in a folder, which a file there names."""

import os
from contextlib import suppress
from pathlib import Path
from time import time

from poolcli.errors import PathError
from poolcli.jobs.stale_files import LONG_AGO, QUIET, is_alive
from poolcli.media.file_names import shown
from poolcli.media.files import process_space

__all__ = ["name_owner", "refuse_other_process"]


def name_owner(path: Path) -> None:
    """Write down that it is this process."""
    path.write_text(f"{os.getpid()}-{process_space()}", encoding="ascii")


def refuse_other_process(owner: Path, journal: Path, *, resume: bool) -> None:
    """Refuse to write where another process does.

    Parameters
    ----------
    owner : Path
        The file that names it.
    journal : Path
        What it writes to now and then.
    resume : bool
        Whether to go on with what it has left, if it has died.

    Raises
    ------
    PathError
        If it is alive, or may be.
    """
    try:
        process, space = owner.read_text(encoding="ascii").split("-")
    except (OSError, ValueError):
        return
    if space != process_space():
        _refuse_other_machine(process, owner, journal, resume=resume)
    elif int(process) != os.getpid() and is_alive(int(process)):
        raise PathError(f"is being written by process {process}; wait for its end")


def _refuse_other_machine(process: str, owner: Path, journal: Path, *, resume: bool) -> None:
    """Leave alone what another machine writes; it is dead, perhaps, if it wrote long ago.

    To go on with the same job is harmless even if it is not: the same boxes are written twice.
    """
    last = 0.0
    for path in (owner, journal):
        with suppress(FileNotFoundError):
            last = max(last, path.stat().st_mtime)
    if time() - last < (QUIET if resume else LONG_AGO):
        raise PathError(
            f"is being written by process {process} of another machine or container; wait for "
            f"its end, or remove {shown(owner)} if it has died"
        )
