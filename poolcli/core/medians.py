"""Medians of windows that slide over two axes side by side, by the network of `network`."""

from itertools import product
from math import prod

import numpy as np

from poolcli.core.inputs import Plan
from poolcli.core.kernels import Array, Scratch
from poolcli.core.network import Program, program
from poolcli.core.thin import thin
from poolcli.core.windows import Window

__all__ = ["sliding_median"]

_MOST_TAPS = 64
_BAND_BYTES = 1 << 16
"""Of one row of the network's nodes, a dozen of which are in use at a time."""

_COPY_COST = 10
"""Steps of the network that a copy with gaps costs, for items of one byte."""


def sliding_median(plan: Plan, out: Array) -> bool:
    """Compute the windows that have all their taps, if this is the fastest way to."""
    if len(plan.stages) != 2 or plan.stages[1].axis != plan.stages[0].axis + 1:
        return False
    down, across = plan.stages
    if not (isinstance(down.window, Window) and isinstance(across.window, Window)):
        return False
    steps = _program(down.window, across.window)
    if steps is None or not _pays(steps, plan, down.window, across.window):
        return False
    (top, bottom), (left, right) = (stage.window.inside(stage.length) for stage in plan.stages)
    if top == bottom or left == right:
        return True
    width = (right - left) * prod(plan.shape[across.axis + 1 :]) * plan.x.dtype.itemsize
    step = max(1, _BAND_BYTES // max(width * across.window.stride, 1))
    scratch = Scratch()
    for lead in product(*map(range, plan.shape[: down.axis])):
        key = tuple(slice(i, i + 1) for i in lead)
        for low in range(top, bottom, step):
            rows, columns = slice(low, min(low + step, bottom)), slice(left, right)
            _band(steps, plan, key, rows, columns, out[(*key, rows, columns)], scratch)
    return True


def _program(down: Window, across: Window) -> Program | None:
    if down.kernel * across.kernel > _MOST_TAPS:
        return None
    return program(down.kernel, across.kernel, across.dilation)


def _pays(steps: Program, plan: Plan, down: Window, across: Window) -> bool:
    """Whether steps at every column cost less than copies, and steps nobody shares, at some."""
    copies = down.kernel * across.kernel * _COPY_COST / plan.x.dtype.itemsize
    return bool(len(steps.nodes) * across.stride < copies + 3 * len(steps.nodes))


def _band(
    steps: Program,
    plan: Plan,
    lead: tuple[slice, ...],
    rows: slice,
    columns: slice,
    out: Array,
    scratch: Scratch,
) -> None:
    parts = []
    for stage, span in zip(plan.stages, (rows, columns), strict=True):
        window = stage.window
        parts.append(slice(window.start(span.start), window.stop(span.stop - 1)))
    down, across = (stage.window for stage in plan.stages)
    assert isinstance(down, Window)
    assert isinstance(across, Window)
    native = plan.x.dtype.newbyteorder("=")
    x = np.ascontiguousarray(plan.x[(*lead, *parts)], native)
    behind = x.shape[len(lead) + 2 :]
    count, inner = rows.stop - rows.start, prod(behind)
    flat = x.reshape(-1, x.shape[len(lead) + 1] * inner)
    taps = [flat[j * down.dilation :: down.stride][:count] for j in range(down.kernel)]
    middle = steps.run(taps, inner, scratch)
    middle = middle.reshape(*x.shape[: len(lead)], count, -1, *behind)
    thin(middle, len(lead) + 1, across.stride, out)
