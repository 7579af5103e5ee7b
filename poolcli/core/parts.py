"""Any part of an output, computed from just the part of the input that its windows touch."""

from collections.abc import Sequence
from typing import Any, Literal, overload

import numpy as np

from poolcli.core.dispatch import pool
from poolcli.core.geometry.boxes import Box, needed, part_of
from poolcli.core.geometry.plan import Plan
from poolcli.core.types import Array, Indices

__all__ = ["pool_part"]


@overload
def pool_part(
    plan: Plan, where: Sequence[slice], name: str, *, channel_axis: int | None = ...,
    alpha: bool = ..., return_indices: Literal[False] = ..., **parameters: Any,
) -> Array: ...  # fmt: skip
@overload
def pool_part(
    plan: Plan, where: Sequence[slice], name: str, *, channel_axis: int | None = ...,
    alpha: bool = ..., return_indices: Literal[True], **parameters: Any,
) -> tuple[Array, Indices]: ...  # fmt: skip
def pool_part(
    plan: Plan,
    where: Sequence[slice],
    name: str,
    *,
    channel_axis: int | None = None,
    alpha: bool = False,
    return_indices: bool = False,
    **parameters: Any,
) -> Array | tuple[Array, Indices]:
    """Compute a part of an output, reading just the part of the input that it needs.

    Parameters
    ----------
    plan : Plan
        Of the whole output.
    where : sequence of slice
        One for each axis, with start and stop, none empty.
    name, channel_axis, alpha, return_indices, **parameters
        As in `dispatch.pool`, without ``out``.

    Returns
    -------
    ndarray
        ``pool(plan, name, …)[where]``, to the bit for integers and booleans, and for what max, min,
        median and mode choose among floats. What is summed in floating point may differ in the last
        bits, as a part may be summed in another order than the whole: avg and sum of floats, gem
        and std, whose integers are rounded from float64.
    indices : ndarray of int64
        Only with ``return_indices``: flat positions in the pooled axes of the whole input.

    Examples
    --------
    >>> from poolcli.core.geometry.plan import plan_sliding
    >>> plan = plan_sliding(np.arange(20).reshape(2, 10), None, (2, 3), (1, 2), (0, 1), 1, False)
    >>> pool_part(plan, (slice(0, 1), slice(3, 5)), "max")
    array([[17, 19]])
    """
    widened = list(where)
    together = len(plan.shape) - 1 if alpha else channel_axis
    if together is not None:  # a pixel's channels are compared, or weighed, together
        widened[together] = slice(0, plan.shape[together])
    box = tuple(widened)
    part = part_of(plan, box, np.asarray(plan.x[needed(plan, box)]))
    wanted = tuple(
        slice(span.start - wide.start, span.stop - wide.start)
        for span, wide in zip(where, widened, strict=True)
    )
    options = {**parameters, "channel_axis": channel_axis, "alpha": alpha}
    values: Array
    if not return_indices:
        values = pool(part, name, return_indices=False, **options)
        return values[wanted]
    values, indices = pool(part, name, return_indices=True, **options)
    found: Indices = _in_whole(indices, plan, part, box)[wanted]
    return values[wanted], found


def _in_whole(indices: Array, plan: Plan, part: Plan, where: Box) -> Array:
    """Turn flat positions in the part of the input into those in the whole; -1 stays."""
    origin = needed(plan, where)
    rest, flat, scale = np.maximum(indices, 0), np.zeros_like(indices), 1
    for whole, some in zip(reversed(plan.stages), reversed(part.stages), strict=True):
        rest, place = np.divmod(rest, some.length)
        flat += (place + origin[whole.axis].start) * scale
        scale *= whole.length
    flat[indices < 0] = -1
    return flat
