"""An array in chunks pooled into another, or into a file, in memory that does not grow with it."""

from poolcli.core.operations import OPERATIONS
from poolcli.errors import PictureError
from poolcli.jobs.boxes.array_job import ArrayJob
from poolcli.jobs.boxes.destinations import check_destination, check_file_destination
from poolcli.jobs.boxes.sinks import OPENERS
from poolcli.jobs.paths.task import Task
from poolcli.jobs.pooled_frames import Summary, wants_indices
from poolcli.jobs.result import blamed_on
from poolcli.media.files import is_array_file
from poolcli.media.volumes.opening import open_volume
from poolcli.media.zarr_store.names import is_zarr
from poolcli.media.zarr_store.volume import Volume

__all__ = ["measure_chunked", "pool_chunked"]

_ARRAYS = {".npy", ".tif", ".tiff"}
"""Files that are pooled into a Zarr."""

_TIFFS = ("tif", "tiff")
_LEADING = "tcz"
"""Axes of arrays that do not name them, before the height or what else is pooled."""


def pool_chunked(task: Task) -> Summary:
    """Pool a Zarr into a Zarr, a .npy or a TIFF, or a .npy or a TIFF into a Zarr.

    Raises
    ------
    FileError
        If a file cannot be read, pooled or written.
    """
    with blamed_on(task.source):
        _check(task)
        labels = OPERATIONS[task.operation.name].keeps_pixels
        opened = open_volume(task.source, task.reading, labels=labels, threads=task.threads)
        with opened as volume:
            job = _job(task, volume)
            with blamed_on(task.destination), OPENERS[_named(task)](job, None) as sink:
                job.write(sink)
            return job.summary._replace(notes=(*job.summary.notes, *sink.notes))


def measure_chunked(task: Task) -> Summary:
    """Learn the shapes from the metadata; read no chunk and write nothing.

    Raises
    ------
    PoolingError
        If the source cannot be pooled so.
    """
    _check(task)
    labels = OPERATIONS[task.operation.name].keeps_pixels
    with open_volume(task.source, task.reading, labels=labels) as volume:
        return _job(task, volume).summary


def _named(task: Task) -> str:
    """Extension that names the destination's format."""
    return (task.writing.format or task.destination.suffix).lower().lstrip(".")


def _check(task: Task) -> None:
    name = _named(task)
    arrays = is_zarr(task.source) or task.source.suffix.lower() in _ARRAYS
    if name not in OPENERS or not arrays or task.reading.convert is not None:
        raise PictureError(
            "arrays in chunks are pooled from .zarr, .npy or .tif into .zarr, .npy or .tif, as "
            "they are; for a picture, use poolcli pyramid or a .npy in between"
        )
    if task.reading.linear or task.reading.profile is not None:
        raise PictureError("arrays in chunks have no colours; leave --linear and --profile out")
    if wants_indices(task):
        raise PictureError("arrays in chunks keep no --indices or --winners; leave them out")
    with blamed_on(task.destination):
        if is_zarr(task.destination):
            check_destination(task.source, task.destination, resume=task.resume)
        elif name in _TIFFS:
            from poolcli.media.volumes.tiff_output import check_extra

            check_extra()
            check_file_destination(task.source, task.destination)


def _job(task: Task, volume: Volume) -> ArrayJob:
    named = any(volume.names) and not is_array_file(task.source)
    if _named(task) not in _TIFFS:
        return ArrayJob(task, volume, named=named)
    from poolcli.media.volumes.arranging import arranged

    whole = named and set(volume.names) <= set(_LEADING + "yx")
    letters = None if whole else _letters(task, len(volume.source.shape))
    return ArrayJob(task, arranged(volume, letters, as_tiff=True), named=True)


def _letters(task: Task, count: int) -> str:
    """Name the axes of an array that does not: those that are pooled are the last ones."""
    pooled, last = (task.operation.axes or "YX").lower(), task.reading.layout == "hwc"
    if count > len(_LEADING) + 2:
        raise PictureError(
            f"has {count} axes, and a TIFF names 5; give a .npy or .zarr destination"
        )
    left = [name for name in _LEADING if name not in pooled]
    lead = count - len(pooled) - last
    if last:
        return "".join(left).replace("c", "")[-lead or len(left) :] + pooled + "c"
    return ("c" if lead == 1 and "c" in left else "".join(left[:lead])) + pooled
