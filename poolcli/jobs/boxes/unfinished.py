"""An array or a file that is being written beside its destination, and the journal of its boxes.

A box's line is written after its data is. What a run that was stopped leaves is a folder that no
reader takes for the array, and that the same command can go on with.
"""

import json
import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, BinaryIO, Self

from poolcli.errors import PathError
from poolcli.jobs.boxes.crew import current_share
from poolcli.jobs.boxes.owners import name_owner, refuse_other_process
from poolcli.jobs.paths.task import Task
from poolcli.media.attributes import keep_attributes
from poolcli.media.file_names import shown
from poolcli.media.files import TEMPORARY_PREFIX

if TYPE_CHECKING:
    from poolcli.media.places.remote_path import Place
    from poolcli.media.volumes.cells import Cells

__all__ = ["Unfinished", "mark_of", "unfinished_folder"]

_READY = "ready"
_JOURNAL = "boxes.jsonl"


def unfinished_folder(destination: "Place") -> Path:
    """Folder in which a destination is written until it is whole.

    >>> unfinished_folder(Path("/data/small.zarr")).name
    '.poolcli-small.zarr.unfinished'
    """
    if not isinstance(destination, Path):
        from poolcli.jobs.boxes.uploading import staging_folder

        return staging_folder(destination)
    real = Path(os.path.realpath(destination))
    return real.with_name(f"{TEMPORARY_PREFIX}{real.name}.unfinished")


def mark_of(task: Task, state: object, layout: object) -> list[Any]:
    """List all that decides what a task on an array writes.

    Parameters
    ----------
    state : object
        Size and time of the source.
    layout : object
        Storage of the result.
    """
    reading = task.reading._replace(max_pixels=None)
    return [str(task.source.absolute()), state, list(task.operation), reading, layout]


def _is_ours(folder: Path) -> bool:
    """Tell whether a folder is this user's: where temporary files are, others make some too."""
    return not hasattr(os, "getuid") or folder.stat().st_uid == os.getuid()


