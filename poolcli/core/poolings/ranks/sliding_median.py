"""Medians of windows that slide over two axes side by side, in the fastest of three ways."""

from itertools import product
from math import prod
from typing import Any

import numpy as np

from poolcli.core.engine.bands import tiles
from poolcli.core.engine.reduction import Scratch
from poolcli.core.engine.subsample import subsample
from poolcli.core.geometry.plan import Plan
from poolcli.core.geometry.windows import Window
from poolcli.core.poolings.ranks.counting import can_count, counted
from poolcli.core.poolings.ranks.order_statistic import network_size
from poolcli.core.poolings.ranks.sorting_network import SharedNetwork, shared_network
from poolcli.core.types import Array

__all__ = ["sliding_median"]

_NETWORK_TAPS = 64
"""Partial sorting is faster for more taps than a network can be."""

_BAND_BYTES = 1 << 18
"""Size of one node of the shared network; a dozen of them are in use at a time."""

_SORTED_BYTES = 1 << 19
"""Size of the taps that are sorted at a time."""

_HALF_TAPS = 9
"""`_NETWORK_TAPS` of half floats, which no processor compares."""

_SORTED_TAP_BYTES = 128
"""A window of this many bytes and more is sorted, unless it shares the steps of its network."""


def sliding_median(plan: Plan, out: Array) -> bool:
    """Compute the windows that have all their taps, or return False if another way is faster."""
    if len(plan.stages) != 2 or plan.stages[1].axis != plan.stages[0].axis + 1:
        return False
    down, across = plan.stages
    if not (isinstance(down.window, Window) and isinstance(across.window, Window)):
        return False
    count = down.window.kernel * across.window.kernel
    way = _fastest(down.window, across.window, plan.x.dtype)
    if way == "alone":
        return False
    network = _network(down.window, across.window) if way == "shared" else None
    (top, bottom), (left, right) = (stage.inside for stage in plan.stages)
    if top == bottom or left == right:
        return True
    each = prod(plan.shape[across.axis + 1 :]) * plan.x.dtype.itemsize
    each *= across.window.stride if network else count
    most = _BAND_BYTES if network else _SORTED_BYTES
    scratch = Scratch()
    for lead in product(*map(range, plan.shape[: down.axis])):
        key = tuple(slice(i, i + 1) for i in lead)
        for tile in tiles((bottom - top, right - left), 1, each, most):
            rows, columns = slice(top + tile[0].start, top + tile[0].stop), slice(left, right)
            if len(tile) > 1:
                columns = slice(left + tile[1].start, left + tile[1].stop)
            _band(network, plan, key, rows, columns, out[(*key, rows, columns)], scratch)
    return True


def _network(down: Window, across: Window) -> SharedNetwork:
    return shared_network(down.kernel, across.kernel, across.dilation)


def _fastest(down: Window, across: Window, dtype: np.dtype[Any]) -> str:
    """Choose the way that takes least time for a window.

    "shared" takes the steps of the shared network at every column, "alone" those of the network of
    `order_statistic` at the columns where windows begin, "sorted" none.
    """
    taps = down.kernel * across.kernel
    if taps > (_HALF_TAPS if dtype == np.float16 else _NETWORK_TAPS):
        return "sorted"
    # As measured: a shared step takes 1.5 times as long, as more nodes than the cache holds are in
    # use; and picking out a tap with gaps takes as long as 2 steps, or 6 if it is a single byte.
    shared = 1.5 * len(_network(down, across).nodes) * across.stride
    if shared <= network_size(taps) + (2 + 4 / dtype.itemsize) * taps:
        return "shared"
    return "alone" if taps * dtype.itemsize < _SORTED_TAP_BYTES else "sorted"


def _band(
    network: SharedNetwork | None,
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
    if network is None:
        out[...] = _partitioned(x, len(lead), down, across)
        return
    inner = x.shape[len(lead) + 2 :]
    count, unit = rows.stop - rows.start, prod(inner)
    flat = x.reshape(-1, x.shape[len(lead) + 1] * unit)
    taps = [flat[j * down.dilation :: down.stride][:count] for j in range(down.kernel)]
    if down.stride > 1:  # copied without gaps, many short rows are one long row to NumPy
        for j, tap in enumerate(taps):
            taps[j] = scratch(f"tap {j}", tap.shape, tap.dtype)
            np.copyto(taps[j], tap)
    middle = network.evaluate([tap.reshape(-1) for tap in taps], unit, scratch)
    middle = middle.reshape(*x.shape[: len(lead)], count, -1, *inner)
    subsample(middle, len(lead) + 1, across.stride, out)


def _partitioned(x: Array, axis: int, down: Window, across: Window) -> Array:
    """Find the middle by counting or partial sorting; NumPy sorts two bytes faster than one."""
    every = np.lib.stride_tricks.sliding_window_view(
        x, (down.extent, across.extent), (axis, axis + 1)
    )
    key = [slice(None)] * every.ndim
    key[axis], key[axis + 1] = (slice(None, None, w.stride) for w in (down, across))
    key[-2:] = (slice(None, None, w.dilation) for w in (down, across))
    windows: Array = every[tuple(key)]
    count = down.kernel * across.kernel
    rank = (count - 1) // 2
    if can_count(x.dtype, count):
        rows = windows.astype(x.dtype, order="C").reshape(-1, count)
        return counted(rows, rank).reshape(windows.shape[: x.ndim])
    kind = "i" if x.dtype.kind == "i" else "u"
    dtype = np.dtype(f"{kind}2") if x.dtype.itemsize == 1 else x.dtype
    taps: Array = windows.astype(dtype, order="C").reshape(-1, count)
    taps.partition(rank, axis=-1)
    middle: Array = taps[:, rank].astype(x.dtype)
    if x.dtype.kind == "f" and np.isnan(x).any():
        middle[np.isnan(taps).any(axis=-1)] = np.nan
    return middle.reshape(windows.shape[: x.ndim])
