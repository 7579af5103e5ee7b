"""An array of intermediate values that processes of several machines write at once."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from poolcli.media.zarr_store.writing import (
    ZarrSink,
    create_array,
    fitted_layout,
    reopen_array,
)

__all__ = ["ZarrCells", "create_cells"]


class ZarrCells(ZarrSink):
    """Cells in a file each, so that none is written by two processes."""

    def __init__(self, folder: Path) -> None:
        super().__init__(reopen_array(folder, None))

    __setitem__ = ZarrSink.encode

    def close(self) -> None:
        """Do nothing: no file is open."""


def create_cells(folder: Path, shape: Sequence[int], dtype: Any, cell: Sequence[int]) -> None:
    """Create the array for `ZarrCells`."""
    create_array(folder, None, fitted_layout(shape, dtype, cell))
