"""Pillow and libvips: images in their own types."""

from collections.abc import Callable
from functools import partial
from importlib import import_module
from typing import Any

import numpy as np
from PIL import Image, ImageFilter

from tests.bench.kernels.cells import Array, Cell
from tests.bench.kernels.peers.base import Arrays, Job, Peer

__all__ = ["pillow_peers", "vips_peers"]

_WIDEST_RANK = 9
"""RankFilter sorts every window anew: 31 by 31 take minutes."""


def pillow_peers() -> list[Peer]:
    return [Peer("Pillow", _pillow)]


def _pillow(cell: Cell, x: Array) -> Job | None:
    """reduce, or an odd RankFilter at every position; floats as three images."""
    if cell.dtype == "uint16" or cell.indices:
        return None
    if cell.layout == "CHW":
        images = [Image.fromarray(plane) for plane in x]
    else:
        images = [Image.fromarray(x)]
    each = _pillow_reduce(cell) if cell.kind == "avg" else _pillow_rank(cell)
    if each is None:
        return None

    def read(results: list[Any]) -> Arrays:
        arrays = [np.atleast_3d(np.asarray(result)) for result in results]
        return (np.moveaxis(np.concatenate(arrays, axis=-1), -1, 0),)

    return Job(lambda: [each(image) for image in images], read)


def _pillow_reduce(cell: Cell) -> Callable[[Image.Image], Any] | None:
    if cell.blocks is None:
        return None
    (high, wide), (rows, columns) = cell.blocks, cell.output
    box = (0, 0, columns * wide, rows * high)
    return lambda image: image.reduce((wide, high), box)


def _pillow_rank(cell: Cell) -> Callable[[Image.Image], Any] | None:
    count, edge = cell.kernel * cell.kernel, cell.kernel // 2
    if cell.size is not None or cell.kernel % 2 == 0 or cell.kernel > _WIDEST_RANK:
        return None
    rank = {"max": count - 1, "min": 0, "median": count // 2}[cell.kind]
    kept = slice(edge, -edge, cell.stride)
    chosen = ImageFilter.RankFilter(cell.kernel, rank)
    return lambda image: np.asarray(image.filter(chosen))[kept, kept]


def vips_peers() -> list[Peer]:
    pyvips = import_module("pyvips")
    pyvips.cache_set_max(0)
    return [Peer("pyvips", _vips), Peer("pyvips conv", _vips_conv)]


def _vips(cell: Cell, x: Array) -> Job | None:
    """rank, or shrink of whole blocks."""
    if cell.indices:
        return None
    if cell.kind == "avg":
        if cell.blocks is None:
            return None
        (high, wide), (rows, columns) = cell.blocks, cell.output
        return _vips_job(
            cell,
            x,
            lambda image: image.crop(0, 0, columns * wide, rows * high).shrink(wide, high),
        )
    if cell.size is not None:
        return None
    kernel, count = cell.kernel, cell.kernel * cell.kernel
    rank = {"max": count - 1, "min": 0, "median": (count - 1) // 2}[cell.kind]
    return _vips_job(cell, x, lambda image: _every(cell, image.rank(kernel, kernel, rank)))


def _vips_conv(cell: Cell, x: Array) -> Job | None:
    """Convolution with ones in integers (floats in floats), divided once."""
    if cell.kind != "avg" or cell.size is not None or cell.blocks:
        return None
    pyvips = import_module("pyvips")
    ones = [[1] * cell.kernel] * cell.kernel
    mask = pyvips.Image.new_from_array(ones, scale=cell.kernel * cell.kernel)
    precision = "integer" if cell.integer else "float"
    return _vips_job(cell, x, lambda image: _every(cell, image.conv(mask, precision=precision)))


def _every(cell: Cell, image: Any) -> Any:
    """Every s-th position of those where the whole window lies in the image."""
    edge, stride, (rows, columns) = cell.kernel // 2, cell.stride, cell.output
    inside = cell.width - cell.kernel + 1, cell.height - cell.kernel + 1
    kept = image.crop(edge, edge, *inside)
    if stride == 1:
        return kept
    # subsample drops a last step that is not whole.
    return kept.embed(0, 0, columns * stride, rows * stride).subsample(stride, stride)


def _vips_job(cell: Cell, x: Array, pool: Callable[[Any], Any]) -> Job:
    pyvips = import_module("pyvips")
    formats = {"uint8": "uchar", "uint16": "ushort", "float32": "float"}
    image = cell.interleaved(x)
    source = partial(
        pyvips.Image.new_from_memory, image, cell.width, cell.height, cell.channels,
        formats[cell.dtype],
    )  # fmt: skip

    def read(result: Any) -> Arrays:
        planes = np.frombuffer(result, cell.dtype).reshape(*cell.output, cell.channels)
        return (np.moveaxis(planes, -1, 0),)

    return Job(lambda: pool(source()).write_to_memory(), read)
