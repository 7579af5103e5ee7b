"""poolcli's PNG files against those that Pillow writes by default: their size and their time."""

from collections import defaultdict
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from poolcli.media import pictures
from poolcli.media.picture import Frame, Picture
from tests.bench.pictures import corpus, pooled
from tests.bench.report import Table
from tests.bench.timing import by_turns

__all__ = ["png"]


def png(folder: Path, *, quick: bool) -> list[Table]:
    """Every picture of the corpus as it is and pooled in three ways, written by both by turns."""
    pairs: dict[str, list[tuple[str, float, float, float, float]]] = defaultdict(list)
    for name, picture in corpus(quick=quick):
        for kind in ("as it is", "max", "avg", "min"):
            shown = picture if kind == "as it is" else pooled(picture, kind)
            numbers = _both(shown, folder, 1 if quick else 3)
            entry = (f"{name} ({kind})", *numbers)
            for group in ("all", name.split("-")[0], "as it is" if shown is picture else "pooled"):
                pairs[group].append(entry)
    table = Table(
        "PNG: poolcli's writer against Pillow's default",
        ("corpus", "files", "Pillow kB", "bytes", "Pillow ms", "time", "largest file"),
        notes=[
            "bytes and time are poolcli's over Pillow's, in total; largest file is the one that "
            "grew the most. The aim is half the time at 1.005 of the bytes.",
        ],
    )
    for group, entries in pairs.items():
        totals = np.array([numbers for _, *numbers in entries]).sum(axis=0)
        ours, theirs, ours_time, theirs_time = map(float, totals)
        worst = max(entries, key=lambda e: e[1] / e[2])
        table.rows.append(
            [
                group, str(len(entries)), theirs / 1e3, f"{ours / theirs:.4f}",
                theirs_time * 1e3, f"{ours_time / theirs_time:.3f}",
                f"{worst[0]} {worst[1] / worst[2]:.3f}",
            ]
        )  # fmt: skip
    return [table]


def _both(picture: Image.Image, folder: Path, rounds: int) -> tuple[float, float, float, float]:
    """Bytes of both, seconds of both."""
    ours, theirs = folder / "ours.png", folder / "theirs.png"
    runs: dict[str, Callable[[], Any]] = {
        "poolcli": partial(pictures.save_picture, _as_picture(picture), ours),
        "Pillow": partial(picture.save, theirs),
    }
    timings = by_turns(runs, 1.0, (rounds, rounds))
    with Image.open(ours) as written:
        if not np.array_equal(np.asarray(written.convert(picture.mode)), np.asarray(picture)):
            raise ArithmeticError(f"{ours} is not the picture that was written")
    sizes = ours.stat().st_size, theirs.stat().st_size
    return *sizes, timings["poolcli"].cpu, timings["Pillow"].cpu


def _as_picture(picture: Image.Image) -> Picture:
    pixels = np.asarray(picture)
    return Picture([Frame(pixels.reshape(*pixels.shape[:2], -1), picture.mode)])
