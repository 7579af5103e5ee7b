"""Kill ``--in-place --resume`` again and again: no file may be pooled twice.

    python -m tests.soak.killed_in_place [KILLS [FILES [SEED]]]

A killed run is killed with its workers, at moments that the growth of its report tells, so that
they lie all over the run however fast the machine is.
"""

import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from PIL import Image

from tests.commands import HANG, Word
from tests.folders import fill, leftovers, names, started

__all__ = ["kill_in_place"]

WORDS: list[Word] = ["max", "p", "p", "--in-place", "-k", 2, "-j", 2, "-q", "--resume", "r.jsonl"]

LINES = 2 * 700
"""Bytes that a report grows by for each file, about."""


def size(report: Path) -> int:
    """Bytes of a report, which may not be there yet."""
    return report.stat().st_size if report.exists() else 0


def kill_in_place(folder: Path, kills: int, files: int, dice: random.Random) -> int:
    """Kill and start until all is done; return how often it was killed.

    Every picture in the folder ``p`` is of 8×8 at first, and must be of 4×4 at last.
    """
    fill(folder / "p", files, 8)
    report, killed = folder / "r.jsonl", 0
    for _ in range(kills):
        running = started(*WORDS, cwd=folder, start_new_session=True)
        goal = size(report) + dice.randrange(files * LINES // kills)
        while running.poll() is None and size(report) <= goal:
            time.sleep(0.0005)
        if running.poll() is None:
            os.killpg(running.pid, signal.SIGKILL)
            killed += 1
        said = running.communicate(timeout=HANG)[1]
        assert said == "", said
    last = started(*WORDS, cwd=folder)
    assert last.communicate(timeout=HANG)[1] == ""
    assert last.returncode == 0
    assert leftovers(folder / "p") == []
    sizes: Counter[tuple[int, int]] = Counter()
    for name in names(folder / "p"):
        with Image.open(folder / "p" / name) as picture:
            sizes[picture.size] += 1
    assert sizes == {(4, 4): files}, sizes
    return killed


def main() -> None:
    """Play the campaign."""
    kills, files, seed = map(int, (*sys.argv[1:], *("60", "4000", "1")[len(sys.argv) - 1 :]))
    with tempfile.TemporaryDirectory() as folder:
        killed = kill_in_place(Path(folder), kills, files, random.Random(seed))
    print(f"{killed} kills of --in-place --resume: each of {files} files was pooled once")
    assert killed >= kills // 2, "the runs end before they are killed"


if __name__ == "__main__":
    main()
