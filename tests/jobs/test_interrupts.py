"""Stopped in the middle: whole files only, nothing left lying about, and a word on how to go on."""

import ctypes
import os
import re
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace

import pytest

from poolcli.jobs.interrupts import Interrupted, Interrupts, raising
from poolcli.jobs.stale_files import is_alive, remove_leftovers
from tests.commands import HANG, Shell, posix
from tests.folders import before_we_began, fill, leftovers, names, started, wrong

pytestmark = posix


def test_first_signal_is_noted_and_the_second_obeyed() -> None:
    before = signal.getsignal(signal.SIGINT)
    with Interrupts() as interrupts:
        assert interrupts.caught is None
        os.kill(os.getpid(), signal.SIGTERM)
        assert interrupts.caught == signal.SIGTERM
        with pytest.raises(Interrupted) as raised:
            os.kill(os.getpid(), signal.SIGINT)
        assert raised.value.signal == signal.SIGINT
        assert interrupts.caught == signal.SIGTERM
    assert signal.getsignal(signal.SIGINT) is before


def test_raising() -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        with pytest.raises(Interrupted) as raised, raising():
            os.kill(os.getpid(), number)
        assert raised.value.signal == number


def test_ignored_signals_stay_ignored() -> None:
    """As nohup wants it."""
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with raising(), Interrupts() as interrupts:
            os.kill(os.getpid(), signal.SIGHUP)
            assert interrupts.caught is None
    finally:
        signal.signal(signal.SIGHUP, before)


def test_not_in_the_main_thread() -> None:
    told: list[int | None] = []

    def use() -> None:
        with raising(), Interrupts() as interrupts:
            told.append(interrupts.caught)

    thread = threading.Thread(target=use)
    thread.start()
    thread.join()
    assert told == [None]


def stopped_after(lines: int, number: int, *words: str) -> tuple[int, list[str], str]:
    """Exit code, lines and what was said, of a run that gets a signal after so many lines."""
    with started("max", "p", "out", "-k", 2, "-j", 2, *words) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        before = [running.stdout.readline() for _ in range(lines)]
        running.send_signal(number)
        after = running.stdout.read().splitlines()  # what communicate() would not find any more
        err = running.stderr.read()
    return running.returncode, [*before, *after], err


@pytest.mark.parametrize(
    ("number", "report"),
    [(signal.SIGINT, False), (signal.SIGTERM, True), (signal.SIGHUP, False)],
)
def test_stopped_and_gone_on(here: Path, shell: Shell, number: int, report: bool) -> None:
    fill(here / "p", 600, 60)
    words = ["--report", "r.jsonl"] if report else []
    code, lines, err = stopped_after(20, number, *words)
    assert code == 128 + number
    told = re.fullmatch(
        r"(\d+) done, (\d+) left; run the same command with (.*) to continue\n", err
    )
    assert told
    done, left = int(told[1]), int(told[2])
    assert done + left == 600
    assert 20 <= done < 600
    assert len(lines) == done
    assert leftovers(here) == []
    made = names(here / "out")
    assert done <= len(made) <= done + 2  # as many as there are workers were not yet told of
    assert set(made) & set(wrong(here / "p", here / "out")) == set()

    rest = shell("max", "p", "out", "-k", 2, *told[3].split())
    assert rest.code == 0
    # Above its last line, a slow machine also tells how far the run is.
    again = re.search(r"^(\d+) done, .* s\n\Z", rest.err, re.MULTILINE)
    assert again
    # A worker that is ended may have noted down what it could tell nobody any more.
    assert 600 - len(made) <= int(again[1]) <= (left if report else 600 - len(made))
    assert wrong(here / "p", here / "out") == []


def wait_until_full(pipe: int, running: subprocess.Popen[str]) -> None:
    """Until nothing more is written to a pipe that nobody reads from."""
    import fcntl
    import termios

    before, held = b"", bytes(4)
    while running.poll() is None and (held == bytes(4) or held != before):
        time.sleep(0.5)
        before, held = held, fcntl.ioctl(pipe, termios.FIONREAD, bytes(4))


def test_second_signal_while_output_is_blocked(here: Path) -> None:
    """A pager that does not read on must not hold us."""
    fill(here / "p", 400)
    reader, writer = os.pipe()
    running = started("max", "p", f"{'long' * 40}/", "-k", 2, "-j", 2, "--json", stdout=writer)
    os.close(writer)
    wait_until_full(reader, running)
    # Two do; on a busy machine both may come before the process has looked at the first.
    for _ in range(60):
        with suppress(subprocess.TimeoutExpired):
            running.send_signal(signal.SIGINT)
            running.wait(timeout=1)
            break
    err = running.communicate(timeout=HANG)[1]
    os.close(reader)
    assert running.returncode == 130
    assert "interrupted" in err or "left;" in err
    assert leftovers(here) == []


INTERRUPTED_LATE = """
import os, sys
from poolcli.cli import main

os.set_blocking(1, False)
try:
    while os.write(1, bytes(4096)):
        pass
except BlockingIOError:
    os.set_blocking(1, True)

def interrupted():
    sys.stdout.write("left in the buffer")
    return 130

main.main = interrupted
from poolcli.__main__ import run
run()
"""


def test_output_left_over_holds_nothing_up() -> None:
    """What is in a buffer when a signal comes is not waited for where nobody reads."""
    reader, writer = os.pipe()
    done = subprocess.run(
        [sys.executable, "-c", INTERRUPTED_LATE],
        stdout=writer, stderr=subprocess.PIPE, timeout=HANG,
    )  # fmt: skip
    os.close(writer)
    os.close(reader)
    assert (done.returncode, done.stderr) == (130, b"")


