"""Replace a file as a whole or not at all."""

import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import BufferedRandom, BytesIO, FileIO, UnsupportedOperation
from pathlib import Path
from typing import BinaryIO, cast

from poolcli.errors import PathError

__all__ = [
    "STANDARD",
    "TEMPORARY_PREFIX",
    "is_array",
    "readable",
    "refuse_terminals",
    "replacing",
    "same_file",
]

TEMPORARY_PREFIX = ".poolcli-"

STANDARD = Path("-")
"""Standard input as a source, standard output as a destination; a file of that name is ./-."""


def is_array(path: Path) -> bool:
    """Whether the name is that of an array's file.

    >>> is_array(Path("features.NPY"))
    True
    """
    return path.suffix.lower() == ".npy"


class _FileWithoutDescriptor(FileIO):
    """A file without a descriptor to take.

    Pillow's encoders write to a descriptor where there is one and then report a full disk as
    "encoder error -2"; through ``write`` the system's own reason comes back.
    """

    def fileno(self) -> int:
        raise UnsupportedOperation("fileno")


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """Give a file to write to that becomes ``path`` if the block ends without an error.

    The file lies beside the target (beside what a link points to) and is removed on any error, so
    that ``path`` is old and whole or new and whole. It keeps the target's permissions, or has
    those that any new file would have. What is no regular file (a device, a named pipe) is
    written to in place, after everything has been made; ``-`` is standard output.

    Raises
    ------
    OSError
        If the folder cannot be written to or is full.

    Examples
    --------
    >>> import tempfile
    >>> target = Path(tempfile.mkdtemp()) / "a.txt"
    >>> with replacing(target) as file:
    ...     _ = file.write(b"whole")
    >>> target.read_bytes()
    b'whole'
    """
    refuse_terminals(destination=path)
    if path == STANDARD:
        memory = BytesIO()
        yield memory
        sys.stdout.buffer.write(memory.getbuffer())
        sys.stdout.buffer.flush()
        return
    target = Path(os.path.realpath(path))
    if _is_special(target):
        memory = BytesIO()
        yield memory
        target.write_bytes(memory.getvalue())
        return
    temporary = target.parent / f"{TEMPORARY_PREFIX}{os.getpid()}-{os.urandom(4).hex()}.tmp"
    try:
        with BufferedRandom(_FileWithoutDescriptor(temporary, "x+")) as file:
            yield cast(BinaryIO, file)
        with suppress(FileNotFoundError):
            temporary.chmod(stat.S_IMODE(target.stat().st_mode))
        temporary.replace(target)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise


@contextmanager
def readable(path: Path) -> Iterator[BinaryIO]:
    """Open a file to read and to seek in; standard input and pipes are read to their end first."""
    refuse_terminals(source=path)
    if path == STANDARD:
        yield BytesIO(sys.stdin.buffer.read())
        return
    with path.open("rb") as file:
        yield cast(BinaryIO, file) if file.seekable() else BytesIO(file.read())


def refuse_terminals(source: Path | None = None, destination: Path | None = None) -> None:
    """Refuse standard input and output where a person is at their other end.

    Raises
    ------
    PathError
        If one of the paths is ``-`` and that is a terminal.
    """
    if source == STANDARD and sys.stdin.isatty():
        raise PathError("standard input is a terminal, which gives no picture; use < or |")
    if destination == STANDARD and sys.stdout.isatty():
        raise PathError("standard output is a terminal, which no picture is for; use > or |")


def _is_special(path: Path) -> bool:
    """Whether a path is there and no regular file: a device, a named pipe, a folder."""
    with suppress(FileNotFoundError):
        return not stat.S_ISREG(path.stat().st_mode)
    return False


def same_file(one: Path, other: Path) -> bool:
    """Whether two paths name one existing file, by whatever links."""
    with suppress(OSError):
        return one.samefile(other)
    return False
