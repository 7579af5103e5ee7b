"""Errors that nobody foresaw: one line each, and one file of a run at most."""

from pathlib import Path
from typing import Any

import pytest

from poolcli.errors import FileError
from poolcli.jobs import batch, perform
from poolcli.jobs.batch import ReadyTasks, Rules
from poolcli.jobs.operation import Operation
from poolcli.jobs.plan import RunPlan, Task
from poolcli.jobs.result import blamed_on
from poolcli.media import pictures
from tests.commands import Run, Shell, Word

REMEDY = "please report it with --debug's output"


class OddError(Exception):
    """An error of no kind that is expected."""


def fail(*_: Any, **__: Any) -> None:
    raise OddError("two\nlines\x1b[2J")


def test_a_defect_is_one_line_that_names_the_file(
    source: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(perform, "pool_one", fail)
    done = run("max", source, "out.png", "-k", 2)
    assert done.failure == rf"in.png: internal error: OddError: two lines\x1b[2J; {REMEDY}"
    debug = run("max", source, "out.png", "-k", 2, "--debug").err
    assert "OddError: two\nlines\\x1b[2J\n" in debug
    assert debug.startswith("Traceback")


def test_a_defect_in_a_view_is_one_line(
    source: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "open_picture", fail)
    commands: list[list[Word]] = [
        ["show", source],
        ["explain", source],
        ["compare", source, "o.png", "-k", 2],
    ]
    for words in commands:
        done = run(*words)
        assert done.code == 1
        assert done.failure.endswith(REMEDY)


def test_a_defect_without_a_file_is_one_line(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("poolcli.cli.commands.shape.shape_command.callback", fail)
    done = run("shape", "4x4", "-k", 2)
    assert (done.code, done.failure[:25]) == (1, "internal error: OddError:")


def test_a_defect_costs_one_task_of_many(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    task = Task(Operation("max", 2), here / "a.png", here / "b.png")
    monkeypatch.setattr(perform, "pool_one", fail)
    result = perform.attempt(task)
    assert (result.error or "").startswith(f"{here / 'a.png'}: internal error: OddError")
    assert "Traceback" in (result.trace or "")


def test_a_defect_before_a_task_begins_costs_that_task(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = Task(Operation("max", 2), here / "a.png", here / "b.png")
    monkeypatch.setattr(batch, "remove_leftovers", fail)
    result = ReadyTasks(RunPlan(task), Rules()).step(task)
    assert not isinstance(result, Task)
    assert "internal error: OddError" in (result.error or "")


def test_the_text_of_an_error_is_not_a_whole_file() -> None:
    with (
        pytest.raises(FileError, match=r"OddError: x{290,} ?x*; please") as caught,
        blamed_on(Path("a")),
    ):
        raise OddError("x" * 10_000)
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize(
    "asked",
    [
        {"_POOLCLI_COMPLETE": "bash_complete"},
        {"_POOLCLI_COMPLETE": "bash_complete", "COMP_WORDS": "poolcli ma", "COMP_CWORD": "x"},
        {"_POOLCLI_COMPLETE": "zsh_complete", "COMP_WORDS": "poolcli 'ma", "COMP_CWORD": "-9"},
        {"_POOLCLI_COMPLETE": "garbage"},
        {"_POOLCLI_COMPLETE": "_"},
    ],
)
def test_a_shell_that_asks_wrongly_is_told_nothing(shell: Shell, asked: dict[str, str]) -> None:
    done = shell("max", "a", env=asked)
    assert (done.code in (0, 1), done.err) == (True, "")
