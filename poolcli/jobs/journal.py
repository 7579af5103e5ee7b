"""The report of a run: JSON lines that outlive it, by which a later run resumes."""

import errno
import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from poolcli.errors import PathError
from poolcli.jobs.paths.clashes import refuse_file_of_run
from poolcli.jobs.plan import Task
from poolcli.jobs.result import REPLACING, Result, reason, record
from poolcli.media.file_names import shown
from poolcli.media.files import descriptor_of, is_special

if TYPE_CHECKING:
    from poolcli.media.places.remote_path import Place

__all__ = ["DoneTasks", "Journal", "fingerprint"]

_NONE: "Mapping[str, Place | None]" = MappingProxyType({})

_BEGIN = b'{"source": "'
"""Begin of every line of a report."""

_LONGEST = 1 << 20
"""Bytes that a line of a report never has; a file that is not a report may be one endless line."""

_NO_REPORT = "{} is not a report of poolcli; give the one that --report wrote, or a new name"

_LEFT_OUT = {"source", "destination", "sync", "target", "threads", "resume"}
"""Fields of a task that do not change what is written."""

_NULL = type(None)
_FIELDS: dict[str, tuple[tuple[type, ...], object]] = {
    "source": ((str,), ...),
    "destination": ((str,), ...),
    "fingerprint": ((str,), ...),
    "error": ((str, _NULL), ...),
    "skipped": ((str, _NULL), ...),
    "mtime_ns": ((int, _NULL), ...),
    "size": ((int, list, _NULL), ...),
    "source_size": ((int, _NULL), None),
    "source_etag": ((str, _NULL), None),
    "destination_size": ((int, _NULL), None),
}
"""Types of the fields that are read, and what stands for one that may be missing."""


def fingerprint(task: Task) -> str:
    """Hash a task without its paths: equal for tasks that do the same to other files.

    >>> from poolcli.jobs.operation import Operation
    >>> some = [(2, "a"), (2, "b"), (3, "a")]
    >>> tasks = [Task(Operation("max", (k, k)), Path(name), Path("c")) for k, name in some]
    >>> [fingerprint(task) == fingerprint(tasks[0]) for task in tasks]
    [True, True, False]
    """
    from hashlib import blake2b

    kept = [(name, value) for name, value in task._asdict().items() if name not in _LEFT_OUT]
    return blake2b(repr(kept).encode("utf-8", "surrogateescape"), digest_size=8).hexdigest()


@dataclass(frozen=True, slots=True)
class Journal:
    """A report to which every process of a run adds lines; plain data, so that it can be sent.

    Each line is written by the process that did the work, at once and in one piece, so that the
    report of a killed run is complete up to the last file. The lines are in the order of time.

    Attributes
    ----------
    path : Path
    fingerprint : str
        That of the tasks.
    identity : (int, int), optional
        Device and inode of the report when the run began.
    """

    path: Path
    fingerprint: str
    identity: tuple[int, int] | None = None

    def begin(self) -> "Journal":
        """Make sure that the report can be written to, at the start of a line.

        Returns
        -------
        Journal
            The same, which writes to no other file from now on, unless that is a report too.

        Raises
        ------
        PathError
            If it cannot, or would be spoilt (see `check`).
        """
        self.check()
        try:
            with self.path.open("ab+") as file:
                if file.seek(0, os.SEEK_END):
                    file.seek(-1, os.SEEK_END)
                    if file.read(1) != b"\n":
                        file.write(b"\n")  # after the torn line of a killed run
                status = os.fstat(file.fileno())
        except OSError as error:
            raise PathError(f"{shown(self.path)}: {reason(error)}") from error
        return replace(self, identity=(status.st_dev, status.st_ino))

    def check(
        self, pairs: Iterable[tuple[str, str]] = (), others: "Mapping[str, Place | None]" = _NONE
    ) -> None:
        """Refuse a report that is another file of the run, or not a report; change nothing.

        Parameters
        ----------
        pairs : iterable of (str, str)
            Sources and destinations.
        others : mapping of str to Path
            More files of the run, by what they are called.

        Raises
        ------
        PathError
            Saying so.
        """
        if descriptor_of(self.path) is not None or is_special(self.path):
            raise PathError(
                f"{shown(self.path)} is not a regular file, to which a report can be added; name "
                "one, or use --json to print the same"
            )
        refuse_file_of_run(self.path, pairs, others)
        next(_lines(self.path), None)

    def add(self, result: Result, *, sync: bool = False) -> None:
        """Add a line.

        Parameters
        ----------
        sync : bool
            Whether it is flushed to disk, before what it tells of happens.

        Raises
        ------
        OSError
            If the disk is full, or another file has taken the report's name, for example.
        """
        import json

        told = record(result)
        told |= {
            "source_size": result.size,
            "mtime_ns": result.mtime_ns,
            "source_etag": result.etag,
            "destination_size": result.destination_size,
            "fingerprint": self.fingerprint,
        }
        line = f"{json.dumps(told)}\n".encode()
        # O_APPEND and a single write: lines of several processes are never mixed.
        flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0)
        descriptor = os.open(self.path, flags, 0o666)
        try:
            self._refuse_another(descriptor)
            while line:
                line = line[os.write(descriptor, line) :]
            if sync:
                os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def _refuse_another(self, descriptor: int) -> None:
        status = os.fstat(descriptor)
        if self.identity in (None, (status.st_dev, status.st_ino)):
            return
        is_file = stat.S_ISREG(status.st_mode)
        if not is_file or os.read(descriptor, len(_BEGIN)) not in (b"", _BEGIN):
            raise OSError(errno.EEXIST, "Another file has its name now, which is not a report")


