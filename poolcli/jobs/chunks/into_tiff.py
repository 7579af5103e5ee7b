"""A pooled array as a TIFF in tiles, whose OME-XML names its axes and the sizes of a pixel."""

from typing import Any

from poolcli.core.geometry.boxes import Box
from poolcli.core.types import Array
from poolcli.jobs.boxes.unfinished import Unfinished, mark_of
from poolcli.jobs.chunks.job import ChunkedJob
from poolcli.jobs.result import blamed_on
from poolcli.media.volumes.tiff_output import TiffOutput, is_ome_tiff

__all__ = ["into_tiff"]

_TILE, _LEAST, _LARGEST, _STEP = 512, 64, 2048, 16


class _Shape:
    """The shape of an output, which stands for its values."""

    def __init__(self, shape: tuple[int, ...], dtype: Any) -> None:
        self.shape, self.dtype = shape, dtype

    def __getitem__(self, key: tuple[slice, ...]) -> Array:
        raise NotImplementedError


def into_tiff(job: ChunkedJob) -> tuple[str, ...]:
    """Write the TIFF; return notes.

    Raises
    ------
    FileError
        If a file cannot be read, pooled or written.
    """
    task, names, shape = job.task, job.volume.names, job.plan.shape
    tile = _tile(job)
    mark = mark_of(task, job.volume.state, [shape, job.dtype.str, tile, names])
    told = job.volume._replace(source=_Shape(shape, job.dtype), level=job.level)
    with (
        blamed_on(task.destination),
        Unfinished(task.destination, mark, resume=task.resume, sync=task.sync) as unfinished,
    ):
        if not unfinished.ready:
            unfinished.create_file()
        ome = is_ome_tiff(task.destination)
        out = TiffOutput(unfinished.data, told, [shape], tile=tile, ome=ome)
        (level,) = out.levels

        def work(where: Box) -> list[tuple[int, bytes]]:
            values = job.part(where)
            with blamed_on(task.destination):
                return level.encode(where, values)

        def keep(encoded: list[tuple[int, bytes]]) -> object:
            with blamed_on(task.destination):
                return [[0, level.keep(encoded)]]

        try:
            out.restore(unfinished.done.values())
            sides = {"y": level.tile[0], "x": level.tile[1]}
            if names[-1] == "c":
                sides["c"] = shape[-1]
            job.run(work, tuple(sides.get(name, 1) for name in names), unfinished, keep)
            notes = out.finish()
        finally:
            out.close()
        return (*notes, *unfinished.finish())


def _tile(job: ChunkedJob) -> tuple[int, int]:
    """Choose rows and columns of a tile: those of the source's chunks if they are of that kind."""
    names, chunks = job.volume.names, job.volume.chunks
    if chunks is None:
        return _TILE, _TILE
    sides = [chunks[names.index(name)] for name in "yx"]
    fits = all(_LEAST <= side <= _LARGEST and side % _STEP == 0 for side in sides)
    return (sides[0], sides[1]) if fits else (_TILE, _TILE)
