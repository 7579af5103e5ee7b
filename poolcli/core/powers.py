"""Generalised means: (mean of x^p)^(1/p)."""

from collections.abc import Callable
from functools import partial
from math import isinf, isnan, log
from typing import Any

import numpy as np

from poolcli.core.averages import Divisors
from poolcli.core.bands import pool_stages
from poolcli.core.extremes import extreme
from poolcli.core.inputs import Plan, destination
from poolcli.core.kernels import Array, Reduction, Source
from poolcli.errors import PoolingError, WindowError

__all__ = ["Lifted", "generalised_mean"]

_LARGEST_EXPONENT = 700.0
"""exp of this is still a float64."""


class Lifted:
    """A source whose values pass through a function when they are read."""

    def __init__(self, source: Source, function: Callable[[Array], Array], dtype: Any) -> None:
        self._source, self._function = source, function
        self.shape, self.dtype = source.shape, np.dtype(dtype)

    def __getitem__(self, key: tuple[slice, ...]) -> Array:
        return self._function(self._source[key])


def generalised_mean(
    plan: Plan, power: float, divisors: Divisors, out: Array | None = None
) -> Array:
    """Pool by the generalised mean, in float64.

    Where x^p could leave the range of float64 the sums are taken of logarithms.

    Raises
    ------
    WindowError
        If the power is 0 or NaN.
    """
    if power == 0 or isnan(power):
        raise WindowError(f"power {power:g} has no mean; use 1 for avg, 2 for rms, inf for max …")
    if isinf(power):
        return extreme(np.maximum if power > 0 else np.minimum, plan, out)
    result, fill = destination(plan.x, plan.shape, plan.x.dtype, out)
    kind = plan.x.dtype.kind
    logarithms = abs(power) * _log_range(plan.x.dtype, divisors.taps) > _LARGEST_EXPONENT
    if logarithms:
        add = Reduction(np.logaddexp, -np.inf, np.dtype(np.float64), idempotent=False)
        lift = partial(_log_power, power=power)
    else:
        add = Reduction(np.add, 0.0, np.dtype(np.float64), idempotent=False)
        lift = partial(_power, power=power)
    finish = partial(
        _root, power=power, divisors=divisors, logarithms=logarithms, whole=kind in "iub"
    )
    with np.errstate(all="ignore"):
        pool_stages(add, Lifted(plan.x, lift, np.float64), plan.todo, result, finish)
    return fill(result)


def _log_range(dtype: np.dtype[Any], taps: int) -> float:
    if dtype.kind == "b":
        return log(taps + 1)
    if dtype.kind == "f":
        # float64 data are taken to be of float32's range; more would always need logarithms.
        return log(np.finfo(min(dtype, np.dtype(np.float32))).max)
    return log(np.iinfo(dtype).max) + log(taps + 1)


def _power(x: Array, power: float) -> Array:
    if x.dtype.kind == "u" and x.dtype.itemsize == 1:
        return np.power(np.arange(256, dtype=np.float64), power)[x]
    return np.power(x, power, dtype=np.float64)


def _log_power(x: Array, power: float) -> Array:
    return power * np.log(x, dtype=np.float64)


def _root(
    sums: Array,
    out: Array,
    origin: tuple[int, ...],
    *,
    power: float,
    divisors: Divisors,
    logarithms: bool,
    whole: bool,
) -> None:
    for where, divisor in divisors.blocks(out.shape, origin):
        part = sums[where]
        if logarithms:
            values = np.exp((part - np.log(divisor)) / power)
        else:
            mean = part / divisor
            values = np.power(mean, 1 / power)
            if power % 2 == 1:  # an odd root has the sign of what it is taken of
                values = np.copysign(np.power(np.abs(mean), 1 / power), mean)
        if whole:
            values = _rounded(values, out.dtype, power)
        np.copyto(out[where], values, casting="unsafe")


def _rounded(values: Array, dtype: np.dtype[Any], power: float) -> Array:
    if np.isnan(values).any():
        raise PoolingError(
            f"negative values have no power {power:g}; use an odd or even integer, or floats"
        )
    low, high = (0, 1) if dtype.kind == "b" else (np.iinfo(dtype).min, np.iinfo(dtype).max)
    rounded: Array = np.clip(np.floor(values + 0.5), low, high)
    return rounded
