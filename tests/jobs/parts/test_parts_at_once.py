"""Parts of an array that processes make at the same time, of which some are killed."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from tests.commands import HANG, Run, Word, posix
from tests.jobs.chunks.stores import NO_ZARR, content, planes, store

pytest.importorskip("zarr", reason=NO_ZARR)

_SMALL = """
import sys, time
from poolcli.cli.main import main
from poolcli.jobs.boxes import running
from poolcli.jobs.boxes.unfinished_part import UnfinishedPart
from poolcli.jobs.pyramids import building

running._MOST_BYTES = building._BLOCK_BYTES = 1 << 11
add, stall = UnfinishedPart.add, int(sys.argv.pop(1))

def stalling(one, *told):
    add(one, *told)
    if len(one.done) == stall:
        time.sleep(600)

UnfinishedPart.add = stalling
sys.exit(main(sys.argv[1:]))
"""
"""poolcli with small boxes and pyramids of many passes, which may stop in the middle."""


def start(*words: Word, stall: int = 0) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", _SMALL, str(stall), *map(str, words)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def ended(process: subprocess.Popen[str]) -> str:
    out, err = process.communicate(timeout=HANG)
    assert (process.returncode, err) == (0, "")
    return out


def kill_after(process: subprocess.Popen[str], journal: Path, lines: int) -> None:
    """Kill a process once so many boxes are noted."""
    end = time.monotonic() + HANG
    while not (journal.exists() and journal.read_bytes().count(b"\n") >= lines):
        assert process.poll() is None
        assert time.monotonic() < end
        time.sleep(0.002)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()


@posix
def test_parts_at_once_of_which_one_is_killed(run: Run, here: Path) -> None:
    store(here / "in.zarr", planes((1, 101, 150), "u1"))
    words = ("median", "in.zarr", "out.zarr", "-k", 3, "-s", 2, "-j", 1)
    parts = [start(*words, "--shard", f"{n}/3", stall=3 * (n == 2)) for n in (1, 2, 3)]
    kill_after(parts.pop(1), here / ".poolcli-out.zarr.parts" / "boxes-2-of-3.jsonl", 3)
    said = [ended(one) for one in parts]
    assert all("done; " in one and "2/3" in one for one in said)
    assert not (here / "out.zarr").exists()
    assert "→" in ended(start(*words, "--shard", "2/3", "--resume", "2.jsonl"))
    assert run("median", "in.zarr", "whole.zarr", *words[3:]).code == 0
    assert content(here / "out.zarr") == content(here / "whole.zarr")


def test_exactly_one_of_the_parts_at_once_makes_the_whole_of_a_pyramid(
    run: Run, here: Path
) -> None:
    np.save("in.npy", planes((1, 101, 150)))
    words, end = ("pyramid", "avg", "in.npy"), ("--chunk", 16, "--min-size", 8)
    parts = [start(*words, "out.ome.zarr", *end, "--shard", f"{n}/2") for n in (1, 2)]
    said = [ended(one) for one in parts]
    assert sum("levels" in one for one in said) == 1
    assert run(*words, "whole.ome.zarr", *end).code == 0
    wanted, got = content(here / "whole.ome.zarr"), content(here / "out.ome.zarr")
    assert got.pop("zarr.json") == wanted.pop("zarr.json").replace(b'"whole"', b'"out"')
    assert got == wanted
