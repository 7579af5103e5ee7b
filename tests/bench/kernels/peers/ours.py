"""poolcli itself, by the names of its top package."""

from functools import partial
from importlib import import_module
from typing import Any

from tests.bench.kernels.cells import Array, Cell
from tests.bench.kernels.peers.base import Job

__all__ = ["missing_name", "ours"]


def missing_name(cell: Cell) -> str | None:
    """What poolcli does not have yet and this cell needs."""
    name = _name(cell)
    return None if hasattr(import_module("poolcli"), name) else f"poolcli.{name}"


def ours(cell: Cell, x: Array) -> Job:
    """The call that somebody would write."""
    pool = getattr(import_module("poolcli"), _name(cell))
    if cell.size is not None:
        run = partial(pool, x, cell.size, cell.kind, axes=cell.axes)
    elif cell.indices:
        run = partial(pool, x, cell.kernel, cell.stride, axes=cell.axes, return_indices=True)
    else:
        run = partial(pool, x, cell.kernel, cell.stride, axes=cell.axes)

    def read(result: Any) -> tuple[Array, ...]:
        parts = result if isinstance(result, tuple) else (result,)
        return tuple(cell.planes(part) for part in parts)

    return Job(run, read)


def _name(cell: Cell) -> str:
    return "adaptive_pool" if cell.size is not None else f"{cell.kind}_pool"
