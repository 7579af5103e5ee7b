"""Pooling of pixels whose last channel is alpha: an invisible pixel has no vote in a colour.

Of each window only the pixels with alpha above 0 give their colour; means weigh it by alpha,
Σ c·a / Σ a. Alpha itself is pooled like any channel. Where no pixel of a window is visible, the
colour is 0.
"""

from functools import partial
from typing import Any

import numpy as np

from poolcli.core.engine.bands import pool_stages
from poolcli.core.engine.reduction import Reduction
from poolcli.core.engine.taps import Taps, taps
from poolcli.core.geometry.plan import Plan
from poolcli.core.inputs import MappedSource
from poolcli.core.poolings.argextrema import extreme_with_indices
from poolcli.core.poolings.divisors import Divisors
from poolcli.core.poolings.extrema import extreme
from poolcli.core.poolings.means import average
from poolcli.core.poolings.missing import pool_present
from poolcli.core.poolings.power_means import generalised_mean
from poolcli.core.poolings.present import Missing
from poolcli.core.poolings.ranks.order_statistic import middle
from poolcli.core.poolings.ranks.rank_pooling import mode
from poolcli.core.types import Array, Source

__all__ = [
    "alpha_alone",
    "opaque",
    "visible_average",
    "visible_extreme",
    "visible_extreme_with_indices",
    "visible_generalised_mean",
    "visible_median",
    "visible_mode",
    "without_invisible",
]

_ROWS = 32
_LARGEST_POWER = 100.0
"""Powers of values in [0, 1] are float64s of full precision up to this one, even of 1/255."""


def opaque(x: Source) -> bool:
    """Tell whether every pixel of (H, W, channels) is wholly visible."""
    high = np.iinfo(x.dtype).max
    every = slice(None)
    return all(
        bool((x[slice(low, low + _ROWS), every, slice(-1, None)] == high).all())
        for low in range(0, x.shape[0], _ROWS)
    )


def visible_mode(plan: Plan) -> Array:
    """Pool by the mode of whole pixels, of which all invisible ones are alike."""
    return mode(plan._replace(x=_hidden(plan.x, 0)), None, 2)


def _hidden(x: Source, value: int) -> Source:
    """Give the colours of invisible pixels this value."""

    def hide(band: Array) -> Array:
        invisible = band[..., -1] == 0
        if not invisible.any():
            return band
        band = band.copy()
        band[..., :-1][invisible] = value
        return band

    return MappedSource(x, hide, x.dtype)


def alpha_alone(plan: Plan) -> Plan:
    """Lay the same windows on alpha alone."""
    x = MappedSource(plan.x, lambda band: band[..., -1:], plan.x.dtype)
    x.shape = (*plan.x.shape[:-1], 1)
    return Plan(x, plan.stages, (*plan.shape[:-1], 1))


def visible_extreme(ufunc: np.ufunc, plan: Plan) -> Array:
    """Pool by ``np.maximum`` or ``np.minimum`` of what is visible."""
    loser = 0 if ufunc is np.maximum else int(np.iinfo(plan.x.dtype).max)
    values = extreme(ufunc, plan._replace(x=_hidden(plan.x, loser)))
    if loser:
        invisible = extreme(np.maximum, alpha_alone(plan))[..., 0] == 0
        values[..., :-1][invisible] = 0
    return values


def visible_extreme_with_indices(ufunc: np.ufunc, plan: Plan) -> tuple[Array, Array]:
    """Pool as `visible_extreme` does, with indices; -1 for a colour of which nothing is visible."""
    # A value that no colour has, lest an invisible pixel be found in place of a visible one.
    loser = -1 if ufunc is np.maximum else int(np.iinfo(plan.x.dtype).max) + 1
    wide = MappedSource(plan.x, lambda band: band.astype(np.int64), np.int64)
    values, indices = extreme_with_indices(ufunc, plan._replace(x=_hidden(wide, loser)))
    none = values[..., :-1] == loser
    values[..., :-1][none] = 0
    indices[..., :-1][none] = -1
    return np.where(indices < 0, 0, values).astype(plan.x.dtype), indices


