"""Whole runs of the real command over folders: what is printed, where, and what is there then."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tests.commands import HANG, Run, Shell, Word, posix, with_small_files, without_privileges
from tests.folders import command, fill, is_pooled, leftovers, names, started, wrong


def records(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_a_tree_of_hundreds(here: Path, shell: Shell) -> None:
    made = fill(here / "photos", 200)
    (here / "photos/notes.txt").write_text("hello")
    (here / "photos/a/cut.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    done = shell("max", "photos", "small", "-k", 2)
    assert done.code == 1
    assert done.out == "".join(f"small/{name}: 3×8×8 → 3×4×4\n" for name in made)
    failure, count = done.err.splitlines()
    assert failure.startswith("poolcli: photos/a/cut.png: is ")
    assert count.startswith("200 done, 0 skipped, 1 failed in ")
    assert count.endswith(" s (1 other file passed over)")
    assert wrong(here / "photos", here / "small") == ["a/cut.png", "notes.txt"]
    assert names(here / "small") == made


def test_workers_make_no_difference(here: Path, shell: Shell) -> None:
    fill(here / "p", 30)
    first = shell("max", "p", "one", "-k", 2, "-j", 1)
    many = shell("max", "p", "two", "-k", 2, "-j", 7)
    assert many.out == first.out.replace("one/", "two/")
    for name in names(here / "one"):
        assert (here / "one" / name).read_bytes() == (here / "two" / name).read_bytes()


def test_formats_and_arrays(here: Path, shell: Shell) -> None:
    fill(here / "p", 3, suffix=".bmp")
    np.save(here / "p/x.npy", np.ones((3, 4, 4), "u1"))
    assert shell("max", "p", "out/", "-k", 2, "-f", "png").code == 0
    assert names(here / "out") == ["00000.png", "a/00001.png", "a/b/00002.png", "x.png"]
    assert shell("max", "p/00000.bmp", "p/x.npy", "into", "-k", 2).code == 0
    assert np.load("into/x.npy").shape == (3, 2, 2)


def test_failures_of_single_files(here: Path, run: Run) -> None:
    fill(here / "p", 2)
    Path("p/q.fli").write_bytes(b"x")
    Path("notes.txt").write_text("hello")
    done = run("max", "p", "notes.txt", "missing.png", "out", "-k", 2)
    assert done.code == 1
    assert done.err.splitlines()[:-1] == [
        "poolcli: missing.png: no such file or folder; check the name",
        "poolcli: notes.txt: is not a picture in a format that can be read",
        "poolcli: p/q.fli: extension '.fli' can be read but not written; use -f png, for example",
    ]
    assert done.err.splitlines()[-1].startswith("2 done, 0 skipped, 3 failed in ")
    assert run("max", "p", "p2", "-k", 9).err.count("kernel 9 is taller than the image") == 2


def test_skip_and_clobber(here: Path, run: Run) -> None:
    fill(here / "p", 4)
    assert run("max", "p/00000.png", "out/", "-k", 2).code == 0
    old = (here / "out/00000.png").stat()
    done = run("max", "p", "out", "-k", 2, "--no-clobber")
    assert done.code == 1
    assert done.err.startswith(
        "poolcli: out/00000.png: exists, and --no-clobber is given\n3 done, "
    )
    assert run("max", "p", "out", "-k", 2, "--skip-existing").err.startswith(
        "0 done, 4 skipped, 0 "
    )
    assert (here / "out/00000.png").stat().st_mtime_ns == old.st_mtime_ns
    assert run("max", "p", "out", "-k", 2).err.startswith("4 done, 0 skipped, ")
    one: list[Word] = ["max", "p/00000.png", "out/00000.png", "-k", 2]
    assert run(*one, "--skip-existing").out == "out/00000.png: skipped (exists)\n"
    assert run(*one, "--no-clobber").failure == "out/00000.png: exists, and --no-clobber is given"
    assert run(*one, "--no-clobber", "--skip-existing").code == 2


def test_dry_run(here: Path, run: Run) -> None:
    made = fill(here / "p", 5)
    (here / "p/bad.png").write_bytes(b"no picture")
    before = names(here)
    done = run("max", "p", "out", "-k", 3, "-n", "--report", "r.jsonl")
    assert done.code == 1
    assert done.out == "".join(
        f"out/{name}: 3×8×8 → 3×2×2 (2 rows and 2 columns unused)\n" for name in made
    )
    assert done.err.splitlines()[-1].startswith("5 would be done, 0 skipped, 1 failed in ")
    assert run("max", "p/00000.png", "new/", "-k", 3, "-n").out.startswith("new/00000.png: 3×8×8 →")
    assert names(here) == before
    assert not Path("new").exists()


def test_quiet(here: Path, run: Run) -> None:
    fill(here / "p", 3)
    done = run("max", "p", "out", "-k", 2, "-q")
    assert (done.code, done.out, done.err) == (0, "", "")
    done = run("max", "p/00000.png", "out.png", "-k", 2, "-q")
    assert (done.code, done.out, done.err) == (0, "", "")


def test_fail_fast(here: Path, run: Run) -> None:
    fill(here / "p", 200)
    (here / "p/00000.png").write_bytes(b"no picture")
    done = run("max", "p", "out", "-k", 2, "--fail-fast", "-j", 2)
    assert done.code == 1
    assert " 1 failed in " in done.err
    assert done.err.endswith(" left\n")
    assert len(names(here / "out")) < 199


def test_resume(here: Path, shell: Shell) -> None:
    fill(here / "p", 20)
    words: list[Word] = ["max", "p", "out", "-k", 2, "--resume", "r.jsonl"]
    assert shell(*words).err.startswith("20 done, 0 skipped, ")
    assert shell(*words).err.startswith("0 done, 20 skipped, ")
    assert len(records(Path("r.jsonl").read_text())) == 20
    Path("out/00003.png").unlink()
    os.utime("p/00000.png", ns=(5, 5))
    assert shell(*words).err.startswith("2 done, 18 skipped, ")
    assert shell(*words, "-s", 1).err.startswith("20 done, 0 skipped, ")
    assert shell(*words).err.startswith("20 done, 0 skipped, ")
    assert wrong(here / "p", here / "out") == []


def test_files_from(here: Path, shell: Shell) -> None:
    fill(here / "p", 6)
    Path("list").write_text("p/00000.png\n\np/a/00001.png\r\n")
    assert shell("max", "--files-from", "list", "out", "-k", 2).code == 0
    assert names(here / "out") == ["00000.png", "00001.png"]
    odd = "p/a\nb.png"
    if sys.platform != "win32":
        Path("p/00003.png").rename(odd)
        given = f"{odd}\0p/a/00004.png\0".encode()
        words = command("max", "--files-from", "-", "-0", "odd", "-k", 2)
        done = subprocess.run(words, input=given, capture_output=True, check=True)
        assert done.stderr.startswith(b"2 done, ")
        assert names(here / "odd") == ["00004.png", "a\nb.png"]
    Path("empty").write_text("")
    assert shell("max", "--files-from", "empty", "none", "-k", 2).err.startswith("0 done, 0 ")
    for words_, told in (
        (
            ["--files-from", "nowhere"],
            "--files-from nowhere: no such file or folder; check the name",
        ),
        (["-0"], "-0 describes the names in --files-from; give that too"),
        (
            ["--files-from", "-", "-"],
            "standard input (-) cannot be both an image and --files-from;",
        ),
    ):
        failed = shell("max", *words_, "p", "out", "-k", 2)
        assert failed.code == 2
        assert failed.failure.startswith(told)


def test_in_place(here: Path, run: Run) -> None:
    fill(here / "p", 4)
    assert run("max", "p", "p", "-k", 2).code == 2
    assert run("max", "p", "p", "-k", 2, "--in-place").err.startswith("4 done, ")
    with Image.open("p/00000.png") as image:
        assert image.size == (4, 4)


def test_clash_stops_before_anything(here: Path, run: Run) -> None:
    fill(here / "p", 3)
    (here / "p/a/00001.jpg").write_bytes(b"x")
    done = run("max", "p", "out", "-k", 2, "-f", "png")
    assert done.code == 2
    assert done.failure == (
        "p/a/00001.jpg and p/a/00001.png would both become out/a/00001.png; rename one, or pool "
        "them into two folders"
    )
    assert not Path("out").exists()


@posix
def test_output_closed_early(here: Path) -> None:
    fill(here / "p", 200)
    running = started("max", "p", "out", "-k", 2, "-j", 2)
    assert running.stdout is not None
    assert running.stdout.readline().startswith("out/00000.png: ")
    running.stdout.close()
    running.stdout = None
    assert running.communicate(timeout=HANG)[1] == ""
    assert running.returncode == 141
    assert leftovers(here) == []


@posix
def test_plain_c_locale(here: Path) -> None:
    fill(here / "p", 2)
    odd = os.fsencode("p/é") + b"\xff.png"
    os.rename(b"p/00000.png", odd)  # noqa: PTH104
    env = {"LANG": "C", "LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
    words = command("max", "p", "out", "-k", 2)
    done = subprocess.run(words, capture_output=True, env=os.environ | env, check=False)
    assert done.returncode == 0
    assert done.stdout.count(b": 3x8x8 -> 3x4x4\n") == 2
    assert done.stdout.isascii()
    assert os.path.exists(odd.replace(b"p/", b"out/"))  # noqa: PTH110


@posix
@pytest.mark.parametrize(
    ("prepare", "told"),
    [
        (without_privileges, ": permission denied; check who may read the file and write to the"),
        (with_small_files, ": file too large"),
    ],
)
def test_no_permission_and_no_room(
    here: Path, shell: Shell, prepare: Callable[[], None], told: str
) -> None:
    fill(here / "p", 4, 100)
    Path("out").mkdir()
    if prepare is without_privileges:
        Path("out").chmod(0o555)
    done = shell("max", "p", "out", "-k", 2, preexec_fn=prepare)
    Path("out").chmod(0o755)
    assert done.code == 1
    assert done.err.count(told) == 4
    assert done.err.splitlines()[-1].startswith("0 done, 0 skipped, 4 failed in ")
    assert names(here / "out") == []


@posix
def test_full_disk(here: Path) -> None:
    """A real one, where it may be mounted: what fits is whole, the rest is told of."""
    fill(here / "p", 40, 100)
    script = (
        "mkdir out; mount -t tmpfs -o size=100k none out || exit 77; "
        '"$1" -m poolcli max p out -k 2 -j 2 2>err; code=$?; cp -a out kept; exit $code'
    )
    try:
        words = ["unshare", "-rm", "bash", "-c", script, "-", sys.executable]
        done = subprocess.run(words, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        pytest.skip("no unshare here")
    if done.returncode == 77 or "unshare" in done.stderr:
        pytest.skip("may not mount a file system here")
    said = Path("err").read_text().splitlines()
    assert done.returncode == 1
    assert 0 < len(names(here / "kept")) < 40
    assert all(line.endswith(": no space left on device") for line in said[:-1])
    assert len(said) - 1 + len(names(here / "kept")) == 40
    assert all(is_pooled(here / "p" / name, here / "kept" / name) for name in names(here / "kept"))


def test_two_runs_at_once(here: Path) -> None:
    fill(here / "p", 60)
    running = [started("max", "p", "out", "-k", 2, "-j", 2) for _ in range(2)]
    said = [each.communicate(timeout=HANG)[1] for each in running]
    assert [each.returncode for each in running] == [0, 0]
    assert all(line.startswith("60 done, 0 skipped, 0 failed") for line in said)
    assert wrong(here / "p", here / "out") == []
    assert leftovers(here) == []
