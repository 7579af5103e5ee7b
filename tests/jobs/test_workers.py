"""Workers: every task once, in order, whoever dies."""

import gc
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from poolcli.errors import PoolingError
from poolcli.jobs import workers
from poolcli.jobs.batch import Rules, run_batch
from poolcli.jobs.operation import Operation
from poolcli.jobs.plan import RunPlan, Task, plan_run
from poolcli.jobs.result import Result
from poolcli.jobs.workers import WorkerPool
from poolcli.media.cpus import usable_cpus
from poolcli.media.places.remote_path import Place
from tests.commands import HANG, posix
from tests.folders import fill, leftovers, wrong


def twice(task: str) -> str:
    """Doubles a word; some words are orders."""
    order, _, number = task.partition(" ")
    if order == "die":
        os.kill(os.getpid(), signal.SIGKILL if sys.platform != "win32" else signal.SIGTERM)
    if order == "exit":
        os._exit(3)
    if order == "sleep":
        time.sleep(float(number))
    if order == "tell":
        at_hand = "poolcli.media.pillow.writing.encoding" in sys.modules
        return f"{gc.isenabled()} {at_hand} {gc.get_freeze_count() > 0}"
    return f"{task} {task}"


def on_crash(task: str, code: int) -> str:
    return f"{task}: {code}"


class Cleared(list[tuple[str, int]]):
    def __call__(self, task: str, process: int) -> None:
        self.append((task, process))


def all_done(pool: WorkerPool[str, str], tasks: list[str]) -> dict[int, str]:
    answers: dict[int, str] = {}
    waiting = list(enumerate(tasks))
    until = time.monotonic() + HANG
    while len(answers) < len(tasks):
        assert time.monotonic() < until
        while waiting and pool.has_room():
            pool.give(*waiting.pop(0))
        answers.update(pool.answers(0.2))
    return answers


@pytest.mark.parametrize("method", ["default", "spawn"])
def test_every_task_is_answered(monkeypatch: pytest.MonkeyPatch, method: str) -> None:
    """By both ways to start a process: one of them is for Windows and macOS."""
    if method != "default":
        monkeypatch.setattr(workers, "_start_method", lambda: method)
    tasks = [f"task {number}" for number in range(50)]
    tasks[7] = "sleep 0.3"
    pool = WorkerPool(twice, on_crash, Cleared(), 2)
    answers = all_done(pool, tasks)
    assert [answers[number] for number in range(50)] == [f"{task} {task}" for task in tasks]
    assert list(pool.stop()) == []


@posix
def test_a_death_costs_one_task() -> None:
    tasks = [f"task {number}" for number in range(30)]
    for number in (0, 5, 6, 29):
        tasks[number] = "die"
    tasks[12] = "exit"
    cleared = Cleared()
    pool = WorkerPool(twice, on_crash, cleared, 2)
    answers = all_done(pool, tasks)
    want = {number: f"{task} {task}" for number, task in enumerate(tasks)}
    want |= dict.fromkeys((0, 5, 6, 29), "die: -9") | {12: "exit: 3"}
    assert answers == want
    assert sorted(task for task, _ in cleared) == ["die"] * 4 + ["exit"]
    assert len({process for _, process in cleared}) == 5
    list(pool.stop())


def test_stop_gives_what_was_done_and_clears_the_rest() -> None:
    cleared = Cleared()
    pool = WorkerPool(twice, on_crash, cleared, 2)
    for number, task in enumerate(["a", "sleep 60", "b", "c"]):
        pool.give(number, task)
    answers: dict[int, str] = {}
    while 0 not in answers:
        answers.update(pool.answers(0.2))
    answers.update(pool.stop())
    assert set(answers) <= {0, 2, 3}, "who sleeps was waited for"
    assert answers[0] == "a a"
    assert "sleep 60" in [task for task, _ in cleared]
    assert list(pool.stop()) == []


@posix
def test_workers_that_cannot_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "_PRELOADED", [])
    monkeypatch.setattr(workers, "_start_method", lambda: "fork")
    monkeypatch.setattr(workers, "_serve", lambda *_: os._exit(5))
    pool = WorkerPool(twice, on_crash, Cleared(), 1)
    with pytest.raises(PoolingError, match=r"^workers die before they can work \(exit code 5\)"):
        all_done(pool, ["a"])


def test_no_process_can_be_started(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    pool = WorkerPool(twice, on_crash, Cleared(), 3)
    monkeypatch.setattr("multiprocessing.process.BaseProcess.start", refuse)
    with pytest.raises(
        PoolingError, match=r"^no worker can be started .* close other programs, or set TMPDIR"
    ):
        pool.give(0, "a")


def test_fewer_processes_will_do(monkeypatch: pytest.MonkeyPatch) -> None:
    pool = WorkerPool(twice, on_crash, Cleared(), 3)
    pool.give(0, "a")

    def refuse(*_: object) -> None:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr("multiprocessing.process.BaseProcess.start", refuse)
    pool.give(1, "b")
    answers: dict[int, str] = {}
    while len(answers) < 2:
        answers.update(pool.answers(0.2))
    assert answers == {0: "a a", 1: "b b"}
    list(pool.stop())


def test_usable_cpus(monkeypatch: pytest.MonkeyPatch) -> None:
    assert 1 <= usable_cpus() <= (os.cpu_count() or 1)
    monkeypatch.setattr(os, "process_cpu_count", lambda: 7, raising=False)
    assert usable_cpus() == 7
    monkeypatch.delattr(os, "process_cpu_count")
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {1, 5, 6}, raising=False)
    assert usable_cpus() == 3
    monkeypatch.delattr(os, "sched_getaffinity")
    monkeypatch.setattr(os, "cpu_count", lambda: 4)
    assert usable_cpus() == 4


