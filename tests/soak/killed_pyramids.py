"""Kill the making of pyramids at random moments, go on with --resume, and compare the results.

    python -m tests.soak.killed_pyramids [KILLS [SEED]]

Every operation, as OME-Zarr and as OME-TIFF, is killed so many times in all its rounds. In the end
all bytes must be those of a run which was left alone, and nothing may lie about.
"""

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from tests.folders import started
from tests.jobs.chunks.stores import content

OPERATIONS = ("max", "min", "avg", "median", "mode")
SUFFIXES = (".ome.tif", ".ome.zarr")
END = ("--chunk", "32", "--min-size", "16")


def source(folder: Path) -> Path:
    """Labels and noise, of odd lengths."""
    dice = np.random.default_rng(5)
    x = dice.integers(0, 9, (2, 1501, 1307), "u2") * 1000
    np.save(folder / "in.npy", x)
    return folder / "in.npy"


def seconds(folder: Path, *words: str) -> float:
    """Make a pyramid without a stop, and measure how long that takes."""
    began = time.monotonic()
    running = started("pyramid", *words, cwd=folder)
    said = running.communicate()[1]
    assert running.returncode == 0, said
    return time.monotonic() - began


def one_round(
    folder: Path, words: list[str], name: str, longest: float, dice: random.Random
) -> int:
    """Kill and go on until it ends; count the deaths."""
    kills = 0
    while True:
        running = started("pyramid", *words, name, *END, "--resume", cwd=folder)
        try:
            said = running.communicate(timeout=dice.random() * longest)[1]
        except subprocess.TimeoutExpired:
            os.kill(running.pid, signal.SIGKILL)
            running.communicate(timeout=60)
            if running.returncode == -signal.SIGKILL:
                kills += 1
                longest *= 1.1  # on a machine that is busy meanwhile, it would never end
                if (folder / name).exists():  # between its last step and its end
                    return kills
                continue
        assert running.returncode == 0, said
        return kills


def data_of(path: Path) -> dict[str, bytes]:
    """All bytes of a pyramid."""
    return {"": path.read_bytes()} if path.is_file() else content(path)


def campaign(folder: Path, operation: str, suffix: str, wanted: int, dice: random.Random) -> int:
    """Repeat rounds until there are so many deaths."""
    kills, words = 0, [operation, "in.npy"]
    (folder / "whole").mkdir(exist_ok=True)
    name = f"out{suffix}"
    longest = seconds(folder, *words, f"whole/{name}", *END, "--overwrite")
    whole = data_of(folder / "whole" / name)
    while kills < wanted:
        kills += one_round(folder, words, name, longest, dice)
        found = data_of(folder / name)
        assert found == whole, (operation, suffix, [k for k in whole if found.get(k) != whole[k]])
        beside = {path.name for path in folder.iterdir()} - {"in.npy", "whole", name}
        assert beside <= {f".poolcli-{name}.unfinished"}, beside
        (folder / name).rename(folder / "old")
        if suffix == ".ome.zarr":
            shutil.rmtree(folder / "old")
        else:
            (folder / "old").unlink()
    return kills


def main() -> None:
    """Play all rounds."""
    wanted, seed = (int(word) for word in (*sys.argv[1:], *("30", "1")[len(sys.argv) - 1 :]))
    dice = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        source(Path(folder))
        for operation in OPERATIONS:
            for suffix in SUFFIXES:
                kills = campaign(Path(folder), operation, suffix, wanted, dice)
                print(f"{operation}{suffix}: {kills} kills, all bytes equal", flush=True)


if __name__ == "__main__":
    main()
