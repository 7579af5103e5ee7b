"""OpenCV: filters at every position with the anchor in the corner, then every s-th of them."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

import numpy as np

from tests.bench.kernels.cells import Array, Cell
from tests.bench.kernels.peers.base import Job, Peer

__all__ = ["peers"]


def peers() -> list[Peer]:
    import_module("cv2").setNumThreads(1)
    return [Peer("cv2", _filtered), Peer("cv2 sum", _summed), Peer("cv2 area", _resized)]


def _read(result: Array) -> tuple[Array]:
    return (np.moveaxis(np.atleast_3d(result), -1, 0),)


def _filtered(cell: Cell, x: Array) -> Job | None:
    """dilate, erode, blur (which rounds half to even) or medianBlur."""
    cv2 = import_module("cv2")
    kernel, stride = cell.kernel, cell.stride
    if cell.size is not None or cell.indices:
        return None
    if cell.kind == "median" and (kernel % 2 == 0 or (kernel > 5 and cell.dtype != "uint8")):
        return None
    image = cell.interleaved(x)
    ones = np.ones((kernel, kernel), np.uint8)
    filters: dict[str, Callable[[], Any]] = {
        "max": lambda: cv2.dilate(image, ones, anchor=(0, 0)),
        "min": lambda: cv2.erode(image, ones, anchor=(0, 0)),
        "avg": lambda: cv2.blur(image, (kernel, kernel), anchor=(0, 0)),
        "median": lambda: cv2.medianBlur(image, kernel),
    }
    full = filters[cell.kind]
    first = kernel // 2 if cell.kind == "median" else 0
    rows = slice(first, first + cell.height - kernel + 1, stride)
    columns = slice(first, first + cell.width - kernel + 1, stride)
    return Job(lambda: full()[rows, columns], _read)


def _summed(cell: Cell, x: Array) -> Job | None:
    """boxFilter for exact sums of integers, every s-th of which is divided by NumPy."""
    cv2 = import_module("cv2")
    kernel, stride = cell.kernel, cell.stride
    if cell.kind != "avg" or cell.size is not None or not cell.integer:
        return None
    image, count = cell.interleaved(x), kernel * kernel
    rows = slice(0, cell.height - kernel + 1, stride)
    columns = slice(0, cell.width - kernel + 1, stride)

    def run() -> Array:
        window = (kernel, kernel)
        sums = cv2.boxFilter(image, cv2.CV_32S, window, anchor=(0, 0), normalize=False)
        kept: Array = sums[rows, columns].astype(np.uint32)
        means: Array = (kept + np.uint32(count // 2)) // np.uint32(count)
        return means.astype(cell.dtype)

    return Job(run, _read)


def _resized(cell: Cell, x: Array) -> Job | None:
    """INTER_AREA, which is pooling (but for rounding) where the windows are blocks."""
    cv2 = import_module("cv2")
    if cell.kind != "avg" or cell.blocks is None:
        return None
    (high, wide), (rows, columns) = cell.blocks, cell.output
    image = cell.interleaved(x)[: rows * high, : columns * wide]
    return Job(
        lambda: cv2.resize(image, (columns, rows), interpolation=cv2.INTER_AREA),
        _read,
    )
