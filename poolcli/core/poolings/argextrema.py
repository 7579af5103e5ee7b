"""Indices of each window's largest (or smallest) value, found without building a window.

The values are pooled axis by axis, the last axis first, and every step is kept. Then the places
are found the other way round: the first row of the window that holds the window's value, and in
that row the first column, so that only one column and one row of taps are compared. So ties go to
the first tap in row-major order, as in PyTorch; and of several NaNs to the last.
"""

from collections.abc import Sequence
from itertools import product
from math import prod
from typing import Any

import numpy as np

from poolcli.core.engine.bands import item_bytes, pool_stages, tiles
from poolcli.core.engine.reduction import Reduction, extreme_reduction
from poolcli.core.engine.subsample import packed
from poolcli.core.geometry.plan import Plan
from poolcli.core.geometry.stage import Stage
from poolcli.core.geometry.windows import Spans, Window
from poolcli.core.poolings.value_index_keys import extreme_by_keys, key_dtype
from poolcli.core.types import Array

__all__ = ["extreme_with_indices"]

_TILE_BYTES = 1 << 20

_MOST_TAPS = 255
"""Windows of up to this many taps are compared tap by tap: a byte counts them."""

_MOST_AT_ONCE = 1 << 18
"""Taps of all windows to look at in one step; of more, one tap after another takes less memory."""

_KEY_BYTES = 2
"""Keys are faster if the windows that a value is in, times this, exceed the bytes of its key."""


def extreme_with_indices(ufunc: np.ufunc, plan: Plan) -> tuple[Array, Array]:
    """Pool by ``np.maximum`` or ``np.minimum`` and tell where each value was found.

    Returns
    -------
    values : ndarray
    indices : ndarray of int64
        The flat position in the pooled axes of the input, without padding; -1 for a window without
        a tap in the input.
    """
    # Places are looked for tap by tap; a kernel may be far longer than the input.
    plan = plan._replace(stages=tuple(stage.clipped for stage in plan.stages))
    with np.errstate(invalid="ignore"):
        return (extreme_by_keys if _keys_pay(plan) else _tile_by_tile)(ufunc, plan)


def _tile_by_tile(ufunc: np.ufunc, plan: Plan) -> tuple[Array, Array]:
    op = extreme_reduction(ufunc, plan.x.dtype)
    values = np.empty(plan.shape, op.dtype)
    indices = np.empty(plan.shape, np.int64)
    if not values.size:
        return values, indices
    wide = list(plan.shape)
    for stage in plan.stages[1:]:
        wide[stage.axis] = stage.padded_length
    first = plan.stages[0]
    for tile in tiles(wide, first.axis, item_bytes(op, plan.x, first), _TILE_BYTES):
        _Tile(op, plan, tile).find(values[tile], indices[tile])
    return values, indices


def _keys_pay(plan: Plan) -> bool:
    """Tell whether so many windows overlap that a value is better packed once than read in each."""
    dtype = key_dtype(plan)
    if dtype is None or not prod(plan.shape):
        return False
    taps = prod(stage.window.kernel * stage.size for stage in plan.stages)
    return _KEY_BYTES * taps > dtype.itemsize * prod(stage.length for stage in plan.stages)


