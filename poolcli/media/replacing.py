"""Replacing files as a whole or not at all, and several together where they belong together."""

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from io import BufferedRandom, BytesIO, FileIO, UnsupportedOperation
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, BinaryIO, cast

from poolcli.errors import PathError
from poolcli.media.file_names import shown
from poolcli.media.files import (
    STANDARD_STREAM,
    descriptor_of,
    is_special,
    refuse_terminals,
    temporary_name,
)
from poolcli.media.held_folder import HeldFolder

if TYPE_CHECKING:
    from poolcli.media.places.remote_path import Place, RemotePath

__all__ = ["FileUnit", "Placing", "atomic_write"]

_NOWHERE: Mapping[Path, Path] = MappingProxyType({})


class _FileWithoutDescriptor(FileIO):
    """A file that hides its descriptor.

    Pillow's encoders write to a descriptor if they can get one, and then report a full disk as
    "encoder error -2"; errors of ``write`` keep the system's own reason.
    """

    def fileno(self) -> int:
        raise UnsupportedOperation("fileno")


class FileUnit:
    """Files that belong together: each waits for the others before it takes its place.

    To be used in a ``with`` block, whose end discards all files that were not placed.

    Parameters
    ----------
    sync : bool
        As in `atomic_write`.
    leads_to : mapping of Path to Path
        Real paths that destinations led to when they were chosen, where that is known.

    Attributes
    ----------
    notes : list of str
        Facts about the files that the user should know.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> with FileUnit() as unit:
    ...     for name in ("picture", "mask"):
    ...         with atomic_write(folder / name, unit=unit) as file:
    ...             _ = file.write(b"whole")
    ...     before = list(folder.glob("[!.]*"))
    ...     for placing in unit:
    ...         placing.place()
    >>> before, sorted(path.name for path in folder.iterdir())
    ([], ['mask', 'picture'])
    """

    def __init__(self, *, sync: bool = True, leads_to: Mapping[Path, Path] = _NOWHERE) -> None:
        self.sync, self.notes = sync, list[str]()
        self._leads_to, self._waiting = leads_to, list[Placing]()

    def __enter__(self) -> "FileUnit":
        return self

    def __exit__(self, *_: object) -> None:
        for waiting in self._waiting:
            waiting.discard()

    def __iter__(self) -> "Iterator[Placing]":
        """Yield the files in the order in which they were completed."""
        return iter(self._waiting)

    def real_path(self, path: Path) -> Path:
        """Path that a destination must lead to."""
        return self._leads_to.get(path) or Path(os.path.realpath(path))

    def add(self, placing: "Placing") -> None:
        """Let a complete file wait."""
        self._waiting.append(placing)


class Placing:
    """Content that is complete, and not yet in its place: here, in memory.

    Attributes
    ----------
    path : Path or RemotePath
        Its place.
    """

    def __init__(self, path: "Place") -> None:
        self.path = path
        self._memory = BytesIO()

    @contextmanager
    def open(self) -> Iterator[BinaryIO]:
        """Yield a file to write the content to."""
        yield self._memory

    @contextmanager
    def reopen(self) -> Iterator[BinaryIO]:
        """Yield a file to read the content from."""
        yield BytesIO(self._memory.getvalue())

    def status(self) -> os.stat_result | None:
        """Size and times that the file will have; None where it is not to be a file."""
        return None

    def place(self) -> None:
        """Write the content to standard output, an open file, a device or a pipe.

        Raises
        ------
        OSError
            If it cannot be written.
        """
        if self.path == STANDARD_STREAM:
            sys.stdout.buffer.write(self._memory.getbuffer())
            sys.stdout.buffer.flush()
            return
        assert isinstance(self.path, Path)
        descriptor = descriptor_of(self.path)
        place = self.path if descriptor is None else os.dup(descriptor)
        with open(place, "wb") as special:  # noqa: PTH123
            special.write(self._memory.getbuffer())

    def discard(self) -> None:
        """Forget the content, unless it was placed, and let go of what was held open for it."""


