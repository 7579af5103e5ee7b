"""A folder of photographs: poolcli's folder mode against loops in one process."""

import shutil
from collections.abc import Mapping
from pathlib import Path

from tests.bench.pictures import photo_folder, pooled_for_floor
from tests.bench.programs.children import Command, Usage, pooling, script, turns
from tests.bench.report import Table

__all__ = ["folders"]

_LOOPS = ("floor", "cv2", "pyvips")
_WORKERS = ("1", "2")


def folders(folder: Path, *, quick: bool) -> list[Table]:
    """max 2/2 of JPEGs and of PNGs, with one worker and with two."""
    tables = []
    for suffix, count in ((".jpg", 14 if quick else 140), (".png", 6 if quick else 60)):
        photos = folder / f"photos{suffix}"
        photo_folder(photos, count, suffix)
        for path in photos.iterdir():
            pooled_for_floor(path, "max")
        one = folder / f"one{suffix}"
        one.mkdir()
        shutil.copy(min(photos.iterdir()), one)
        rounds = (1, 1) if quick else (2, 5)
        tables.append(
            _table(turns(_entrants(photos), rounds), turns(_entrants(one), rounds), count)
        )
        tables[-1].title += f" of {count} photographs, {suffix[1:].upper()}, 1 to 2 megapixels"
    return tables


def _entrants(photos: Path) -> list[Command]:
    entrants: list[Command] = []
    for workers in _WORKERS:
        end = f"{photos.with_name(f'out-{workers}-{photos.stem}{photos.suffix}')}"
        name = _ours(workers)
        entrants.append(
            pooling(name, "max", photos, f"{end}-poolcli/", photos.suffix, "-j", workers)
        )
        entrants += [
            script(
                _theirs(name, workers), name, "max", photos, f"{end}-{name}", workers,
                one_thread=True,
            )
            for name in _LOOPS
        ]  # fmt: skip
    return entrants


def _ours(workers: str) -> str:
    return f"poolcli -j {workers}"


def _theirs(name: str, workers: str) -> str:
    return f"{name}, {workers} thread{'s' if workers != '1' else ''}"


def _table(usages: Mapping[str, Usage], of_one: Mapping[str, Usage], count: int) -> Table:
    table = Table(
        "Folder: max 2/2",
        ("", "images/s", "of the floor", "after the first", "CPU ms an image", "peak MB", ""),
        notes=[
            "floor is Pillow's decoding and encoding alone. Whole processes with their start-up; "
            "the share after the first photograph leaves out what a folder of one takes; "
            "CPU and peak are of all processes, the peak that of the largest."
        ],
    )
    for workers in _WORKERS:
        floor = _theirs("floor", workers)
        for name in (_ours(workers), *(_theirs(each, workers) for each in _LOOPS)):
            usage, one = usages[name], of_one[name]
            if usage.error or one.error:
                failure = f"failed: {(usage.error or one.error)[:120]}"
                table.rows.append([name, *(None,) * 5, failure])
                continue
            share = usages[floor].wall / usage.wall
            later = (usages[floor].wall - of_one[floor].wall) / (usage.wall - one.wall)
            cpu = usage.cpu / count * 1e3
            table.rows.append([name, count / usage.wall, share, later, cpu, usage.peak / 1e6, ""])
    one, two = (usages[_ours(workers)] for workers in _WORKERS)
    if not (one.error or two.error):
        table.notes.append(f"poolcli from 1 to 2 workers: {one.wall / two.wall:.2f}×.")
    return table
