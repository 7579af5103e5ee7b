"""Pack value and index into one integer, and pool both at once.

A key holds a value in its upper bits, in an order that integers have too, and in its lower bits
how far from the end of the input the value lies. So the largest key of a window is its largest
value at the first place; keys are pooled as any integers are, and taken apart again.
"""

from collections.abc import Sequence
from math import prod
from typing import Any

import numpy as np

from poolcli.core.engine.bands import pool_stages
from poolcli.core.engine.reduction import Reduction, Scratch, extreme_reduction
from poolcli.core.geometry.plan import Plan
from poolcli.core.types import Array

__all__ = ["extreme_by_keys", "key_dtype"]


def key_dtype(plan: Plan) -> np.dtype[Any] | None:
    """Choose a dtype for a value and its place in the pooled axes; None if there is none."""
    bits = 8 * plan.x.dtype.itemsize + _places(plan).bit_length()
    return next((np.dtype(f"u{size}") for size in (4, 8) if bits <= 8 * size), None)


def extreme_by_keys(ufunc: np.ufunc, plan: Plan) -> tuple[Array, Array]:
    """Pool as `extreme_with_indices` does; for plans that have a `key_dtype`."""
    keys = _Keys(ufunc, plan)
    values = np.empty(plan.shape, keys.values)
    indices = np.empty(plan.shape, np.int64)

    def finish(best: Array, out: Array, origin: tuple[int, ...]) -> None:
        here = tuple(slice(o, o + size) for o, size in zip(origin, out.shape, strict=True))
        keys.take_apart(best, out, indices[here])

    op = Reduction(np.maximum, 0, keys.dtype, idempotent=True)
    pool_stages(op, keys, plan.todo, values, finish)
    return values, indices


def _places(plan: Plan) -> int:
    return prod(stage.length for stage in plan.stages)


