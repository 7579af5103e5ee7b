"""Reports that would spoil another file, and torn ones that go on."""

import os
from pathlib import Path

import pytest

from poolcli.errors import PathError
from poolcli.jobs.journal import Journal
from poolcli.jobs.operation import Operation
from poolcli.jobs.perform import reported
from poolcli.jobs.plan import Task, failed_result
from tests.commands import Run, Word, posix
from tests.folders import fill

SECRET = "[core]\n\tkey = 1\n"


@pytest.fixture(autouse=True)
def _files(here: Path) -> None:
    fill(here / "p", 2)


def refusal(run: Run, *words: Word) -> str:
    """The one line of a usage error, which leaves every file as it was."""
    before = {path: path.read_bytes() for path in Path().rglob("*") if path.is_file()}
    done = run("max", *words, "-k", 2)
    assert done.code == 2
    after = {path: path.read_bytes() for path in Path().rglob("*") if path.is_file()}
    assert after == before
    return done.failure


@pytest.mark.parametrize("option", ["--report", "--resume"])
@pytest.mark.parametrize("data", [SECRET, "{}", '{"sourceMap": 1}\n', "\0" * 99, "\n", "7"])
def test_file_that_is_not_a_report(run: Run, option: str, data: str) -> None:
    Path("other").write_text(data)
    told = "other is not a report of poolcli; give the one that --report wrote, or a new name"
    assert refusal(run, "p", "out", option, "other") == told
    assert refusal(run, "p/00000.png", "o.png", option, "other") == told
    assert refusal(run, "p", "out", option, "other", "--dry-run") == told


def test_picture_is_not_a_report(run: Run) -> None:
    fill(Path("q"), 1)
    assert refusal(run, "p", "out", "--report", "q/00000.png").startswith("q/00000.png is not a")


def test_endless_line_is_not_read(here: Path) -> None:
    with (here / "sparse").open("wb") as file:
        file.truncate(1 << 40)
    with pytest.raises(PathError, match="is not a report"):
        Journal(here / "sparse", "x").begin()


@posix
@pytest.mark.parametrize(("data", "goes_on"), [(SECRET, False), ("", True), ('{"source": "', True)])
def test_report_swapped_for_another_file_during_the_run(
    here: Path, data: str, goes_on: bool
) -> None:
    journal = Journal(here / "r", "x").begin()
    (here / "other").write_text(data)
    (here / "r").unlink()
    (here / "r").symlink_to("other")
    task = Task(Operation("max", (2, 2)), Path("p/missing.png"), Path("o.png"))
    error = reported(failed_result(task, "why"), journal).error
    told = f"{here / 'r'}: another file has its name now, which is not a report"
    assert error == ("why" if goes_on else told)
    assert ((here / "other").read_text() != data) is goes_on


ONE: list[Word] = ["p/00000.png", "o.png"]


@pytest.mark.parametrize(
    ("words", "other"),
    [
        ([*ONE, "--report", "p/00000.png"], "SOURCE"),
        ([*ONE, "--report", "p/../o.png"], "DEST"),
        ([*ONE, "--report", "i.npz", "--indices", "i.npz"], "--indices"),
        ([*ONE, "--report", "w.png", "--winners", "w.png"], "--winners"),
        (["--files-from", "list", "out", "--report", "list"], "--files-from"),
        (["p", "out", "--report", "out"], "DEST"),
    ],
)
def test_report_is_not_another_file_of_the_run(run: Run, words: list[Word], other: str) -> None:
    Path("list").write_text("")
    told = refusal(run, *words)
    assert told == f"the report and {other} are both {words[words.index('--report') + 1]}; " + (
        "give another name"
    )


@pytest.mark.parametrize("report", ["p/00000.png", "out/00000.png", "out/../out/a/00001.png"])
def test_report_is_no_file_of_a_folder_run(run: Run, report: str) -> None:
    word = "source" if report[0] == "p" else "destination"
    told = f"the report {report} is a {word} of the run; give another name"
    assert refusal(run, "p", "out", "--report", report) == told


@posix
def test_report_is_known_through_links(run: Run) -> None:
    Path("dangling").symlink_to("out/00000.png")
    Path("hard").hardlink_to("p/00000.png")
    Path("soft").symlink_to("p/00000.png")
    for name in ("dangling", "hard", "soft"):
        assert refusal(run, "p", "out", "--report", name).startswith(f"the report {name} is a")
    Path("out").mkdir()
    Path("out/00000.png").symlink_to("../later.jsonl")
    assert "is a destination" in refusal(run, "p", "out", "--report", "later.jsonl")


@posix
def test_report_to_what_is_not_a_file(run: Run) -> None:
    os.mkfifo("fifo")
    for name in ("fifo", "/dev/stdout", "/dev/null", "p"):
        told = refusal(run, "p", "out", "--report", name)
        assert told.startswith(f"{name} is not a regular file")


@pytest.mark.parametrize("torn", ["{", '{"sou', '{"source": "p/a', "", '\0\0\n{"source": "p'])
def test_report_with_a_torn_line_alone_is_gone_on_with(run: Run, torn: str) -> None:
    Path("r").write_text(torn)
    assert run("max", "p", "out", "-k", 2, "--resume", "r").code == 0
    again = run("max", "p", "out", "-k", 2, "--resume", "r")
    assert (again.code, again.out) == (0, "")
    assert "2 skipped" in again.err
    assert Path("r").read_text().startswith(torn)
