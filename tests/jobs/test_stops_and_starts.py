"""Runs that are stopped give what was done by then; workers that do not start are tried again."""

import json
import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from poolcli.errors import PoolingError
from poolcli.jobs.batch import Rules, run_batch
from poolcli.jobs.journal import Journal
from poolcli.jobs.operation import Operation
from poolcli.jobs.plan import Entry, RunPlan, Task, failed_result
from poolcli.jobs.result import Result
from poolcli.jobs.running import local
from poolcli.jobs.stale_files import is_alive
from poolcli.jobs.workers import WorkerPool
from tests.commands import posix


def work(task: str) -> str:
    """Give a task back; the first word of some is an order, and the second a file."""
    order, _, path = task.partition(" ")
    if order in ("touch", "stay", "leave"):
        with Path(path).open("a") as file:
            file.write(f"{os.getpid()}\n")
    if order == "stay":
        time.sleep(600)
    if order == "leave":  # after the answer
        threading.Timer(0.3, os._exit, [0]).start()
    if order == "die":
        os._exit(3)
    return task


def on_crash(task: str, code: int) -> str:
    return f"{task}: {code}"


class CleanedUp(list[tuple[str, int]]):
    def __call__(self, task: str, process: int) -> None:
        self.append((task, process))


def wait_for(what: Callable[[], object]) -> None:
    until = time.monotonic() + 60
    while not what():
        assert time.monotonic() < until, "it never came"
        time.sleep(0.01)


def all_of(pool: WorkerPool[str, str], count: int) -> dict[int, str]:
    """So many answers."""
    found: dict[int, str] = {}

    def came() -> bool:
        found.update(pool.answers(0.2))
        return len(found) == count

    wait_for(came)
    return found


def written_by(path: Path) -> list[int]:
    """The processes that wrote to a file."""
    return [int(line) for line in path.read_text().splitlines()] if path.exists() else []


@posix
def test_stop_gives_an_answer_that_nobody_has_asked_for(here: Path) -> None:
    """The second task is begun only when the first one's answer is on its way."""
    pool = WorkerPool(work, on_crash, CleanedUp(), 1)
    pool.give(0, "a")
    pool.give(1, "stay begun")
    wait_for(lambda: written_by(here / "begun"))
    assert dict(pool.stop()) == {0: "a"}


@posix
def test_stop_ends_workers_and_clears_up_after_what_they_were_at(here: Path) -> None:
    cleaned_up = CleanedUp()
    pool = WorkerPool(work, on_crash, cleaned_up, 2)
    for number, task in enumerate(("stay one", "stay two", "c", "d", "e")):
        pool.give(number, task)
    wait_for(lambda: written_by(here / "one") and written_by(here / "two"))
    assert dict(pool.stop()) == {}
    processes = [*written_by(here / "one"), *written_by(here / "two")]
    assert cleaned_up == [("stay one", processes[0]), ("stay two", processes[1])]
    assert not any(map(is_alive, processes))
    assert pool.has_room()
    assert dict(pool.stop()) == {}


@posix
def test_the_last_answer_of_a_worker_that_left_is_not_lost(here: Path) -> None:
    """It is found when the next task cannot be sent to it; the one answered is not done again."""
    pool = WorkerPool(work, on_crash, CleanedUp(), 1)
    pool.give(0, "leave left")
    wait_for(lambda: written_by(here / "left"))
    (process,) = written_by(here / "left")
    wait_for(lambda: not is_alive(process))
    pool.give(1, "b")
    assert all_of(pool, 2) == {0: "leave left", 1: "b"}
    assert written_by(here / "left") == [process]
    assert dict(pool.stop()) == {}


class Flaky:
    """`work`, which ends some of the workers that it is sent to before they can begin."""

    def __init__(self, log: Path, deaths: set[int]) -> None:
        self.log, self.deaths = log, deaths

    def __call__(self, task: str) -> str:
        return work(task)

    def __reduce__(self) -> tuple[Callable[..., object], tuple[Path, set[int]]]:
        return arrived, (self.log, self.deaths)


def arrived(log: Path, deaths: set[int]) -> Callable[[str], str]:
    """Called in a worker as it starts: the n-th one may die of it."""
    work(f"touch {log}")
    if len(written_by(log)) in deaths:
        os._exit(5)
    return work


@posix
@pytest.mark.parametrize("deaths", [{1}, {1, 2}, {2, 3}], ids=str)
def test_two_false_starts_in_a_row_are_made_good(here: Path, deaths: set[int]) -> None:
    pool = WorkerPool(Flaky(here / "starts", deaths), on_crash, CleanedUp(), 1)
    for number, task in enumerate(("a", "die", "b")):
        pool.give(number, task)
    assert all_of(pool, 3) == {0: "a", 1: "die: 3", 2: "b"}
    assert len(written_by(here / "starts")) == 2 + len(deaths)
    list(pool.stop())


@posix
def test_false_starts_are_counted_anew_after_a_good_one(here: Path) -> None:
    """Four of six workers, and never three in a row."""
    pool = WorkerPool(Flaky(here / "starts", {1, 2, 4, 5}), on_crash, CleanedUp(), 1)
    for number, task in enumerate(("a", "die", "b")):
        pool.give(number, task)
    assert all_of(pool, 3) == {0: "a", 1: "die: 3", 2: "b"}
    assert len(written_by(here / "starts")) == 6
    list(pool.stop())


