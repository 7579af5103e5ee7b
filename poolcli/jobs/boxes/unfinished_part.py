"""The folder that several machines make the parts of an array in.

Each has a journal of its own there. The one that finds all parts
done makes what needs all of them, and lets the array take its place.

A journal is there only after the array is, and a part that is done is never undone. So a folder
with a journal and without an array is that of a job whose array has taken its place.
"""

import json
import os
import shutil
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from poolcli.errors import PathError
from poolcli.jobs.boxes.agreeing import (
    OWNER,
    agreed,
    ends_with,
    fresh_beside,
    moved,
    names_in,
    take,
    text_in,
)
from poolcli.jobs.boxes.crew import ArrayPart
from poolcli.jobs.boxes.owners import refuse_other_process
from poolcli.jobs.boxes.unfinished import Unfinished
from poolcli.jobs.paths.shards import Shard, listed
from poolcli.media.file_names import shown
from poolcli.media.files import TEMPORARY_PREFIX, temporary_name

if TYPE_CHECKING:
    from poolcli.media.places.remote_path import Place
    from poolcli.media.volumes.cells import Cells

__all__ = ["UnfinishedPart"]

_DONE = '{"done": "part"}'
"""Last line of the journal of a part."""

_DATA, _LEAD = "data", "lead"
_TRIES = 9  # others that were about to lead may be at work in it for a moment
_PUBLISHED = "another part has put the whole in its place"
_MEANWHILE = "was put in its place by another process meanwhile; all parts are done"


