"""Correctness of pyramids: a level of each tool's against windows over the picture itself."""

import tempfile
import warnings
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np

from tests.bench.large.makers import MAKERS, Made, NotOfferedError, installed
from tests.bench.pictures import photograph
from tests.bench.report import Table, Value
from tests.oracle import Array

__all__ = ["exactness"]

_ABOVE = 4
_SHAPE = 813, 1011
"""Neither length is a multiple of a window of the level, nor of that of any level before."""

_OPERATIONS = ("max", "min", "avg", "median", "mode")


def exactness(folder: Path, *, quick: bool) -> list[Table]:
    """Level 4 of a photograph, and of labels for mode."""
    height, width = (_SHAPE[0] // 4, _SHAPE[1] // 4) if quick else _SHAPE
    pictures = dict.fromkeys(_OPERATIONS, np.asarray(photograph(3, width, height).convert("L")))
    pictures["mode"] = _labels(height, width)
    window = 2**_ABOVE
    table = Table(
        f"Exactness: level {_ABOVE} of {height}×{width} against windows of {window}×{window}",
        ("", *_OPERATIONS, "dropped", "scale", "translation"),
        notes=[
            "Share of the pixels that differ from the window's own value, and by how much on "
            "average; of mode, of pixels whose value is not among the commonest.",
            "dropped: rows and columns of windows that overhang the edge.",
            f"Right are scale {window} and translation {(window - 1) / 2}, which ome-zarr-pyramid "
            "tells where its source states one.",
        ],
    )
    for name in MAKERS:
        if not installed(name):
            table.notes.append(f"Not installed, and so left out: {name}.")
            continue
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of old interfaces: a tool's affair
            table.rows.append([_titled(name), *_row(name, pictures, folder)])
    return [table]


def _titled(name: str) -> str:
    package = {"libvips": "pyvips-binary", "ome-zarr-py": "ome-zarr"}.get(name, name)
    try:
        return f"{name} {version(package)}"
    except PackageNotFoundError:
        return name


def _row(name: str, pictures: dict[str, Array], folder: Path) -> list[Value]:
    cells, last = [], ""
    made: Made | None = None
    for operation, picture in pictures.items():
        with tempfile.TemporaryDirectory(dir=folder) as place:
            try:
                made = MAKERS[name][1](operation, picture, Path(place), _ABOVE)
            except NotOfferedError:
                cells.append("–")
                continue
            except Exception:  # whatever a tool raises is its result
                cells.append("fails")
                continue
        cells.append(_verdict(operation, picture, made))
        last = _dropped(picture, made)
    if made is None:
        return [*cells, "", "", ""]
    return [*cells, last, *(map(_told, (made.scale, made.translation)))]


def _dropped(picture: Array, made: Made) -> str:
    lost = [-(-n // 2**_ABOVE) - m for n, m in zip(picture.shape, made.values.shape, strict=True)]
    told = [f"{count} {what}" for count, what in zip(lost, ("row", "column"), strict=True) if count]
    return ", ".join(told) or "none"


def _told(number: float | None) -> str:
    return "not told" if number is None else f"{number:.4g}"


def _verdict(operation: str, picture: Array, made: Made) -> str:
    errors = np.array(
        [
            _error(operation, taps, int(made.values[at]))
            for at, taps in _windows(picture)
            if all(i < n for i, n in zip(at, made.values.shape, strict=True))
        ]
    )
    if not errors.any():
        return "exact"
    share = f"{np.count_nonzero(errors) / errors.size:.1%}"
    return share if operation == "mode" else f"{share}, {errors.mean():+.2f}"


def _windows(picture: Array) -> Iterator[tuple[tuple[int, int], Array]]:
    """Windows side by side, one by one; the last ones are cut short."""
    side = 2**_ABOVE
    for i, row in enumerate(range(0, picture.shape[0], side)):
        for j, column in enumerate(range(0, picture.shape[1], side)):
            yield (i, j), picture[row : row + side, column : column + side].ravel()


def _error(operation: str, taps: Array, value: int) -> int:
    """Compare a value with that of its window, by definition."""
    if operation == "avg":
        return value - (2 * int(taps.sum()) + taps.size) // (2 * taps.size)
    if operation == "median":
        return value - int(np.sort(taps)[(taps.size - 1) // 2])
    if operation == "mode":
        times = np.bincount(taps, minlength=256)
        return int(times[value] < times.max())
    return value - int(taps.max() if operation == "max" else taps.min())


def _labels(height: int, width: int) -> Array:
    """Grains of about 8 pixels, each of one of 7 labels."""
    rng = np.random.default_rng(8)
    centres = rng.random((height * width // 64, 2)) * (height, width)
    names = rng.integers(1, 8, len(centres)).astype(np.uint8)
    out: Array = np.zeros((height, width), np.uint8)
    nearest: Array = np.full((height, width), np.inf)
    reach = 14
    for (row, column), name in zip(centres, names, strict=True):
        top, left = max(0, int(row) - reach), max(0, int(column) - reach)
        part = slice(top, int(row) + reach), slice(left, int(column) + reach)
        here = nearest[part]
        down = np.arange(top, top + here.shape[0])[:, None] - row
        across = np.arange(left, left + here.shape[1]) - column
        distance = np.hypot(down, across)
        closer = distance < here
        here[closer] = distance[closer]
        out[part][closer] = name
    return out
