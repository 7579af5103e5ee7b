"""From the words SOURCE DEST to a task, before any pixel is read."""

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from poolcli.errors import PathError
from poolcli.jobs.operation import Operation

__all__ = ["Task", "plan"]


@dataclass(frozen=True, slots=True)
class Task:
    """One file to pool into another; plain data, so that it can be sent to a worker."""

    operation: Operation
    source: Path
    destination: Path
    convert: str | None = None
    indices: Path | None = None


def plan(
    operation: Operation,
    source: Path,
    destination: Path,
    *,
    convert: str | None = None,
    indices: Path | None = None,
    in_place: bool = False,
) -> Task:
    """Where one source goes: to the file named, or by its own name into the folder named.

    Raises
    ------
    PathError
        If the source is its own destination, by whatever links, without ``in_place``.
    PictureError
        If the destination's name stands for no format that can be written.
    """
    from poolcli.media.files import same_file
    from poolcli.media.pictures import check_destination

    with suppress(OSError):  # what cannot be looked up will be reported when it is written
        if destination.is_dir():
            destination = destination / source.name
    if same_file(source, destination) and not in_place:
        raise PathError(
            f"{source} would be replaced by its own pooled version; "
            "give another destination, or --in-place"
        )
    check_destination(destination)
    return Task(operation, source, destination, convert, indices)