class _PlacingFile(Placing):
    """A temporary file beside the target."""

    def __init__(self, path: Path, unit: FileUnit) -> None:
        super().__init__(path)
        self._place = path
        self._unit, self._target = unit, unit.real_path(path)
        self._folder = HeldFolder(self._target.parent)
        self._name = temporary_name()

    @contextmanager
    def open(self) -> Iterator[BinaryIO]:
        before = self._folder.status(self._target.name)
        # What replaces a private file is private from its first byte on.
        mode = 0o666 if before is None else 0o600

        def opener(_: str, flags: int) -> int:
            return self._folder.open(self._name, flags, mode)

        raw = _FileWithoutDescriptor(self._folder.path / self._name, "x+", opener=opener)
        with BufferedRandom(raw) as file:
            yield cast(BinaryIO, file)
            file.flush()
            descriptor = FileIO.fileno(raw)
            status = self._folder.status(self._target.name) or before
            if status is not None:
                from poolcli.media.attributes import keep_attributes

                self._unit.notes += keep_attributes(descriptor, self._target, status)
            if self._unit.sync:
                os.fsync(descriptor)

    @contextmanager
    def reopen(self) -> Iterator[BinaryIO]:
        flags = os.O_RDONLY | getattr(os, "O_BINARY", 0)
        with os.fdopen(self._folder.open(self._name, flags), "rb") as file:
            yield file

    def status(self) -> os.stat_result | None:
        return self._folder.status(self._name)

    def place(self) -> None:
        # A link may have been put in the way since, to a file that is not ours to replace.
        now = os.path.realpath(self._place)
        if os.path.normcase(now) != os.path.normcase(self._target):
            raise PathError(
                f"leads to {shown(now)} now, and led to {shown(self._target)} before; look who "
                "changed it, and run the command again"
            )
        if not self._folder.is_in_place():
            raise PathError("lies in another folder now; look who moved it, and run it again")
        self._folder.rename(self._name, self._target.name)

    def discard(self) -> None:
        self._folder.remove(self._name)
        self._folder.close()


class _PlacingObject(Placing):
    """A temporary file on this machine, to be put into a store when it is complete."""

    def __init__(self, path: "RemotePath") -> None:
        super().__init__(path)
        from tempfile import gettempdir

        self._object, self._file = path, Path(gettempdir(), temporary_name())

    @contextmanager
    def open(self) -> Iterator[BinaryIO]:
        def opener(name: str, flags: int) -> int:
            return os.open(name, flags, 0o600)

        with BufferedRandom(_FileWithoutDescriptor(self._file, "x+", opener=opener)) as file:
            yield cast(BinaryIO, file)

    @contextmanager
    def reopen(self) -> Iterator[BinaryIO]:
        with self._file.open("rb") as file:
            yield file

    def place(self) -> None:
        from poolcli.media.places.writing import put

        put(self._object, self._file)

    def discard(self) -> None:
        self._file.unlink(missing_ok=True)


@contextmanager
def atomic_write(
    path: "Place", *, sync: bool = True, unit: FileUnit | None = None
) -> Iterator[BinaryIO]:
    """Yield a file to write to; it replaces ``path`` if the block ends without an error.

    The file is a temporary one beside the target (a link is followed) and is removed on any error,
    so that ``path`` holds either the old content or all of the new. It takes over the target's
    owner, permissions and extended attributes; without a target it has those of any new file. A
    target that is not a regular file (a device, a named pipe) is written in place once the content
    is complete; so is an open file of this process (``/dev/stdout``), at its own position; ``-`` is
    standard output. An object of a store is put as a whole.

    Parameters
    ----------
    sync : bool
        Whether the content is flushed to disk before it replaces the target, so that after a power
        failure too there is either the old content or all of the new.
    unit : FileUnit, optional
        Files that this one waits for; ``sync`` is then the unit's.

    Raises
    ------
    OSError
        If the folder cannot be written to or is full.
    PathError
        If ``path`` leads elsewhere in the end than it did.

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
    placing = _placing(path, FileUnit(sync=sync) if unit is None else unit)
    try:
        with placing.open() as file:
            yield file
        if unit is None:
            placing.place()
    except BaseException:
        placing.discard()
        raise
    if unit is None:
        placing.discard()
    else:
        unit.add(placing)


def _placing(path: "Place", unit: FileUnit) -> Placing:
    if not isinstance(path, Path):
        return _PlacingObject(path)
    if path == STANDARD_STREAM or descriptor_of(path) is not None or is_special(path):
        return Placing(path)
    return _PlacingFile(path, unit)
