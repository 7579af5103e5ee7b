"""Paths of files and of streams, and opening files to read."""

import errno
import os
import re
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO
from zlib import crc32

from poolcli.errors import PathError, PictureError

if TYPE_CHECKING:
    from poolcli.media.places.remote_path import Place

__all__ = [
    "STANDARD_STREAM",
    "TEMPORARY_PREFIX",
    "descriptor_of",
    "is_array_file",
    "is_remote",
    "is_special",
    "is_standard_output",
    "is_system_failure",
    "is_tiff",
    "open_seekable",
    "open_unchanged",
    "path_from",
    "process_space",
    "refuse_terminals",
    "same_file",
    "temporary_name",
]

_TIFF_SIGNATURES = {
    order + version[::step]
    for order, step in ((b"II", 1), (b"MM", -1))
    for version in (b"*\0", b"+\0")
}
_TIFF_SIGNATURES |= {b"II\0*", b"MM*\0"}
"""Signatures of TIFF and BigTIFF in both byte orders, and of writers that mix the two up."""

TEMPORARY_PREFIX = ".poolcli-"

_PROCESSES = "/proc/self/ns/pid"
"""A link that names the set of processes that know each other by their numbers, on Linux."""

_START = "/proc/sys/kernel/random/boot_id"
"""A file that holds another name each time that a machine starts, on Linux."""

MOST_PIPED_BYTES = 1 << 31
"""Bytes of a pipe that are kept in memory: it might never end."""

_PIPE_PART = 1 << 20

STANDARD_STREAM = Path("-")
"""The path of standard input as a source, and of standard output as a destination.

A file of that name is ``./-``.
"""


@cache
def process_space() -> str:
    """Eight digits for the machine and the container that numbers of processes belong to.

    Others may write to the same folder, where the same numbers are those of other processes. Many
    machines have one name, as "localhost", and the same number for their first set of processes:
    on Linux a name made up at their start tells them apart.
    """
    machine = os.uname().nodename if hasattr(os, "uname") else os.environ.get("COMPUTERNAME", "")
    inside = os.readlink(_PROCESSES) if os.path.islink(_PROCESSES) else ""  # noqa: PTH114, PTH115
    start = ""
    with suppress(OSError):
        start = Path(_START).read_text("ascii")
    return f"{crc32(f'{machine} {start} {inside}'.encode('utf-8', 'surrogateescape')):08x}"


def temporary_name() -> str:
    """Make up the name of a temporary file, which tells whose it is."""
    return f"{TEMPORARY_PREFIX}{os.getpid()}-{process_space()}{os.urandom(4).hex()}.tmp"


def is_remote(word: str) -> bool:
    """Tell whether a word begins with the scheme of a store; a drive of Windows is one letter.

    >>> [is_remote(word) for word in ("s3://b/k", "./s3://b/k", "a/b://c", "C://a.png")]
    [True, False, False, False]
    """
    scheme, mark, _ = word.partition("://")
    return bool(mark) and re.fullmatch("[A-Za-z][A-Za-z0-9+.-]+", scheme) is not None


def path_from(word: str) -> "Place":
    """Make a path that stands for standard input or output only where the word is ``-``.

    >>> path_from("-") == STANDARD_STREAM, path_from("./-") == STANDARD_STREAM
    (True, False)

    Raises
    ------
    PathError
        If a URL holds a password.
    """
    if is_remote(word):
        from poolcli.media.places.remote_path import RemotePath

        return RemotePath.of(word)
    path = Path(word)
    return path.absolute() if path == STANDARD_STREAM and word != "-" else path


def is_tiff(file: BinaryIO) -> bool:
    r"""Tell whether a file begins as a TIFF does; it is left at its start.

    >>> is_tiff(BytesIO(b"II*\0")), is_tiff(BytesIO(b"\x89PNG"))
    (True, False)
    """
    file.seek(0)
    begin = file.read(4)
    file.seek(0)
    return begin in _TIFF_SIGNATURES


def is_array_file(path: "Place") -> bool:
    """Tell whether a path names an array file, by its extension.

    >>> is_array_file(Path("features.NPY"))
    True
    """
    return path.suffix.lower() == ".npy"


@contextmanager
def open_seekable(path: "Place") -> Iterator[BinaryIO]:
    """Open a file to read and seek in; standard input and pipes are first read to their end.

    Raises
    ------
    PictureError
        If a pipe does not end, or at the end, if the file was changed or replaced meanwhile.
    """
    refuse_terminals(source=path)
    if not isinstance(path, Path):
        from poolcli.media.places.reading import open_remote

        with open_remote(path) as file:
            yield file
        return
    if path == STANDARD_STREAM:
        yield _read_pipe(sys.stdin.buffer)
        return
    with open_unchanged(path) as file:
        yield file if file.seekable() else _read_pipe(file)