class _Keys:
    """A source of keys, made of each part of the input when it is read."""

    def __init__(self, ufunc: np.ufunc, plan: Plan) -> None:
        self._x, self.shape = plan.x, plan.x.shape
        dtype = key_dtype(plan)
        assert dtype is not None
        self.dtype = dtype
        op = extreme_reduction(ufunc, plan.x.dtype)
        self.values, self._none = op.dtype, op.identity
        self._bits = np.dtype(f"u{op.dtype.itemsize}")
        self._highest = self.dtype.type(np.iinfo(self._bits).max)
        self._places = _places(plan)
        self._shift = dtype.type(self._places.bit_length())
        self._mask = dtype.type((1 << self._places.bit_length()) - 1)
        self._sign = self._bits.type(1 << (8 * op.dtype.itemsize - 1))
        top = self._sign if op.dtype.kind in "if" else self._bits.type(0)
        self._turn = top if ufunc is np.maximum else ~top
        self._strides = self._axis_strides(plan)
        self._scratch = Scratch()
        self._pattern = np.empty((0,) * len(self.shape), dtype)

    def _axis_strides(self, plan: Plan) -> dict[int, int]:
        """Distances, in places, of two neighbours along each pooled axis."""
        strides, stride = {}, 1
        for stage in reversed(plan.stages):
            strides[stage.axis] = stride
            stride *= stage.length
        return strides

    def __getitem__(self, key: tuple[slice, ...]) -> Array:
        part = np.asarray(self._x[key], self.values)
        keys = self._scratch("keys", part.shape, self.dtype)
        np.copyto(keys, self._ordered(part))
        np.left_shift(keys, self._shift, out=keys)
        # Counted from the part's own first place, distances are the same in every band.
        np.add(keys, self._distances(part.shape), out=keys)
        np.subtract(keys, self.dtype.type(self._first(key)), out=keys)
        if part.dtype.kind == "f":
            self._mark_nans(part, keys)
        return keys

    def _first(self, key: Sequence[slice]) -> int:
        lows = (some.indices(size)[0] for some, size in zip(key, self.shape, strict=False))
        return sum(low * self._strides.get(axis, 0) for axis, low in enumerate(lows))

    def _distances(self, shape: Sequence[int]) -> Array:
        """Distances of a part's places from the end of the input, if the part begins at 0."""
        first = min(self._strides)
        shape = (*(1 for _ in shape[:first]), *shape[first:])
        known = self._pattern
        if known.shape[first + 1 :] != shape[first + 1 :] or known.shape[first] < shape[first]:
            known = np.full(shape, self._places, self.dtype)
            for axis, stride in self._strides.items():
                at = np.arange(shape[axis], dtype=self.dtype) * self.dtype.type(stride)
                known -= at.reshape((-1,) + (1,) * (len(shape) - axis - 1))
            self._pattern = known
        return known[(*(slice(None),) * first, slice(0, shape[first]))]

    def _ordered(self, part: Array) -> Array:
        """Map values to unsigned integers, the best of them to the largest."""
        ordered = self._scratch("ordered", part.shape, self._bits)
        if part.dtype.kind != "f":
            np.bitwise_xor(part.view(self._bits), self._turn, out=ordered)
            return ordered
        np.add(part, 0.0, out=ordered.view(part.dtype))  # -0.0 becomes 0.0, its equal
        signs = self._scratch("signs", part.shape, self._bits)
        signed = np.dtype(f"i{part.dtype.itemsize}")
        last = signed.type(8 * part.dtype.itemsize - 1)
        # The bits of floats, read as integers, are in order but for negative ones, which run
        # backwards: all their bits are turned over, and of other numbers the sign alone.
        np.right_shift(ordered.view(signed), last, out=signs.view(signed))
        np.bitwise_or(signs, self._sign, out=signs)
        np.bitwise_xor(ordered, signs, out=ordered)
        if self._turn != self._sign:
            np.invert(ordered, out=ordered)
        return ordered

    def _mark_nans(self, part: Array, keys: Array) -> None:
        """Rank a NaN above all numbers, and a later one above an earlier one."""
        nans = self._scratch("nans", part.shape, np.dtype(bool))
        if np.isnan(part, out=nans).any():
            places = self.dtype.type(self._places + 1) - (keys[nans] & self._mask)
            keys[nans] = (self._highest << self._shift) + places

    def take_apart(self, best: Array, values: Array, indices: Array) -> None:
        """Fill in the values of these keys and their places; -1 for a window without a tap."""
        distance = self._scratch("distances", best.shape, self.dtype)
        np.bitwise_and(best, self._mask, out=distance)
        np.copyto(indices, distance, casting="unsafe")
        np.subtract(self._places, indices, out=indices)
        missing = None if best.all() else best == 0
        np.right_shift(best, self._shift, out=best)
        ordered = self._scratch("ordered values", best.shape, self._bits)
        np.copyto(ordered, best, casting="unsafe")
        if values.dtype.kind == "f":
            nans = ordered == self._bits.type(self._highest)
            self._as_floats(ordered, values)
            if nans.any():
                values[nans] = np.nan
                indices[nans] = self._places - 1 - indices[nans]
        else:
            np.bitwise_xor(ordered, self._turn, out=ordered)
            np.copyto(values, ordered.view(values.dtype))
        if missing is not None:
            values[missing], indices[missing] = self._none, -1

    def _as_floats(self, ordered: Array, values: Array) -> None:
        """Undo `_ordered`."""
        if self._turn != self._sign:
            np.invert(ordered, out=ordered)
        signed = np.dtype(f"i{ordered.dtype.itemsize}")
        positive = ordered.view(signed) >> signed.type(8 * ordered.dtype.itemsize - 1)
        turned = np.invert(positive, out=positive).view(self._bits)
        np.bitwise_xor(ordered, turned | self._sign, out=ordered)
        np.copyto(values, ordered.view(values.dtype))
