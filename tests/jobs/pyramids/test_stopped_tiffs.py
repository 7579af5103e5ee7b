"""Pyramids as TIFF that were stopped in the middle, and taken up again: the same bytes."""

import os
import shutil
import stat
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from poolcli.jobs.boxes.unfinished import unfinished_folder
from poolcli.jobs.pyramids import building
from poolcli.media.tiff.growing import GrowingTiff
from tests.commands import Run, posix
from tests.jobs.chunks.stores import planes
from tests.jobs.pyramids.stopping import stop_at

tifffile = pytest.importorskip("tifffile", reason="the extra [tiff] is not installed")
pytest.importorskip("imagecodecs", reason="the extra [tiff] is not installed")

END = ("--chunk", 16, "--min-size", 8)


@pytest.fixture(autouse=True)
def many_boxes(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(building, "_BLOCK_BYTES", 1)
    np.save(here / "in.npy", planes((3, 101, 67)))


def whole(run: Run, name: str, *words: Any) -> bytes:
    """The bytes of a pyramid that was not stopped."""
    Path("whole").mkdir(exist_ok=True)
    destination = Path("whole", "out.ome.tif")
    assert run("pyramid", name, "in.npy", destination, *END, "--overwrite", *words).code == 0
    return destination.read_bytes()


@pytest.mark.parametrize("name", ["max", "avg", "median"])
def test_an_interrupted_tiff_is_taken_up_again(
    run: Run, here: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    words = ("pyramid", name, "in.npy", "out.ome.tif", *END, "-j", 1, "--resume")
    wanted = whole(run, name)
    data = unfinished_folder(here / "out.ome.tif") / "data"
    for at in (3, 8, 2, 3):  # into the second pass
        with monkeypatch.context() as patch:
            stop_at(patch, at)
            assert run(*words).code == 130
        assert not (here / "out.ome.tif").exists()
        with data.open("ab") as file:  # of a box that was cut short
            file.write(b"rest" * 9)
        with data.open("rb") as left, tifffile.TiffFile(left) as tif:
            assert len(tif.pages) == 0
    assert run(*words).code == 0
    assert (here / "out.ome.tif").read_bytes() == wanted
    assert sorted(path.name for path in here.iterdir()) == ["in.npy", "out.ome.tif", "whole"]


def test_the_file_is_the_same_whatever_the_threads(run: Run) -> None:
    assert whole(run, "mode", "-j", 1) == whole(run, "mode", "-j", 4)


def test_a_full_disk_keeps_what_is_done_and_the_old_file(
    run: Run, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = here / "out.ome.tif"
    old.write_bytes(b"old")
    words = ("pyramid", "max", "in.npy", "out.ome.tif", *END, "-j", 1)
    done = run(*words)
    assert done.failure == "out.ome.tif: exists; use --overwrite to replace it"
    append, count = GrowingTiff.append, 0

    def full(tiff: GrowingTiff, data: bytes) -> int:
        nonlocal count
        count += 1
        if count > 20:
            raise OSError(28, "No space left on device")
        return append(tiff, data)

    with monkeypatch.context() as patch:
        patch.setattr(GrowingTiff, "append", full)
        done = run(*words, "--overwrite")
        assert done.failure.startswith("out.ome.tif: no space left on device (")
        assert done.failure.endswith("boxes are kept for --resume)")
    assert old.read_bytes() == b"old"
    assert run(*words, "--overwrite", "--resume").code == 0
    assert old.read_bytes() == whole(run, "max")


def test_a_file_that_was_cut_since_is_not_gone_on_with(
    run: Run, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ("pyramid", "max", "in.npy", "out.ome.tif", *END, "-j", 1)
    with monkeypatch.context() as patch:
        stop_at(patch, 9)
        assert run(*words).code == 130
    data = unfinished_folder(here / "out.ome.tif") / "data"
    os.truncate(data, 100)
    done = run(*words, "--resume")
    assert done.failure == "out.ome.tif: was cut short since; run the command without --resume"
    assert run(*words).code == 0


@posix
def test_permissions_of_an_old_file_are_kept(run: Run, here: Path) -> None:
    (here / "out.ome.tif").touch(0o600)
    words = ("pyramid", "max", "in.npy", "out.ome.tif", *END, "--overwrite")
    assert run(*words).code == 0
    assert stat.S_IMODE((here / "out.ome.tif").stat().st_mode) == 0o600


def test_a_run_that_was_killed_at_its_very_end_is_begun_again(
    run: Run, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ("pyramid", "max", "in.npy", "out.ome.tif", *END, "--resume")
    with monkeypatch.context() as patch:
        patch.setattr(shutil, "rmtree", lambda *_, **__: None)
        assert run(*words).code == 0
    assert unfinished_folder(here / "out.ome.tif").exists()
    (here / "out.ome.tif").unlink()
    assert run(*words).code == 0
    assert (here / "out.ome.tif").read_bytes() == whole(run, "max")
