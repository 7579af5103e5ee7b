"""Generalised means: (mean of x^p)^(1/p)."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from math import isinf, isnan, log
from typing import Any

import numpy as np

from poolcli.core.engine.bands import pool_stages
from poolcli.core.engine.reduction import Reduction
from poolcli.core.geometry.arguments import number
from poolcli.core.geometry.plan import Plan, destination
from poolcli.core.inputs import MappedSource
from poolcli.core.poolings.divisors import Divisors
from poolcli.core.poolings.extrema import extreme
from poolcli.core.poolings.means import average
from poolcli.core.types import Array, Source
from poolcli.errors import PoolingError, WindowError

__all__ = ["generalised_mean"]

_LARGEST_EXPONENT = 700.0
"""exp of this, and of minus this, is still a float64 of full precision."""

_WIDE = np.dtype(np.float64)
_ADD = Reduction(np.add, 0.0, _WIDE, idempotent=False)
_ADD_LOGARITHMS = Reduction(np.logaddexp, -np.inf, _WIDE, idempotent=False)


class _OutOfRangeError(Exception):
    """A power, or a sum of powers, might leave the range of float64."""


def generalised_mean(
    plan: Plan,
    power: float,
    divisors: Divisors,
    out: Array | None = None,
    present: Source | None = None,
) -> Array:
    """Pool by the generalised mean, in float64; p = 1 is the mean itself.

    Where x^p could leave the range of float64 the sums are taken of logarithms.

    Parameters
    ----------
    present : Source, optional
        The values that have a vote, for powers but 1 and infinity. The others must be 1.

    Raises
    ------
    WindowError
        If the power is 0 or NaN.
    PoolingError
        If integers are negative and the power is not an integer.
    TypeError
        If the power is not a number.
    """
    power = number("power", power)
    if power == 0 or isnan(power):
        raise WindowError(f"power {power:g} has no mean; use 1 for avg, 2 for rms, inf for max …")
    if isinf(power):
        return extreme(np.maximum if power > 0 else np.minimum, plan, out)
    if power == 1:
        return average(plan, divisors, out)
    if power < 0:  # a zero would make every mean 0, so padding never counts
        divisors = replace(divisors, include_pad=False)
    result, fill = destination(plan.x, plan.shape, plan.x.dtype, out)
    mean = _Mean(power, divisors, plan.x.dtype)
    with np.errstate(all="ignore"):
        try:
            lifted = _Lifted(plan.x, mean.powers, present, 0.0)
            pool_stages(_ADD, lifted, plan.todo, result, mean.finish)
        except _OutOfRangeError:
            _by_logarithms(plan, mean, result, present)
    return fill(result)


class _Lifted(MappedSource):
    """The powers of values, or their logarithms; of values without a vote, what adds nothing."""

    def __init__(
        self, x: Source, function: Callable[[Array], Array], present: Source | None, none: float
    ) -> None:
        super().__init__(x, function, _WIDE)
        self._present, self._none = present, none

    def __getitem__(self, key: tuple[slice, ...]) -> Array:
        lifted = super().__getitem__(key)
        if self._present is not None:
            np.copyto(lifted, self._none, where=~self._present[key])
        return lifted


def _by_logarithms(plan: Plan, mean: "_Mean", result: Array, present: Source | None) -> None:
    if not (mean.odd and plan.x.dtype.kind in "if"):
        lifted = _Lifted(plan.x, mean.logarithms, present, -np.inf)
        pool_stages(_ADD_LOGARITHMS, lifted, plan.todo, result, mean.finish_logarithms)
        return
    # An odd power keeps the sign, and a logarithm has none: both sums are kept whole.
    positive, negative = np.empty(plan.shape), np.empty(plan.shape)
    for sums, below in ((positive, False), (negative, True)):
        logarithms = partial(mean.logarithms, below=below)
        lifted = _Lifted(plan.x, logarithms, present, -np.inf)
        pool_stages(_ADD_LOGARITHMS, lifted, plan.todo, sums)
    high, low = np.maximum(positive, negative), np.minimum(positive, negative)
    total = high + np.log1p(-np.exp(low - high))
    total[high == -np.inf] = -np.inf
    sign = np.where(negative > positive, -1.0, 1.0)
    whole = result[(slice(None),) * len(plan.shape)]
    mean.finish_logarithms(total, whole, (0,) * total.ndim, sign)


@dataclass(frozen=True, slots=True)
class _Mean:
    """The functions of values before they are summed, and of the sums afterwards."""

    power: float
    divisors: Divisors
    dtype: np.dtype[Any]

    @property
    def odd(self) -> bool:
        """True if the power of a negative value is negative."""
        return self.power % 2 == 1

    def powers(self, x: Array) -> Array:
        """x^p, if that and any window's sum of it are sure to be float64."""
        self._check(x)
        if self.dtype == np.uint8:
            table: Array = np.power(np.arange(256, dtype=_WIDE), self.power)
            return table[x]
        wide = x.astype(_WIDE)
        if self.power in (2, 3):
            cube = wide * wide
            return cube * wide if self.power == 3 else cube
        return np.power(wide, self.power, out=wide)

    def logarithms(self, x: Array, below: bool | None = None) -> Array:
        """Take logarithms of |x|^p; with ``below``, of the values on one side of zero only."""
        self._check_signs(x)
        wide = x.astype(_WIDE)
        logs = self.power * np.log(np.abs(wide))
        if self.power % 1:
            logs[wide < 0] = np.nan
        if below is not None:
            logs[wide >= 0 if below else wide < 0] = -np.inf
        return logs

    def _check(self, x: Array) -> None:
        self._check_signs(x)
        if self._exponent(*_range(self.dtype)) > _LARGEST_EXPONENT:
            sizes = np.abs(x.astype(_WIDE))
            high = np.max(sizes, initial=1, where=np.isfinite(sizes))
            low = np.min(sizes, initial=1, where=sizes > 0)
            if self._exponent(low, high) > _LARGEST_EXPONENT:
                raise _OutOfRangeError

    def _exponent(self, low: float, high: float) -> float:
        """Bound the sums' logarithms, up and down."""
        return abs(self.power) * max(-log(low), log(high)) + log(self.divisors.taps + 1)

    def _check_signs(self, x: Array) -> None:
        if self.power % 1 and self.dtype.kind == "i" and np.any(x < 0):
            raise PoolingError(
                f"negative values have no power {self.power:g}; "
                "use an odd or even integer, or floats"
            )

    def finish(self, sums: Array, out: Array, origin: tuple[int, ...]) -> None:
        """Turn sums of powers into means."""
        for where, divisor in self.divisors.blocks(out.shape, origin):
            self._deliver(self._root(sums[where] / divisor), out[where])

    def _root(self, mean: Array) -> Array:
        if self.power == 2:
            return np.sqrt(mean)
        size = np.abs(mean) if self.odd else mean
        root = np.cbrt(size) if self.power == 3 else np.power(size, 1 / self.power)
        return np.copysign(root, mean) if self.odd else root

    def finish_logarithms(
        self, sums: Array, out: Array, origin: tuple[int, ...], sign: Array | None = None
    ) -> None:
        """Turn logarithms of sums into means."""
        for where, divisor in self.divisors.blocks(out.shape, origin):
            values = np.exp((sums[where] - np.log(divisor)) / self.power)
            self._deliver(values if sign is None else values * sign[where], out[where])

    def _deliver(self, values: Array, out: Array) -> None:
        """Write floats as they are, and integers rounded half up, 0 where there was no tap."""
        if self.dtype.kind != "f":
            low, high = map(float, _limits(self.dtype))
            values = np.clip(np.floor(np.nan_to_num(values, nan=0.0) + 0.5), low, high)
            if high == 2.0 ** (8 * self.dtype.itemsize - (self.dtype.kind == "i")):
                values = np.minimum(values, np.nextafter(high, 0))  # itself is one too large
        np.copyto(out, values, casting="unsafe")


def _limits(dtype: np.dtype[Any]) -> tuple[int, int]:
    return (0, 1) if dtype.kind == "b" else (np.iinfo(dtype).min, np.iinfo(dtype).max)


def _range(dtype: np.dtype[Any]) -> tuple[float, float]:
    """Sizes of the smallest and the largest number that is not 0."""
    if dtype.kind == "f":
        limits = np.finfo(min(dtype, _WIDE))
        return float(limits.smallest_subnormal), float(limits.max)
    low, high = _limits(dtype)
    return 1.0, float(max(-low, high))
