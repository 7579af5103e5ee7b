"""From the words SOURCES... DEST to tasks, before any pixel is read."""

# Names are plain text here: there may be very many, and a / at the end says something.
# ruff: noqa: PTH122

import os
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from poolcli.errors import PathError, PictureError
from poolcli.jobs.paths.kinds import files_below, is_file, is_folder, ready_for_stores
from poolcli.jobs.paths.targets import Targets, find_targets
from poolcli.jobs.paths.task import Task, failed_result
from poolcli.jobs.paths.walk import FileFilter, identity, joined, parted, split_kept
from poolcli.media.file_names import shown
from poolcli.media.files import STANDARD_STREAM, is_remote, path_from, same_file

if TYPE_CHECKING:
    from poolcli.jobs.paths.shards import Shard

__all__ = ["Entry", "RunPlan", "Task", "failed_result", "plan_run"]


class Entry(NamedTuple):
    """One source of a folder run, small: there may be very many."""

    relative: str
    root: int
    error: str | None = None


class RunPlan(NamedTuple):
    """The tasks of a run, each made when it is asked for.

    Attributes
    ----------
    template : Task
        A task with all that the tasks share; the only task itself where ``folder`` is None.
    folder : str, optional
        Destination of a folder run.
    roots : sequence of str
        The folders that entries are relative to.
    entries : sequence of Entry
        In the order of their destinations.
    suffix : str, optional
        Extension of every destination, in place of its source's.
    makes_folders : bool
        Whether missing folders of destinations are made.
    passed_over : int
        Number of files in source folders that are not pictures.
    hidden : int
        Number of pictures in source folders that are left out because they are hidden.
    targets : Targets
        The files that destinations lead to.
    shard : Shard, optional
        The part of a larger run that the entries are.
    whole : int
        Number of tasks of that run.
    """

    template: Task
    folder: str | None = None
    roots: Sequence[str] = ()
    entries: Sequence[Entry] = ()
    suffix: str | None = None
    makes_folders: bool = False
    passed_over: int = 0
    hidden: int = 0
    targets: Targets = Targets()
    shard: "Shard | None" = None
    whole: int = 0

    @property
    def size(self) -> int:
        """Number of tasks."""
        return 1 if self.folder is None else len(self.entries)

    def tasks(self) -> Iterator[tuple[Task, str | None]]:
        """Yield each task, and why it cannot be done where that is known beforehand."""
        if self.folder is None:
            yield self.template, None
            return
        for entry in self.entries:
            source, destination = path_from(self.source(entry)), path_from(self.destination(entry))
            name = self.name(entry)
            error = entry.error or self._unwritable(entry) or self.targets.refusal(name)
            task = self.template._replace(source=source, destination=destination)
            target = Path(self.targets.of(name)) if isinstance(destination, Path) else None
            yield task._replace(target=target), error

    def pairs(self) -> Iterator[tuple[str, str]]:
        """Yield the source and destination of each entry."""
        for entry in self.entries:
            if entry.error is None:
                yield self.source(entry), self.destination(entry)

    def source(self, entry: Entry) -> str:
        """Source of an entry."""
        return joined(self.roots[entry.root], entry.relative)

    def name(self, entry: Entry) -> str:
        """Destination of an entry, relative to the folder."""
        if self.suffix is None:
            return entry.relative
        return os.path.splitext(entry.relative)[0] + self.suffix

    def destination(self, entry: Entry) -> str:
        """Destination of an entry."""
        return joined(self.folder or "", self.name(entry))

    def _unwritable(self, entry: Entry) -> str | None:
        extension = os.path.splitext(entry.relative)[1].lower()
        if self.suffix is None and _readable(extension) and _why_unwritable(extension):
            return f"extension {extension!r} can be read but not written; use -f png, for example"
        return None


def plan_run(
    template: Task,
    sources: Sequence[str],
    destination: str,
    *,
    selection: FileFilter | None = None,
    in_place: bool = False,
    listed: bool = False,
    parents: bool = False,
) -> RunPlan:
    """Plan the destination of every source, as cp would.

    Parameters
    ----------
    template : Task
        A task with all that the tasks share; its source and destination are ignored. In a folder
        run, its output format is the extension of every destination.
    sources : sequence of str
        Files and folders.
    destination : str
        A file for one file; else a folder, which need not exist.
    selection : FileFilter, optional
        Filter of the files in source folders.
    in_place : bool
        Whether a source may be its own destination.
    listed : bool
        Whether sources come from a list, so that even a single file goes into a folder.
    parents : bool
        Whether the whole path of every source is kept below the destination, a folder.

    Raises
    ------
    PathError
        If two sources share a destination, a source would be replaced, or the destination is of
        the wrong kind.
    PictureError
        If a filter's patterns leave nothing to pool.
    """
    suffix = template.writing.format
    if suffix is not None:
        suffix = f".{suffix.lower().removeprefix('.')}"
        if why := _why_unwritable(suffix):
            raise PathError(f"-f {template.writing.format}: {why}")
    selection = selection or FileFilter()
    if any(map(is_remote, (*sources, destination))):
        sources = ready_for_stores(sources, destination, in_place=in_place)
    if len(sources) == 1 and not (listed or parents or is_folder(sources[0])):
        selection.refuse_none(sources, any_taken=selection.takes(parted(sources[0])[1]))
        return _single(template, sources[0], destination, suffix, in_place)
    _check_folder(sources, destination)
    if template.indices is not None or template.winners is not None:
        option = "--winners" if template.indices is None else "--indices"
        raise PathError(f"{option} takes one source and one destination; pool the files one by one")
    made = _gathered(template, sources, destination, selection, suffix, parents=parents)
    selection.refuse_none(sources, any_taken=bool(made.entries) or not selection.include)
    from poolcli.jobs.paths.clashes import refuse_one_for_two, refuse_replaced_sources

    refuse_one_for_two(made.pairs, destination)
    refuse_replaced_sources(made.pairs, in_place=in_place)
    if is_remote(destination):
        return made
    names = map(made.name, made.entries)
    return made._replace(targets=find_targets(names, destination, leave=not in_place))


