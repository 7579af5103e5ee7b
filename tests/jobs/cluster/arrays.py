"""Arrays large enough for many boxes."""

from pathlib import Path

import numpy as np

__all__ = ["make_stack"]


def make_stack(path: Path, planes: int, side: int) -> None:
    """Write a .npy of (planes, side, side) whose values look random."""
    x = np.arange(planes * side * side, dtype=np.uint32).reshape(planes, side, side)
    np.save(path, ((x * np.uint32(2654435761)) >> np.uint32(16)).astype(np.uint16))
