"""Reports: whole lines whatever happens, and what they say need not be done again."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from poolcli.errors import PathError
from poolcli.jobs.journal import DoneTasks, Journal, fingerprint
from poolcli.jobs.operation import Operation
from poolcli.jobs.perform import attempt, reported
from poolcli.jobs.plan import Task, failed_result
from poolcli.jobs.result import Result
from poolcli.media.options import Reading, Writing
from tests.commands import HANG, Run, Word, posix, with_small_files
from tests.folders import fill

REPORT = Path("report.jsonl")

KEYS = [
    "source", "destination", "operation", "kernel", "stride", "padding", "dilation", "ceil_mode",
    "size", "count_include_pad", "divisor_override", "power", "axes", "quantile", "skip",
    "min_valid", "sparse", "input_shape", "output_shape", "unused", "frames", "dtype", "seconds",
    "notes", "skipped", "error",
]  # fmt: skip


def task(source: str = "p/00000.png", kernel: int = 2, **fields: Any) -> Task:
    return Task(Operation("max", (kernel, kernel)), Path(source), Path("out.png"), **fields)


def lines(path: Path = REPORT) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_fingerprint() -> None:
    same = [task(), task("other.png"), task(sync=False)]
    other = [
        task(kernel=3),
        task(reading=Reading(convert="L")),
        task(writing=Writing(quality=10)),
        Task(Operation("min", (2, 2)), Path(), Path()),
    ]
    assert len({fingerprint(one) for one in same}) == 1
    assert len({fingerprint(one) for one in [*same, *other]}) == 5
    script = "from tests.jobs.test_journal import *; print(fingerprint(task()))"
    words = [sys.executable, "-c", script]
    seed = {**os.environ, "PYTHONHASHSEED": "1"}
    done = subprocess.run(words, capture_output=True, text=True, check=True, env=seed)
    assert done.stdout.strip() == fingerprint(task())


def test_what_is_done(here: Path) -> None:
    fill(here / "p", 1)
    journal = Journal(REPORT, fingerprint(task()))
    assert attempt(task(), journal).error is None
    told = lines()[0]
    status = Path("p/00000.png").stat()
    assert list(told) == [
        *KEYS,
        "source_size",
        "mtime_ns",
        "source_etag",
        "destination_size",
        "fingerprint",
    ]
    assert (told["source_size"], told["mtime_ns"]) == (status.st_size, status.st_mtime_ns)
    assert told["destination_size"] == Path("out.png").stat().st_size

    def holds(one: Task) -> bool:
        return DoneTasks(REPORT, fingerprint(one)).holds(one)

    assert holds(task())
    assert not holds(task(kernel=3))
    assert not holds(task("./p/../p/00000.png"))
    os.utime("p/00000.png", ns=(1, 1))
    assert not holds(task())
    os.utime("p/00000.png", ns=(1, status.st_mtime_ns))
    assert holds(task())
    Path("out.png").rename("elsewhere.png")
    assert not holds(task())
    Path("elsewhere.png").rename("out.png")
    Path("p/00000.png").unlink()
    assert not holds(task())


def test_destination_of_another_size_is_not_done(here: Path) -> None:
    """As a power failure or a full disk may leave it."""
    fill(here / "p", 1)
    attempt(task(), Journal(REPORT, fingerprint(task())))
    whole = Path("out.png").read_bytes()
    for data, done in ((whole[:-1], False), (b"", False), (whole + b"\0", False), (whole, True)):
        Path("out.png").write_bytes(data)
        assert DoneTasks(REPORT, fingerprint(task())).holds(task()) is done


@pytest.mark.parametrize("older", [False, True])
def test_destination_that_is_empty_or_not_a_file_is_not_done(here: Path, older: bool) -> None:
    fill(here / "p", 1)
    attempt(task(), Journal(REPORT, fingerprint(task())))
    told = lines()[0]
    Path("out.png").unlink()
    Path("out.png").mkdir()
    told["destination_size"] = None if older else Path("out.png").stat().st_size
    REPORT.write_text(json.dumps(told) + "\n")
    assert not DoneTasks(REPORT, fingerprint(task())).holds(task())
    Path("out.png").rmdir()
    assert not DoneTasks(REPORT, fingerprint(task())).holds(task())
    Path("out.png").write_bytes(b"")
    told["destination_size"] = None if older else 0
    REPORT.write_text(json.dumps(told) + "\n")
    assert not DoneTasks(REPORT, fingerprint(task())).holds(task())


def test_older_report_without_sizes_of_destinations(here: Path) -> None:
    fill(here / "p", 1)
    attempt(task(), Journal(REPORT, fingerprint(task())))
    told = lines()[0]
    told["size"] = told.pop("source_size")
    del told["destination_size"]
    REPORT.write_text(json.dumps(told) + "\n")
    assert DoneTasks(REPORT, fingerprint(task())).holds(task())
    os.utime("p/00000.png", ns=(1, 1))
    assert not DoneTasks(REPORT, fingerprint(task())).holds(task())


def test_what_another_run_wrote_over_is_not_done(here: Path) -> None:
    fill(here / "p", 1)
    for kernel in (2, 3):
        attempt(task(kernel=kernel), Journal(REPORT, fingerprint(task(kernel=kernel))))
    assert not DoneTasks(REPORT, fingerprint(task())).holds(task())
    assert DoneTasks(REPORT, fingerprint(task(kernel=3))).holds(task(kernel=3))


def test_a_failure_is_noted_and_not_done(here: Path) -> None:
    assert here.samefile(".")
    result = attempt(task("missing.png"), Journal(REPORT, "x"))
    assert (
        lines()[0]["error"] == result.error == "missing.png: no such file or folder; check the name"
    )
    assert not DoneTasks(REPORT, "x").holds(task("missing.png"))


def test_in_place(here: Path) -> None:
    """What was replaced by itself, pooled, must not be pooled again."""
    fill(here / "p", 1)
    own = Task(Operation("max", (2, 2)), Path("p/00000.png"), Path("p/00000.png"))
    attempt(own, Journal(REPORT, fingerprint(own)))
    assert DoneTasks(REPORT, fingerprint(own)).holds(own)


@pytest.mark.parametrize("torn", ['{"source": "a', "", "\n", "\0\0\0", '{"source": 1}', "[1]", "7"])
def test_torn_line(here: Path, torn: str) -> None:
    fill(here / "p", 1)
    journal = Journal(REPORT, fingerprint(task()))
    attempt(task(), journal)
    with REPORT.open("a") as file:
        file.write(torn)
    journal.begin()
    attempt(task("p/missing.png"), journal)
    assert DoneTasks(REPORT, journal.fingerprint).holds(task())
    assert any(
        line.startswith('{"source": "p/missing.png"') for line in REPORT.read_text().splitlines()
    )
    whole = REPORT.read_bytes()
    journal.begin()
    assert REPORT.read_bytes() == whole


def test_no_report(here: Path) -> None:
    assert len(DoneTasks(here / "missing.jsonl", "x")) == 0
    REPORT.write_text("Dear diary,\ntoday I pooled.\n")
    with pytest.raises(PathError, match=r"^report.jsonl is not a report of poolcli; give the one"):
        DoneTasks(REPORT, "x")
    with pytest.raises(PathError, match=r"is a directory$"):
        DoneTasks(here, "x")
    with pytest.raises(PathError, match=r"no such file or folder; check the name$"):
        Journal(here / "missing" / "a.jsonl", "x").begin()


@posix
def test_names_that_are_not_unicode(here: Path) -> None:
    assert here.samefile(".")
    name = os.fsdecode(b"\xe9\n.png")
    Journal(REPORT, "x").add(Result(Path(name), Path("o"), "max", size=1, mtime_ns=2))
    assert lines()[0]["source"] == name
    assert REPORT.read_bytes().isascii()
    assert len(DoneTasks(REPORT, "x")) == 1


WRITE = """
import sys
from pathlib import Path
from poolcli.jobs.journal import Journal
from poolcli.jobs.result import Result
journal = Journal(Path("report.jsonl"), sys.argv[1])
for number in range(300):
    journal.add(Result(Path("s" * number), Path("d"), "max"))