def _read_pipe(file: BinaryIO) -> BytesIO:
    content = BytesIO()
    while part := file.read(_PIPE_PART):
        content.write(part)
        if content.tell() > MOST_PIPED_BYTES:
            raise PictureError(
                f"is a pipe of more than {MOST_PIPED_BYTES} bytes; save it in a file first"
            )
    content.seek(0)
    return content


@contextmanager
def open_unchanged(path: Path, *, buffering: int = -1) -> Iterator[BinaryIO]:
    """Open a file to read in parts, of which none may be newer than another.

    Parameters
    ----------
    buffering : int
        As in `open`.

    Raises
    ------
    PictureError
        At the end, if the file was changed or replaced meanwhile.
    """
    with path.open("rb", buffering) as file:
        before = os.fstat(file.fileno())
        if not stat.S_ISREG(before.st_mode):
            yield file
            return
        watched = os.dup(file.fileno())  # a decoder may close the file
        try:
            yield file
        except (PictureError, OSError):
            _refuse_changed(watched, before, path)  # the true reason, if it was
            raise
        else:
            _refuse_changed(watched, before, path)
        finally:
            os.close(watched)


def _refuse_changed(descriptor: int, before: os.stat_result, path: Path) -> None:
    now = os.fstat(descriptor)
    if (now.st_size, now.st_mtime_ns) != (before.st_size, before.st_mtime_ns):
        raise PictureError("was changed while it was read; run the command again")
    # One that was moved or removed is what it was: there is no other to be taken for it.
    with suppress(FileNotFoundError, NotADirectoryError):
        if not os.path.samestat(now, path.stat()):
            raise PictureError("was replaced while it was read; run the command again")


def refuse_terminals(source: "Place | None" = None, destination: "Place | None" = None) -> None:
    """Refuse standard input and output that are a terminal.

    Raises
    ------
    PathError
        If a path names standard input or output, and that stream is a terminal.
    """
    if source == STANDARD_STREAM and sys.stdin.isatty():
        raise PathError("standard input is a terminal; redirect a picture to it with < or |")
    if destination is not None and is_standard_output(destination) and sys.stdout.isatty():
        raise PathError(
            "standard output is a terminal; redirect it to a file or a pipe with > or |"
        )


def descriptor_of(path: Path) -> int | None:
    """Tell which open file of this process a path names, links followed; None for any other path.

    ``/dev/stdout``, ``/dev/fd/63`` and ``/proc/self/fd/1`` name one. What they link to is not
    always a path, and where it is, the file must be written at the position that it is open at.

    Raises
    ------
    PathError
        If it is an open file of another process, whose position cannot be told to it.
    """
    own = rf"/dev/fd|/proc/{os.getpid()}(/task/\d+)?/fd"
    for _ in range(40):  # more links than this in a row are a circle
        folder = os.path.realpath(path.parent)
        if path.name.isdecimal() and re.fullmatch(own, folder):
            return int(path.name)
        if path.name.isdecimal() and re.fullmatch(r"/proc/\d+(/task/\d+)?/fd", folder):
            raise PathError(f"{path} is an open file of another process; name the file itself")
        if not os.path.islink(path):  # noqa: PTH114 - it answers where a name is too long, too
            return None
        path = Path(folder) / path.readlink()
    return None


def is_standard_output(path: "Place") -> bool:
    """Tell whether a path names standard output, as ``-`` or as an open file."""
    if not isinstance(path, Path):
        return False
    if path == STANDARD_STREAM:
        return True
    descriptor = descriptor_of(path)
    with suppress(OSError, ValueError):
        return descriptor is not None and os.path.sameopenfile(descriptor, sys.stdout.fileno())
    return False


def is_system_failure(error: BaseException) -> bool:
    """Tell whether the system could not read or write; not if a file led to no place in itself.

    >>> is_system_failure(OSError(errno.EIO, "")), is_system_failure(OSError(errno.EINVAL, ""))
    (True, False)
    """
    return isinstance(error, OSError) and error.errno not in (None, errno.EINVAL)


def is_special(path: Path) -> bool:
    """Tell whether a path exists and is not a regular file: a device, a named pipe, a folder."""
    with suppress(FileNotFoundError):
        return not stat.S_ISREG(path.stat().st_mode)
    return False


def same_file(one: "Place", other: "Place") -> bool:
    """Tell whether two paths name the same existing file, links followed; or the same object."""
    if not isinstance(one, Path) or not isinstance(other, Path):
        return not (isinstance(one, Path) or isinstance(other, Path)) and (
            one.identity == other.identity
        )
    with suppress(OSError):
        return one.samefile(other)
    return False
