"""Whole commands on one file, and what it takes to start at all."""

import sys
from pathlib import Path

import numpy as np
from PIL import Image

from tests.bench.pictures import photograph, pooled_for_floor
from tests.bench.programs.children import Command, Usage, poolcli, pooling, script, turns
from tests.bench.programs.shell import missing_tools, shell_commands
from tests.bench.report import Table, Value

__all__ = ["commands", "start_up"]

_SCRIPTS = ("cv2", "skimage", "torch", "pyvips")
_READING = (
    "Milliseconds, medians of runs by turns; × is the peer's time over poolcli's. floor is "
    "Pillow's decoding and encoding of the same files, without pooling and without NumPy. "
    "JPEGs are written with quality 75 by everybody. "
    "Each with as many threads as it likes."
)


def commands(folder: Path, *, quick: bool) -> list[Table]:
    """2×2 windows of a small PNG, a large PNG and a large JPEG."""
    large = (1000, 750) if quick else (4000, 3000)
    jobs = [("small", ".png", (250, 201)), ("large", ".png", large), ("large", ".jpg", large)]
    tables = []
    for name, suffix, size in jobs:
        picture = photograph(1, *size)
        for kind in ("max", "avg"):
            source = folder / "in" / f"{name}-{kind}{suffix}"
            source.parent.mkdir(exist_ok=True)
            picture.save(source)
            expected = pooled_for_floor(source, kind)
            title = f"Command: {kind} 2/2, {size[0]}×{size[1]} {suffix[1:].upper()}"
            tables.append(_one_job(title, kind, source, expected, (2, 2) if quick else (3, 15)))
    return tables


def _one_job(
    title: str, kind: str, source: Path, expected: Image.Image, rounds: tuple[int, int]
) -> Table:
    folder = source.parent.with_name(source.stem)
    folder.mkdir(exist_ok=True)

    def to(name: str) -> Path:
        return folder / f"{name}{source.suffix}"

    entrants = [
        pooling("poolcli", kind, source, to("poolcli"), source.suffix),
        script("floor", "floor", kind, source, to("floor")),
        *(script(f"{name} script", name, kind, source, to(f"{name} script")) for name in _SCRIPTS),
        *shell_commands(kind, source, to, expected.size),
    ]
    usages = turns(entrants, rounds)
    table = Table(title, ("", "wall ms", "×", "CPU ms", "×", "peak MB", "result"), notes=[_READING])
    if absent := missing_tools():
        table.notes.append(f"Not installed, and so left out: {', '.join(absent)}.")
    exact = np.asarray(expected)
    for name, usage in usages.items():
        verdict = usage.error or _verdict(to(name), exact)
        table.rows.append([name, *_numbers(usage, usages["poolcli"]), verdict])
    return table


def _numbers(usage: Usage, to: Usage) -> list[Value]:
    if usage.error:
        return [None, None, None, None, None]
    wall, cpu = (None, None) if to.error else (usage.wall / to.wall, usage.cpu / to.cpu)
    return [usage.wall * 1e3, wall, usage.cpu * 1e3, cpu, usage.peak / 1e6]


def _verdict(path: Path, expected: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> str:
    """Whether a lossless result is right, and its size in any case."""
    kilobytes = f"{path.stat().st_size / 1e3:.0f} kB"
    if path.suffix == ".jpg":
        return kilobytes
    with Image.open(path) as image:
        got = np.asarray(image.convert("RGB"))
    if got.shape != expected.shape:
        return f"{kilobytes}, ~ {got.shape[1]}×{got.shape[0]}"
    share = float(np.mean(got != expected))
    return f"{kilobytes}, ~ {share:.2g} differ" if share else f"{kilobytes}, exact"


def start_up(folder: Path, *, quick: bool) -> list[Table]:
    """What there is to wait for before any work begins."""
    source = folder / "start.png"
    photograph(1, 250, 201).save(source)
    imports = "import click, numpy, PIL.Image"
    entrants = [
        Command("python -c pass", ((sys.executable, "-c", "pass"),)),
        Command(f"python -c '{imports}'", ((sys.executable, "-c", imports),)),
        poolcli("poolcli --version", "--version"),
        poolcli("poolcli --help", "--help"),
        poolcli("poolcli max small.png out.png -k 2", "max", source, folder / "out.png", "-k", "2"),
    ]
    usages = turns(entrants, (3, 3) if quick else (5, 31))
    bare = usages[entrants[1].name]
    head = ("", "wall ms", "×", "CPU ms", "×", "peak MB", "")
    table = Table("Start-up", head)
    for name, usage in usages.items():
        table.rows.append([name, *_numbers(usage, bare), usage.error])
    table.notes.append(
        "× is over the bare imports, the second line. The aim for one small file is 1.1 or less."
    )
    return [table]