def test_killed_and_gone_on(here: Path, shell: Shell) -> None:
    """SIGKILL: what is under a real name is whole; the next run sweeps what lies about."""
    fill(here / "p", 200, 60)
    for seconds in (0.0, 0.1, 0.3):
        running = started("max", "p", "out", "-k", 2, "-j", 2, "--resume", "r.jsonl")
        assert running.stdout is not None
        running.stdout.readline()
        time.sleep(seconds)
        running.kill()
        running.communicate()
    done = [name for name in names(here / "out") if ".poolcli-" not in name]
    assert set(done) & set(wrong(here / "p", here / "out")) == set()
    assert shell("max", "p", "out", "-k", 2, "--resume", "r.jsonl").code == 0
    assert wrong(here / "p", here / "out") == []
    assert leftovers(here) == []


def test_leftovers_of_the_dead_only(here: Path, shell: Shell) -> None:
    fill(here / "p", 3)
    dead = started("--version")
    dead.communicate()
    for folder in ("out", "out/a"):
        Path(folder).mkdir()
        for process in (dead.pid, os.getpid()):
            Path(folder, f".poolcli-{process}-0123abcd.tmp").write_bytes(b"half")
        Path(folder, f".poolcli-{dead.pid}-mine.txt").write_bytes(b"not ours")
    assert shell("max", "p", "out", "-k", 2).code == 0
    for folder in ("out", "out/a"):
        left = sorted(path.name for path in Path(folder).glob(".poolcli-*"))
        assert left == sorted(
            [f".poolcli-{os.getpid()}-0123abcd.tmp", f".poolcli-{dead.pid}-mine.txt"]
        )
        for name in left:
            Path(folder, name).unlink()
    Path(f"out/.poolcli-{dead.pid}-00.tmp").write_bytes(b"half")
    assert shell("max", "p/00000.png", "out/one.png", "-k", 2).code == 0
    assert leftovers(here) == []
    assert remove_leftovers(here / "missing") == (0, 0)
    others = started("--version")
    others.communicate()
    for process in (dead.pid, others.pid):
        Path(f"out/.poolcli-{process}-00.tmp").write_bytes(b"half")
    assert remove_leftovers(here / "out", of=dead.pid).removed == 1
    assert leftovers(here) == [f"out/.poolcli-{others.pid}-00.tmp"]
    assert remove_leftovers(here / "out").removed == 1


def test_is_alive() -> None:
    gone = started("--version")
    assert is_alive(gone.pid)
    gone.communicate()
    assert not is_alive(gone.pid)
    assert is_alive(os.getpid())
    assert is_alive(1)
    assert is_alive(10**30)  # in doubt


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells")
def test_who_ended_unnoticed_is_not_alive(monkeypatch: pytest.MonkeyPatch) -> None:
    gone = started("--version")
    os.waitid(os.P_PID, gone.pid, os.WEXITED | os.WNOWAIT)
    assert not is_alive(gone.pid)
    monkeypatch.setattr(Path, "read_bytes", lambda path: path.joinpath("missing").open("rb"))
    assert is_alive(gone.pid), "where no process can be looked up, it is in doubt"
    gone.communicate()


class Kernel(SimpleNamespace):
    """What Windows would say of a process."""

    def __init__(self, handle: int, found: int = 1, code: int = 259) -> None:
        super().__init__(handle=handle, found=found, code=code, closed=[])
        self.OpenProcess = lambda *_: handle
        self.OpenProcess.restype = None  # type: ignore[attr-defined]
        self.GetExitCodeProcess = self.code_into
        self.CloseHandle = lambda closed: self.closed.append(closed.value)

    def code_into(self, _handle: object, place: ctypes.c_ulong) -> int:
        place.value = self.code
        return int(self.found)


@pytest.mark.parametrize(
    ("kernel", "error", "alive"),
    [
        (Kernel(0), 87, False),
        (Kernel(0), 5, True),
        (Kernel(4), 0, True),
        (Kernel(4, code=1), 0, False),
        (Kernel(4, found=0), 0, True),
    ],
)
def test_is_alive_on_windows(
    monkeypatch: pytest.MonkeyPatch, kernel: Kernel, error: int, alive: bool
) -> None:
    with monkeypatch.context() as windows:
        windows.setattr(sys, "platform", "win32")
        windows.setattr(ctypes, "WinDLL", lambda *_, **__: kernel, raising=False)
        windows.setattr(ctypes, "get_last_error", lambda: error, raising=False)
        windows.setattr(ctypes, "byref", lambda value: value)
        assert is_alive(7) is alive
    assert kernel.closed == ([kernel.handle] if kernel.handle else [])


@pytest.mark.skipif(sys.platform != "linux", reason="sends to a whole group")
def test_signal_to_the_whole_group(here: Path) -> None:
    """As a terminal does: no worker says a word, even while it starts."""
    fill(here / "p", 300, 60)
    for seconds in (0.25, 0.5, 0.8, 1.5):
        running = started("max", "p", "out", "-k", 2, "-j", 2, start_new_session=True)
        time.sleep(seconds)
        os.killpg(running.pid, signal.SIGINT)
        err = running.communicate(timeout=HANG)[1]
        if before_we_began(err):
            continue
        assert "Traceback" not in err
        assert "died" not in err
        assert (running.returncode, err.count("\n")) in ((130, 1), (0, 1), (-2, 0)), err
        assert leftovers(here) == []
