"""Large images: whole commands of poolcli beside scripts of those who do the same."""

import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from tests.bench.pictures import photograph
from tests.bench.programs.children import Command, Usage, poolcli, run, turns
from tests.bench.report import Table, Value

__all__ = ["large"]

_NEEDS = {
    "libvips": ("pyvips",),
    "ome-zarr-pyramid": ("ome_zarr_pyramid",),
    "dask": ("dask", "tifffile", "zarr"),
}
_OPERATIONS = ("max", "avg", "median", "mode")
_NOTES = (
    "Seconds, medians of runs by turns, each with as many threads as it likes; × is the time over "
    "poolcli's.",
    "libvips pools every level from the one before, which is less work and not the same for median "
    "and mode; ome-zarr-pyramid takes the mode of each channel alone.",
)


def large(folder: Path, *, quick: bool, side: int) -> list[Table]:
    """Pyramids and poolings of a square RGB image in a tiled TIFF, and in a Zarr."""
    side = 1000 if quick else side
    image, store = folder / "in.tif", folder / "in.ome.zarr"
    _write(image, side)
    done = run(poolcli("", "pyramid", "max", image, store, "--levels", "1"))
    if done.error:
        raise RuntimeError(done.error)
    table = Table(
        f"Large: {side}×{side} RGB",
        ("", "", "CPU", "×", "wall", "×", "peak MB", ""),
        notes=[*_NOTES],
    )
    for operation in _OPERATIONS:
        into_zarr = [
            _ours("pyramid", operation, store, folder / "ours.ome.zarr"),
            _peer("ome-zarr-pyramid", operation, store, folder / "theirs.ome.zarr"),
        ]
        into_tiff = [
            _ours("pyramid", operation, image, folder / "ours.ome.tif"),
            _peer("libvips", operation, image, folder / "theirs.tif"),
        ]
        _add(table, f"{operation} pyramid, Zarr to OME-Zarr", into_zarr, quick=quick)
        _add(table, f"{operation} pyramid, TIFF to OME-TIFF", into_tiff, quick=quick)
    pooled = [
        poolcli("poolcli", "max", image, folder / "ours.tif", "-k", "2"),
        _peer("libvips", "pool", image, folder / "theirs.tif"),
        _peer("dask", "pool", image, folder / "dask.tif"),
    ]
    _add(table, "max 2/2, TIFF to TIFF", pooled, quick=quick)
    absent = [name for name, needs in _NEEDS.items() if not all(map(find_spec, needs))]
    if absent:
        table.notes.append(f"Not installed, and so left out: {', '.join(absent)}.")
    return [table]


def _write(path: Path, side: int) -> None:
    """Photographs beside and below one another, in deflated tiles."""
    from tifffile import imwrite

    part = min(side, 2500)
    tiles = [np.asarray(photograph(seed, part, part)) for seed in range(2)]
    count = -(-side // part)
    row = [np.concatenate([tiles[(i + j) % 2] for j in range(count)], 1) for i in range(2)]
    whole = np.concatenate([row[i % 2] for i in range(count)])[:side, :side]
    options: dict[str, Any] = {"tile": (512, 512), "compression": "zlib", "predictor": True}
    imwrite(path, whole, photometric="rgb", bigtiff=whole.nbytes > 1 << 31, **options)


def _ours(verb: str, operation: str, source: Path, destination: Path) -> Command:
    return poolcli("poolcli", verb, operation, source, destination, "--overwrite")


def _peer(name: str, operation: str, source: Path, destination: Path) -> Command | None:
    if not all(map(find_spec, _NEEDS[name])):
        return None
    script = str(Path(__file__).with_name("scripts.py"))
    words = (name, operation, str(source), str(destination))
    return Command(name, ((sys.executable, script, *words),))


def _add(table: Table, job: str, entrants: list[Command | None], *, quick: bool) -> None:
    present = [one for one in entrants if one is not None]
    usages = turns(present, (1, 1) if quick else (3, 5))
    for name, usage in usages.items():
        table.rows.append([job, name, *_numbers(usage, usages["poolcli"]), usage.error])


def _numbers(usage: Usage, ours: Usage) -> list[Value]:
    if usage.error or ours.error:
        return [None] * 5
    cpu, wall = usage.cpu / ours.cpu, usage.wall / ours.wall
    return [usage.cpu, cpu, usage.wall, wall, usage.peak / 1e6]
