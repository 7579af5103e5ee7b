"""Sums of windows at every position: each row of windows is the one before it, and a difference.

Integers come out exact after a subtraction, which floats do not. A row of the input is summed up
along itself once, and kept until the last window that it is in.
"""

from collections.abc import Sequence
from itertools import product
from math import prod
from typing import Any

import numpy as np

from poolcli.core.engine.bands import BAND_BYTES, Finish
from poolcli.core.engine.piece import Piece
from poolcli.core.engine.reduction import LONG_ROW_BYTES, Reduction, Scratch
from poolcli.core.geometry.stage import Stage
from poolcli.core.geometry.windows import Window
from poolcli.core.types import Array, Source

__all__ = ["running_sums", "runs"]

_MANY_ROWS, _FEW_ROWS = 24, 8
_LONG_ROW_BYTES = 10_000
"""Windows of few rows are the faster for it only if the rows are long: each takes a call."""

_MOST_BYTES = 1 << 26
"""So many at most are kept."""


def runs(op: Reduction, todo: Sequence[Stage], shape: Sequence[int]) -> bool:
    """Whether `running_sums` does these stages, and is the faster way."""
    if len(todo) != 2 or not op.peak or _row_sums(op, todo) is None:
        return False
    down, across = todo
    side_by_side = across.axis == down.axis + 1
    dense = all(
        isinstance(window, Window) and window.stride == window.dilation == 1
        for window in (down.window, across.window)
    )
    row = prod(shape[across.axis :]) * op.dtype.itemsize
    return side_by_side and dense and _pays(down.window.kernel, row)


def _pays(kernel: int, row: int) -> bool:
    if kernel * row > _MOST_BYTES:
        return False
    least = _LONG_ROW_BYTES if kernel < _MANY_ROWS else LONG_ROW_BYTES
    return kernel >= _FEW_ROWS and row >= least


def _row_sums(op: Reduction, todo: Sequence[Stage]) -> Reduction | None:
    """The sums along a row, of a dtype that, signed, holds any difference of two of them."""
    down, across = (stage.window.kernel for stage in todo)
    part = op.part(across, down * across)
    for size in (2, 4, 8):
        most = np.iinfo(f"i{size}").max // (2 if op.dtype.kind == "i" else 1)
        if part.peak <= most and size <= op.dtype.itemsize:
            return part._replace(dtype=np.dtype(f"{op.dtype.kind}{size}"))
    return None


def running_sums(
    op: Reduction,
    x: Source,
    todo: Sequence[Stage],
    out: Array,
    finish: Finish,
    band_bytes: int = BAND_BYTES // 2,
) -> None:
    """Do what `pool_stages` does, for what `runs`."""
    down = todo[0]
    scratch = Scratch()
    for lead in product(*map(range, out.shape[: down.axis])):
        key = tuple(slice(i, i + 1) for i in lead)
        _Plane(op, x, todo, key, scratch, band_bytes).run(out[key], finish)


class _Plane:
    """The windows that slide over one plane of the input."""

    def __init__(
        self,
        op: Reduction,
        x: Source,
        todo: Sequence[Stage],
        key: tuple[slice, ...],
        scratch: Scratch,
        band_bytes: int,
    ) -> None:
        along = _row_sums(op, todo)
        assert along is not None
        self.op, self.along, self.x, self.key, self.scratch = op, along, x, key, scratch
        self.down, self.across = todo
        self.rest = (self.across.size, *x.shape[self.across.axis + 1 :])
        kernel = self.down.window.kernel
        band = band_bytes // max(1, prod(self.rest) * op.dtype.itemsize)
        self.band = max(1, min(band, self.down.size + kernel))
        # Whole bands, so that no band's rows lie half at the end and half at the beginning.
        self.kept = (-(-kernel // self.band) + 1) * self.band
        self.rows = self._memory("rows", self.kept, along.dtype)
        self.rows[...] = 0

    def _memory(self, name: str, count: int, dtype: np.dtype[Any]) -> Array:
        return self.scratch(name, (*(1 for _ in self.key), count, *self.rest), dtype)

    def run(self, out: Array, finish: Finish) -> None:
        """Add row after row, and give what is complete to ``finish``."""
        axis, window = self.down.axis, self.down.window
        last = self._memory("last", 1, self.op.dtype)
        last[...] = 0
        before = window.padding + 1 - window.kernel  # the window that a row completes lies so far
        for low in range(0, self.down.size - before, self.band):
            count = min(self.band, self.down.size - before - low)
            sums = self._sums(low, count, last)
            first = max(0, -before - low)
            if first < count:
                every = (slice(None),) * axis
                done = slice(low + first + before, low + count + before)
                origin = (*(some.start for some in self.key), done.start)
                origin += (0,) * (out.ndim - len(origin))
                finish(sums[(*every, slice(first, None))], out[(*every, done)], origin)

    def _sums(self, low: int, count: int, last: Array) -> Array:
        """The windows that end with each of these rows; ``last`` are those before them."""
        every = (slice(None),) * self.down.axis
        changes = self._changes(low, count)
        sums = self._memory("sums", count, self.op.dtype)
        np.copyto(sums, changes.view(f"i{changes.dtype.itemsize}"), casting="unsafe")
        before = last
        for row in range(count):
            now = sums[(*every, slice(row, row + 1))]
            before = np.add(before, now, out=now)
        np.copyto(last, before)
        return sums

    def _changes(self, low: int, count: int) -> Array:
        """What each of these rows adds, less what the row that leaves its windows had added."""
        every = (slice(None),) * self.down.axis
        changes = self._memory("changes", count, self.along.dtype)
        at = low % self.kept
        new = self.rows[(*every, slice(at, at + count))]
        real = max(0, min(count, self.down.length - low))
        if real:
            tile = (*self.key, slice(low, low + real))
            target = new[(*every, slice(0, real))]
            Piece(self.along, self.x, self.across, tile, self.scratch, False).reduce(target)
        new[(*every, slice(real, None))] = 0
        begin = (low - self.down.window.kernel) % self.kept
        head = min(count, self.kept - begin)
        for some, old in (
            (slice(0, head), slice(begin, begin + head)),
            (slice(head, count), slice(0, count - head)),
        ):
            np.subtract(new[(*every, some)], self.rows[(*every, old)], out=changes[(*every, some)])
        return changes
