"""Pyramids that were stopped in the middle, and taken up again."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from poolcli.jobs.boxes.unfinished import unfinished_folder
from poolcli.jobs.pyramids import building
from tests.commands import HANG, Run, Shell, posix
from tests.jobs.chunks.stores import NO_ZARR, content, planes
from tests.jobs.pyramids.stopping import stop_at

pytest.importorskip("zarr", reason=NO_ZARR)


@pytest.mark.parametrize("name", ["max", "avg", "median"])
def test_an_interrupted_pyramid_is_taken_up_again(
    run: Run, here: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(building, "_BLOCK_BYTES", 1)
    np.save("in.npy", planes((3, 101, 67)))
    words = ("pyramid", name, "in.npy")
    end = ("--chunk", 16, "--min-size", 8, "-j", 1)
    assert run(*words, "whole.ome.zarr", *end).code == 0
    for at in (1, 9, 2, 4):  # into the second pass
        with monkeypatch.context() as patch:
            stop_at(patch, at)
            done = run(*words, "out.ome.zarr", *end, "--resume")
            assert done.code == 130
        assert not (here / "out.ome.zarr").exists()
    assert "the same command with --resume goes on" in done.err
    assert run(*words, "out.ome.zarr", *end, "--resume").code == 0
    wanted = content(here / "whole.ome.zarr")
    got = content(here / "out.ome.zarr")
    assert got.pop("zarr.json") == wanted.pop("zarr.json").replace(b'"whole"', b'"out"')
    assert got == wanted


def test_only_the_same_pyramid_is_taken_up(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(building, "_BLOCK_BYTES", 1)
    np.save("in.npy", planes())
    words = ("pyramid", "max", "in.npy", "out.ome.zarr", "--chunk", 16, "-j", 1)
    with monkeypatch.context() as patch:
        stop_at(patch, 5)
        assert run(*words, "--levels", 3).code == 130
    assert "left by another job" in run(*words, "--levels", 2, "--resume").failure
    np.save("in.npy", planes() + 1)
    os.utime("in.npy", ns=(1, 1))
    assert "of a source that has changed" in run(*words, "--levels", 3, "--resume").failure
    assert run(*words, "--levels", 3).code == 0


@posix
@pytest.mark.parametrize("name", ["avg", "mode"])
def test_a_killed_pyramid_is_taken_up_again(shell: Shell, here: Path, name: str) -> None:
    np.save("in.npy", planes((1, 1101, 967), "u1") % 7)
    words = ("pyramid", name, "in.npy")
    end = ("--chunk", "32", "--shards", "64", "--min-size", "16", "--resume")
    assert shell(*words, "whole.ome.zarr", *end).code == 0
    command = [sys.executable, "-m", "poolcli", *words, "out.ome.zarr", *end]
    journal = unfinished_folder(here / "out.ome.zarr") / "boxes.jsonl"
    dice, kills = random.Random(name), 0
    for _ in range(5):
        running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        until, end_of_wait = dice.random() * 0.3, time.monotonic() + HANG
        while running.poll() is None and time.monotonic() < end_of_wait:
            if journal.exists():
                time.sleep(until)
                break
        if running.poll() is None:
            os.kill(running.pid, signal.SIGKILL)
            kills += 1
        running.communicate()
        if (here / "out.ome.zarr").exists():
            break
    assert kills
    if not (here / "out.ome.zarr").exists():
        assert shell(*words, "out.ome.zarr", *end).code == 0
    wanted, got = content(here / "whole.ome.zarr"), content(here / "out.ome.zarr")
    assert got.pop("zarr.json") == wanted.pop("zarr.json").replace(b'"whole"', b'"out"')
    assert got == wanted
