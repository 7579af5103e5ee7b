"""``--in-place --resume`` after a kill: whatever the moment, no file is pooled twice."""

import json
import random
from pathlib import Path

import pytest
from PIL import Image

from poolcli.jobs.journal import DoneTasks, Journal, fingerprint
from poolcli.jobs.operation import Operation
from poolcli.jobs.perform import attempt, perform
from poolcli.jobs.plan import Task
from poolcli.media.held_folder import HeldFolder
from tests.commands import Run, posix
from tests.folders import fill
from tests.soak.killed_in_place import kill_in_place

REPORT = Path("report.jsonl")
PICTURE = Path("p/00000.png")
TASK = Task(Operation("max", (2, 2)), PICTURE, PICTURE)
JOURNAL = Journal(REPORT, fingerprint(TASK))


@pytest.fixture(autouse=True)
def _picture(here: Path) -> None:
    fill(here / "p", 1)


def size() -> tuple[int, int]:
    with Image.open(PICTURE) as picture:
        return picture.size


def is_done() -> bool:
    return DoneTasks(REPORT, fingerprint(TASK)).holds(TASK)


def test_killed_after_the_rename() -> None:
    perform(TASK, JOURNAL)  # and no line about the result
    assert size() == (4, 4)
    assert is_done()


class Killed(BaseException):
    """For what nothing can catch."""


def test_killed_before_the_rename(monkeypatch: pytest.MonkeyPatch) -> None:
    def die(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(HeldFolder, "rename", die)
        with pytest.raises(Killed):
            perform(TASK, JOURNAL)
    assert "about to be replaced" in REPORT.read_text()
    assert size() == (8, 8)
    assert not is_done()
    attempt(TASK, JOURNAL)
    assert size() == (4, 4)
    assert is_done()


def test_changed_after_the_kill() -> None:
    perform(TASK, JOURNAL)
    Image.new("RGB", (6, 6)).save(PICTURE)
    assert not is_done()


def test_report_that_is_full_leaves_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """What cannot be noted is not done."""

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Journal, "add", full)
    assert attempt(TASK, JOURNAL).error == "report.jsonl: no space left on device"
    assert size() == (8, 8)


def test_lines_of_a_file_that_was_replaced(run: Run) -> None:
    assert run("max", PICTURE, PICTURE, "-k", 2, "--in-place", "--report", REPORT).code == 0
    before, after = map(json.loads, REPORT.read_text().splitlines())
    assert (before["skipped"], after["skipped"]) == ("about to be replaced", None)
    for key in ("source", "destination", "source_size", "mtime_ns", "destination_size"):
        assert before[key] == after[key]
    assert run("max", PICTURE, PICTURE, "-k", 2, "--in-place", "--resume", REPORT).code == 0
    assert size() == (4, 4)


def test_other_files_need_one_line(run: Run) -> None:
    assert run("max", PICTURE, "o.png", "-k", 2, "--report", REPORT).code == 0
    assert len(REPORT.read_text().splitlines()) == 1


@posix
def test_killed_at_random(tmp_path: Path) -> None:
    assert kill_in_place(tmp_path / "k", 5, 90, random.Random(15)) > 0
