"""Kill workers of a Dask cluster at random moments of a folder run, in which some files kill more.

    python -m tests.soak.cluster [FILES [KILLS [SEED]]]

In the end every file must be there but those that kill, which are blamed alone; each must be in the
report once, and nothing may lie about.
"""

import json
import random
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

from tests.folders import end, fill, leftovers, started, wrong
from tests.jobs.cluster.clusters import cluster

__all__ = ["kill_workers"]


def kill_workers(folder: Path, files: int, kills: int, dice: random.Random) -> None:
    """Pool a folder on a cluster whose workers are killed so often, with three files that kill."""
    names = fill(folder / "p", files, 40)
    poison = [f"a/poison{number}.png" for number in range(3)]
    for name in poison:
        (folder / "p" / name).write_bytes((folder / "p" / names[0]).read_bytes())
    (folder / "cluster").mkdir()
    with cluster(folder / "cluster") as made:
        made.add_workers(3, nannies=True)
        words = ("max", "p", "out", "-k", 2, "--cluster", made.file, "--report", "r.jsonl")
        with (folder / "said.txt").open("w") as said:
            running = started(*words, cwd=folder, stdout=said, stderr=said)
            for _ in range(kills):
                time.sleep(dice.random() * 1.5)
                if running.poll() is None and (workers := made.workers()):
                    with suppress(ProcessLookupError):
                        end([dice.choice(workers)])
            running.wait()
    lines = (folder / "said.txt").read_text().splitlines()
    assert running.returncode == 1, "\n".join(lines[-10:])
    assert sum("Traceback" in line for line in lines) == 0
    assert wrong(folder / "p", folder / "out") == poison, "\n".join(lines[-10:])
    assert leftovers(folder / "out") == []
    told = [json.loads(line) for line in (folder / "r.jsonl").read_text().splitlines()]
    assert set(Counter(one["destination"] for one in told).values()) == {1}
    assert sorted(one["source"] for one in told if one["error"]) == [f"p/{one}" for one in poison]
    print(f"{files} files, {kills} kills: {lines[-1]}", flush=True)


def main() -> None:
    """Kill workers as often as asked."""
    words = (*sys.argv[1:], *("2000", "16", "1")[len(sys.argv) - 1 :])
    files, kills, seed = map(int, words)
    with tempfile.TemporaryDirectory() as folder:
        kill_workers(Path(folder), files, kills, random.Random(seed))


if __name__ == "__main__":
    main()
