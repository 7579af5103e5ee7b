"""The bar of one large file."""

import io
from pathlib import Path

import pytest

from poolcli.views import file_progress
from poolcli.views.file_progress import FileProgress
from tests.pictures import noise


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """A list whose last item is the time."""
    now = [100.0]
    monkeypatch.setattr(file_progress, "monotonic", lambda: now[-1])
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "80")
    return now


def test_a_file_of_less_than_two_seconds_has_no_bar(clock: list[float]) -> None:
    stream = Terminal()
    progress = FileProgress(stream)
    clock.append(101.9)
    progress.show(50_000_000, 100_000_000)
    progress.end()
    assert stream.getvalue() == ""


def test_a_slow_file_has_a_rate_and_the_time_left(clock: list[float]) -> None:
    stream = Terminal()
    progress = FileProgress(stream)
    clock.append(104.0)
    progress.show(25_000_000, 100_000_000)
    progress.end()
    assert "25%" in stream.getvalue()
    assert "6.2 MB/s, 12 s left" in stream.getvalue()


@pytest.mark.parametrize("stream", [io.StringIO(), Terminal()])
def test_what_draws_no_bars_gets_none(
    clock: list[float], monkeypatch: pytest.MonkeyPatch, stream: io.StringIO
) -> None:
    monkeypatch.setenv("TERM", "dumb")
    progress = FileProgress(stream)
    clock.append(200.0)
    progress.show(1, 2)
    progress.end()
    assert stream.getvalue() == ""


def test_a_pooled_stack_tells_how_far_it_is(here: Path) -> None:
    tifffile = pytest.importorskip("tifffile", reason="the extra [tiff] is not installed")
    from poolcli.jobs.boxes.watching import watched
    from poolcli.jobs.perform import pool_file

    tifffile.imwrite(
        here / "a.tif", noise((3, 8, 8), "u8"), metadata={"axes": "ZYX"}, photometric=1
    )
    told: list[tuple[int, int]] = []
    with watched(lambda *numbers: told.append(numbers)):
        pool_file("max", here / "a.tif", here / "b.tif", kernel=2)
        pool_file("max", here / "a.tif", here / "b.npy", kernel=4)
    assert told == [(128, 384), (256, 384), (384, 384), (32, 96), (64, 96), (96, 96)]
