"""What is measured in one process: an operation, an input and a window make a cell."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeAlias

import numpy as np

__all__ = ["Array", "Cell", "Kind", "all_cells", "sample"]

Array: TypeAlias = np.ndarray[Any, np.dtype[Any]]
Kind: TypeAlias = Literal["max", "min", "avg", "median"]
Layout: TypeAlias = Literal["HWC", "HW", "CHW"]

Windows: TypeAlias = tuple[tuple[int, int], ...]

SLIDING: Windows = ((2, 2), (3, 2), (6, 2), (8, 8), (16, 1), (31, 4), (64, 64), (101, 1))
MEDIAN: Windows = ((2, 2), (3, 3), (4, 4), (8, 8), (16, 16), (3, 2), (5, 2), (3, 1))
QUICK: Windows = ((2, 2), (3, 2), (16, 1))
QUICK_MEDIAN: Windows = ((2, 2), (3, 2))
_SMALL = 32, 224
INPUTS: tuple[tuple[str, Layout], ...] = (("uint8", "HWC"), ("uint16", "HW"), ("float32", "CHW"))


@dataclass(frozen=True, slots=True)
class Cell:
    """One job, the same for everybody.

    Parameters
    ----------
    kind : str
        What a window becomes: its maximum, minimum, mean, or lower median.
    kernel, stride : int
        Of a sliding window.
    size : (int, int), optional
        Of the output of adaptive pooling, in place of a window.
    indices : bool
        Also give where the maxima are, as positions in a plane.
    """

    kind: Kind
    dtype: str
    layout: Layout
    height: int
    width: int
    kernel: int = 0
    stride: int = 0
    size: tuple[int, int] | None = None
    indices: bool = False

    @property
    def operation(self) -> str:
        if self.size is not None:
            return f"adaptive {self.kind}"
        return f"{self.kind} with indices" if self.indices else self.kind

    @property
    def group(self) -> str:
        """What cells to show this one among."""
        return "small arrays" if self.width <= _SMALL[-1] else self.operation

    @property
    def input(self) -> str:
        return f"{self.dtype} {self.layout} {self.width}×{self.height}"

    @property
    def window(self) -> str:
        return f"to {self.size[0]}×{self.size[1]}" if self.size else f"{self.kernel}/{self.stride}"

    @property
    def label(self) -> str:
        return f"{self.operation} {self.input} {self.window}"

    @property
    def channels(self) -> int:
        return 1 if self.layout == "HW" else 3

    @property
    def shape(self) -> tuple[int, ...]:
        lengths = {"H": self.height, "W": self.width, "C": self.channels}
        return tuple(lengths[axis] for axis in self.layout)

    @property
    def axes(self) -> tuple[int, int]:
        return self.layout.index("H"), self.layout.index("W")

    @property
    def output(self) -> tuple[int, int]:
        """Height and width of the result."""
        if self.size is not None:
            return self.size
        return (
            (self.height - self.kernel) // self.stride + 1,
            (self.width - self.kernel) // self.stride + 1,
        )

    @property
    def blocks(self) -> tuple[int, int] | None:
        """Height and width of the windows if they are blocks side by side, as in a resize."""
        if self.size is None:
            return (self.kernel, self.kernel) if self.kernel == self.stride else None
        high, wide = self.size
        if self.height % high or self.width % wide:
            return None
        return self.height // high, self.width // wide

    @property
    def integer(self) -> bool:
        return np.dtype(self.dtype).kind == "u"

    def cut(self, height: int, width: int) -> "Cell":
        """The same job on a smaller input."""
        return replace(self, height=min(self.height, height), width=min(self.width, width))

    def planes(self, x: Array) -> Array:
        """An input of this cell as a view (C, H, W)."""
        if self.layout == "HWC":
            return np.moveaxis(x, -1, 0)
        return x[np.newaxis] if self.layout == "HW" else x

    def interleaved(self, x: Array) -> Array:
        """An input as (H, W, C), or (H, W) of one channel: contiguous, as image libraries like."""
        return np.ascontiguousarray(np.moveaxis(x, 0, -1)) if self.layout == "CHW" else x


def sample(cell: Cell, seed: int = 20) -> Array:
    """Noise, as no kernel here depends on values; floats from 0 to 1."""
    rng = np.random.default_rng(seed)
    if cell.integer:
        highest = np.iinfo(cell.dtype).max
        return rng.integers(0, highest, cell.shape, cell.dtype, endpoint=True)
    return rng.random(cell.shape, np.float32)


def all_cells(*, quick: bool) -> Iterator[Cell]:
    """Every cell, grouped by operation."""
    width, height = (1000, 750) if quick else (4000, 3000)
    kinds: tuple[Kind, ...] = ("max", "min", "avg")
    for kind in kinds:
        for dtype, layout in INPUTS:
            for window in QUICK if quick else SLIDING:
                yield Cell(kind, dtype, layout, height, width, *window)
    inputs = INPUTS[::2] if quick else INPUTS
    for dtype, layout in inputs:
        for window in QUICK_MEDIAN if quick else MEDIAN:
            yield Cell("median", dtype, layout, height, width, *window)
    for dtype, layout in inputs:
        for window in QUICK[:2] if quick else SLIDING:
            yield Cell("max", dtype, layout, height, width, *window, indices=True)
    for kind in ("max", "avg"):
        for dtype, layout in inputs:
            for side in (7, 224, 250) if quick else (7, 224, 1000):
                yield Cell(kind, dtype, layout, height, width, size=(side, side))
    for side in _SMALL:
        for kind in kinds:
            yield Cell(kind, "uint8", "HWC", side, side, 2, 2)
        yield Cell("max", "float32", "CHW", side, side, 2, 2)
        yield Cell("avg", "float32", "CHW", side, side, 2, 2)
