"""What is shown while a run goes on: on a terminal, and where there is none."""

import io
import os
import sys
from pathlib import Path

import pytest

from poolcli.jobs.result import Result
from poolcli.views import progress as module
from poolcli.views.progress import ProgressBar, ProgressLines, progress_for
from poolcli.views.tally import Tally, summary
from tests.commands import HANG, Shell, posix
from tests.folders import command, fill, wrong


class Screen(io.StringIO):
    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(module, "monotonic", made)
    return made


def result(**fields: object) -> Result:
    return Result(Path("a"), Path("b"), "max", **fields)  # type: ignore[arg-type]


def test_tally() -> None:
    tally = Tally(10, 2)
    for each in (result(), result(), result(skipped="exists"), result(error="why")):
        tally.add(each)
    assert (tally.done, tally.skipped, tally.failed, tally.processed, tally.left) == (2, 1, 1, 4, 6)
    assert summary(tally, 1.25) == (
        "2 done, 1 skipped, 1 failed in 1.2 s, 6 left (2 other files passed over)"
    )


def test_plain_lines_every_ten_seconds(clock: Clock) -> None:
    stream, tally = io.StringIO(), Tally(100)
    shown = progress_for(stream, tally)
    for second in range(41):
        clock.now = 100.0 + second
        tally.done = second * 2
        tally.failed = second // 20
        shown.show()
    shown.end()
    assert stream.getvalue().splitlines() == [
        "poolcli: 20 of 100, 2.0 files/s, 40 s left, 0 failed",
        "poolcli: 41 of 100, 2.0 files/s, 28 s left, 1 failed",
        "poolcli: 61 of 100, 2.0 files/s, 19 s left, 1 failed",
        "poolcli: 82 of 100, 2.0 files/s, 8 s left, 2 failed",
    ]


def test_no_bar_for_half_a_second(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_started_bar", lambda *_: pytest.fail("a bar"))
    screen = Screen()
    bar = progress_for(screen, Tally(10))
    assert isinstance(bar, ProgressBar)
    clock.now += 0.49
    bar.show()
    bar.end()
    assert screen.getvalue() == ""


@pytest.mark.parametrize("width", [30, 80, 200])
def test_bar(clock: Clock, monkeypatch: pytest.MonkeyPatch, width: int) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    monkeypatch.setenv("TERM", "xterm")
    screen, tally = Screen(), Tally(1000)
    bar = progress_for(screen, tally)
    clock.now += 10
    tally.done, tally.failed = 380, 2
    bar.show()
    bar._bar.refresh()  # type: ignore[attr-defined]
    bar.print("out/[red]é[/].png: 3×2×2 → 3×1×1 " + "long " * 60, screen)
    bar.end()
    text = screen.getvalue()
    if width >= 80:
        assert "382/1000" in text
        assert "38.2 files/s, 16 s left" in text
        assert "2 failed" in text
    assert "out/[red]é[/].png: 3×2×2 → 3×1×1 " + "long " * 59 in text
    assert "\x1b[?25h" in text  # the cursor is there again
    bar.end()


def test_dumb_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "dumb")
    assert type(progress_for(Screen(), Tally(1))) is ProgressLines


def on_a_terminal(*words: str, columns: int = 80, both: bool = True) -> tuple[int, str, str]:
    """Run the real command with standard error (and output) on a terminal of its own."""
    import fcntl
    import pty
    import struct
    import subprocess
    import termios

    ours, its = pty.openpty()
    fcntl.ioctl(its, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    out = its if both else subprocess.PIPE
    env = {name: value for name, value in os.environ.items() if name != "COLUMNS"}
    running = subprocess.Popen(command(*words), stdin=its, stdout=out, stderr=its, env=env)
    os.close(its)
    text = b""
    while True:
        try:
            text += (part := os.read(ours, 65536))
        except OSError:
            break
        if not part:
            break
    printed = running.communicate(timeout=HANG)[0] if not both else b""
    os.close(ours)
    return running.wait(HANG), text.decode(), printed.decode()


@posix
def test_on_a_real_terminal(here: Path) -> None:
    fill(here / "p", 250, 150)
    (here / "p/bad.png").write_bytes(b"no picture")
    # One worker takes so long that there is something to show.
    code, screen, printed = on_a_terminal("max", "p", "out", "-k", "2", "-j", "1", both=False)
    assert code == 1
    assert len(printed.splitlines()) == 250
    assert "→" not in screen
    assert "files/s" in screen
    assert "poolcli: p/bad.png: is not a picture in a format that can be read" in screen
    assert "250 done, 0 skipped, 1 failed in " in screen
    code, screen, _ = on_a_terminal("max", "p", "out2", "-k", "2")
    assert code == 1
    assert screen.count(": 3×150×150 → 3×75×75") == 250
    assert wrong(here / "p", here / "out2") == ["bad.png"]


@posix
def test_quiet_terminal(here: Path) -> None:
    fill(here / "p", 20)
    assert on_a_terminal("max", "p", "out", "-k", "2", "-q") == (0, "", "")


def test_rich_is_not_loaded_without_a_bar(here: Path, shell: Shell) -> None:
    fill(here / "p", 4)
    (here / "rich.py").write_text("raise SystemExit('rich was loaded')")
    done = shell(
        "max", "p", "out", "-k", 2, env={"PYTHONPATH": f"{here}:{os.pathsep.join(sys.path)}"}
    )
    assert done.code == 0
    assert done.err.startswith("4 done, 0 skipped, 0 failed in ")