def batch(count: int) -> RunPlan:
    fill(Path("p"), count)
    return plan_run(Task(Operation("max", (2, 2)), Path(), Path()), ["p"], "out")


def ordered(made: RunPlan) -> list[Place]:
    return [task.destination for task, _ in made.tasks()]


def test_results_are_in_order_whatever_the_workers(here: Path) -> None:
    made = batch(60)
    Path("p/a/00007.png").write_bytes(b"no picture")
    told = []
    for size in (1, 2, 5):
        results = list(run_batch(made, Rules(size)))
        assert [result.destination for result in results] == ordered(made)
        told.append([(result.output_shape, result.error) for result in results])
        assert sum(result.error is not None for result in results) == 1
    assert told[0] == told[1] == told[2]
    Path("p/a/00007.png").unlink()
    assert wrong(here / "p", here / "out") == []


def test_stopped(here: Path) -> None:
    made = batch(40)
    seen: list[Place] = []
    for result in run_batch(made, Rules(2), stopped=lambda: len(seen) >= 5):
        seen.append(result.destination)  # noqa: PERF401 - looked at meanwhile
    assert 5 <= len(seen) < 40
    assert leftovers(here) == []


@posix
@pytest.mark.skipif(sys.platform != "linux", reason="looks for workers in /proc")
def test_worker_killed_in_the_middle(here: Path) -> None:
    from tests.folders import children, end

    made = batch(120)
    killed: list[int] = []

    def workers_of_mine() -> list[int]:
        # The tracker of resources and the server that workers are copied from are the oldest two.
        return [child for child in children(os.getpid()) if _is_worker(child)]

    results: list[Result] = []
    for result in run_batch(made, Rules(2)):
        results.append(result)
        if len(results) in (10, 40) and (victims := workers_of_mine()):
            end(victims[:1])
            killed += victims[:1]
    assert len(results) == 120
    assert len(killed) == 2
    failed = [result for result in results if result.error is not None]
    assert len(failed) <= 2
    for result in failed:
        assert result.error == (
            f"{result.source}: its worker died (SIGKILL); out of memory, or a damaged file, perhaps"
        )
    broken = {Path(str(result.source)).relative_to("p").as_posix() for result in failed}
    assert set(wrong(here / "p", here / "out")) <= broken
    assert leftovers(here) == []


def _is_worker(process: int) -> bool:
    try:
        words = Path(f"/proc/{process}/cmdline").read_bytes()
        parent = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[1]
        above = Path(f"/proc/{parent}/cmdline").read_bytes()
    except OSError:
        return False
    return b"forkserver" in words and b"forkserver" in above


def test_no_worker_for_one_file(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from poolcli.cli.main import main

    monkeypatch.setattr(workers.WorkerPool, "__init__", lambda *_: pytest.fail("a worker"))
    name = fill(here / "p", 1)[0]
    assert main(["max", f"p/{name}", "out.png", "-k", "2"]) == 0


def test_memory_does_not_grow_with_what_waits(here: Path) -> None:
    """One slow file holds up so many others, and no more."""
    from poolcli.jobs.running.in_order import in_order

    assert here
    threads = threading.active_count()  # other tests' libraries may keep some
    given: list[int] = []

    class Slow(WorkerPool[Task, object]):
        ahead = 64

        def has_room(self) -> bool:
            return True

        def give(self, number: int, _task: Task) -> None:
            given.append(number)

        def answers(self, _seconds: float) -> Iterator[tuple[int, object]]:
            yield from ((number, number) for number in given[1:])

    pool = Slow(str, lambda *_: "", lambda *_: None, 1)
    tasks = (Task(Operation("max", (2, 2)), Path("a"), Path("b")) for _ in range(10_000))
    turns = iter([False] * 9)
    list(in_order(tasks, pool, lambda: next(turns, True)))  # type: ignore[arg-type]
    assert len(given) == 64
    assert threading.active_count() == threads


@pytest.mark.skipif(sys.platform != "linux", reason="workers are copies of one process there")
def test_workers_have_all_at_hand_and_collect_garbage() -> None:
    pool = WorkerPool(twice, on_crash, Cleared(), 1)
    assert all_done(pool, ["tell"]) == {0: "True True True"}
    assert list(pool.stop()) == []


@posix
@pytest.mark.parametrize(("method", "times"), [("forkserver", 1), ("spawn", 0)])
def test_warming_up(method: str, times: int, monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[None] = []
    monkeypatch.setattr(workers, "_start_method", lambda: method)
    monkeypatch.setattr("multiprocessing.forkserver.ensure_running", lambda: begun.append(None))
    workers.warm_up()
    assert len(begun) == times
