"""A pyramid made of a source: one pass over it, and a destination that is whole or not there."""

from collections.abc import Callable
from contextlib import ExitStack
from math import prod
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

from poolcli.core.operations import OPERATIONS
from poolcli.core.pyramids.pyramid import Pyramid
from poolcli.errors import PathError, PictureError
from poolcli.jobs.boxes.destinations import check_destination, check_file_destination
from poolcli.jobs.boxes.opening import open_unfinished
from poolcli.jobs.boxes.running import Pass, run_passes
from poolcli.jobs.boxes.unfinished import Unfinished
from poolcli.jobs.paths.kinds import exists
from poolcli.jobs.pyramids.building import Builder
from poolcli.jobs.pyramids.factors import factors_for
from poolcli.jobs.pyramids.task import PyramidResult, PyramidTask
from poolcli.jobs.result import blamed_on
from poolcli.media.volumes.arranging import arranged
from poolcli.media.volumes.opening import open_volume
from poolcli.media.zarr_store.volume import Volume

if TYPE_CHECKING:
    from poolcli.media.places.remote_path import Place

__all__ = ["make_pyramid"]


def make_pyramid(task: PyramidTask) -> PyramidResult:
    """Make a pyramid of a Zarr, a .npy or a picture.

    Raises
    ------
    FileError
        If a file cannot be read or written.
    """
    began = perf_counter()
    with blamed_on(task.destination):
        _check(task)
    labels = OPERATIONS[task.operation].keeps_pixels
    with blamed_on(task.source), ExitStack() as stack:
        opened = open_volume(task.source, task.reading, labels=labels, threads=task.threads)
        volume = arranged(stack.enter_context(opened), task.axes, as_tiff=task.kind == "tiff")
        made = _Making(task, volume)
        with blamed_on(task.destination):
            notes = made.run()
    shapes = tuple(made.pyramid.level(number) for number in range(made.pyramid.above + 1))
    names = "".join(volume.names)
    seconds = perf_counter() - began
    dtype = volume.source.dtype.name
    return PyramidResult(shapes, dtype, names, seconds, (*volume.notes, *notes))


def _check(task: PyramidTask) -> None:
    if task.kind == "zarr":
        from poolcli.jobs.pyramids.into_zarr import check_zarr
        from poolcli.media.zarr_store.extra import library

        library(task.threads)
        check_zarr(task)
        check_destination(task.source, task.destination, resume=task.resume)
    elif task.kind == "tiff":
        from poolcli.jobs.pyramids.into_tiff import check_tiff

        check_tiff(task)
        check_file_destination(task.source, task.destination)
    else:
        raise PictureError("is not the name of a pyramid; use one of .ome.zarr or .ome.tif")
    # Of a Zarr in a store, an upload that was cut may be there; what else is, was refused before.
    refused = isinstance(task.destination, Path) or task.kind == "tiff"
    if refused and not task.overwrite and exists(task.destination):
        raise PathError("exists; use --overwrite to replace it")


class _Making:
    """A task, its source, and the sizes of the pyramid."""

    def __init__(self, task: PyramidTask, volume: Volume) -> None:
        self._task, self._volume = task, volume
        source = volume.source
        if source.dtype.kind not in "biuf":
            raise PictureError(
                f"cannot pool dtype {source.dtype}; use integers, booleans or floats"
            )
        if not prod(source.shape):
            raise PictureError(f"has shape {source.shape}, which holds nothing")
        factors = factors_for(volume.names, task.factors)
        self.pyramid = Pyramid.of(source.shape, factors, levels=task.levels, least=task.least)

    def run(self) -> tuple[str, ...]:
        """Write every level; return notes."""
        task = self._task
        with open_unfinished(
            task.destination, self._mark(), resume=task.resume, sync=task.sync
        ) as unfinished:
            if task.kind == "tiff":
                return self._into_tiff(unfinished)
            return self._into_zarr(unfinished)

    def _into_zarr(self, unfinished: Unfinished) -> tuple[str, ...]:
        from poolcli.jobs.pyramids.into_zarr import create_levels, zarr_levels

        volume, pyramid = self._volume, self.pyramid
        unfinished.create(lambda folder: create_levels(self._task, volume, pyramid, folder))
        sinks = zarr_levels(pyramid, unfinished.data)
        self._fill(sinks, unfinished)
        return unfinished.finish()

    def _into_tiff(self, unfinished: Unfinished) -> tuple[str, ...]:
        from poolcli.jobs.pyramids.into_tiff import tiff_levels

        if not unfinished.ready:
            unfinished.create_file()
        out = tiff_levels(self._task, self._volume, self.pyramid, unfinished.data)
        try:
            out.restore(unfinished.done.values())
            self._fill(out.levels, unfinished)
            notes = out.finish()
        finally:
            out.close()
        return (*notes, *unfinished.finish())

    def _fill(self, sinks: Any, unfinished: Unfinished) -> None:
        task, source = self._task, self._volume.source
        names = self._volume.names
        builder = Builder(
            _Blamed(source, task.source),
            sinks,
            self.pyramid,
            self._unit(),
            task.operation,
            channel_axis=names.index("c") if "c" in names else None,
            previous=task.previous,
        )
        levels = range(self.pyramid.above + 1)
        nbytes = sum(prod(self.pyramid.level(n)) for n in levels) * source.dtype.itemsize
        try:
            passes = [self._blamed(one) for one in builder.passes(unfinished.carried)]
            run_passes(passes, task.threads, nbytes, unfinished)
        finally:
            builder.close()

    def _blamed(self, one: Pass) -> Pass:
        """Blame on the destination whatever a pass does not blame on the source."""

        def wrapped(step: Callable[[Any], Any]) -> Callable[[Any], Any]:
            def call(argument: Any) -> Any:
                with blamed_on(self._task.destination):
                    return step(argument)

            return call

        keep = None if one.keep is None else wrapped(one.keep)
        return Pass(one.name, one.shape, one.size, wrapped(one.work), keep)

    def _unit(self) -> tuple[int, ...]:
        """Lengths of a chunk, shard or tile; channels after the columns are stored together."""
        rows, columns = self._task.shards or (self._task.chunk, self._task.chunk)
        names, shape = self._volume.names, self.pyramid.shape
        unit = {"y": rows, "x": columns} | ({"c": shape[-1]} if names[-1] == "c" else {})
        return tuple(unit.get(name, 1) for name in names)

    def _mark(self) -> list[Any]:
        """List all that decides what is written."""
        task = self._task._replace(
            source=self._task.source.absolute(),
            destination=Path(),
            overwrite=False,
            resume=False,
            sync=False,
            threads=0,
            reading=self._task.reading._replace(max_pixels=None),
        )
        return [*map(str, task), self._volume.state, self._volume.source.shape]


class _Blamed:
    """A source whose errors are blamed on its file."""

    def __init__(self, source: Any, path: "Place") -> None:
        self._source, self._path = source, path
        self.shape, self.dtype = source.shape, source.dtype

    def __getitem__(self, key: tuple[slice, ...]) -> Any:
        with blamed_on(self._path):
            return self._source[key]
