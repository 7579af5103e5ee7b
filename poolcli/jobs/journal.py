"""The report of a run: JSON lines that outlive it, by which a later run resumes."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from poolcli.errors import PathError
from poolcli.jobs.plan import Task
from poolcli.jobs.result import Result, reason, record
from poolcli.media.file_names import shown

__all__ = ["DoneTasks", "Journal", "fingerprint"]

_LEFT_OUT = {"source", "destination", "sync", "target"}
"""Fields of a task that do not change what is written."""


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
    """

    path: Path
    fingerprint: str

    def begin(self) -> None:
        """Make sure that the report can be written to, at the start of a line.

        Raises
        ------
        PathError
            If it cannot.
        """
        try:
            with self.path.open("ab+") as file:
                if file.tell() and file.seek(-1, os.SEEK_END) and file.read(1) != b"\n":
                    file.write(b"\n")  # after the torn line of a killed run
        except OSError as error:
            raise PathError(f"{shown(self.path)}: {reason(error)}") from error

    def add(self, result: Result) -> None:
        """Add a line.

        Raises
        ------
        OSError
            If the disk is full, for example.
        """
        import json

        told = record(result)
        told |= {
            "source_size": result.size,
            "mtime_ns": result.mtime_ns,
            "destination_size": result.destination_size,
            "fingerprint": self.fingerprint,
        }
        line = f"{json.dumps(told)}\n".encode()
        # O_APPEND and a single write: lines of several processes are never mixed.
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0)
        descriptor = os.open(self.path, flags, 0o666)
        try:
            while line:
                line = line[os.write(descriptor, line) :]
        finally:
            os.close(descriptor)


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
            if told["error"] is None and told["skipped"] is None:
                place = _number(told["destination"])
                self._seen[place] = 0
                if told["fingerprint"] == wanted:
                    # Older reports call the source's size "size", and do not know the other one.
                    size = told.get("source_size", told["size"])
                    written = told.get("destination_size")
                    self._seen[place] = _state(told["source"], size, told["mtime_ns"], written)

    def __len__(self) -> int:
        return len(self._seen)

    def holds(self, task: Task) -> bool:
        """Tell whether a task is done: its source unchanged, its destination of the size noted."""
        known = self._seen.get(_number(str(task.destination)))
        if not known:
            return False
        try:
            status, written = task.source.stat(), task.destination.stat()
        except OSError:
            return False
        now = str(task.source), status.st_size, status.st_mtime_ns
        # A report may have noted no size: of a device, or before sizes were noted.
        return known in (_state(*now, written.st_size), _state(*now, None))


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the lines that are whole; the last one of a killed run may be torn."""
    import json

    keys = {"source", "destination", "error", "skipped", "size", "mtime_ns", "fingerprint"}
    whole = torn = 0
    try:
        with path.open("rb") as file:
            for line in file:
                try:
                    told = json.loads(line)
                    if not keys <= set(told):
                        raise ValueError
                except (ValueError, TypeError):
                    torn += bool(line.strip())
                    continue
                whole += 1
                yield told
    except FileNotFoundError:
        return
    except OSError as error:
        raise PathError(f"{shown(path)}: {reason(error)}") from error
    if torn and not whole:
        raise PathError(
            f"{shown(path)} is not a report of poolcli; give the one that --report wrote"
        )


def _number(text: str) -> int:
    from hashlib import blake2b

    digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big")


def _state(source: str, size: int | None, mtime_ns: int | None, written: int | None) -> int:
    return _number(f"{source}\0{size}\0{mtime_ns}\0{written}")