class _Tile:
    """The windows of one tile of the output, on the part of the input that they span."""

    def __init__(self, op: Reduction, plan: Plan, tile: tuple[slice, ...]) -> None:
        self.op, self.stages = op, plan.stages
        axis = plan.stages[0].axis
        here = tile[axis] if len(tile) > axis else slice(0, plan.stages[0].size)
        self.ranges = [(here.start, here.stop), *((0, stage.size) for stage in plan.stages[1:])]
        self.part, self.padded = self._padded(plan, tile[:axis])
        self.starts = [
            np.array([stage.window.start(o) for o in range(*span)], np.intp)
            - stage.window.start(span[0])
            for stage, span in zip(self.stages, self.ranges, strict=True)
        ]

    def _padded(self, plan: Plan, outer: tuple[slice, ...]) -> tuple[Array, bool]:
        """Take the part that begins where the first window does on each axis, with its padding."""
        key = [*outer] + [slice(None)] * (len(plan.x.shape) - len(outer))
        inside, shape = list(key), list(plan.x.shape)
        padded = False
        for stage, (first, last) in zip(self.stages, self.ranges, strict=True):
            lo, hi = stage.window.start(first), stage.window.stop(last - 1)
            if last - first == stage.size:
                hi = max(hi, stage.length)  # whole rows need not be copied
            key[stage.axis] = slice(max(lo, 0), hi)
            before = max(-lo, 0)
            inside[stage.axis] = slice(before, before + max(0, min(hi, stage.length) - max(lo, 0)))
            shape[stage.axis] = hi - lo
            padded |= lo < 0 or hi > stage.length
        part = plan.x[tuple(key)]
        if not padded:
            return np.ascontiguousarray(part, self.op.dtype), False
        shape[: len(outer)] = part.shape[: len(outer)]
        filled = np.full(shape, self.op.identity, self.op.dtype)
        filled[(*(slice(None),) * len(outer), *inside[len(outer) :])] = part
        return filled, True

    def find(self, values: Array, indices: Array) -> None:
        if self._few_taps():
            self._pool(values)
            if self.op.dtype.kind != "f" or not np.isnan(values).any():
                self._look_at_taps(values, indices)
                self._blank(values, indices)
                return
        levels = self._levels()
        values[...] = levels[0]
        places = self._places(levels)
        if self.op.dtype.kind == "f" and np.isnan(levels[0]).any():
            self._last_nans(levels, places)
        indices[...] = self._flat(places)
        self._blank(levels[0], indices)

    def _blank(self, values: Array, indices: Array) -> None:
        """Set the index of each window that padding won for want of a larger value."""
        if self.padded:
            empty = values == self.op.identity
            indices[empty] = np.broadcast_to(self._first_taps(), indices.shape)[empty]

    def _few_taps(self) -> bool:
        windows = [stage.window for stage in self.stages]
        sliding = not any(isinstance(window, Spans) for window in windows)
        return sliding and prod(window.kernel for window in windows) <= _MOST_TAPS

    def _here(self, number: int) -> Stage:
        """Make a stage of the part: without padding, for its windows only."""
        stage, (first, last) = self.stages[number], self.ranges[number]
        window: Any = stage.window
        if isinstance(window, Spans):
            starts, stops = window.from_to(first, last)
            window = Spans(tuple(starts), tuple(stops))
        else:
            window = Window(window.kernel, window.stride, 0, window.dilation)
        return Stage(stage.axis, window, self.part.shape[stage.axis], last - first)

    def _pool(self, values: Array) -> None:
        every = map(self._here, range(len(self.stages)))
        todo = [stage for stage in every if not stage.window.trivial]
        pool_stages(self.op, self.part, todo, values)

    def _look_at_taps(self, values: Array, indices: Array) -> None:
        """Count the taps before the first that has the value; three quick steps for each tap."""
        number = np.zeros(values.shape, np.uint8)
        missing, differs = np.ones(values.shape, bool), np.empty(values.shape, bool)
        windows: list[Any] = [stage.window for stage in self.stages]
        taps = list(product(*(range(window.kernel) for window in windows)))
        key = [slice(None)] * values.ndim
        offsets = []
        for tap in taps:
            offset = 0
            for stage, window, j in zip(self.stages, windows, tap, strict=True):
                at, count = j * window.dilation, values.shape[stage.axis]
                key[stage.axis] = slice(at, at + (count - 1) * window.stride + 1, window.stride)
                offset = offset * stage.length + at
            offsets.append(offset)
            if len(offsets) < len(taps):
                np.not_equal(packed(self.part[tuple(key)]), values, out=differs)
                np.logical_and(missing, differs, out=missing)
                np.add(number, missing.view(np.uint8), out=number)
        np.take(np.array(offsets, np.int64), number, out=indices, mode="clip")
        origins = [
            self._along(place, start, values.ndim) for place, start in enumerate(self.starts)
        ]
        np.add(indices, self._flat(origins), out=indices)

    def _levels(self) -> list[Array]:
        """Pool over the axes from the i-th on, for each i; the last level over none."""
        levels = [self.part]
        for number in reversed(range(len(self.stages))):
            here = self._here(number)
            if here.window.trivial:
                levels.insert(0, levels[0])
                continue
            shape = list(levels[0].shape)
            shape[here.axis] = here.size
            pooled = np.empty(shape, self.op.dtype)
            pool_stages(self.op, levels[0], [here], pooled)
            levels.insert(0, pooled)
        return levels

    def _places(self, levels: Sequence[Array]) -> list[Array]:
        """Find for each axis the position in the part at which a window's value stands first."""
        places: list[Array] = []
        for number, stage in enumerate(self.stages):
            start = self._along(number, self.starts[number], levels[0].ndim)
            place = np.broadcast_to(start, levels[0].shape).astype(np.intp)
            level = levels[number + 1]
            taps = range(0, stage.window.kernel * stage.window.dilation, stage.window.dilation)
            base = self._base(level, number, places)
            if place.size * len(taps) <= _MOST_AT_ONCE:
                every = np.array(taps, np.intp).reshape(-1, *(1,) * place.ndim)
                at = self._clipped(number, start + every)
                found = np.take(level, base + at * _stride(level, stage.axis)) == levels[0]
                places.append(place + found.argmax(axis=0) * stage.window.dilation)
                continue
            for tap in reversed(taps):
                at = self._clipped(number, start + tap)
                found = np.take(level, base + at * _stride(level, stage.axis)) == levels[0]
                np.copyto(place, at, where=found)
            places.append(place)
        return places

    def _clipped(self, number: int, at: Array) -> Array:
        """Keep a tap inside its window, where windows differ in length."""
        window, (first, last) = self.stages[number].window, self.ranges[number]
        if not isinstance(window, Spans):
            return at
        stops = np.array(window.from_to(first, last)[1], np.intp)
        return np.minimum(at, self._along(number, stops - 1, self.part.ndim))

    def _last_nans(self, levels: Sequence[Array], places: list[Array]) -> None:
        """Move the places of windows that hold NaN to their last NaN."""
        where = np.nonzero(np.isnan(levels[0]))
        chosen: list[Array] = []
        for number, stage in enumerate(self.stages):
            level = levels[number + 1]
            start = self.starts[number][where[stage.axis]]
            place = start.copy()
            for tap in range(0, stage.window.kernel * stage.window.dilation, stage.window.dilation):
                at = start + tap
                if isinstance(stage.window, Spans):
                    stops = np.array(stage.window.from_to(*self.ranges[number])[1], np.intp)
                    at = np.minimum(at, stops[where[stage.axis]] - 1)
                key = list(where)
                for earlier, known in zip(self.stages[:number], chosen, strict=True):
                    key[earlier.axis] = known
                key[stage.axis] = at
                place = np.where(np.isnan(level[tuple(key)]), at, place)
            chosen.append(place)
            places[number][where] = place

    def _base(self, level: Array, number: int, places: Sequence[Array]) -> Array:
        """Flat positions in ``level`` of each output, without the axis that is searched."""
        ndim = level.ndim
        known = {stage.axis: place for stage, place in zip(self.stages, places, strict=False)}
        base: Array = np.zeros((1,) * ndim, np.intp)
        for axis in range(ndim):
            if axis == self.stages[number].axis:
                continue
            at = known.get(axis)
            if at is None:
                at = np.arange(level.shape[axis]).reshape((-1,) + (1,) * (ndim - axis - 1))
            base = base + at * _stride(level, axis)
        return base

    def _along(self, number: int, vector: Array, ndim: int) -> Array:
        return vector.reshape((-1,) + (1,) * (ndim - self.stages[number].axis - 1))

    def _flat(self, places: Sequence[Array]) -> Array:
        """Turn positions in the part into flat positions in the input's pooled axes."""
        flat: Array = np.zeros((), np.int64)
        for number, (stage, place) in enumerate(zip(self.stages, places, strict=True)):
            origin = stage.window.start(self.ranges[number][0])
            flat = flat * stage.length + (place + origin)
        return flat

    def _first_taps(self) -> Array:
        """Flat positions of each window's first tap in the input; -1 where there is none."""
        flat: Array = np.zeros((), np.int64)
        none: Array = np.zeros((), bool)
        for number, (stage, span) in enumerate(zip(self.stages, self.ranges, strict=True)):
            window = stage.window
            firsts = [
                start if start >= 0 else start % window.dilation
                for start in map(window.start, range(*span))
            ]
            first = self._along(number, np.array(firsts, np.int64), self.part.ndim)
            flat = flat * stage.length + first
            none = none | (first >= stage.length)
        return np.where(none, -1, flat)


def _stride(x: Array, axis: int) -> int:
    return prod(x.shape[axis + 1 :])