def visible_average(plan: Plan, divisors: Divisors) -> Array:
    """Pool by the mean of colours weighed by alpha, Σ c·a / Σ a, rounded half up once."""
    top = int(np.iinfo(plan.x.dtype).max)
    small = 2 * top * top * divisors.taps + top * divisors.taps <= np.iinfo(np.uint32).max
    dtype = np.dtype(np.uint32 if small else np.uint64)

    def weigh(band: Array) -> Array:
        weighed = band.astype(dtype)
        weighed[..., :-1] *= weighed[..., -1:]
        return weighed

    out = np.empty(plan.shape, plan.x.dtype)
    add = Reduction(np.add, 0, dtype, idempotent=False)
    pool_stages(add, MappedSource(plan.x, weigh, dtype), plan.todo, out, _finish_average)
    out[..., -1:] = average(alpha_alone(plan), divisors)
    return out


def _finish_average(sums: Array, out: Array, _origin: tuple[int, ...]) -> None:
    total = np.maximum(sums[..., -1:], 1)
    out[..., :-1] = (2 * sums[..., :-1] + total) // (2 * total)


def visible_generalised_mean(plan: Plan, power: float, divisors: Divisors) -> Array:
    """Pool by the generalised mean of colours weighed by alpha, (Σ c^p·a / Σ a)^(1/p)."""
    if np.isinf(power):
        return visible_extreme(np.maximum if power > 0 else np.minimum, plan)
    top = float(np.iinfo(plan.x.dtype).max)
    logarithms = abs(power) > _LARGEST_POWER

    def weigh(band: Array) -> Array:
        weighed = band / top
        alpha = weighed[..., -1:]
        if logarithms:
            return np.concatenate(
                [np.log(alpha) + power * np.log(weighed[..., :-1]), np.log(alpha)], -1
            )
        weighed[..., :-1] = np.where(alpha > 0, alpha * weighed[..., :-1] ** power, 0)
        return weighed

    ufunc, identity = (np.logaddexp, -np.inf) if logarithms else (np.add, 0.0)
    add = Reduction(ufunc, identity, np.dtype(np.float64), idempotent=False)
    finish = partial(_finish_generalised, power=power, top=top, logarithms=logarithms)
    out = np.empty(plan.shape, plan.x.dtype)
    with np.errstate(all="ignore"):
        pool_stages(add, MappedSource(plan.x, weigh, np.float64), plan.todo, out, finish)
    out[..., -1:] = generalised_mean(alpha_alone(plan), power, divisors)
    return out


def _finish_generalised(
    sums: Array,
    out: Array,
    _origin: tuple[int, ...],
    *,
    power: float,
    top: float,
    logarithms: bool,
) -> None:
    colours, weights = sums[..., :-1], sums[..., -1:]
    if logarithms:
        values = np.exp((colours - weights) / power)
    else:
        values = (colours / weights) ** (1 / power)
    out[..., :-1] = np.floor(np.nan_to_num(values * top, nan=0.0) + 0.5)


class _Invisible:
    """True for each colour of an invisible pixel."""

    def __init__(self, x: Source) -> None:
        self._x, self.shape, self.dtype = x, x.shape, np.dtype(bool)

    def __getitem__(self, key: tuple[slice, ...]) -> Array:
        band = self._x[key[:2]]
        invisible = np.repeat(band[..., -1:] == 0, band.shape[-1], axis=-1)
        invisible[..., -1] = False
        part: Array = invisible[(slice(None), slice(None), *key[2:])]
        return part


def without_invisible(plan: Plan, name: str, divisors: Divisors, **parameters: Any) -> Array:
    """Pool by an operation to which invisible pixels are as missing values are."""
    missing = Missing(mask=_Invisible(plan.x))
    masked: Any = pool_present(plan, name, missing, divisors, **parameters)
    pooled: Array = masked.data
    return pooled


def visible_median(plan: Plan) -> Array:
    """Pool by the median of what is visible."""
    out = np.empty(plan.shape, plan.x.dtype)
    for some in taps(plan, plan.x.dtype.itemsize):
        target = out[some.where]
        alphas = [plane[..., -1:] for plane in some.planes]
        middle(some._replace(planes=alphas), plan.x.dtype, target[..., -1:])
        seen = [alpha > 0 for alpha in alphas]
        colours = some._replace(planes=[plane[..., :-1] for plane in some.planes])
        if not all(one.all() for one in seen):
            colours = _only(colours, seen)
        middle(colours, plan.x.dtype, target[..., :-1])
        none = ~np.logical_or.reduce(colours.valid or [np.array(True)])
        target[..., :-1][np.broadcast_to(none, target[..., :-1].shape)] = 0
    return out


def _only(some: Taps, seen: list[Array]) -> Taps:
    """Keep the taps that exist and are seen."""
    exist = some.valid or [np.array(True)] * len(seen)
    return some._replace(valid=[a & b for a, b in zip(exist, seen, strict=True)])
