"""Arrays in chunks that were stopped in the middle, and taken up again."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from poolcli import max_pool
from poolcli.jobs.boxes import running
from poolcli.jobs.boxes.unfinished import unfinished_folder
from tests.commands import HANG, Run, Shell, posix
from tests.jobs.chunks.stopping import stop
from tests.jobs.chunks.stores import NO_ZARR, content, planes, read, store

pytest.importorskip("zarr", reason=NO_ZARR)

WORDS = ("max", "in.zarr", "out.zarr", "-k", 2, "-j", 1)


@pytest.fixture(autouse=True)
def small_boxes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "_MOST_BYTES", 1 << 12)


@pytest.mark.parametrize("kind", ["v2", "v3", "sharded"])
def test_an_interrupted_array_is_taken_up_again(
    run: Run, here: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    store(here / "in.zarr", planes(), kind)
    assert run("max", "in.zarr", "whole.zarr", "-k", 2).code == 0
    with monkeypatch.context() as patch:
        stop(patch, 5, KeyboardInterrupt())
        done = run(*WORDS)
    assert done.code == 130
    total = int(done.err.split(" of ")[1].split()[0])
    wanted = (
        f"poolcli: interrupted; 4 of {total} boxes done; the same command with --resume goes on\n"
    )
    assert done.err == wanted
    assert not (here / "out.zarr").exists()
    left = stop(monkeypatch, 0, KeyboardInterrupt())
    assert run(*WORDS, "--resume", "r.jsonl").code == 0
    assert left.count == total - 4
    assert content(here / "out.zarr") == content(here / "whole.zarr")


def test_a_failure_keeps_what_is_done(
    run: Run, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store(here / "in.zarr", planes())
    with monkeypatch.context() as patch:
        stop(patch, 4, OSError(28, "No space left on device"))
        done = run(*WORDS)
    assert done.code == 1
    assert done.failure.startswith("in.zarr: no space left on device (3 of ")
    assert done.failure.endswith(" boxes are kept for --resume)")
    assert run(*WORDS, "--resume", "r.jsonl").code == 0
    np.testing.assert_array_equal(read(here / "out.zarr"), max_pool(planes(), 2))


def test_nothing_is_kept_of_a_run_that_did_nothing(
    run: Run, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store(here / "in.zarr", planes())
    stop(monkeypatch, 1, KeyboardInterrupt())
    done = run(*WORDS)
    assert (done.code, done.err) == (130, "poolcli: interrupted\n")
    assert [path.name for path in here.iterdir()] == ["in.zarr"]


def test_only_the_same_job_is_taken_up(
    run: Run, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store(here / "in.zarr", planes())
    with monkeypatch.context() as patch:
        stop(patch, 4, KeyboardInterrupt())
        run(*WORDS)
    done = run("max", "in.zarr", "out.zarr", "-k", 3, "--resume", "r.jsonl")
    assert "was left by another job or version, or of a source that has changed" in done.failure
    assert run("max", "in.zarr", "out.zarr", "-k", 3).code == 0  # it begins again
    np.testing.assert_array_equal(read(here / "out.zarr"), max_pool(planes(), 3))


def test_boxes_of_another_version_are_not_taken_for_those_of_this(
    run: Run, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store(here / "in.zarr", planes())
    with monkeypatch.context() as patch:
        stop(patch, 4, KeyboardInterrupt())
        run(*WORDS)
    monkeypatch.setattr(running, "_MOST_BYTES", 1 << 20)
    monkeypatch.setattr(running, "_FEWEST", 1)
    done = run(*WORDS, "--resume", "r.jsonl")
    assert "was left by another job or version" in done.failure
    assert run(*WORDS).code == 0


def test_a_line_that_was_cut_short_does_not_count(
    run: Run, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store(here / "in.zarr", planes())
    with monkeypatch.context() as patch:
        stop(patch, 4, KeyboardInterrupt())
        run(*WORDS)
    journal = unfinished_folder(here / "out.zarr") / "boxes.jsonl"
    before = journal.read_bytes()
    journal.write_bytes(before[:-4])
    with monkeypatch.context() as patch:
        stop(patch, 2, KeyboardInterrupt())
        run(*WORDS, "--resume", "r.jsonl")
    assert journal.read_bytes() == before
    assert run(*WORDS, "--resume", "r.jsonl").code == 0
    np.testing.assert_array_equal(read(here / "out.zarr"), max_pool(planes(), 2))


def test_two_processes_do_not_write_the_same_array(run: Run, here: Path) -> None:
    store(here / "in.zarr", planes())
    folder = unfinished_folder(here / "out.zarr")
    folder.mkdir()
    from poolcli.media.files import process_space

    sleeper = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    (folder / "owner").write_text(f"{sleeper.pid}-{process_space()}")
    done = run(*WORDS)
    assert done.failure == (
        f"out.zarr: is being written by process {sleeper.pid}; wait for its end"
    )
    sleeper.communicate(b"\n")
    assert run(*WORDS).code == 0


def test_what_another_machine_writes_is_left_until_it_is_quiet(run: Run, here: Path) -> None:
    store(here / "in.zarr", planes())
    folder = unfinished_folder(here / "out.zarr")
    folder.mkdir()
    owner = folder / "owner"
    owner.write_text("7-00000000")
    told = (
        "out.zarr: is being written by process 7 of another machine or container; wait for its "
        f"end, or remove {owner} if it has died"
    )
    assert run(*WORDS).failure == told
    hour_ago, days_ago = (time.time() - seconds for seconds in (3600, 90_000))
    os.utime(owner, (hour_ago, hour_ago))
    assert run(*WORDS).failure == told, "it would begin again"
    assert run(*WORDS, "--resume", "r.jsonl").code == 0
    folder.mkdir()
    owner.write_text("7-00000000")
    os.utime(owner, (days_ago, days_ago))
    assert run(*WORDS).code == 0


@posix
def test_a_killed_run_is_taken_up_again(shell: Shell, here: Path) -> None:
    x = planes((1, 1200, 1100), "u1")
    store(here / "in.zarr", x, chunks=(1, 32, 32))
    words = ("median", "in.zarr", "-k", "11", "-s", "2")
    assert shell(*words, "whole.zarr").code == 0
    command = [sys.executable, "-m", "poolcli", *words, "out.zarr", "--resume", "r.jsonl"]
    journal = unfinished_folder(here / "out.zarr") / "boxes.jsonl"
    kills = 0
    for lines in (4, 9, 14):
        running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        end = time.monotonic() + HANG
        while running.poll() is None and time.monotonic() < end:
            if journal.exists() and journal.read_bytes().count(b"\n") > lines:
                os.kill(running.pid, signal.SIGKILL)
                kills += 1
                break
            time.sleep(0.002)
        running.communicate()
        assert not (here / "out.zarr").exists()
    assert kills == 3
    assert shell(*words, "out.zarr", "--resume", "r.jsonl").code == 0
    assert content(here / "out.zarr") == content(here / "whole.zarr")
