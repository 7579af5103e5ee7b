"""A pyramid made of a source: one pass over it, and an OME-Zarr that is whole or not there."""

import os
from contextlib import ExitStack
from math import prod
from pathlib import Path
from time import perf_counter
from typing import Any, NamedTuple

from poolcli.core.operations import OPERATIONS
from poolcli.core.pyramids.pyramid import Pyramid
from poolcli.errors import PathError, PictureError
from poolcli.jobs.chunks.running import run_passes
from poolcli.jobs.chunks.unfinished import Unfinished, check_destination
from poolcli.jobs.pyramids.arranging import arranged, factors_for
from poolcli.jobs.pyramids.building import Builder
from poolcli.jobs.result import blamed_on
from poolcli.media.options import Reading
from poolcli.media.volumes.opening import open_volume
from poolcli.media.zarr_store.extra import library
from poolcli.media.zarr_store.multiscales import Multiscales
from poolcli.media.zarr_store.names import SUFFIX
from poolcli.media.zarr_store.volume import Volume
from poolcli.media.zarr_store.writing import (
    Layout,
    create_array,
    create_group,
    fitted_layout,
    reopen_array,
)

__all__ = ["METHODS", "PyramidResult", "PyramidTask", "make_pyramid"]

METHODS = ("max", "min", "avg", "median", "mode")
"""Operations that pyramids are made by."""


class PyramidTask(NamedTuple):
    """A pyramid to make.

    Attributes
    ----------
    operation : str
        One of `METHODS`.
    source, destination : Path
    version : str
        Of OME-Zarr.
    levels : int, optional
        In all, level 0 counted.
    least : int
        Without ``levels``: rows and columns of the last level at most.
    chunk : int
        Rows and columns of a chunk.
    shards : (int, int), optional
        Rows and columns of a shard, multiples of the chunk.
    factors : tuple of int, optional
        Of the last axes of space, from level to level; 2 for rows and columns unless given.
    previous : bool
        Whether each level is pooled from the level before.
    axes : str, optional
        A letter for each axis of the source.
    reading : Reading
    overwrite : bool
        Whether an existing OME-Zarr is replaced.
    resume, sync : bool
        As in `Unfinished`.
    threads : int
    """

    operation: str
    source: Path
    destination: Path
    version: str = "0.5"
    levels: int | None = None
    least: int = 256
    chunk: int = 512
    shards: tuple[int, int] | None = None
    factors: tuple[int, ...] | None = None
    previous: bool = False
    axes: str | None = None
    reading: Reading = Reading()
    overwrite: bool = False
    resume: bool = False
    sync: bool = True
    threads: int = 1


class PyramidResult(NamedTuple):
    """A pyramid that was made.

    Attributes
    ----------
    shapes : tuple
        Of every level.
    dtype : str
    axes : str
    seconds : float
    notes : tuple of str
    """

    shapes: tuple[tuple[int, ...], ...]
    dtype: str
    axes: str
    seconds: float
    notes: tuple[str, ...]


def make_pyramid(task: PyramidTask) -> PyramidResult:
    """Make a pyramid of a Zarr, a .npy or a picture.

    Raises
    ------
    FileError
        If a file cannot be read or written.
    """
    began = perf_counter()
    with blamed_on(task.destination):
        library(task.threads)
        _check(task)
    labels = OPERATIONS[task.operation].keeps_pixels
    with blamed_on(task.source), ExitStack() as stack:
        opened = open_volume(task.source, task.reading, labels=labels, threads=task.threads)
        volume = arranged(stack.enter_context(opened), task.axes)
        made = _Making(task, volume)
        with blamed_on(task.destination):
            made.run()
    shapes = tuple(made.pyramid.level(number) for number in range(made.pyramid.above + 1))
    names = "".join(volume.names)
    seconds = perf_counter() - began
    return PyramidResult(shapes, volume.source.dtype.name, names, seconds, volume.notes)


