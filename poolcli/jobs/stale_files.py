"""Stale temporary files and folders: those of processes that were killed."""

import os
import re
import sys
from contextlib import suppress
from pathlib import Path
from time import time
from typing import Any

from poolcli.media.files import TEMPORARY_PREFIX, process_space

__all__ = ["is_alive", "mark_sockets", "remove_dead_sockets", "remove_leftovers"]

_SOCKETS, _MARK = "pymp-", "poolcli-"
"""Beginnings of the folder in which `multiprocessing` keeps a socket, and of our mark in it."""

_REST = r"(\d+)-([0-9a-f]{8}(?=[0-9a-f]{8}))?[0-9a-f]+\.tmp"

_LONG_AGO = 86400
"""Seconds after which a file of another machine or container is stale, if nothing was written."""

_QUERY = 0x1000  # PROCESS_QUERY_LIMITED_INFORMATION
_STILL_ACTIVE = 259
_NO_SUCH_PROCESS = 87  # ERROR_INVALID_PARAMETER


def remove_leftovers(folder: Path, of: int | None = None) -> int:
    """Remove the temporary files of dead processes, and return their number.

    Those of other machines and containers, whose processes cannot be seen, are left for a day.

    Parameters
    ----------
    of : int, optional
        A process known to be dead: only its files are removed.
    """
    count = 0
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if not entry.name.startswith(TEMPORARY_PREFIX):
                continue
            if (match := re.fullmatch(_REST, entry.name[len(TEMPORARY_PREFIX) :])) is None:
                continue
            with suppress(OSError):  # another run may have been faster
                if _is_stale(entry, int(match[1]), match[2], of):
                    Path(entry.path).unlink()
                    count += 1
    return count


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


def _is_stale(entry: os.DirEntry[str], owner: int, space: str | None, of: int | None) -> bool:
    if space not in (None, process_space()):
        return of is None and time() - entry.stat().st_mtime > _LONG_AGO
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

    Only Linux tells.
    """
    with suppress(OSError):
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
