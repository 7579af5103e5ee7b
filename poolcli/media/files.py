"""Opening files to read, and replacing them atomically."""

import errno
import os
import re
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
    "descriptor_of",
    "is_array_file",
    "is_standard_output",
    "is_system_failure",
    "open_seekable",
    "path_from",
    "refuse_terminals",
    "same_file",
]

TEMPORARY_PREFIX = ".poolcli-"

STANDARD_STREAM = Path("-")
"""The path of standard input as a source, and of standard output as a destination.

A file of that name is ``./-``.
"""


def path_from(word: str) -> Path:
    """Make a path that stands for standard input or output only where the word is ``-``.

    >>> path_from("-") == STANDARD_STREAM, path_from("./-") == STANDARD_STREAM
    (True, False)
    """
    path = Path(word)
    return path.absolute() if path == STANDARD_STREAM and word != "-" else path


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
def atomic_write(path: Path, *, sync: bool = True) -> Iterator[BinaryIO]:
    """Yield a file to write to; it replaces ``path`` if the block ends without an error.

    The file is a temporary one beside the target (a link is followed) and is removed on any error,
    so that ``path`` holds either the old content or all of the new. It takes over the target's
    permissions; without a target it has those of any new file. A target that is not a regular file
    (a device, a named pipe) is written in place once the content is complete; so is an open file
    of this process (``/dev/stdout``), at its own position; ``-`` is standard output.

    Parameters
    ----------
    sync : bool
        Whether the content is flushed to disk before it replaces the target, so that after a power
        failure too there is either the old content or all of the new.

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
    if (descriptor := descriptor_of(path)) is not None or _is_special(path):
        memory = BytesIO()
        yield memory
        with open(path if descriptor is None else os.dup(descriptor), "wb") as special:  # noqa: PTH123
            special.write(memory.getbuffer())
        return
    target = Path(os.path.realpath(path))
    temporary = target.parent / f"{TEMPORARY_PREFIX}{os.getpid()}-{os.urandom(4).hex()}.tmp"
    try:
        raw = _FileWithoutDescriptor(temporary, "x+")
        with BufferedRandom(raw) as file:
            yield cast(BinaryIO, file)
            if sync:
                file.flush()
                os.fsync(FileIO.fileno(raw))
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
    """
    own = rf"/dev/fd|/proc/{os.getpid()}(/task/\d+)?/fd"
    for _ in range(40):  # more links than this in a row are a circle
        folder = os.path.realpath(path.parent)
        if path.name.isdecimal() and re.fullmatch(own, folder):
            return int(path.name)
        if not os.path.islink(path):  # noqa: PTH114 - it answers where a name is too long, too
            return None
        path = Path(folder) / path.readlink()
    return None


def is_standard_output(path: Path) -> bool:
    """Tell whether a path names standard output, as ``-`` or as an open file."""
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
