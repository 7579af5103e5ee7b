"""Missing values: they have no vote, and a window of too few others is missing itself.

An operation pools what is left of them: each missing value is replaced by one that changes nothing
(the identity of a maximum or a sum) or left out of those that are ranked, and they are counted
apart, so that a mean is divided by the number of the others. Nothing is less exact thereby.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import inf, prod
from typing import Any

import numpy as np

from poolcli.core.engine.bands import pool_stages
from poolcli.core.engine.reduction import Reduction, extreme_reduction
from poolcli.core.engine.taps import tiles_around
from poolcli.core.geometry.arguments import number
from poolcli.core.geometry.boxes import Box, needed, part_of
from poolcli.core.geometry.plan import Plan, destination, normal_channel_axis
from poolcli.core.inputs import MappedSource, PartOfSource
from poolcli.core.poolings.divisors import Divisors
from poolcli.core.poolings.extrema import extreme
from poolcli.core.poolings.means import average
from poolcli.core.poolings.power_means import generalised_mean
from poolcli.core.poolings.present import Filled, Missing, Present, stored_value
from poolcli.core.poolings.ranks.order_statistic import HALF
from poolcli.core.poolings.ranks.rank_pooling import median, mode
from poolcli.core.poolings.sums_and_spreads import add_up, deliver, deviate, widest
from poolcli.core.types import Array, Source
from poolcli.errors import PoolingError

__all__ = ["pool_present"]

_BOX_BYTES = 1 << 22
"""Size of a part of the output whose missing values are counted at a time."""


def pool_present(
    plan: Plan,
    name: str,
    missing: Missing,
    divisors: Divisors,
    *,
    power: float = 3.0,
    share: Fraction = HALF,
    channel_axis: int | None = None,
    dtype: np.dtype[Any] | None = None,
    out: Array | None = None,
) -> Array:
    """Pool the values that are not missing.

    Parameters
    ----------
    divisors : Divisors
        Those of means of which no value is missing.
    share : Fraction
        The quantile, for that.
    dtype : dtype, optional
        That of the result, for sums, ranges and deviations.

    Returns
    -------
    ndarray
        A masked array if there is a mask.

    Raises
    ------
    PoolingError
        If ``out`` is to hold a masked array; or as the operation does.
    """
    if missing.mask is not None and out is not None:
        raise PoolingError("out cannot hold a mask; leave it out")
    dtype = plan.x.dtype if dtype is None else dtype
    result, fill = destination(plan.x, plan.shape, dtype, out)
    lacks = None if missing.mask is None else np.zeros(plan.shape, bool)
    made = _Pooling(plan, name, missing, divisors, power, share, channel_axis)
    value = _missing_result(name, missing, dtype)
    for where in made.boxes():
        lacking = made.pool(where, result[where])
        if lacking.any():
            if value is None:
                raise PoolingError(
                    f"the skipped value {missing.value} does not fit {dtype.name}, the result's "
                    "dtype; use another"
                )
            np.copyto(result[where], value, where=lacking)
        if lacks is not None:
            lacks[where] = lacking
    return fill(result) if lacks is None else np.ma.MaskedArray(result, lacks)


def _missing_result(name: str, missing: Missing, dtype: np.dtype[Any]) -> Any:
    """Choose what stands for a window of which too little is there."""
    if missing.value is not None:
        return stored_value(missing.value, dtype)
    unknown = dtype.kind == "f" and name != "sum" and missing.mask is None
    return dtype.type(np.nan if unknown else 0)


@dataclass(frozen=True)
class _FewerDivisors(Divisors):
    """Divisors of the part of an output that begins at ``start``, less its missing values."""

    absent: Any = 0
    start: tuple[int, ...] = ()

    def blocks(
        self, shape: Sequence[int], origin: Sequence[int]
    ) -> Iterator[tuple[tuple[slice, ...], int | Array]]:
        here = tuple(slice(o, o + n) for o, n in zip(origin, shape, strict=True))
        in_all = [o + s for o, s in zip(origin, self.start, strict=True)]
        for where, divisor in super().blocks(shape, in_all):
            fewer = self.override is None
            yield where, divisor - self.absent[here][where] if fewer else divisor


def _part(plan: Plan, where: Box) -> Plan:
    """Plan a part of the output, of which only the input that it needs is read."""
    if all(span == slice(0, length) for span, length in zip(where, plan.shape, strict=True)):
        return plan
    return part_of(plan, where, PartOfSource(plan.x, needed(plan, where)))


class _Pooling:
    """A pooling of what is there, box by box of its output."""

    def __init__(
        self,
        plan: Plan,
        name: str,
        missing: Missing,
        divisors: Divisors,
        power: float,
        share: Fraction,
        channel_axis: int | None,
    ) -> None:
        self.plan, self.missing, self.divisors = plan, missing, divisors
        self.name, self.power, self.share = name, power, share
        if name == "gem":
            self.power = number("power", power)
            self.name = {1: "avg", inf: "max", -inf: "min"}.get(self.power, name)
        self.channel = None
        if name == "mode" and channel_axis is not None:
            self.channel = normal_channel_axis(channel_axis, plan)
        self.present = Present(plan.x, missing, self.channel)
        shape = list(plan.shape)
        if self.channel is not None:
            shape[self.channel] = 1
        self.counted = Plan(
            MappedSource(self.present, np.logical_not, bool), plan.stages, tuple(shape)
        )

    def boxes(self) -> Iterator[Box]:
        """Cut the output into parts, with a span of every axis."""
        shape = self.plan.shape
        if not prod(shape):
            return
        each = max(8, self.plan.x.dtype.itemsize)
        for tile in tiles_around(shape, each, self.channel, _BOX_BYTES):
            every = (*tile, *(slice(None),) * (len(shape) - len(tile)))
            yield tuple(slice(*span.indices(n)) for span, n in zip(every, shape, strict=True))

    def pool(self, where: Box, out: Array) -> Array:
        """Pool a part of the output; return where there were too few values."""
        absent = self._count_absent(where)
        start = tuple(span.start for span in where)
        of = self.divisors
        fewer = _FewerDivisors(of.stages, of.include_pad, of.override, absent, start)
        if self.name in ("max", "min"):
            ufunc = np.maximum if self.name == "max" else np.minimum
            loser = extreme_reduction(ufunc, self.plan.x.dtype).identity
            extreme(ufunc, self._filled(loser, where), out)
        elif self.name == "avg":
            average(self._filled(0, where), fewer, out)
        elif self.name == "gem":
            generalised_mean(self._filled(1, where), self.power, fewer, out, self._present(where))
        elif self.name == "mode":
            mode(_part(self.plan, where), out, self.channel, self._present(where))
        elif self.name == "sum":
            add_up(self._filled(0, where), out)
        elif self.name == "range":
            deliver(self._difference(where), out, self._lacking(absent, start))
        elif self.name == "std":
            deviations = deviate(_part(self.plan, where), self._present(where))
            deliver(deviations, out, self._lacking(absent, start))
        else:
            median(_part(self.plan, where), out, self._present(where), self.share)
        return self._lacking(absent, start)

    def _difference(self, where: Box) -> Array:
        """Subtract the smallest value of each window from the largest, without overrun."""
        ends = []
        for ufunc in (np.maximum, np.minimum):
            loser = extreme_reduction(ufunc, self.plan.x.dtype).identity
            ends.append(extreme(ufunc, self._filled(loser, where)))
        high, low = ends
        if high.dtype.kind == "f":
            with np.errstate(invalid="ignore", over="ignore"):
                return np.subtract(high, low, dtype=widest(high.dtype))
        # The difference of signed integers fits unsigned ones, in which it wraps around rightly.
        unsigned = np.dtype(np.uint64)
        return high.astype(unsigned) - low.astype(unsigned)

    def _filled(self, value: Any, where: Box) -> Plan:
        return _part(self.plan._replace(x=Filled(self.present, value)), where)

    def _present(self, where: Box) -> Source | None:
        if not self.missing.in_any(self.plan.x.dtype):
            return None
        return _part(self.counted._replace(x=self.present), self._spans(where)).x

    def _spans(self, where: Box) -> Box:
        """Give the part of the counts that belongs to a part of the output."""
        return tuple(
            slice(*span.indices(n)) for span, n in zip(where, self.counted.shape, strict=True)
        )

    def _count_absent(self, where: Box) -> Array:
        part = _part(self.counted, self._spans(where))
        absent = np.zeros(part.shape, np.int64)
        if not self.missing.in_any(self.plan.x.dtype):
            return absent
        taps = prod(stage.window.kernel for stage in part.stages)
        add = Reduction(np.add, 0, absent.dtype, idempotent=False, peak=taps)
        pool_stages(add, part.x, part.todo, absent)
        return absent

    def _lacking(self, absent: Array, start: Sequence[int]) -> Array:
        lacking = np.empty(absent.shape, bool)
        share = self.missing.min_valid
        inside = Divisors(self.plan.stages, include_pad=False)
        for some, count in inside.blocks(absent.shape, start):
            valid = count - absent[some]
            lacking[some] = (valid < 1) | (valid * share.denominator < share.numerator * count)
        return lacking