class UnfinishedPart(Unfinished):
    """A folder to write an array in, by several processes.

    Boxes of the first pass are dealt out in turn; further passes are made by the last process.

    Parameters
    ----------
    part : ArrayPart
    destination, mark, resume, sync
        As in `Unfinished`.
    """

    def __init__(
        self, part: ArrayPart, destination: "Place", mark: object, *, resume: bool, sync: bool
    ) -> None:
        super().__init__(destination, mark, resume=resume, sync=sync)
        assert isinstance(self._target, Path)
        self._part, self._shard = part, part.shard
        self.folder = self._target.with_name(f"{TEMPORARY_PREFIX}{self._target.name}.parts")
        self.data = self.folder / _DATA
        job = {"parts": self._shard.parts, "mark": mark}
        self._mark = json.dumps(job, sort_keys=True, default=str)
        self._leading: bool | None = None
        self._role, self._held = "", False
        self._act_as(_role_of(self._shard))

    def _act_as(self, role: str) -> None:
        self._role, self._path = role, self._journal_of(role)

    def _journal_of(self, role: str) -> Path:
        return self.folder / f"boxes-{role}.jsonl"

    @property
    def _owner(self) -> Path:
        return self._owner_of(self._role)

    def _owner_of(self, role: str) -> Path:
        return self.folder / f"owner-{role}" / OWNER

    def _take(self) -> None:
        take(self._owner.parent, self._path, resume=self._resume)
        self._held = True

    def __enter__(self) -> Self:
        self.folder.mkdir(exist_ok=True)
        try:
            if self._is_published():
                self._remove_published()
            self._agree_on_job()
            self._take()
        except FileNotFoundError as error:
            raise PathError(_MEANWHILE) from error
        try:
            self._refuse_leader()
            if self._resume or ends_with(self._path, _DONE):
                self._read()
            else:
                self._path.unlink(missing_ok=True)
        except BaseException:
            self._release()
            raise
        return self

    def _is_published(self) -> bool:
        # Of a listing that was begun after the journal was there.
        return self._has_only_journals() and self._has_only_journals()

    def _has_only_journals(self) -> bool:
        names = names_in(self.folder)
        return _DATA not in names and any(name.endswith(".jsonl") for name in names)

    def _remove_published(self) -> None:
        """Remove what a process has left that was killed after the array had taken its place."""
        role = self._role
        self._act_as(_LEAD)
        self._take()
        if self._is_published():
            self._remove()
            self.folder.mkdir(exist_ok=True)
        self._release()
        self._act_as(role)

    def _agree_on_job(self) -> None:
        told = agreed(self.folder / "job", self._mark)
        if told == self._mark:
            return
        parts = self._shard.parts
        with suppress(ValueError, KeyError, TypeError):
            parts = json.loads(told)["parts"]
        if parts == self._shard.parts:
            raise self._refusal()
        raise PathError(
            f"is being made in {parts} parts; use --shard 1/{parts} to {parts}/{parts}, or remove "
            f"{shown(self.folder)} to begin again"
        )

    def _refusal(self) -> PathError:
        return PathError(
            f"{shown(self.folder)} was begun by another job or version, or of a source that has "
            "changed since; remove it to begin again"
        )

    def _release(self) -> None:
        if self._held:
            shutil.rmtree(self._owner.parent, ignore_errors=True)
            self._held = False

    def _refuse_leader(self) -> None:
        lead, journal = self._owner_of(_LEAD), self._journal_of(_LEAD)
        refuse_other_process(lead, journal, resume=self._resume)

    def _read(self) -> None:
        """Read the journal, whose last line may be cut short."""
        if not self._path.exists():
            return
        content = self._path.read_bytes()
        whole = content[: content.rfind(b"\n") + 1]
        self.done |= {json.loads(line)["done"]: None for line in whole.splitlines()}
        self.done.pop("part", None)
        if whole != content:
            os.truncate(self._path, len(whole))

    def create(self, make: Callable[[Path], object]) -> None:
        """Let the arrays be created in a folder, unless another part has done so.

        Raises
        ------
        PathError
            If the array has taken its place meanwhile.
        """
        if self._is_published():
            raise PathError(_MEANWHILE)
        self._create(self.data, make)

    def _create(self, home: Path, make: Callable[[Path], object]) -> None:
        if not home.exists():
            fresh = fresh_beside(home)
            make(fresh)
            if self._is_another_job():
                shutil.rmtree(fresh, ignore_errors=True)
                raise self._refusal()
            moved(fresh, home)

    def carried(self, name: str, shape: Sequence[int], dtype: Any, cell: Sequence[int]) -> "Cells":
        """Open an array of what the first pass leaves to others, which several processes write."""
        from poolcli.media.zarr_store.cells import ZarrCells, create_cells

        home = self.folder / name
        self._create(home, lambda folder: create_cells(folder, shape, dtype, cell))
        return ZarrCells(home)

    def begin(self, boxes: str) -> None:
        """Note that the arrays are there, to be filled by these boxes.

        Raises
        ------
        PathError
            If another part is made of other boxes, as by another version.
        """
        if agreed(self.folder / "boxes", boxes) != boxes or self._is_another_job():
            raise self._refusal()
        self._file = self._path.open("ab")

    def _is_another_job(self) -> bool:
        return text_in(self.folder / "job") != self._mark

    def holds(self, number: int) -> bool:
        """Tell whether a box, counted from 0 in its pass, is to be done here."""
        return bool(self._leading) or number % self._shard.parts == self._shard.part - 1

    def total(self, counts: Sequence[int]) -> int:
        """Count the boxes to be done here, of those of each pass."""
        own = len(range(self._shard.part - 1, counts[0], self._shard.parts))
        return own + (sum(counts[1:]) if self._leading else 0)

    def leads(self) -> bool:
        """Note that this part is done; tell whether all are, and this process makes the rest."""
        if self._leading is None:
            if not ends_with(self._path, _DONE):
                if self._sync and hasattr(os, "sync"):
                    os.sync()
                self._write(_DONE)
            self._close()  # others on a network file system see the line from now on
            self._release()
            why = self._lead()
            self._leading = why is None
            if why is not None:
                self._part.told = f"part {self._shard} done; {why}"
        return self._leading

    def _lead(self) -> str | None:
        """Go on as the process that makes the rest, or tell why not."""
        if why := self._what_is_missing():
            return why
        self._act_as(_LEAD)
        try:
            self._take()
        except PathError as error:
            return f"the whole {error}"
        except FileNotFoundError:
            return _PUBLISHED
        if why := self._what_is_missing():
            self._release()
            return why
        self._read()
        self._file = self._path.open("ab")
        return None

    def _what_is_missing(self) -> str | None:
        parts = [self._shard._replace(part=part) for part in range(1, self._shard.parts + 1)]
        missing = [one for one in parts if not ends_with(self._journal_of(_role_of(one)), _DONE)]
        # After the journals: these are removed only after the array has taken its place.
        if _DATA not in names_in(self.folder) or self._is_another_job():
            return _PUBLISHED
        return f"{listed(missing)} to come" if missing else None

    def finish(self) -> tuple[str, ...]:
        """Let the array take its place if all parts are done.

        Raises
        ------
        OSError
            If it cannot.
        """
        if not self.leads():
            return ()
        for partial in self.data.rglob("*.partial"):  # of chunks, when a part was killed
            partial.unlink()
        return super().finish()

    def _remove(self) -> None:
        """Move the folder away first: a part that is begun meanwhile finds all of it or none."""
        away = self.folder.with_name(temporary_name())
        with suppress(OSError):
            self.folder.rename(away)
            self._held = False
        for _ in range(_TRIES):
            shutil.rmtree(away, ignore_errors=True)
            if not away.exists():
                return

    def __exit__(self, *_: object) -> None:
        self._close()
        self._release()


def _role_of(shard: Shard) -> str:
    return f"{shard.part}-of-{shard.parts}"
