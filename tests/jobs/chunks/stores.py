"""Zarr arrays to pool, and what is in them."""

import os
from pathlib import Path
from typing import Any

import numpy as np

from tests.oracle import Array
from tests.pictures import noise

NO_ZARR = "the extra [zarr] is not installed"

KINDS: dict[str, dict[str, Any]] = {
    "v2": {"zarr_format": 2},
    "v3": {"zarr_format": 3},
    "sharded": {"zarr_format": 3, "shards": (1, 32, 48)},
}
"""Ways to store an array in chunks of (1, 16, 24)."""


def store(path: Path, x: Array, kind: str = "v3", **options: Any) -> Path:
    """Store an array (channels, H, W) in small chunks."""
    import zarr

    options = {"chunks": (1, 16, 24), **KINDS[kind], **options}
    array = zarr.create_array(str(path), shape=x.shape, dtype=x.dtype, **options)
    array[:] = x
    return path


def ome_store(path: Path, levels: list[Array], version: str, **axes: Any) -> Path:
    """Store a pyramid whose pixels of level n are 0.5·2ⁿ micrometres large, 10 from the origin."""
    import zarr

    zarr_format: Any = 3 if version == "0.5" else 2
    one: dict[str, Any] = {
        "name": "cells",
        "axes": [
            {"name": "c", "type": "channel"},
            {"name": "y", "type": "space", "unit": "micrometer"},
            {"name": "x", "type": "space", "unit": "micrometer"},
        ],
        "datasets": [
            {
                "path": f"s{n}",
                "coordinateTransformations": [
                    {"type": "scale", "scale": [1, 0.5 * 2**n, 0.5 * 2**n]},
                    {"type": "translation", "translation": [0, 10, 10]},
                ],
            }
            for n in range(len(levels))
        ],
        **axes,
    }
    told: dict[str, Any] = {"ome": {"version": "0.5", "multiscales": [one]}}
    if version == "0.4":
        told = {"multiscales": [{**one, "version": "0.4"}]}
    zarr.create_group(str(path), zarr_format=zarr_format, attributes=told)
    for n, level in enumerate(levels):
        store(path / f"s{n}", level, "v3" if version == "0.5" else "v2")
    return path


def read(path: Path) -> Array:
    """All values of an array."""
    import zarr

    values: Array = np.asarray(zarr.open_array(str(path), mode="r")[:])
    return values


def content(path: Path) -> dict[str, bytes]:
    """Every file below a folder."""
    return {
        os.path.relpath(one, path): one.read_bytes() for one in path.rglob("*") if one.is_file()
    }


def planes(shape: tuple[int, ...] = (3, 101, 67), dtype: str = "u2") -> Array:
    """Noise of odd lengths."""
    return noise(shape, dtype)
