"""A picture and the files beside it: one unit when written, and told from others when read."""

import os
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import numpy as np
import pytest
from PIL import Image

from poolcli.core.dispatch import pool
from poolcli.media.held_folder import HeldFolder
from poolcli.media.indices_file import values_digest
from tests.commands import Run, Shell, posix, with_small_files
from tests.folders import fill
from tests.oracle import Array
from tests.pictures import noise

WRONG = (
    "i.npz: was written beside other values than those of {}; give the two files that belong "
    "together"
)


@pytest.fixture(autouse=True)
def _pictures(here: Path) -> None:
    for name, seed in (("a", 0), ("b", 1)):
        Image.fromarray(noise((12, 16, 3)) ^ np.uint8(seed)).save(here / f"{name}.png")


@pytest.mark.parametrize("pooled", ["p.png", "p.npy", "p.jpg", "p.webp", "p.gif", "p.tif"])
def test_own_picture_fits_and_another_of_the_same_shape_does_not(run: Run, pooled: str) -> None:
    """Lossy ones too, whose values are not those that were pooled."""
    words = ["-k", "2", "--indices", "i.npz"]
    assert run("max", "a.png", pooled, *words).code == 0
    assert run("unpool", pooled, "i.npz", "u.png" if pooled[-3:] != "npy" else "u.npy").code == 0
    assert run("max", "b.png", f"other-{pooled}", "-k", 2).code == 0
    done = run("unpool", f"other-{pooled}", "i.npz", "v.npy")
    assert (done.code, done.failure) == (1, WRONG.format(f"other-{pooled}"))
    assert not Path("v.npy").exists()


def test_older_indices_tell_nothing_of_values(run: Run) -> None:
    assert run("max", "a.png", "p.png", "-k", 2, "--indices", "i.npz").code == 0
    with np.load("i.npz") as found:
        np.savez("old.npz", **{name: found[name] for name in found.files if name != "pooled"})
    assert run("max", "b.png", "q.png", "-k", 2).code == 0
    for pooled in ("p.png", "q.png"):
        assert run("unpool", pooled, "old.npz", "u.png").code == 0


@pytest.mark.parametrize(
    "pooled",
    [np.zeros((1, 16), "i4"), np.zeros((1, 15), "u1"), np.zeros((3, 16), "u1"), np.zeros(16, "u1")],
    ids=str,
)
def test_hashes_are_not_trusted(run: Run, pooled: Array) -> None:
    assert run("max", "a.png", "p.png", "-k", 2, "--indices", "i.npz").code == 0
    with np.load("i.npz") as found:
        np.savez("bad.npz", **{**{name: found[name] for name in found.files}, "pooled": pooled})
    done = run("unpool", "p.png", "bad.npz", "u.png")
    assert done.failure == (
        "bad.npz: holds no indices; give the file that poolcli max … --indices wrote"
    )


def test_values_are_what_counts() -> None:
    """Not the dtype that holds them, nor the bits of a NaN."""
    x = np.array([[1, 2], [3, 250]], "u1")
    same = {values_digest(x.astype(dtype), picture=False) for dtype in ("u1", ">u2", "i8", "u8")}
    floats = {values_digest(x.astype(dtype), picture=False) for dtype in ("f4", ">f8")}
    assert (len(same), len(floats), len(same & floats)) == (1, 1, 0)
    nans = np.array([[0x7FC00000, 0xFFC12345]], "u4").view("f4")
    assert values_digest(nans, picture=False) == values_digest(nans[:, ::-1], picture=False)
    assert values_digest(x, picture=False) != values_digest(x.T, picture=False)


@pytest.fixture
def _old_files() -> None:
    for name in ("i.npz", "w.png", "p.jpg", "p.png"):
        Path(name).write_text("old")


@pytest.mark.usefixtures("_old_files")
def test_picture_that_cannot_be_written_leaves_the_files_beside_it(run: Run) -> None:
    Image.open("a.png").convert("RGBA").save("c.png")
    words = ["-k", "2", "--indices", "i.npz", "--winners", "w.png"]
    assert "cannot hold mode RGBA" in run("max", "c.png", "p.jpg", *words).failure
    assert {Path(name).read_text() for name in ("i.npz", "w.png", "p.jpg")} == {"old"}


@posix
@pytest.mark.usefixtures("_old_files")
def test_full_disk_leaves_all_of_them(shell: Shell) -> None:
    """There is room for the picture, and not for the indices."""
    words = ["-k", "2", "--indices", "i.npz", "--winners", "w.png"]
    done = shell("max", "a.png", "p.png", *words, preexec_fn=with_small_files)
    assert done.failure == "i.npz: file too large"
    assert {Path(name).read_text() for name in ("i.npz", "w.png", "p.png")} == {"old"}


@pytest.mark.usefixtures("_old_files")
def test_files_beside_come_after_the_picture(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    placed: list[str] = []
    rename = HeldFolder.rename

    def note(folder: HeldFolder, name: str, other: str) -> None:
        placed.append(other)
        rename(folder, name, other)

    monkeypatch.setattr(HeldFolder, "rename", note)
    words = ["-k", "2", "--indices", "i.npz", "--winners", "w.png"]
    assert run("max", "a.png", "p.png", *words).code == 0
    np.save("a.npy", noise((8, 8)))
    assert run("max", "a.npy", "p.npy", *words).code == 0
    assert placed == ["p.png", "i.npz", "w.png", "p.npy", "i.npz", "w.png"]


def test_resume_misses_the_files_beside(run: Run) -> None:
    words = ["max", "a.png", "p.png", "-k", "2", "--indices", "i.npz", "--resume", "r.jsonl"]
    assert run(*words).code == 0
    assert "done before" in run(*words).out
    Path("i.npz").unlink()
    assert "done before" not in run(*words).out
    Path("i.npz").write_bytes(b"")
    assert "done before" not in run(*words).out
    assert ZipFile("i.npz").testzip() is None


def test_source_that_changes_meanwhile_leaves_all(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever its format, and a .npy that is replaced by another."""
    np.save("a.npy", noise((3, 8, 8)))
    fill(Path("f"), 1, suffix=".tif")
    os.replace("f/00000.tif", "a.tif")  # noqa: PTH105

    def swapping(*arguments: Any, **options: Any) -> Any:
        done = pool(*arguments, **options)
        source.with_name("new").write_bytes(source.read_bytes())
        source.with_name("new").replace(source)
        return done

    monkeypatch.setattr("poolcli.jobs.boxes.array_job.pool", swapping)
    monkeypatch.setattr("poolcli.jobs.pooled_frames.pool", swapping)
    for source in map(Path, ("a.png", "a.tif", "a.npy")):
        destination = Path(f"out{source.suffix}")
        destination.write_text("old")
        for words in ([], ["--indices", "i.npz"]):
            done = run("max", source, destination, "-k", 2, *words)
            assert (
                done.failure == f"{source}: was replaced while it was read; run the command again"
            )
            assert (destination.read_text(), Path("i.npz").exists()) == ("old", False)