class Unfinished:
    """A folder to write an array in, which takes its place once it is whole.

    To be used in a ``with`` block, whose end without `finish` keeps the folder if a box is done.

    Parameters
    ----------
    destination : Path or RemotePath
    mark : object
        All that decides what is written, as JSON: only the same job goes on with the folder.
    resume : bool
        Whether to go on with what a run has left, if there is any.
    sync : bool
        Whether the data is flushed to disk before it takes its place.

    Attributes
    ----------
    folder : Path
        Room for what the job keeps beside the array.
    data : Path
        The array, group or file.
    ready : bool
        Whether the arrays were created by an earlier run.
    done : mapping
        From the boxes that are done to what was told about them, in the order of the journal.

    Raises
    ------
    PathError
        If another process writes there, or another job has left the folder.
    OSError
        If the folder cannot be written to.
    """

    def __init__(
        self, destination: "Place", mark: object, *, resume: bool, sync: bool = True
    ) -> None:
        self._target = destination
        if isinstance(destination, Path):
            self._target = Path(os.path.realpath(destination))
        self._sync = sync
        self.folder = unfinished_folder(destination)
        self.data, self._path = self.folder / "data", self.folder / _JOURNAL
        self.ready, self.done = False, dict[str, Any]()
        self._mark = json.dumps({"mark": mark}, sort_keys=True, default=str)
        self._resume, self._lock, self._boxes = resume, Lock(), ""
        self._file: BinaryIO | None = None
        self._share = current_share()

    def __enter__(self) -> Self:
        if self._share is not None:  # the process that has begun it keeps the journal
            self.ready, self._boxes = True, self._share.plan
            return self
        refuse_other_process(self._owner, self._path, resume=self._resume)
        # Without data, the run was killed after it had taken its place.
        local = isinstance(self._target, Path)
        trusted = local or not self.folder.exists() or _is_ours(self.folder)
        if self._resume and self._path.is_file() and self.data.exists() and trusted:
            self._read()
        if not self.ready:
            shutil.rmtree(self.folder, ignore_errors=True)
            self.folder.mkdir(0o777 if local else 0o700)
        name_owner(self._owner)
        self._file = self._path.open("ab")
        if not self.ready:
            self._write(self._mark)
        return self

    @property
    def _owner(self) -> Path:
        return self.folder / "owner"

    def _read(self) -> None:
        whole = self._path.read_bytes().rpartition(b"\n")[0]  # the last line may be cut short
        if not whole:
            return
        lines = whole.split(b"\n")
        if lines[0] != self._mark.encode():
            raise self._refusal()
        told: list[Mapping[str, Any]] = [json.loads(line) for line in lines[1:]]
        for one in told:
            if one["done"] == _READY:
                self.ready, self._boxes = True, one["boxes"]
            else:
                self.done[one["done"]] = one.get("kept")
        os.truncate(self._path, len(whole) + 1)
        for partial in self.folder.rglob("*.partial"):  # of chunks, when the run was killed
            partial.unlink()

    def _write(self, line: str) -> None:
        assert self._file is not None
        with self._lock:
            self._file.write(f"{line}\n".encode())
            self._file.flush()

    def begin(self, boxes: str) -> None:
        """Note that the arrays are there, to be filled by these boxes.

        Raises
        ------
        PathError
            If an earlier run filled them by other boxes, as another version may.
        """
        if not self.ready:
            self._write(json.dumps({"done": _READY, "boxes": boxes}))
            self._boxes = boxes
        elif self._boxes != boxes:
            raise self._refusal()

    def _refusal(self) -> PathError:
        return PathError(
            f"{shown(self.folder)} was left by another job or version, or of a source that has "
            "changed since; run the command without --resume to begin again"
        )

    def add(self, box: str, kept: Any = None) -> None:
        """Note that a box's data is written, and what is to be known about it."""
        self._write(json.dumps({"done": box} if kept is None else {"done": box, "kept": kept}))
        self.done[box] = kept

    def holds(self, number: int) -> bool:  # noqa: ARG002
        """Tell whether a box, counted from 0 in its pass, is to be done here."""
        return True

    def leads(self) -> bool:
        """Tell, after the first pass, whether the further ones are to be done here."""
        return True

    def total(self, counts: Sequence[int]) -> int:
        """Count the boxes to be done here, of those of each pass."""
        return sum(counts)

    def create(self, make: Callable[[Path], object]) -> None:
        """Let the arrays be created in a folder, unless they were before."""
        if not self.ready:
            make(self.data)

    def carried(self, name: str, shape: Sequence[int], dtype: Any, cell: Sequence[int]) -> "Cells":
        """Open an array of what one pass leaves to another, as `CellFile` does."""
        from poolcli.media.volumes.cells import CellFile

        return CellFile(self.folder / name, shape, dtype, cell)

    def create_file(self) -> None:
        """Create the file, which nobody reads before its time who may not read the old one."""
        private = not isinstance(self._target, Path) or self._target.exists()
        mode = 0o600 if private else 0o666
        self.data.touch(mode)

    def finish(self) -> tuple[str, ...]:
        """Let the array take its place; an old one there gives way to it as a whole.

        Returns
        -------
        tuple of str
            Notes on what of the old file's attributes is lost.

        Raises
        ------
        OSError
            If it cannot.
        """
        if self._share is not None:
            return ()
        if not isinstance(self._target, Path):
            from poolcli.jobs.boxes.uploading import upload

            self._close()
            upload(self.data, self._target)
            shutil.rmtree(self.folder, ignore_errors=True)
            return ()
        if self.data.is_file():
            notes = self._place_file(self._target)
            self._close()
            shutil.rmtree(self.folder, ignore_errors=True)
            return notes
        if self._sync and hasattr(os, "sync"):
            os.sync()
        self._close()
        old = self.folder / "old"
        if self._target.exists():
            self._target.rename(old)
        try:
            self.data.rename(self._target)
        except OSError:
            if old.exists():
                old.rename(self._target)
            raise
        self._remove()
        return ()

    def _remove(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    def _place_file(self, target: Path) -> tuple[str, ...]:
        notes: list[str] = []
        with self.data.open("rb+") as file:
            if target.exists():
                notes = keep_attributes(file.fileno(), target, target.stat())
            if self._sync:
                os.fsync(file.fileno())
        self.data.replace(target)
        return tuple(notes)

    def _close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def __exit__(self, *_: object) -> None:
        if self._file is None:
            return
        self._close()
        if not self.done:
            shutil.rmtree(self.folder, ignore_errors=True)
            return
        self._owner.unlink(missing_ok=True)
