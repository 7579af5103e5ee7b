"""Means of sRGB samples in linear light: of what the samples stand for, not of their codes."""

from collections.abc import Callable
from functools import cache, partial

import numpy as np

from poolcli.core.engine.bands import pool_stages
from poolcli.core.engine.reduction import Reduction
from poolcli.core.geometry.plan import Plan
from poolcli.core.inputs import MappedSource
from poolcli.core.poolings.alpha import alpha_alone
from poolcli.core.poolings.divisors import Divisors
from poolcli.core.poolings.means import average
from poolcli.core.poolings.power_means import generalised_mean
from poolcli.core.types import Array
from poolcli.errors import PoolingError

__all__ = ["linear_mean"]

_LARGEST_POWER = 40.0
"""Powers of the darkest 16-bit code are float64s of full precision up to this one."""


def linear_mean(
    plan: Plan, divisors: Divisors, power: float = 1.0, *, has_alpha: bool, weighed: bool
) -> Array:
    """Pool sRGB samples by the generalised mean of their light, (Σ l^p / n)^(1/p).

    Each code c is decoded to light l by the curve of IEC 61966-2-1, in float64; sums and roots are
    of float64 too, and the mean is encoded by the inverse curve and rounded half up, once. So the
    result is the code nearest to the exact mean, but for means within 1e-9 codes of the middle
    between two codes. Alpha has no curve: it is pooled as a plain channel.

    Parameters
    ----------
    plan : Plan
        Of (H, W, channels) uint8 or uint16.
    power : float
        1 for the mean.
    has_alpha : bool
        Whether the last channel is alpha.
    weighed : bool
        Whether colours are weighed by alpha, Σ l·a / Σ a, so that invisible pixels do not count.

    Returns
    -------
    (H', W', channels) ndarray
        Of the same dtype.

    Raises
    ------
    PoolingError
        If the power is beyond what float64 holds of dark samples.

    Examples
    --------
    >>> from poolcli.core.geometry.plan import checked_input, plan_stages
    >>> from poolcli.core.geometry.stage import Stage
    >>> from poolcli.core.geometry.windows import Window
    >>> x = np.array([[[0], [255]]], np.uint8)
    >>> stages = [Stage(axis, Window(n, n), n, 1) for axis, n in ((0, 1), (1, 2))]
    >>> linear_mean(plan_stages(x, stages), Divisors(stages), has_alpha=False, weighed=False).item()
    188
    """
    if abs(power) > _LARGEST_POWER:
        raise PoolingError(
            f"--linear takes powers from -{_LARGEST_POWER:g} to {_LARGEST_POWER:g}, not {power:g}"
        )
    dtype = plan.x.dtype
    colours = slice(None, -1 if has_alpha else None)
    with np.errstate(divide="ignore"):
        light = _light(dtype.name) ** power

    def weigh(band: Array) -> Array:
        out = np.empty(band.shape, np.float64)
        out[..., colours] = light[band[..., colours]]
        if has_alpha:
            out[..., -1] = band[..., -1]
        if weighed:
            alpha = out[..., -1:]
            out[..., :-1] = np.where(alpha > 0, out[..., :-1] * alpha, 0)
        return out

    out = np.empty(plan.shape, dtype)
    add = Reduction(np.add, 0.0, np.dtype(np.float64), idempotent=False)
    finish: Callable[[Array, Array, tuple[int, ...]], None] = partial(
        _finish_weighed if weighed else _finish, divisors=divisors, power=power
    )
    with np.errstate(all="ignore"):
        pool_stages(add, MappedSource(plan.x, weigh, np.float64), plan.todo, out, finish)
    if has_alpha:
        alone = alpha_alone(plan)
        if power == 1.0:
            out[..., -1:] = average(alone, divisors)
        else:
            out[..., -1:] = generalised_mean(alone, power, divisors)
    return out


@cache
def _light(dtype: str) -> Array:
    """Decode every code of a dtype to light, 0 to 1."""
    top = np.iinfo(dtype).max
    codes = np.arange(top + 1) / top
    return np.where(codes <= 0.04045, codes / 12.92, ((codes + 0.055) / 1.055) ** 2.4)


def _encode(light: Array, out: Array) -> None:
    light = np.nan_to_num(light, nan=0.0).clip(0, 1)
    codes = np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055)
    out[...] = np.floor(codes * np.iinfo(out.dtype).max + 0.5)


def _finish(
    sums: Array, out: Array, origin: tuple[int, ...], *, divisors: Divisors, power: float
) -> None:
    for where, divisor in divisors.blocks(out.shape, origin):
        sizes = np.where(np.equal(divisor, 0), 1, divisor)
        _encode((sums[where] / sizes) ** (1 / power), out[where])


def _finish_weighed(
    sums: Array, out: Array, _origin: tuple[int, ...], *, divisors: Divisors, power: float
) -> None:
    del divisors  # weights divide in their place
    _encode((sums[..., :-1] / sums[..., -1:]) ** (1 / power), out[..., :-1])
