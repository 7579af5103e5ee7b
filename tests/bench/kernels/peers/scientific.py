"""NumPy, SciPy and scikit-image: blocks, windows as views, and filters at every position."""

from functools import partial
from importlib import import_module
from typing import Any

import numpy as np

from tests.bench.kernels.cells import Array, Cell
from tests.bench.kernels.peers.base import Arrays, Job, Peer, rounded

__all__ = ["numpy_peers", "scipy_peers", "skimage_peers"]

_MOST_COPIES = 9
"""Windows as views read every value (k / s)² times; more often than this is absurd."""


def scipy_peers() -> list[Peer]:
    return [Peer("scipy", _scipy)]


def _scipy(cell: Cell, x: Array) -> Job | None:
    ndimage = import_module("scipy.ndimage")
    kernel, stride = cell.kernel, cell.stride
    if cell.size is not None or cell.indices:
        return None
    size, origin, kept = [1] * x.ndim, [0] * x.ndim, [slice(None)] * x.ndim
    for axis in cell.axes:
        size[axis], origin[axis] = kernel, -(kernel // 2)
        kept[axis] = slice(0, x.shape[axis] - kernel + 1, stride)
    where = tuple(kept)
    filters = {
        "max": ndimage.maximum_filter,
        "min": ndimage.minimum_filter,
        "avg": partial(ndimage.uniform_filter, output=np.float64 if cell.integer else np.float32),
        "median": partial(ndimage.rank_filter, rank=(kernel * kernel - 1) // 2),
    }
    full = partial(filters[cell.kind], x, size=size, origin=origin)
    if cell.kind == "avg":
        return Job(lambda: rounded(full()[where], cell.dtype), lambda r: (cell.planes(r),))
    return Job(lambda: full()[where], lambda r: (cell.planes(r),))


def skimage_peers() -> list[Peer]:
    import_module("skimage.measure")
    return [Peer("skimage", _skimage)]


def _skimage(cell: Cell, x: Array) -> Job | None:
    reduce = {"max": np.max, "min": np.min, "avg": np.mean, "median": np.median}[cell.kind]
    if cell.indices:
        return None
    run = partial(_skimage_blocks if cell.blocks else _skimage_windows, cell, x, reduce)
    if not cell.blocks and (cell.size or (cell.kernel / cell.stride) ** 2 > _MOST_COPIES):
        return None
    if cell.kind == "median" and cell.kernel % 2 == 0:
        return None  # np.median is the mean of two, another job

    def whole() -> Array:
        result = run()
        if cell.kind == "avg":
            return rounded(result, cell.dtype)
        return result.astype(cell.dtype, copy=False)

    return Job(whole, lambda r: (cell.planes(r),))


def _skimage_blocks(cell: Cell, x: Array, reduce: Any) -> Array:
    measure = import_module("skimage.measure")
    assert cell.blocks is not None
    block, kept = [1] * x.ndim, [slice(None)] * x.ndim
    for axis, length, count in zip(cell.axes, cell.blocks, cell.output, strict=True):
        block[axis], kept[axis] = length, slice(0, length * count)
    result: Array = measure.block_reduce(x[tuple(kept)], tuple(block), reduce)
    return result


def _skimage_windows(cell: Cell, x: Array, reduce: Any) -> Array:
    util = import_module("skimage.util")
    window, step = [1] * x.ndim, [1] * x.ndim
    for axis in cell.axes:
        window[axis], step[axis] = cell.kernel, cell.stride
    views = util.view_as_windows(x, tuple(window), tuple(step))
    result: Array = reduce(views, axis=tuple(range(x.ndim, 2 * x.ndim)))
    return result


def numpy_peers() -> list[Peer]:
    return [Peer("numpy", _numpy)]


def _numpy(cell: Cell, x: Array) -> Job | None:
    """np.partition of windows; np.median's means of two would be another job."""
    kernel, stride = cell.kernel, cell.stride
    if cell.kind != "median":
        return None
    planes, middle = np.ascontiguousarray(cell.planes(x)), (kernel * kernel - 1) // 2

    def run() -> Array:
        views = np.lib.stride_tricks.sliding_window_view(planes, (kernel, kernel), (1, 2))
        taps = views[:, ::stride, ::stride].reshape(*(len(planes), *cell.output), -1)
        taps.partition(middle, axis=-1)
        return taps[..., middle]

    def read(result: Array) -> Arrays:
        return (result,)

    return Job(run, read)
