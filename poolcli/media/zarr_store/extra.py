"""The library of the extra ``[zarr]``, imported when the first Zarr needs it."""

from typing import Any

from poolcli.errors import PictureError

__all__ = ["library"]

_LOWEST = (3, 1, 6)


def library(threads: int | None = None) -> Any:
    """Import zarr.

    Parameters
    ----------
    threads : int, optional
        Number of threads that it may encode and decode by.

    Raises
    ------
    PictureError
        If it is missing or too old.
    """
    try:
        import zarr
    except ImportError as error:
        raise PictureError("is a Zarr, which needs an extra; pip install '.[zarr]'") from error
    have = tuple(int(part) for part in zarr.__version__.split(".")[:3] if part.isdecimal())
    if have < _LOWEST:
        raise PictureError(
            f"is a Zarr, which needs zarr 3.1.6 or later, and {zarr.__version__} is installed; "
            "pip install '.[zarr]'"
        )
    if threads is not None:
        zarr.config.set({"threading.max_workers": threads, "async.concurrency": 2 * threads})
    return zarr
