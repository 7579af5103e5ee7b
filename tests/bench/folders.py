"""A folder of photographs: poolcli's folder mode against loops in one process."""

from pathlib import Path

from tests.bench.children import Command, pooling, script, turns
from tests.bench.pictures import photo_folder, pooled_for_floor
from tests.bench.report import Table

__all__ = ["folders"]

_LOOPS = ("floor", "cv2", "pyvips")


def folders(folder: Path, *, quick: bool) -> list[Table]:
    """max 2/2 of JPEGs and of PNGs, with one worker and with two."""
    tables = []
    for suffix, count in ((".jpg", 14 if quick else 140), (".png", 6 if quick else 60)):
        photos = folder / f"photos{suffix}"
        photo_folder(photos, count, suffix)
        for path in photos.iterdir():
            pooled_for_floor(path, "max")
        tables.append(_one_folder(photos, count, (1, 1) if quick else (2, 5)))
    return tables


def _one_folder(photos: Path, count: int, rounds: tuple[int, int]) -> Table:
    entrants: list[Command] = []
    for workers in ("1", "2"):
        end = photos.with_name(f"out-{workers}{photos.suffix}")
        name, out = f"poolcli -j {workers}", f"{end}-poolcli/"
        entrants.append(pooling(name, "max", photos, out, photos.suffix, "-j", workers))
        entrants += [
            script(
                f"{name}, {workers} threads" if workers != "1" else f"{name}, 1 thread",
                name, "max", photos, f"{end}-{name}", workers, one_thread=True,
            )
            for name in _LOOPS
        ]  # fmt: skip
    usages = turns(entrants, rounds)
    table = Table(
        f"Folder: max 2/2 of {count} photographs, {photos.suffix[1:].upper()}, 1 to 2 megapixels",
        ("", "images/s", "of the floor", "CPU ms an image", "peak MB", ""),
        notes=[
            "floor is Pillow's decoding and encoding alone. Whole processes with their start-up; "
            "the peak is that of the largest single process."
        ],
    )
    floors = [usage.wall for name, usage in usages.items() if name.startswith("floor")]
    for number, (name, usage) in enumerate(usages.items()):
        if usage.error:
            table.rows.append([name, None, None, None, None, f"failed: {usage.error[:120]}"])
            continue
        share = floors[number // (len(_LOOPS) + 1)] / usage.wall
        cpu = usage.cpu / count * 1e3
        table.rows.append([name, count / usage.wall, share, cpu, usage.peak / 1e6, ""])
    one, two = usages["poolcli -j 1"], usages["poolcli -j 2"]
    if not (one.error or two.error):
        table.notes.append(f"poolcli from 1 to 2 workers: {one.wall / two.wall:.2f}×.")
    else:
        table.notes.append("poolcli cannot do folders, or not with -j, yet.")
    return table
