"""The boxes of one large array, made by the workers of a cluster."""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from poolcli.errors import FileError, PathError
from poolcli.jobs.boxes.crew import Share, doing, helped_by
from poolcli.jobs.boxes.destinations import shares_boxes
from poolcli.jobs.cluster.connection import Connection
from poolcli.jobs.cluster.pool import ClusterPool
from poolcli.jobs.cluster.shared import connected

if TYPE_CHECKING:
    from poolcli.media.places.remote_path import Place

__all__ = ["array_crew", "check_array"]

Failure: TypeAlias = tuple[Path, str]
"""The path that an error is about, and the reason."""

_PATIENCE = 0.2


def check_array(source: "Place", destination: "Place") -> None:
    """Refuse files that several processes cannot read or write parts of.

    Raises
    ------
    PathError
        If they are of another kind.
    """
    if not isinstance(source, Path) or not isinstance(destination, Path):
        raise PathError(
            "--cluster shares out the boxes of an array from and to folders that its workers see; "
            "leave it out for a store"
        )
    if not shares_boxes(source, destination):
        raise PathError(
            "--cluster shares out the files of a folder, or one .zarr, .npy or .tif that becomes a "
            ".zarr; leave it out for other files"
        )


@contextmanager
def array_crew(
    make: Callable[[Any], object],
    task: Any,
    place: str,
    *,
    debug: bool = False,
    note: Callable[[str], object] = lambda _: None,
) -> Iterator[None]:
    """Let a cluster make the boxes of an array, inside the block.

    Parameters
    ----------
    make : callable
        `pool_chunked` or `make_pyramid`, which workers call too, for their share.
    task : Task or PyramidTask
        Its argument.
    place, debug
        As in `connected`.
    note : callable
        Takes a sentence for the user.

    Raises
    ------
    PoolingError
        If the cluster cannot do the work.
    """
    if not task.source.exists():
        raise FileError(task.source, "no such file or folder; check the name")
    folder = task.destination.parent
    with connected([str(task.source)], folder, place, debug=debug) as connection:
        for line in connection.fitness.notes:
            note(line)
        with helped_by(_Crew(connection, make, task, note)):
            yield


class _Crew:
    def __init__(
        self,
        connection: Connection,
        make: Callable[[Any], object],
        task: Any,
        note: Callable[[str], object],
    ) -> None:
        self._connection, self._make, self._task, self._note = connection, make, task, note
        self._lost_workers = False

    def performed(self, names: Iterable[str], plan: str) -> Iterator[str]:
        todo = list(names)
        do = partial(_do_share, os.getcwd(), self._make, self._task, plan)  # noqa: PTH109
        pool: ClusterPool[str, Failure | None] = ClusterPool(
            self._connection, do, self._failed, len(todo), self._note
        )
        begun = done = 0
        try:
            while done < len(todo):
                while begun < len(todo) and pool.has_room():
                    pool.give(begun, todo[begun])
                    begun += 1
                for number, failure in pool.answers(_PATIENCE):
                    if failure is not None:
                        raise FileError(*failure)
                    done += 1
                    yield todo[number]
        finally:
            self._lost_workers = self._lost_workers or pool.lost_workers
            list(pool.stop())

    def _failed(self, _name: str, why: str) -> Failure:
        return self._task.source, why

    def clean_up(self, folder: Path) -> None:
        """Remove chunks that a worker was writing when it died."""
        if self._lost_workers:
            for partial_chunk in folder.rglob("*.partial"):
                partial_chunk.unlink(missing_ok=True)


def _do_share(
    folder: str, make: Callable[[Any], object], task: Any, plan: str, names: Sequence[str]
) -> list[Failure | None]:
    """Make some boxes, on a worker; answer for each with the reason why it could not."""
    sent = task._replace(
        source=Path(folder, task.source), destination=Path(folder, task.destination), threads=1
    )
    try:
        with doing(Share(plan, frozenset(names))):
            make(sent)
    except FileError as error:
        ours = {sent.source: task.source, sent.destination: task.destination}
        return [(ours.get(error.path, error.path), error.reason)] * len(names)
    return [None] * len(names)
