"""The largest or smallest value of every window."""

import numpy as np

from poolcli.core.engine.bands import pool_stages
from poolcli.core.engine.reduction import extreme_reduction
from poolcli.core.geometry.plan import Plan, destination
from poolcli.core.types import Array

__all__ = ["extreme"]


def extreme(ufunc: np.ufunc, plan: Plan, out: Array | None = None) -> Array:
    """Pool by ``np.maximum`` or ``np.minimum``; padding never wins."""
    result, fill = destination(plan.x, plan.shape, plan.x.dtype, out)
    with np.errstate(invalid="ignore"):
        pool_stages(extreme_reduction(ufunc, plan.x.dtype), plan.x, plan.todo, result)
    return fill(result)
