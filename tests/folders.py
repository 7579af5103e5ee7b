"""Folders full of small pictures, and what should become of them."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from tests.commands import Word
from tests.pictures import noise

__all__ = [
    "before_we_began",
    "children",
    "command",
    "end",
    "fill",
    "is_pooled",
    "leftovers",
    "names",
    "started",
    "wrong",
]


def fill(folder: Path, count: int, size: int = 8, suffix: str = ".png") -> list[str]:
    """So many pictures in three folders, no two alike; their names, sorted."""
    made = []
    base = noise((size, size, 3))
    for number in range(count):
        path = folder / ("", "a", "a/b")[number % 3] / f"{number:05}{suffix}"
        path.parent.mkdir(parents=True, exist_ok=True)
        pixels = base ^ np.uint8(number % 256)
        pixels[0, 0] = number // 256 % 256
        Image.fromarray(pixels).save(path)
        made.append(path.relative_to(folder).as_posix())
    return sorted(made)


def names(folder: Path) -> list[str]:
    """Every file below a folder."""
    return sorted(
        path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()
    )


def is_pooled(source: Path, destination: Path) -> bool:
    """Whether one is the other's max 2/2."""
    with Image.open(source) as before, Image.open(destination) as after:
        x, y = np.asarray(before), np.asarray(after)
    high, wide = x.shape[0] // 2 * 2, x.shape[1] // 2 * 2
    want = x[:high, :wide].reshape(high // 2, 2, wide // 2, 2, -1).max(axis=(1, 3))
    return np.array_equal(want, y.reshape(want.shape))


def wrong(source: Path, destination: Path) -> list[str]:
    """What is missing below ``destination``, or there but not as it should be."""
    return [
        name
        for name in names(source)
        if not (destination / name).exists() or not is_pooled(source / name, destination / name)
    ]


def leftovers(folder: Path) -> list[str]:
    """Temporary files."""
    return [name for name in names(folder) if ".poolcli-" in name]


def command(*words: Word) -> list[str]:
    """The real command's words."""
    return [sys.executable, "-m", "poolcli", *map(str, words)]


def started(*words: Word, **options: Any) -> subprocess.Popen[str]:
    """The real command, running; its output is read as text."""
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options}
    return subprocess.Popen(
        command(*words),
        stdin=subprocess.DEVNULL,
        text=True,
        encoding="utf-8",
        errors="surrogateescape",
        **pipes,
    )


def children(process: int) -> list[int]:
    """Every process below one, the youngest first (Linux)."""
    parents: dict[int, list[int]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            number, rest = re.fullmatch(r"(\d+) \(.*\) (.*)", path.read_text(), re.S).groups()  # type: ignore[union-attr]
        except (OSError, AttributeError):
            continue
        parents.setdefault(int(rest.split()[1]), []).append(int(number))
    found: list[int] = []
    waiting = [process]
    while waiting:
        below = parents.get(waiting.pop(), [])
        found += below
        waiting += below
    return sorted(found, reverse=True)


def before_we_began(said: str) -> bool:
    """Whether Ctrl-C met Python itself while it started, where nobody can do anything about it."""
    ours = "poolcli/cli" in said or "poolcli/jobs" in said
    return not ours and ("init_import_site" in said or said.endswith("KeyboardInterrupt\n"))


def end(processes: Iterable[int]) -> None:
    """Kill some processes."""
    for process in processes:
        os.kill(process, signal.SIGKILL)