"""


def test_lines_of_several_processes_are_not_mixed(here: Path) -> None:
    assert here.samefile(".")
    running = [subprocess.Popen([sys.executable, "-c", WRITE, str(n)]) for n in range(3)]
    assert [process.wait(HANG) for process in running] == [0, 0, 0]
    told = lines()
    assert len(told) == 900
    for number in range(3):
        own = [len(each["source"]) for each in told if each["fingerprint"] == str(number)]
        assert own == [1, *range(1, 300)]  # a path of no letters is "."


@posix
def test_report_on_a_full_disk(here: Path) -> None:
    """It is said, for the file whose line was lost; the line before is whole."""
    assert here.samefile(".")
    script = (
        "from tests.jobs.test_journal import *\n"
        "journal = Journal(REPORT, 'x')\n"
        "for number in range(9): result = reported(failed_result(task(), 'why'), journal)\n"
        "print(result.error)"
    )
    words = [sys.executable, "-c", script]
    done = subprocess.run(
        words, capture_output=True, text=True, check=True, preexec_fn=with_small_files
    )
    assert done.stdout == "report.jsonl: file too large\n"
    assert json.loads(REPORT.read_text().splitlines()[0])["error"] == "why"


def test_a_line_is_whole_although_the_system_takes_it_in_pieces(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert here.samefile(".")
    write = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, line: write(descriptor, line[:7]))
    for source in ("a.png", "b.png"):
        Journal(REPORT, "x").add(failed_result(task(source), "why"))
    assert [line["source"] for line in lines()] == ["a.png", "b.png"]


@pytest.mark.skipif(sys.platform != "linux", reason="counts open files in /proc")
def test_no_file_stays_open_behind_a_line(here: Path) -> None:
    assert here.samefile(".")
    journal = Journal(REPORT, "x")
    journal.begin()
    before = len(os.listdir("/proc/self/fd"))  # noqa: PTH208
    for _ in range(20):
        journal.add(failed_result(task(), "why"))
    assert len(os.listdir("/proc/self/fd")) == before  # noqa: PTH208


def test_what_was_skipped_is_not_done(here: Path) -> None:
    fill(here / "p", 1)
    Path("out.png").write_bytes(b"made by another program")
    status = Path("p/00000.png").stat()
    skipped = failed_result(task(), "")._replace(
        error=None, skipped="exists", size=status.st_size, mtime_ns=status.st_mtime_ns
    )
    Journal(REPORT, fingerprint(task())).add(skipped)
    assert not DoneTasks(REPORT, fingerprint(task())).holds(task())
    Journal(REPORT, fingerprint(task())).add(skipped._replace(skipped=None))
    assert DoneTasks(REPORT, fingerprint(task())).holds(task())


def test_noted(here: Path) -> None:
    assert here.samefile(".")
    assert reported(failed_result(task(), "why"), Journal(REPORT, "x")).error == "why"
    assert lines()[0]["error"] == "why"


def test_report_and_resume_of_one_file(here: Path, run: Run) -> None:
    fill(here / "p", 1)
    words: list[Word] = ["max", "p/00000.png", "out.png", "-k", 2, "--resume", REPORT]
    assert run(*words).out == "out.png: 3×8×8 → 3×4×4\n"
    assert run(*words).out == "out.png: skipped (done before)\n"
    assert len(lines()) == 1
    assert run(*words, "-s", 1).out == "out.png: 3×8×8 → 3×7×7 (0 rows unused)\n".replace(
        " (0 rows unused)", ""
    )
    assert run(*words).out == "out.png: 3×8×8 → 3×4×4\n"
    assert run("max", "missing.png", "o.png", "-k", 2, "--report", REPORT).code == 1
    assert [line["error"] is None for line in lines()] == [True, True, True, False]
