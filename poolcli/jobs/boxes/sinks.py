"""The one table of the destinations of arrays, by suffix."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, Any, TypeAlias

from poolcli.core.types import Array
from poolcli.jobs.boxes.array_job import ArrayJob
from poolcli.jobs.boxes.sink import Sink
from poolcli.media.replacing import FileUnit

if TYPE_CHECKING:
    from poolcli.jobs.boxes.unfinished import Unfinished

__all__ = ["OPENERS", "ArraySink", "Opener", "array_file_sink"]


Opener: TypeAlias = Callable[[ArrayJob, FileUnit | None], AbstractContextManager[Sink]]
"""A function that opens the destination of a job, which is complete at the end of the block."""


class ArraySink:
    """A .npy, each box of which is written into its place."""

    ordered = False

    def __init__(self, array: Any, unit: tuple[int, ...]) -> None:
        self.array, self.unit = array, unit
        self.unfinished: Unfinished | None = None
        self.notes: tuple[str, ...] = ()

    def encode(self, box: tuple[slice, ...], values: Array) -> None:
        """Write a box."""
        self.array[box] = values

    def keep(self, encoded: None) -> None:
        """Do nothing: the box is written."""


@contextmanager
def array_file_sink(job: ArrayJob, unit: FileUnit | None = None) -> Iterator[Sink]:
    """Open a .npy.

    Parameters
    ----------
    unit : FileUnit, optional
        Takes the file.
    """
    from poolcli.media.arrays import create_array

    task, shape = job.task, job.plan.shape
    sides = job.volume.shards or job.chunks
    box = tuple(max(1, min(side, n)) for side, n in zip(sides, shape, strict=True))
    with create_array(task.destination, shape, job.dtype, sync=task.sync, unit=unit) as out:
        yield ArraySink(out, box)


def _zarr(job: ArrayJob, unit: FileUnit | None) -> AbstractContextManager[Sink]:  # noqa: ARG001
    from poolcli.jobs.chunks.into_zarr import zarr_sink

    return zarr_sink(job)


def _tiff(job: ArrayJob, unit: FileUnit | None) -> AbstractContextManager[Sink]:  # noqa: ARG001
    from poolcli.jobs.chunks.into_tiff import tiff_sink

    return tiff_sink(job)


OPENERS: dict[str, Opener] = {
    "npy": array_file_sink,
    "zarr": _zarr,
    "tif": _tiff,
    "tiff": _tiff,
}
"""Openers of destinations, by suffix."""
