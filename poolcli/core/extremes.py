"""The largest or smallest value of every window."""

from typing import Any

import numpy as np

from poolcli.core.bands import pool_stages
from poolcli.core.inputs import Plan, destination
from poolcli.core.kernels import Array, Reduction

__all__ = ["extreme", "extreme_reduction"]


def extreme(ufunc: np.ufunc, plan: Plan, out: Array | None = None) -> Array:
    """Pool by ``np.maximum`` or ``np.minimum``; padding never wins."""
    result, fill = destination(plan.x, plan.shape, plan.x.dtype, out)
    with np.errstate(invalid="ignore"):
        pool_stages(extreme_reduction(ufunc, plan.x.dtype), plan.x, plan.todo, result)
    return fill(result)


def extreme_reduction(ufunc: np.ufunc, dtype: np.dtype[Any]) -> Reduction:
    """The reduction, whose identity is the value that loses against every other one."""
    native = dtype.newbyteorder("=")
    highest = ufunc is np.minimum
    identity: Any = highest
    if dtype.kind == "f":
        identity = np.inf if highest else -np.inf
    elif dtype.kind != "b":
        identity = np.iinfo(native).max if highest else np.iinfo(native).min
    return Reduction(ufunc, identity, native, idempotent=True)
