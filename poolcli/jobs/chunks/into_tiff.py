"""A pooled array as a TIFF in tiles, whose OME-XML names its axes and the sizes of a pixel."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from poolcli.core.types import Array
from poolcli.jobs.boxes.array_job import ArrayJob
from poolcli.jobs.boxes.sink import Sink
from poolcli.jobs.boxes.unfinished import Unfinished, mark_of
from poolcli.media.tiff.levels import TiffLevel
from poolcli.media.volumes.tiff_output import TiffOutput, is_ome_tiff

__all__ = ["tiff_sink"]

_TILE, _LEAST, _LARGEST, _STEP = 512, 64, 2048, 16


class _Shape:
    """The shape of an output, which stands for its values."""

    def __init__(self, shape: tuple[int, ...], dtype: Any) -> None:
        self.shape, self.dtype = shape, dtype

    def __getitem__(self, key: tuple[slice, ...]) -> Array:
        raise NotImplementedError


class _Sink:
    """The only level of a TIFF, as the destination of a job."""

    ordered, array = True, None

    def __init__(self, level: TiffLevel, unit: tuple[int, ...], unfinished: Unfinished) -> None:
        self._level, self.unit = level, unit
        self.unfinished: Unfinished | None = unfinished
        self.notes: tuple[str, ...] = ()
        self.encode = level.encode

    def keep(self, encoded: list[tuple[int, bytes]]) -> Any:
        """Append tiles; tell which of what level they are."""
        return [[0, self._level.keep(encoded)]]


@contextmanager
def tiff_sink(job: ArrayJob) -> Iterator[Sink]:
    """Open the TIFF, or what an earlier run has left of it."""
    task, names, shape = job.task, job.volume.names, job.plan.shape
    tile = _tile(job)
    mark = mark_of(task, job.volume.state, [shape, job.dtype.str, tile, names])
    told = job.volume._replace(source=_Shape(shape, job.dtype), level=job.level)
    with Unfinished(task.destination, mark, resume=task.resume, sync=task.sync) as unfinished:
        if not unfinished.ready:
            unfinished.create_file()
        ome = is_ome_tiff(task.destination)
        out = TiffOutput(unfinished.data, told, [shape], tile=tile, ome=ome)
        (level,) = out.levels
        sides = {"y": level.tile[0], "x": level.tile[1]}
        if names[-1] == "c":
            sides["c"] = shape[-1]
        sink = _Sink(level, tuple(sides.get(name, 1) for name in names), unfinished)
        try:
            out.restore(unfinished.done.values())
            yield sink
            sink.notes = out.finish()
        finally:
            out.close()
        sink.notes += unfinished.finish()


def _tile(job: ArrayJob) -> tuple[int, int]:
    """Choose rows and columns of a tile: those of the source's chunks if they are of that kind."""
    names, chunks = job.volume.names, job.volume.chunks
    if chunks is None:
        return _TILE, _TILE
    sides = [chunks[names.index(name)] for name in "yx"]
    fits = all(_LEAST <= side <= _LARGEST and side % _STEP == 0 for side in sides)
    return (sides[0], sides[1]) if fits else (_TILE, _TILE)
