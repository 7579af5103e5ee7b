"""Planes of a TIFF that lie along axes of their own, as the series of a file tell them."""

from collections.abc import Sequence
from math import prod
from typing import Any, NamedTuple

from poolcli.errors import PictureError

__all__ = ["Run", "names_axes", "run_of"]


class Run(NamedTuple):
    """Planes of one shape that lie along axes of their own.

    Attributes
    ----------
    axes : str
        Letters of the axes before a plane's own, as "TZC".
    shape : tuple of int
        Lengths of these axes.
    pages : sequence of tifffile's pages
        None for a page in a file that is missing.
    keyframe : tifffile's page
        The one that tells the layout of all.
    offset : int, optional
        Where the planes lie one after another, if they have no pages of their own.
    """

    axes: str
    shape: tuple[int, ...]
    pages: Sequence[Any]
    keyframe: Any
    offset: int | None = None

    @property
    def planes(self) -> int:
        """Number of planes."""
        return prod(self.shape)


def names_axes(tif: Any) -> bool:
    """Tell whether the description that tifffile writes says more than the shape of a page."""
    metadata = tif.shaped_metadata or ()
    return any("axes" in one or len(one.get("shape", ())) > 3 for one in metadata)


def run_of(series: Any) -> Run:
    """Find the planes of a series, and their axes.

    Raises
    ------
    PictureError
        If the file ends before the last of them.
    """
    key, pages = series.keyframe, list(series.pages)
    inner = len(key.shape)
    shape = tuple(int(length) for length in series.shape)
    axes = series.axes
    count = max(1, prod(shape) // max(1, prod(key.shape)))
    lead = len(shape) - inner
    lead_shape, letters = shape[: max(lead, 0)], axes[: max(lead, 0)]
    if lead < 0 or prod(lead_shape) != count:
        lead_shape, letters = ((count,), "I") if count > 1 else ((), "")
    if len(pages) >= count:
        return Run(letters, lead_shape, pages, key)
    offset = series.dataoffset
    if offset is None:
        if not key.is_contiguous:
            raise PictureError(f"is truncated: {len(pages)} of {count} planes are there")
        offset = key.dataoffsets[0]
    return Run(letters, lead_shape, (), key, int(offset))
