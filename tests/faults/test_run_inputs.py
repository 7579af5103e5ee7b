"""What a run is told by files: lists, reports and trees, damaged, hostile or without an end."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from poolcli.errors import PathError
from poolcli.jobs.batch import _make_folders
from poolcli.jobs.journal import DoneTasks
from poolcli.jobs.operation import Operation
from poolcli.jobs.plan import Task
from tests.commands import Run, Shell, posix

ENDLESS = pytest.mark.skipif(not Path("/dev/zero").exists(), reason="there is no such device")
LINE: dict[str, Any] = {
    "source": "a.png", "destination": "b.png", "error": None, "skipped": None, "size": None,
    "source_size": 3, "mtime_ns": 4, "destination_size": 5, "fingerprint": "f",
}  # fmt: skip


@ENDLESS
@pytest.mark.parametrize(
    ("extra", "text"),
    [
        (["--files-from", "/dev/zero"], "--files-from /dev/zero holds NUL bytes, which no name"),
        (["--files-from", "/dev/zero", "-0"], "--files-from /dev/zero is longer than 10000000 na"),
    ],
)
def test_a_list_without_end(run: Run, extra: list[str], text: str) -> None:
    done = run("max", *extra, "out", "-k", 2)
    assert (done.code, done.failure[: len(text)]) == (2, text)


@ENDLESS
def test_a_report_without_end() -> None:
    with pytest.raises(PathError, match=r"is a device; name a file|is not a report of poolcli"):
        DoneTasks(Path("/dev/zero"), "f")


def test_a_list_with_nul_bytes(run: Run) -> None:
    Path("list").write_bytes(b"a.png\0b.png\0")
    done = run("max", "--files-from", "list", "out", "-k", 2)
    assert (done.code, done.failure[:40]) == (2, "--files-from list holds NUL bytes, which")
    Path("list").write_text("a.png\n", encoding="utf-16")
    assert "save it as UTF-8" in run("max", "--files-from", "list", "out", "-k", 2).failure


def test_a_name_with_a_nul_costs_that_file(here: Path) -> None:
    from poolcli.jobs.perform import attempt

    assert here
    result = attempt(Task(Operation("max", 2), Path("a\0b.png"), Path("o.png")))
    assert (result.error or "").startswith("a\0b.png: internal error: ValueError: embedded null")


@pytest.mark.parametrize("name", LINE)
@pytest.mark.parametrize("value", [{}, [{}], 1.5, True, "x", None, [], 10**400], ids=repr)
def test_a_report_with_wrong_types(tmp_path: Path, name: str, value: Any) -> None:
    path = tmp_path / "r.jsonl"
    path.write_text(json.dumps(LINE) + "\n" + json.dumps({**LINE, name: value}) + "\n")
    assert len(DoneTasks(path, "f")) in (1, 2)


@pytest.mark.parametrize(
    "line",
    [
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"1" * 10_000,
        b"[]",
        b"null",
        b"\xff\xfe",
        b'"\\ud800"',
        json.dumps({**LINE, "source": "\ud800"}).encode(),
        b'{"source": "' + b"x" * (1 << 21),
    ],
    ids=lambda line: repr(line[:12]),
)
def test_a_report_with_odd_lines(tmp_path: Path, line: bytes) -> None:
    path = tmp_path / "r.jsonl"
    path.write_bytes(json.dumps(LINE).encode() + b"\n" + line + b"\n")
    assert 1 <= len(DoneTasks(path, "f")) <= 2


@posix
def test_a_tree_a_thousand_folders_deep(here: Path, source: Path, shell: Shell) -> None:
    picture, deep = source.read_bytes(), "d/" * 1100
    _make_folders(here / "in" / deep)
    try:
        folder = os.open("in", os.O_RDONLY)
        file = os.open(deep + "a.png", os.O_WRONLY | os.O_CREAT, dir_fd=folder)
        os.write(file, picture)
        for each in (file, folder):
            os.close(each)
        done = shell("max", "in", "out", "-k", 2)
        assert (done.code, done.err[:28]) == (0, "1 done, 0 skipped, 0 failed ")
        assert Path("out", deep, "a.png").stat().st_size
    finally:
        subprocess.run(["rm", "-rf", "in", "out"], check=True)  # no function of Python 3.11 can


def test_folders_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OSError, match="" if sys.platform == "win32" else "exist|directory"):
        _make_folders(tmp_path / "file" / "a" / "b")
    _make_folders(tmp_path / "a" / "b")
    _make_folders(tmp_path / "a" / "b")
    assert (tmp_path / "a" / "b").is_dir()
