"""Opening files to read, and replacing them atomically."""

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
    "STANDARD_STREAM",
    "TEMPORARY_PREFIX",
    "atomic_write",
    "is_array_file",
    "open_seekable",
    "refuse_terminals",
    "same_file",
]

TEMPORARY_PREFIX = ".poolcli-"

STANDARD_STREAM = Path("-")
"""The path of standard input as a source, and of standard output as a destination.

A file of that name is ``./-``.
"""


def is_array_file(path: Path) -> bool:
    """Tell whether a path names an array file, by its extension.

    >>> is_array_file(Path("features.NPY"))
    True
    """
    return path.suffix.lower() == ".npy"


class _FileWithoutDescriptor(FileIO):
    """A file that hides its descriptor.

    Pillow's encoders write to a descriptor if they can get one, and then report a full disk as
    "encoder error -2"; errors of ``write`` keep the system's own reason.
    """

    def fileno(self) -> int:
        raise UnsupportedOperation("fileno")


@contextmanager
def atomic_write(path: Path) -> Iterator[BinaryIO]:
    """Yield a file to write to; it replaces ``path`` if the block ends without an error.

    The file is a temporary one beside the target (a link is followed) and is removed on any error,
    so that ``path`` holds either the old content or all of the new. It takes over the target's
    permissions; without a target it has those of any new file. A target that is not a regular file
    (a device, a named pipe) is written in place once the content is complete; ``-`` is standard
    output.

    Raises
    ------
    OSError
        If the folder cannot be written to or is full.

    Examples
    --------
    >>> import tempfile
    >>> target = Path(tempfile.mkdtemp()) / "a.txt"
    >>> with atomic_write(target) as file:
    ...     _ = file.write(b"whole")
    >>> target.read_bytes()
    b'whole'
    """
    refuse_terminals(destination=path)
    if path == STANDARD_STREAM:
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
def open_seekable(path: Path) -> Iterator[BinaryIO]:
    """Open a file to read and seek in; standard input and pipes are first read to their end."""
    refuse_terminals(source=path)
    if path == STANDARD_STREAM:
        yield BytesIO(sys.stdin.buffer.read())
        return
    with path.open("rb") as file:
        yield cast(BinaryIO, file) if file.seekable() else BytesIO(file.read())


def refuse_terminals(source: Path | None = None, destination: Path | None = None) -> None:
    """Refuse standard input and output that are a terminal.

    Raises
    ------
    PathError
        If a path is ``-`` and that stream is a terminal.
    """
    if source == STANDARD_STREAM and sys.stdin.isatty():
        raise PathError("standard input is a terminal; redirect a picture to it with < or |")
    if destination == STANDARD_STREAM and sys.stdout.isatty():
        raise PathError(
            "standard output is a terminal; redirect it to a file or a pipe with > or |"
        )


def _is_special(path: Path) -> bool:
    """Tell whether a path exists and is not a regular file: a device, a named pipe, a folder."""
    with suppress(FileNotFoundError):
        return not stat.S_ISREG(path.stat().st_mode)
    return False


def same_file(one: Path, other: Path) -> bool:
    """Tell whether two paths name the same existing file, links followed."""
    with suppress(OSError):
        return one.samefile(other)
    return False