@posix
def test_three_false_starts_in_a_row_are_an_error(here: Path) -> None:
    pool = WorkerPool(Flaky(here / "starts", {1, 2, 3}), on_crash, CleanedUp(), 1)

    def ask() -> None:
        pool.give(0, "a")
        all_of(pool, 1)

    told = r"^workers die before they can work \(exit code 5\); is there memory left\?$"
    with pytest.raises(PoolingError, match=told):
        ask()
    assert len(written_by(here / "starts")) == 3
    list(pool.stop())


class Scripted:
    """Workers that have done what a test says, when it says so."""

    made: "Scripted"
    done: tuple[int, ...] = ()
    done_at_stop: tuple[int, ...] = ()

    def __init__(self, *arguments: Any) -> None:
        Scripted.made = self
        _do, self.on_crash, self.clean_up, self.size = arguments
        self.tasks: dict[int, Task] = {}
        self.asked = self.stopped = 0

    def has_room(self) -> bool:
        return True

    def give(self, number: int, task: Task) -> None:
        self.tasks[number] = task

    def answers(self, _seconds: float) -> Iterator[tuple[int, Result]]:
        self.asked += 1
        yield from self._told(self.done if self.asked == 1 else ())

    def stop(self) -> Iterator[tuple[int, Result]]:
        self.stopped += 1
        yield from self._told(self.done_at_stop if self.stopped == 1 else ())

    def _told(self, numbers: tuple[int, ...]) -> list[tuple[int, Result]]:
        return [(number, failed_result(self.tasks[number], "")) for number in numbers]


def planned(count: int) -> RunPlan:
    entries = [Entry(f"{number:05}.png", 0) for number in range(count)]
    template = Task(Operation("max", (2, 2)), Path(), Path())
    return RunPlan(template, "out", ["p"], entries, None, True)


@pytest.fixture
def scripted(here: Path, monkeypatch: pytest.MonkeyPatch) -> type[Scripted]:
    assert here.samefile(".")
    monkeypatch.setattr(local, "WorkerPool", Scripted)
    return Scripted


def numbers(results: Iterator[Result]) -> list[int]:
    return [int(Path(str(result.source)).stem) for result in results]


def test_a_stop_gives_what_was_done_in_order(scripted: Any, monkeypatch: Any) -> None:
    """Also what waited for a slower one before it, and what is found as workers are ended."""
    monkeypatch.setattr(scripted, "done", (4, 2, 1))
    monkeypatch.setattr(scripted, "done_at_stop", (6, 3))
    results = run_batch(planned(9), Rules(1), stopped=lambda: scripted.made.asked > 1)
    assert numbers(results) == [1, 2, 3, 4, 6]
    assert scripted.made.stopped >= 1


def test_a_stop_between_two_results_gives_the_others_that_are_there(
    scripted: Any, monkeypatch: Any
) -> None:
    monkeypatch.setattr(scripted, "done", (0, 1, 2))
    given: list[int] = []
    for result in run_batch(planned(9), Rules(1), stopped=lambda: len(given) == 2):
        given.extend(numbers(iter([result])))
    assert given == [0, 1, 2]


def test_who_looks_no_further_has_all_workers_ended(scripted: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(scripted, "done", (0, 1))
    results = run_batch(planned(9), Rules(1))
    assert next(results).source == Path("p/00000.png")
    assert scripted.made.stopped == 0
    results.close()
    assert scripted.made.stopped == 1


@pytest.mark.parametrize("size", [1, 3])
def test_one_slow_file_holds_up_64_others_for_each_worker(scripted: Any, size: int) -> None:
    """So memory does not grow with what waits."""
    results = run_batch(planned(500), Rules(size), stopped=lambda: scripted.made.asked > 9)
    assert numbers(results) == []
    assert sorted(scripted.made.tasks) == list(range(64 * size))


@pytest.mark.parametrize(
    ("tasks", "wanted", "size"), [(2, 9, 2), (9, 2, 2), (5, 5, 5), (0, 4, 1), (1, None, 1)]
)
def test_there_are_no_more_workers_than_tasks(
    scripted: Any, tasks: int, wanted: int | None, size: int
) -> None:
    list(run_batch(planned(tasks), Rules(wanted), stopped=lambda: True))
    assert scripted.made.size == size


@posix
@pytest.mark.parametrize(("code", "told"), [(-9, "SIGKILL"), (3, "exit code 3"), (-99, "code -99")])
def test_a_crash_is_told_and_noted_in_the_report(scripted: Any, code: int, told: str) -> None:
    report = Path("report.jsonl")
    list(run_batch(planned(2), Rules(1), journal=Journal(report, "x"), stopped=lambda: True))
    result = scripted.made.on_crash(Task(Operation("max", 2), Path("a.png"), Path("b.png")), code)
    assert result.error.startswith("a.png: its worker died (")
    assert f"{told})" in result.error
    assert json.loads(report.read_text())["error"] == result.error


@posix
def test_half_a_file_is_swept_where_a_link_leads(scripted: Any) -> None:
    """It was begun beside what the destination points to, not beside the link."""
    Path("there").mkdir()
    Path("out").mkdir()
    Path("out/a.png").symlink_to("../there/a.png")
    for process in (7, 8):
        for folder in ("there", "out"):
            Path(folder, f".poolcli-{process}-00.tmp").write_bytes(b"half")
    list(run_batch(planned(1), Rules(1), stopped=lambda: True))
    scripted.made.clean_up(Task(Operation("max", 2), Path("a.png"), Path("out/a.png")), 7)
    left = sorted(path.as_posix() for path in Path().rglob(".poolcli-*-00.tmp"))
    assert left == ["out/.poolcli-7-00.tmp", "out/.poolcli-8-00.tmp", "there/.poolcli-8-00.tmp"]
    for path in left:
        Path(path).unlink()
