"""What a peer is: someone who makes a job of a cell, or declines."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from tests.bench.kernels.cells import Array, Cell

__all__ = ["Arrays", "Job", "Peer", "rounded"]

Arrays: TypeAlias = tuple[Array, ...]


class Job(NamedTuple):
    """What is timed, and what turns its result into planes (C, H', W') afterwards.

    Whatever a library wants of its input (layout, its own image type) is made before the clock
    starts. A result may be a view with gaps.
    """

    run: Callable[[], Any]
    read: Callable[[Any], Arrays]


@dataclass(frozen=True, slots=True)
class Peer:
    """``make(cell, x)`` gives the job, or None where this peer cannot do it."""

    name: str
    make: Callable[[Cell, Array], Job | None]


def rounded(means: Array, dtype: str) -> Array:
    """Floating-point means as integers, half up; floats stay."""
    if np.dtype(dtype).kind == "f":
        return means.astype(dtype, copy=False)
    return np.floor(means + 0.5).astype(dtype)
