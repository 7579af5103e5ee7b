"""Stale temporary files and folders: those of processes that were killed."""

import os
import re
import sys
from contextlib import suppress
from pathlib import Path
from time import time
from typing import Any, NamedTuple

from poolcli.media.files import TEMPORARY_PREFIX, process_space

__all__ = [
    "LONG_AGO",
    "QUIET",
    "Swept",
    "is_alive",
    "mark_sockets",
    "remove_dead_sockets",
    "remove_leftovers",
]

_SOCKETS, _MARK = "pymp-", "poolcli-"
"""Beginnings of the folder in which `multiprocessing` keeps a socket, and of our mark in it."""

_REST = r"(\d+)-([0-9a-f]{8}(?=[0-9a-f]{8}))?[0-9a-f]+\.tmp"

LONG_AGO = 86400
"""Seconds after which a file of another machine or container is stale, if nothing was written."""

QUIET = 600
"""Seconds without writing after which its process is perhaps dead: the user is told."""

_QUERY = 0x1000  # PROCESS_QUERY_LIMITED_INFORMATION
_STILL_ACTIVE = 259
_NO_SUCH_PROCESS = 87  # ERROR_INVALID_PARAMETER


class Swept(NamedTuple):
    """Counts of temporary files in a folder.

    Attributes
    ----------
    removed : int
    quiet : int
        Number of those of other machines and containers to which nothing was written for long.
    """

    removed: int = 0
    quiet: int = 0


def remove_leftovers(folder: Path, of: int | None = None) -> Swept:
    """Remove the temporary files of dead processes.

    Those of other machines and containers, whose processes cannot be seen, are left for a day.

    Parameters
    ----------
    of : int, optional
        A process known to be dead: only its files are removed.
    """
    removed = quiet = 0
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if not entry.name.startswith(TEMPORARY_PREFIX):
                continue
            if (match := re.fullmatch(_REST, entry.name[len(TEMPORARY_PREFIX) :])) is None:
                continue
            with suppress(OSError):  # another run may have been faster
                age = None
                if match[2] not in (None, process_space()):
                    age = time() - entry.stat(follow_symlinks=False).st_mtime
                if _is_stale(int(match[1]), age, of):
                    Path(entry.path).unlink()
                    removed += 1
                elif age is not None and age > QUIET:
                    quiet += 1
    return Swept(removed, quiet)


def mark_sockets() -> None:
    """Mark the folder of this process's socket, which a later run removes if we are killed."""
    from multiprocessing.util import get_temp_dir

    with suppress(OSError):
        Path(get_temp_dir(), f"{_MARK}{process_space()}-{os.getpid()}").touch()


def remove_dead_sockets() -> int:
    """Remove the folders of sockets that dead processes have marked, and return their number."""
    from tempfile import gettempdir

    ours = f"{_MARK}{process_space()}-"  # processes of other machines cannot be seen
    count = 0
    with suppress(OSError), os.scandir(gettempdir()) as entries:
        for entry in entries:
            if not entry.name.startswith(_SOCKETS) or not entry.is_dir(follow_symlinks=False):
                continue
            with suppress(OSError):  # of somebody else, or another run was faster
                names = os.listdir(entry.path)  # noqa: PTH208
                owners = [name.removeprefix(ours) for name in names if name.startswith(_MARK)]
                dead = owners and all(one.isdecimal() and not is_alive(int(one)) for one in owners)
                if dead and all(name.startswith((_MARK, "listener-")) for name in names):
                    for name in names:
                        Path(entry.path, name).unlink()
                    Path(entry.path).rmdir()
                    count += 1
    return count


def _is_stale(owner: int, age_elsewhere: float | None, of: int | None) -> bool:
    if age_elsewhere is not None:
        return of is None and age_elsewhere > LONG_AGO
    return owner == of or (of is None and not is_alive(owner))


def is_alive(process: int) -> bool:
    """Tell whether a process is running on this machine; in doubt, True."""
    if sys.platform == "win32":
        import ctypes

        return _is_alive_on_windows(process, ctypes.WinDLL("kernel32", use_last_error=True), ctypes)
    return _is_alive_on_posix(process)


def _is_alive_on_posix(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return not _has_ended(process)


def _has_ended(process: int) -> bool:
    """Tell whether a process is a zombie, which in a container may stay one for ever.

    Only Linux tells, where its list of processes is that of our own numbers.
    """
    with suppress(OSError):
        if os.readlink("/proc/self") != str(os.getpid()):  # noqa: PTH115
            return False
        state = Path(f"/proc/{process}/stat").read_bytes().rpartition(b")")[2]
        return state.split()[:1] in ([b"Z"], [b"X"])
    return False


def _is_alive_on_windows(process: int, kernel: Any, ctypes: Any) -> bool:
    """Ask Windows, where ``os.kill(process, 0)`` would end the process."""
    kernel.OpenProcess.restype = ctypes.c_void_p
    handle = kernel.OpenProcess(_QUERY, False, process)
    if not handle:
        return bool(ctypes.get_last_error() != _NO_SUCH_PROCESS)
    try:
        code = ctypes.c_ulong()
        found = kernel.GetExitCodeProcess(ctypes.c_void_p(handle), ctypes.byref(code))
        return not found or code.value == _STILL_ACTIVE
    finally:
        kernel.CloseHandle(ctypes.c_void_p(handle))