def _single(
    template: Task, source: str, destination: str, suffix: str | None, in_place: bool
) -> RunPlan:
    into = is_folder(destination)
    if into and source == "-":
        raise PathError(
            f"{shown(destination)} is a folder, and standard input has no name; name a file"
        )
    target = path_from(destination)
    if into:
        name = path_from(source).name
        target = target / (name if suffix is None else os.path.splitext(name)[0] + suffix)
    if target != STANDARD_STREAM:
        why = _why_unwritable(target.suffix if suffix is None else suffix)
        if why:
            raise PathError(f"{shown(target)}: {why}")
        if source != "-" and same_file(path_from(source), target) and not in_place:
            raise PathError(
                f"{shown(source)} would be replaced by its own pooled version; "
                "give another destination, or --in-place"
            )
    real = None
    if isinstance(target, Path) and target != STANDARD_STREAM:
        real = Path(os.path.realpath(target))
    task = template._replace(source=path_from(source), destination=target, target=real)
    if task.indices is not None or task.winners is not None:
        from poolcli.jobs.paths.clashes import refuse_shared

        beside = [("--indices", task.indices), ("--winners", task.winners)]
        refuse_shared([("SOURCE", task.source), ("DEST", task.destination), *beside])
    return RunPlan(task, makes_folders=into)


def _check_folder(sources: Sequence[str], destination: str) -> None:
    """Refuse a destination that cannot hold several files."""
    if "-" in sources:
        raise PathError(
            "- is standard input, which cannot be one of several sources; pool it alone"
        )
    if destination == "-":
        raise PathError("- is standard output, which takes one picture; name a folder")
    if destination.startswith("memory://"):
        raise PathError("memory:// ends with each process; name a folder that lasts")
    if is_folder(destination):
        return
    if is_file(destination):
        raise PathError(
            f"{shown(destination)} is not a folder, which several files need; name another"
        )
    extension = os.path.splitext(destination)[1]
    if extension and not _why_unwritable(extension):
        raise PathError(
            f"{shown(destination)} looks like a file, and several files need a folder; "
            f"use {shown(destination + '/')} if that is its name"
        )


def _gathered(
    template: Task,
    sources: Sequence[str],
    folder: str,
    selection: FileFilter,
    suffix: str | None,
    *,
    parents: bool,
) -> RunPlan:
    """Collect every file of every source, in the order of the destinations."""
    places: dict[str, int] = {}
    found: set[Entry] = set()
    passed_over = hidden = 0
    avoid = identity(folder)
    for source in sources:
        if not is_folder(source):
            root, name = split_kept(source) if parents else parted(source)
            if selection.takes(name):
                found.add(Entry(name, places.setdefault(root, len(places))))
            continue
        root, kept = split_kept(source) if parents else (source, "")
        place = places.setdefault(root, len(places))
        for relative, error, is_hidden in files_below(
            source, selection, avoid, remember=template.resume
        ):
            if error is None and not _readable(os.path.splitext(relative)[1].lower()):
                passed_over += not is_hidden or selection.hidden
            elif is_hidden and not selection.hidden:
                hidden += error is None
            else:
                found.add(Entry(f"{kept}/{relative}" if kept else relative, place, error))
    entries = list(found)
    found.clear()
    made = RunPlan(template, folder, list(places), entries, suffix, True, passed_over, hidden)
    entries.sort(key=lambda entry: (made.name(entry), entry.root, entry.relative))
    return made


@lru_cache
def _readable(extension: str) -> bool:
    from poolcli.media.pictures import is_readable

    return is_readable(extension)


@lru_cache
def _why_unwritable(extension: str) -> str | None:
    from poolcli.media.pictures import check_destination

    try:
        check_destination(Path(f"a{extension}"))
    except PictureError as error:
        return str(error)
    return None
