"""Replacing files atomically."""

import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import BufferedRandom, BytesIO, FileIO, UnsupportedOperation
from pathlib import Path
from typing import BinaryIO, cast

from poolcli.media.files import (
    STANDARD_STREAM,
    TEMPORARY_PREFIX,
    descriptor_of,
    refuse_terminals,
)

__all__ = ["atomic_write"]


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


def _is_special(path: Path) -> bool:
    """Tell whether a path exists and is not a regular file: a device, a named pipe, a folder."""
    with suppress(FileNotFoundError):
        return not stat.S_ISREG(path.stat().st_mode)
    return False