class DoneTasks:
    """Tasks that a report lists as done, kept small: a number for each destination.

    Parameters
    ----------
    path : Path
        A report; one that does not exist yet lists nothing.
    wanted : str
        The `fingerprint` of the tasks to be done now.

    Raises
    ------
    PathError
        If the file cannot be read, or is not a report.
    """

    def __init__(self, path: Path, wanted: str) -> None:
        self._seen: dict[int, int] = {}
        for told in _lines(path):
            # A file about to be replaced is as that line says, or as it was before.
            if told["error"] is None and told["skipped"] in (None, REPLACING):
                place = _number(told["destination"])
                self._seen[place] = 0
                if told["fingerprint"] == wanted:
                    # Older reports call the source's size "size", and do not know the other one.
                    size = told.get("source_size", told["size"])
                    written = told.get("destination_size")
                    state = size, told["mtime_ns"], told.get("source_etag")
                    self._seen[place] = _state(told["source"], *state, written)

    def __len__(self) -> int:
        return len(self._seen)

    def holds(self, task: Task) -> bool:
        """Tell whether a task is done: its source unchanged, its files there as they were noted."""
        known = self._seen.get(_number(str(task.destination)))
        if not known:
            return False
        try:
            status, written = task.source.stat(), task.destination.stat()
            beside = [path.stat() for path in (task.indices, task.winners) if path is not None]
        except OSError:
            return False
        if not all(stat.S_ISREG(each.st_mode) and each.st_size for each in (written, *beside)):
            return False
        if stat.S_ISDIR(status.st_mode):  # of chunks, of which one may have changed
            return False
        etag: str | None = getattr(status, "etag", None)
        now = str(task.source), status.st_size, status.st_mtime_ns, etag
        # Older reports noted no size.
        return known in (_state(*now, written.st_size), _state(*now, None))


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the lines that are whole; the last one of a killed run may be torn."""
    is_report, line = False, b""
    for line in _raw_lines(path):
        if (told := _parsed(line)) is not None:
            is_report = True
            yield told
        elif not is_report:
            # After a power failure there may be zeros where a line was to be.
            text = line.strip(b"\0\r\n ")
            is_report = bool(text) and (text.startswith(_BEGIN) or _BEGIN.startswith(text))
            if not is_report and (text or len(line) == _LONGEST):
                break
    if line and not is_report:
        raise PathError(_NO_REPORT.format(shown(path)))


def _raw_lines(path: Path) -> Iterator[bytes]:
    """Yield the lines of a file, cut to a length that none of ours has; none if it is missing."""
    try:
        with path.open("rb") as file:
            if stat.S_ISCHR(os.fstat(file.fileno()).st_mode):
                raise PathError(f"{shown(path)} is a device; name a file")
            while line := file.readline(_LONGEST):
                yield line
    except FileNotFoundError:
        return
    except OSError as error:
        raise PathError(f"{shown(path)}: {reason(error)}") from error


def _parsed(line: bytes) -> dict[str, Any] | None:
    """Read what a whole line of a report tells; None for any other."""
    import json

    try:
        told = json.loads(line)
        return told if _is_record(told) else None
    except (ValueError, RecursionError):
        return None


def _is_record(told: Any) -> bool:
    """Tell whether something has all that a resumed run asks of a line, in the right types."""
    return isinstance(told, dict) and all(
        isinstance(told.get(name, missing), types) for name, (types, missing) in _FIELDS.items()
    )


def _number(text: str) -> int:
    from hashlib import blake2b

    digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big")


def _state(
    source: str, size: int | None, mtime_ns: int | None, etag: str | None, written: int | None
) -> int:
    return _number(f"{source}\0{size}\0{mtime_ns}\0{etag}\0{written}")
