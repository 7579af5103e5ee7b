"""Tasks made ready: what is skipped, what has failed before any work, and where it is noted."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from poolcli.jobs.batch import ReadyTasks, Rules, run_batch
from poolcli.jobs.journal import Journal
from poolcli.jobs.operation import Operation
from poolcli.jobs.perform import attempt
from poolcli.jobs.plan import RunPlan, Task
from poolcli.jobs.result import Result
from tests.commands import Run, posix
from tests.folders import fill
from tests.plans import plan, touch

REPORT = Path("report.jsonl")


def noted() -> list[str]:
    """The errors in the report."""
    return [json.loads(line)["error"] for line in REPORT.read_text().splitlines()]


def ready(made: RunPlan, rules: Rules, **more: Any) -> list[Task | Result]:
    return list(ReadyTasks(made, rules, **more))


@pytest.fixture(autouse=True)
def _files(here: Path) -> None:
    assert here.samefile(".")
    touch("p/a.png", "p/b.png", "p/c/d.png")


def test_a_failure_that_no_worker_sees_is_noted_in_the_report() -> None:
    touch("p/e.psd", "out/a.png")
    made = ready(plan("p", "out"), Rules(no_clobber=True), journal=Journal(REPORT, "x"))
    errors = [step.error for step in made if isinstance(step, Result)]
    assert noted() == errors
    assert [str(error).partition(":")[0] for error in errors] == ["out/a.png", "p/e.psd"]


def test_what_is_skipped_is_not_noted_in_the_report() -> None:
    touch("out/a.png")
    journal = Journal(REPORT, "x")
    made = ready(plan("p", "out"), Rules(skip_existing=True), journal=journal)
    assert [step.skipped for step in made if isinstance(step, Result)] == ["exists"]
    assert not REPORT.exists()


@posix
@pytest.mark.parametrize(
    ("rules", "told"),
    [
        (Rules(skip_existing=True), ("exists", None)),
        (Rules(no_clobber=True), (None, "out/a.png: exists, and --no-clobber is given")),
    ],
)
def test_a_link_that_leads_nowhere_is_there(rules: Rules, told: tuple[Any, Any]) -> None:
    Path("out").mkdir()
    Path("out/a.png").symlink_to("missing.png")
    first, *others = ready(plan("p", "out"), rules)
    assert isinstance(first, Result)
    assert (first.skipped, first.error) == told
    assert all(isinstance(step, Task) for step in others)


def test_each_folder_is_swept_once_however_many_files_it_gets(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    touch(*(f"p/{number}.png" for number in range(30)))
    made = plan("p", "out")
    swept: list[str] = []
    scan = os.scandir

    def counted(path: Any) -> Any:
        swept.append(os.fspath(path))
        return scan(path)

    monkeypatch.setattr(os, "scandir", counted)
    assert all(isinstance(step, Task) for step in ready(made, Rules()))
    assert sorted(swept) == ["out", "out/c"]


def test_a_dry_run_makes_no_folder_and_sweeps_none() -> None:
    left = Path("out/.poolcli-999999999-00.tmp")
    touch(str(left))
    assert all(isinstance(step, Task) for step in ready(plan("p", "out"), Rules(dry_run=True)))
    assert left.exists()
    assert not Path("out/c").exists()
    left.unlink()


def test_a_dry_run_stops_when_it_is_told_to(here: Path) -> None:
    fill(here / "q", 9)
    given: list[Result] = []
    for result in run_batch(plan("q", "out"), Rules(dry_run=True), stopped=lambda: len(given) == 4):
        given.append(result)  # noqa: PERF402 - looked at meanwhile
    assert len(given) == 4
    assert not any(result.error for result in given)


def test_a_dry_run_stops_at_the_first_failure_with_fail_fast(here: Path, run: Run) -> None:
    made = fill(here / "q", 9)
    Path("q", made[2]).write_bytes(b"no picture")
    done = run("max", "q", "out", "-k", 2, "-n", "--fail-fast")
    assert done.code == 1
    assert len(done.out.splitlines()) == 2
    assert done.err.splitlines()[-1].startswith("2 would be done, 0 skipped, 1 failed in ")


def test_a_defect_costs_one_file_and_is_noted(monkeypatch: pytest.MonkeyPatch) -> None:
    def break_down(_task: Task) -> None:
        raise ZeroDivisionError("by us")

    monkeypatch.setattr("poolcli.jobs.perform.pool_one", break_down)
    task = Task(Operation("max", 2), Path("p/a.png"), Path("o.png"))
    told = (
        "p/a.png: internal error: ZeroDivisionError: by us; please report it with --debug's output"
    )
    assert attempt(task, Journal(REPORT, "x")).error == told
    assert noted() == [told]
    assert attempt(task).error == told