def _check(task: PyramidTask) -> None:
    if not task.destination.name.lower().endswith(SUFFIX):
        raise PictureError("is not the name of an OME-Zarr; use one that ends in .ome.zarr")
    check_destination(task.source, task.destination)
    if os.path.lexists(task.destination) and not task.overwrite:
        raise PathError("exists; use --overwrite to replace it")
    if task.shards is not None and task.version != "0.5":
        raise PictureError("of version 0.4 has no shards; leave --shards out, or use --ome 0.5")
    if task.shards is not None and any(side % task.chunk for side in task.shards):
        raise PictureError(
            f"has shards of {task.shards[0]}x{task.shards[1]}, which are not whole chunks; "
            f"use multiples of {task.chunk}"
        )


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
        self._layouts = [
            self._layout(self.pyramid.level(number)) for number in range(self.pyramid.above + 1)
        ]

    def run(self) -> None:
        """Write every level."""
        task, names = self._task, [str(number) for number in range(self.pyramid.above + 1)]
        with Unfinished(
            task.destination, self._mark(), resume=task.resume, sync=task.sync
        ) as unfinished:
            if unfinished.ready:
                sinks = [reopen_array(unfinished.data, name) for name in names]
            else:
                version = task.version
                attributes = self._metadata(names).attributes(version)
                create_group(unfinished.data, self._layouts[0].zarr_format, attributes)
                sinks = [
                    create_array(unfinished.data, name, layout)
                    for name, layout in zip(names, self._layouts, strict=True)
                ]
            passes = self._builder(sinks).passes(unfinished.folder)
            itemsize = self._volume.source.dtype.itemsize
            nbytes = sum(prod(layout.shape) for layout in self._layouts) * itemsize
            run_passes(passes, task.threads, nbytes, unfinished)
            unfinished.finish()

    def _builder(self, sinks: list[Any]) -> Builder:
        names = self._volume.names
        unit = self._unit()
        return Builder(
            _Blamed(self._volume.source, self._task.source),
            sinks,
            self.pyramid,
            unit,
            self._task.operation,
            channel_axis=names.index("c") if "c" in names else None,
            previous=self._task.previous,
        )

    def _unit(self) -> tuple[int, ...]:
        sides = self._task.shards or (self._task.chunk, self._task.chunk)
        return (1,) * (len(self.pyramid.shape) - 2) + tuple(sides)

    def _layout(self, shape: tuple[int, ...]) -> Layout:
        lead = (1,) * (len(shape) - 2)
        chunks = (*lead, self._task.chunk, self._task.chunk)
        shards = None if self._task.shards is None else (*lead, *self._task.shards)
        zarr_format = 3 if self._task.version == "0.5" else 2
        dtype = self._volume.source.dtype
        names = self._volume.names
        return fitted_layout(shape, dtype, chunks, shards, zarr_format=zarr_format, names=names)

    def _metadata(self, names: list[str]) -> Multiscales:
        """Place the pixels of each level: their windows of fⁿ are centred (fⁿ - 1) / 2 further."""
        from importlib.metadata import version

        task, pyramid = self._task, self.pyramid
        levels = []
        for number, name in enumerate(names):
            steps = [factor**number for factor in pyramid.factors]
            centres = [(step - 1) / 2 for step in steps]
            levels.append(self._volume.level.pooled(name, steps, centres))
        over = "the level before" if task.previous else "level 0"
        method = {
            "description": f"every level is the {task.operation} of windows over {over}",
            "method": f"poolcli pyramid {task.operation}",
            "version": version("poolcli"),
        }
        title = task.destination.name.split(".")[0]
        kind = f"{task.operation} pooling"
        return Multiscales(self._volume.axes, tuple(levels), title, kind, method)

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

    def __init__(self, source: Any, path: Path) -> None:
        self._source, self._path = source, path
        self.shape, self.dtype = source.shape, source.dtype

    def __getitem__(self, key: tuple[slice, ...]) -> Any:
        with blamed_on(self._path):
            return self._source[key]
