"""The levels of an OME-Zarr: arrays of a group, and its metadata."""

from pathlib import Path

from poolcli.core.pyramids.pyramid import Pyramid
from poolcli.errors import PictureError
from poolcli.jobs.pyramids.task import PyramidTask
from poolcli.media.zarr_store.multiscales import Multiscales
from poolcli.media.zarr_store.volume import Volume
from poolcli.media.zarr_store.writing import (
    Layout,
    ZarrSink,
    create_array,
    create_group,
    fitted_layout,
    reopen_array,
)

__all__ = ["check_zarr", "create_levels", "zarr_levels"]


def check_zarr(task: PyramidTask) -> None:
    """Refuse options that do not go together.

    Raises
    ------
    PictureError
        If they do not.
    """
    if task.shards is not None and task.version != "0.5":
        raise PictureError("of version 0.4 has no shards; leave --shards out, or use --ome 0.5")
    if task.shards is not None and any(side % task.chunk for side in task.shards):
        raise PictureError(
            f"has shards of {task.shards[0]}x{task.shards[1]}, which are not whole chunks; "
            f"use multiples of {task.chunk}"
        )


def create_levels(task: PyramidTask, volume: Volume, pyramid: Pyramid, folder: Path) -> None:
    """Create the arrays of all levels.

    Parameters
    ----------
    volume : Volume
        Level 0, its axes in the order of OME-Zarr.
    """
    names = _names(pyramid)
    layouts = [_layout(task, volume, pyramid.level(number)) for number in range(len(names))]
    attributes = _metadata(task, volume, pyramid, names).attributes(task.version)
    create_group(folder, layouts[0].zarr_format, attributes)
    for name, layout in zip(names, layouts, strict=True):
        create_array(folder, name, layout)


def zarr_levels(pyramid: Pyramid, folder: Path) -> list[ZarrSink]:
    """Open the arrays of all levels, to write them."""
    return [ZarrSink(reopen_array(folder, name)) for name in _names(pyramid)]


def _names(pyramid: Pyramid) -> list[str]:
    return [str(number) for number in range(pyramid.above + 1)]


def _layout(task: PyramidTask, volume: Volume, shape: tuple[int, ...]) -> Layout:
    lead = (1,) * (len(shape) - 2)
    chunks = (*lead, task.chunk, task.chunk)
    shards = None if task.shards is None else (*lead, *task.shards)
    zarr_format = 3 if task.version == "0.5" else 2
    dtype, names = volume.source.dtype, volume.names
    return fitted_layout(shape, dtype, chunks, shards, zarr_format=zarr_format, names=names)


def _metadata(task: PyramidTask, volume: Volume, pyramid: Pyramid, names: list[str]) -> Multiscales:
    """Place the pixels of each level: their windows of fⁿ are centred (fⁿ - 1) / 2 further."""
    from importlib.metadata import version

    levels = []
    for number, name in enumerate(names):
        steps = [factor**number for factor in pyramid.factors]
        centres = [(step - 1) / 2 for step in steps]
        levels.append(volume.level.pooled(name, steps, centres))
    over = "the level before" if task.previous else "level 0"
    method = {
        "description": f"every level is the {task.operation} of windows over {over}",
        "method": f"poolcli pyramid {task.operation}",
        "version": version("poolcli"),
    }
    title = task.destination.name.split(".")[0]
    kind = f"{task.operation} pooling"
    return Multiscales(volume.axes, tuple(levels), title, kind, method)
