"""The one door to what each operation computes, which is loaded by the operation that needs it."""

from typing import TYPE_CHECKING, Any, Literal, overload

from poolcli.core.geometry.arguments import checked_share
from poolcli.core.operations import OPERATIONS, checked_name, result_dtype
from poolcli.errors import PoolingError

if TYPE_CHECKING:
    from poolcli.core.geometry.plan import Plan
    from poolcli.core.poolings.divisors import Divisors
    from poolcli.core.poolings.present import Missing
    from poolcli.core.types import Array

__all__ = ["pool"]


@overload
def pool(
    plan: "Plan", name: str, *, count_include_pad: bool = ..., divisor_override: int | None = ...,
    power: float = ..., channel_axis: int | None = ..., alpha: bool = ...,
    missing: "Missing | None" = ..., quantile: float = ..., dtype: Any = ...,
    return_indices: Literal[False] = ..., out: "Array | None" = ...,
) -> "Array": ...  # fmt: skip
@overload
def pool(
    plan: "Plan", name: str, *, count_include_pad: bool = ..., divisor_override: int | None = ...,
    power: float = ..., channel_axis: int | None = ..., alpha: bool = ...,
    missing: "Missing | None" = ..., quantile: float = ..., dtype: Any = ...,
    return_indices: bool, out: "Array | None" = ...,
) -> "Array | tuple[Array, Array]": ...  # fmt: skip
def pool(
    plan: "Plan",
    name: str,
    *,
    count_include_pad: bool = True,
    divisor_override: int | None = None,
    power: float = 3.0,
    channel_axis: int | None = None,
    alpha: bool = False,
    missing: "Missing | None" = None,
    quantile: float = 0.5,
    dtype: Any = None,
    return_indices: bool = False,
    out: "Array | None" = None,
) -> "Array | tuple[Array, Array]":
    """Pool a plan by the operation of that name.

    Parameters
    ----------
    count_include_pad : bool
        For avg and gem.
    divisor_override : int, optional
        For avg.
    power : float
        For gem.
    channel_axis : int, optional
        For mode: the axis of a pixel's channels, which are compared together.
    alpha : bool
        Whether the last of the plan's axes holds channels and the last channel is alpha, so that
        invisible pixels have no vote in a colour. Unsigned integers (H, W, channels) only.
    missing : Missing, optional
        The values that have no vote, without ``alpha`` and indices.
    quantile : float
        For quantile.
    dtype : dtype_like, optional
        For sum, range and std: the dtype of the result.
    return_indices : bool
        For max and min, without ``out``.
    out : ndarray, optional
        Where the result goes, without ``alpha``.

    Raises
    ------
    WindowError
        If there is no operation of that name, or the power or divisor is 0.
    PoolingError
        If the operation tells no indices, or ``out`` does not suit.
    """
    traits = OPERATIONS[checked_name(name)]
    if return_indices and (out is not None or not traits.tells_indices):
        raise PoolingError("indices are told by max and min, without out; leave one of them out")
    if missing is not None and (alpha or return_indices):
        raise PoolingError("missing values go with neither alpha nor indices; leave one out")
    more: dict[str, Any] = {"channel_axis": channel_axis, "out": out}
    if traits.takes_dtype or traits.takes_quantile:
        more["share"] = checked_share("quantile", quantile)
        more["dtype"] = result_dtype(name, plan.x.dtype, dtype)
        return _measured(plan, name, alpha, missing, more)
    if missing is not None and missing.in_any(plan.x.dtype):
        from poolcli.core.poolings.missing import pool_present

        divisors = _divisors(plan, count_include_pad, divisor_override)
        return pool_present(plan, name, missing, divisors, power=power, **more)
    if traits.tells_indices:
        return _extreme(plan, name, alpha, return_indices, out)
    if traits.is_mean:
        divisors = _divisors(plan, count_include_pad, divisor_override)
        return _mean(plan, name, divisors, power, alpha, out)
    return _ranked(plan, name, channel_axis, alpha, out)


def _divisors(plan: "Plan", count_include_pad: bool, divisor_override: int | None) -> "Divisors":
    from poolcli.core.geometry.plan import checked_divisor
    from poolcli.core.poolings.divisors import Divisors

    return Divisors(plan.stages, count_include_pad, checked_divisor(divisor_override))


def _measured(
    plan: "Plan", name: str, alpha: bool, missing: "Missing | None", more: dict[str, Any]
) -> "Array":
    """Pool by what needs the values that are there, and their number: all of them, or some."""
    from poolcli.core.poolings.missing import pool_present
    from poolcli.core.poolings.present import Missing

    if alpha:
        from poolcli.core.poolings.alpha import without_invisible

        return without_invisible(plan, name, _divisors(plan, True, None), **more)
    if name == "quantile" and not (missing and missing.in_any(plan.x.dtype)):
        from poolcli.core.poolings.ranks.rank_pooling import median

        return median(plan, more["out"], None, more["share"])
    none = Missing() if missing is None or not missing.in_any(plan.x.dtype) else missing
    return pool_present(plan, name, none, _divisors(plan, True, None), **more)


def _extreme(
    plan: "Plan", name: str, alpha: bool, return_indices: bool, out: "Array | None"
) -> "Array | tuple[Array, Array]":
    import numpy as np

    ufunc = np.maximum if name == "max" else np.minimum
    if alpha:
        from poolcli.core.poolings.alpha import visible_extreme, visible_extreme_with_indices

        return (visible_extreme_with_indices if return_indices else visible_extreme)(ufunc, plan)
    if return_indices:
        from poolcli.core.poolings.argextrema import extreme_with_indices

        return extreme_with_indices(ufunc, plan)
    from poolcli.core.poolings.extrema import extreme

    return extreme(ufunc, plan, out)


def _mean(
    plan: "Plan", name: str, divisors: "Divisors", power: float, alpha: bool, out: "Array | None"
) -> "Array":
    if name == "avg":
        if alpha:
            from poolcli.core.poolings.alpha import visible_average

            return visible_average(plan, divisors)
        from poolcli.core.poolings.means import average

        return average(plan, divisors, out)
    if alpha:
        from poolcli.core.poolings.alpha import visible_generalised_mean

        return visible_generalised_mean(plan, power, divisors)
    from poolcli.core.poolings.power_means import generalised_mean

    return generalised_mean(plan, power, divisors, out)


def _ranked(
    plan: "Plan", name: str, channel_axis: int | None, alpha: bool, out: "Array | None"
) -> "Array":
    if alpha:
        from poolcli.core.poolings.alpha import visible_median, visible_mode

        return visible_median(plan) if name == "median" else visible_mode(plan)
    from poolcli.core.poolings.ranks.rank_pooling import median, mode

    return median(plan, out) if name == "median" else mode(plan, out, channel_axis)
