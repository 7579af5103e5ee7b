"""The levels of an OME-TIFF: pages, and below each its reduced copies."""

from pathlib import Path

from poolcli.core.pyramids.pyramid import Pyramid
from poolcli.errors import PictureError
from poolcli.jobs.pyramids.task import PyramidTask
from poolcli.media.volumes.tiff_output import TiffOutput, check_extra, is_ome_tiff
from poolcli.media.zarr_store.volume import Volume

__all__ = ["check_tiff", "tiff_levels"]

_STEP = 16


def check_tiff(task: PyramidTask) -> None:
    """Refuse what a TIFF does not have, and a TIFF without the extra.

    Raises
    ------
    PictureError
        If it does not have it.
    """
    check_extra()
    if task.shards is not None:
        raise PictureError("is a TIFF, which has no shards; leave --shards out")
    if task.chunk % _STEP:
        raise PictureError(
            f"has tiles of {task.chunk} rows; use a --chunk that is a multiple of {_STEP}"
        )


def tiff_levels(task: PyramidTask, volume: Volume, pyramid: Pyramid, path: Path) -> TiffOutput:
    """Create the TIFF of all levels, or open it again.

    Parameters
    ----------
    volume : Volume
        Level 0, its axes in the order of a TIFF.

    Raises
    ------
    PictureError
        If a level would not have all planes of level 0.
    """
    names, shape = volume.names, volume.source.shape
    for name, factor in zip(names, pyramid.factors, strict=True):
        if factor > 1 and name not in "yx":
            raise PictureError(
                f"is a TIFF, whose levels have all planes of level 0: axis {name} stays as it is; "
                "use -k FxF, or an .ome.zarr as destination"
            )
    rows, columns = (
        shape[axis]
        if task.chunk * pyramid.factors[axis] >= shape[axis]
        else task.chunk * pyramid.factors[axis] ** min(1, pyramid.above)
        for axis in (names.index("y"), names.index("x"))
    )
    return TiffOutput(
        path,
        volume._replace(name=task.destination.name.split(".")[0]),
        [pyramid.level(number) for number in range(pyramid.above + 1)],
        tile=(task.chunk, task.chunk),
        unit=(rows, columns),
        ome=is_ome_tiff(task.destination),
        big=True,
    )
