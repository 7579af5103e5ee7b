"""A pyramid to make, and one that was made."""

from typing import TYPE_CHECKING, NamedTuple

from poolcli.media.options import Reading
from poolcli.media.zarr_store.names import SUFFIX

if TYPE_CHECKING:
    from poolcli.media.places.remote_path import Place

__all__ = ["METHODS", "PyramidResult", "PyramidTask"]

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
        Of OME-Zarr, if it is one.
    levels : int, optional
        In all, level 0 counted.
    least : int
        Without ``levels``: rows and columns of the last level at most.
    chunk : int
        Rows and columns of a chunk or a tile.
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
        Whether an existing destination is replaced.
    resume, sync : bool
        As in `Unfinished`.
    threads : int
    """

    operation: str
    source: "Place"
    destination: "Place"
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

    @property
    def kind(self) -> str | None:
        """``zarr`` or ``tiff``, by the destination's name; None if it is neither."""
        name = self.destination.name.lower()
        if name.endswith(SUFFIX):
            return "zarr"
        return "tiff" if name.endswith((".tif", ".tiff")) else None


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
    skipped : str, optional
        Why it is not in its place yet: other parts are to come.
    """

    shapes: tuple[tuple[int, ...], ...]
    dtype: str
    axes: str
    seconds: float
    notes: tuple[str, ...]
    skipped: str | None = None
