"""Kill the real command at random moments, again and again, and start it once more until it ends.

    python -m tests.soak.killed [ROUNDS [SEED]]

After every death each file under a real name must be whole; in the end every file must be there,
nothing may lie about, and no file may have been pooled twice under ``--resume`` but the few that
were in hand when a worker was killed with the run.
"""

import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from tests.commands import Word
from tests.folders import before_we_began, fill, leftovers, names, started, wrong

COUNT = 1500
DEADLY = (signal.SIGKILL, signal.SIGKILL, signal.SIGTERM, signal.SIGINT)


def one_round(folder: Path, dice: random.Random) -> tuple[int, str]:
    """Kill and start until all is done; tell how often it was killed, and what."""
    report, kills = folder / "r.jsonl", 0
    resuming = dice.random() < 0.5
    words: list[Word] = ["max", "p", "out", "-k", 2, "-j", dice.choice((1, 2, 4))]
    words += ["--resume", report.name] if resuming else ["--skip-existing"]
    while True:
        running = started(*words, cwd=folder, start_new_session=True)
        try:
            said = running.communicate(timeout=0.1 + dice.random() * 0.9)[1]
        except subprocess.TimeoutExpired:
            how = dice.choice(DEADLY)
            whole_group = dice.random() < 0.3
            (os.killpg if whole_group else os.kill)(running.pid, how)
            said = running.communicate(timeout=60)[1]
            kills += 1
            if before_we_began(said):
                continue
            assert "Traceback" not in said, said
        there = [name for name in names(folder / "out") if ".poolcli-" not in name]
        broken = set(there) & set(wrong(folder / "p", folder / "out"))
        assert not broken, broken
        if running.returncode == 0:
            break
        assert running.returncode in (-9, -2, -15, 130, 143), (running.returncode, said)
    time.sleep(0.5)  # a worker of a run that was killed ends its file first
    assert wrong(folder / "p", folder / "out") == []
    assert leftovers(folder / "out") == [], leftovers(folder / "out")
    twice = 0
    if resuming:
        told = [json.loads(line) for line in report.read_text().splitlines() if line[:1] == "{"]
        twice = sum(count - 1 for count in Counter(each["source"] for each in told).values())
        assert twice == 0, twice
    return kills, " ".join(map(str, words[-3:]))


def main() -> None:
    """Play all rounds."""
    rounds, seed = (int(word) for word in (*sys.argv[1:], *("50", "1")[len(sys.argv) - 1 :]))
    dice, killed = random.Random(seed), 0
    for number in range(rounds):
        with tempfile.TemporaryDirectory() as folder:
            fill(Path(folder) / "p", COUNT, 40)
            kills, words = one_round(Path(folder), dice)
            print(f"{number + 1}/{rounds}: {kills} kills, {words}", flush=True)
            killed += kills
    assert killed >= rounds, f"only {killed} kills: the runs end before they are killed"


if __name__ == "__main__":
    main()
