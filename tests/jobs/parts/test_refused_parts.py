"""Parts of an array that do not go together are refused, and none is lost."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from poolcli.jobs.boxes import running
from poolcli.jobs.boxes.unfinished_part import UnfinishedPart
from poolcli.media.files import process_space
from tests.commands import Run, Word
from tests.jobs.chunks.stores import NO_ZARR, content, planes, store

pytest.importorskip("zarr", reason=NO_ZARR)

WORDS = ("max", "in.zarr", "out.zarr", "-k", 2, "--shard")
FOLDER = ".poolcli-out.zarr.parts"


@pytest.fixture(autouse=True)
def array(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "_MOST_BYTES", 1 << 11)
    store(here / "in.zarr", planes((1, 67, 101)))


def is_whole(run: Run, here: Path) -> bool:
    assert run(*WORDS[:2], "whole.zarr", "-k", 2).code == 0
    return content(here / "out.zarr") == content(here / "whole.zarr")


def test_another_number_of_parts_is_refused(run: Run, here: Path) -> None:
    assert run(*WORDS, "1/3").code == 0
    done = run(*WORDS, "2/4")
    assert (done.code, done.failure) == (
        1,
        f"out.zarr: is being made in 3 parts; use --shard 1/3 to 3/3, or remove {here / FOLDER} to "
        "begin again",
    )
    assert [run(*WORDS, which).code for which in ("2/3", "3/3")] == [0, 0]
    assert is_whole(run, here)


@pytest.mark.parametrize("change", ["window", "source", "boxes"])
def test_a_part_of_another_job_is_refused(
    run: Run, here: Path, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    assert run(*WORDS, "1/2").code == 0
    words: tuple[Word, ...] = (*WORDS, "2/2")
    if change == "window":
        words = (*words, "--stride", 1)
    elif change == "source":
        os.utime("in.zarr/zarr.json", ns=(1, 1))
    else:
        monkeypatch.setattr(running, "_FEWEST", 1)
        monkeypatch.setattr(running, "_MOST_BYTES", 1 << 20)
    assert run(*words).failure == (
        f"out.zarr: {here / FOLDER} was begun by another job or version, or of a source that has "
        "changed since; remove it to begin again"
    )
    assert not (here / "out.zarr").exists()
    shutil.rmtree(FOLDER)


def test_a_part_has_one_process(run: Run, here: Path) -> None:
    assert run(*WORDS, "1/2").code == 0
    sleeper = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    owner = here / FOLDER / "owner-2-of-2" / "process"
    owner.parent.mkdir()
    owner.write_text(f"{sleeper.pid}-{process_space()}")
    told = f"out.zarr: is being written by process {sleeper.pid}; wait for its end"
    assert run(*WORDS, "2/2").failure == told
    assert run(*WORDS, "1/2").out == "out.zarr: part 1/2 done; 2/2 to come\n"
    owner.parent.rename(owner.parent.with_name("owner-lead"))
    assert run(*WORDS, "2/2").failure == told, "the whole is being finished"
    sleeper.communicate(b"\n")
    assert run(*WORDS, "2/2").code == 0
    assert is_whole(run, here)


def test_a_part_of_another_machine_is_left_until_it_is_quiet(run: Run, here: Path) -> None:
    owner = here / FOLDER / "owner-1-of-1" / "process"
    owner.parent.mkdir(parents=True)
    owner.write_text("7-00000000")
    assert "is being written by process 7 of another machine" in run(*WORDS, "1/1").failure
    hour_ago = time.time() - 3600
    os.utime(owner, (hour_ago, hour_ago))
    assert run(*WORDS, "1/1", "--resume", "r.jsonl").code == 0
    assert is_whole(run, here)


def test_who_was_killed_while_finishing_leaves_the_last_step_to_others(
    run: Run, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed before the array has taken its place, and after: an empty one is never made of it."""
    assert run(*WORDS, "1/2").code == 0
    with monkeypatch.context() as patch:
        patch.setattr(UnfinishedPart, "finish", lambda one: (one.leads(), ())[1])
        assert run(*WORDS, "2/2").code == 0
    assert run(*WORDS, "1/2").code == 0
    assert (here / "out.zarr").exists()
    with monkeypatch.context() as patch:
        patch.setattr(UnfinishedPart, "_remove", lambda _: None)
        assert [run(*WORDS, which).code for which in ("1/2", "2/2")] == [0, 0]
    assert (here / FOLDER / "boxes-1-of-2.jsonl").exists()
    assert run(*WORDS, "1/2").out == "out.zarr: part 1/2 done; 2/2 to come\n"
    assert run(*WORDS, "2/2").code == 0
    assert is_whole(run, here)


@pytest.mark.parametrize(
    "words", [("max", "in.zarr", "out.npy", "-k", 2), ("pyramid", "max", "in.zarr", "out.ome.tif")]
)
def test_only_a_zarr_is_made_in_parts(run: Run, words: tuple[Word, ...]) -> None:
    done = run(*words, "--shard", "1/2")
    assert (done.code, done.failure) == (
        2,
        "--shard shares out the files of a folder, or the boxes of one .zarr, .npy or .tif that "
        "becomes a .zarr in a folder; leave it out for other files",
    )
    done = run(
        "pyramid", "max", "in.zarr", "o.ome.zarr", "--shard", "1/2", "--cluster", "tcp://a:1"
    )
    assert "leave one out" in done.failure
