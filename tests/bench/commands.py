"""Whole commands on one file, and what it takes to start at all."""

import sys
from pathlib import Path
from shutil import which

import numpy as np
from PIL import Image

from tests.bench.children import Command, Usage, poolcli, script, turns
from tests.bench.pictures import photograph, pooled
from tests.bench.report import Table, Value

__all__ = ["commands", "start_up"]

_SCRIPTS = ("cv2", "skimage", "torch", "pyvips")
_READING = (
    "Milliseconds, medians of runs by turns; × is the peer's wall time over poolcli's. floor is "
    "Pillow's decoding and encoding of the same files, without pooling and without NumPy. "
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
            source = folder / f"{name}-{kind}{suffix}"
            picture.save(source)
            with Image.open(source) as decoded:
                expected = pooled(decoded, kind)
            source.with_name(f"{source.name}.raw").write_bytes(expected.tobytes())
            title = f"Command: {kind} 2/2, {size[0]}×{size[1]} {suffix[1:].upper()}"
            rounds = 2 if quick else 11 if name == "small" else 5
            tables.append(_one_job(title, kind, source, expected, rounds))
    return tables


def _one_job(title: str, kind: str, source: Path, expected: Image.Image, rounds: int) -> Table:
    folder = source.with_suffix("")
    folder.mkdir(exist_ok=True)

    def to(name: str) -> Path:
        return folder / f"{name}{source.suffix}"

    entrants = [
        poolcli("poolcli", kind, source, to("poolcli"), "-k", "2"),
        script("floor", "floor", kind, source, to("floor")),
        *(script(f"{name} script", name, kind, source, to(f"{name} script")) for name in _SCRIPTS),
        *_shell(kind, source, to, expected.size),
    ]
    usages = turns(entrants, rounds)
    table = Table(title, ("", "wall ms", "×", "CPU ms", "peak MB", "result"), notes=[_READING])
    absent = [name for name in ("vips", "gm", "convert") if _program(name) is None]
    if absent:
        table.notes.append(f"Not installed, and so left out: {', '.join(absent)}.")
    exact = np.asarray(expected)
    for name, usage in usages.items():
        verdict = usage.error or _verdict(to(name), exact)
        table.rows.append([name, *_numbers(usage, usages["poolcli"]), verdict])
    return table


def _numbers(usage: Usage, ours: Usage) -> list[Value]:
    if usage.error:
        return [None, None, None, None]
    ratio = None if ours.error else usage.wall / ours.wall
    return [usage.wall * 1e3, ratio, usage.cpu * 1e3, usage.peak / 1e6]


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


def _program(name: str) -> str | None:
    """ImageMagick has had several names."""
    if name == "convert":
        return which("magick") or which("convert-im6.q16") or which("convert")
    return which(name)


def _shell(kind: str, source: Path, to: object, size: tuple[int, int]) -> list[Command]:
    """What is done in the shell with each of the tools that are installed."""
    assert callable(to)
    whole = f"{size[0] * 2}x{size[1] * 2}+0+0"
    small = f"{size[0]}x{size[1]}!"
    found = []
    if vips := _program("vips"):
        end = to("vips")
        first, second = (str(end.with_name(f"{n}.v")) for n in "ab")
        end_words = f"{end}[Q=75]" if source.suffix == ".jpg" else str(end)
        steps = [
            (vips, "rank", str(source), first, "2", "2", "3"),
            (vips, "wrap", first, second, "--x", "-1", "--y", "-1"),
            (vips, "subsample", second, end_words, "2", "2"),
        ]
        if kind == "avg":
            steps = [(vips, "shrink", str(source), end_words, "2", "2")]
        found.append(Command("vips", tuple(steps)))
    shrink = ("-scale", small, "-quality", "75") if source.suffix == ".jpg" else ("-scale", small)
    if (magick := _program("convert")) and kind == "max":
        dilate = ("-morphology", "Dilate", "rectangle:2x2+1+1", "-sample", *shrink[1:])
        cut = ("-crop", whole, "+repage")
        words = (magick, str(source), *cut, *dilate, str(to("convert")))
        found.append(Command("convert", (words,)))
    if kind == "avg":
        for name in ("convert", "gm"):
            program = _program(name)
            start = (program, "convert") if name == "gm" else (program,)
            if program:
                words = (*start, str(source), "-crop", whole, "+repage", *shrink, str(to(name)))
                found.append(Command(name, (tuple(map(str, words)),)))
    return found


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
    usages = turns(entrants, 3 if quick else 21)
    bare = usages[entrants[1].name]
    head = ("", "wall ms", "× of the bare imports", "CPU ms", "peak MB", "")
    table = Table("Start-up", head)
    for name, usage in usages.items():
        table.rows.append([name, *_numbers(usage, bare), usage.error])
    table.notes.append("The aim for one small file is 1.1 × the bare imports or less.")
    return [table]
