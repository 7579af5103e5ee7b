"""The progress of one large file, on the terminal while it is pooled."""

from time import monotonic
from typing import TYPE_CHECKING, TextIO

from poolcli.views.progress import draws_bars, time_text

if TYPE_CHECKING:
    from rich.progress import Progress

__all__ = ["FileProgress", "speed_and_time_left"]

_DELAY = 2.0
"""Seconds before the bar is drawn: most files are done by then."""

_INTERVAL = 0.1
"""Seconds between two drawings."""


class FileProgress:
    """A bar for one file; nothing where a bar cannot be drawn."""

    def __init__(self, stream: TextIO) -> None:
        self._stream, self._draws = stream, draws_bars(stream)
        self._began, self._next = monotonic(), _DELAY
        self._bar: Progress | None = None

    def show(self, done: int, total: int) -> None:
        """Draw the bar, if the file takes long; load rich only then."""
        seconds = monotonic() - self._began
        if not self._draws or seconds < self._next:
            return
        self._next = seconds + _INTERVAL
        if self._bar is None:
            self._bar = _started_bar(self._stream)
        speed = speed_and_time_left(done, total, seconds)
        self._bar.update(self._bar.task_ids[0], completed=done, total=total, speed=speed)

    def end(self) -> None:
        """Remove the bar."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = None


def speed_and_time_left(done: int, total: int, seconds: float) -> str:
    """Format the speed in megabytes of the result per second, and the time left at that speed.

    >>> speed_and_time_left(30_000_000, 90_000_000, 10.0)
    '3.0 MB/s, 20 s left'
    >>> speed_and_time_left(0, 90_000_000, 10.0)
    'starting'
    """
    if not done or not seconds:
        return "starting"
    speed = done / seconds
    return f"{speed / 1e6:.1f} MB/s, {time_text(int((total - done) / speed))} left"


def _started_bar(stream: TextIO) -> "Progress":
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn
    from rich.table import Column

    bar = Progress(
        BarColumn(bar_width=None, table_column=Column(ratio=1, min_width=4)),
        TaskProgressColumn(table_column=Column(no_wrap=True)),
        TextColumn("{task.fields[speed]}", markup=False, table_column=Column(no_wrap=True)),
        console=Console(file=stream, highlight=False, markup=False, emoji=False),
        transient=True,
        redirect_stdout=False,
        redirect_stderr=False,
        expand=True,
    )
    bar.add_task("", total=None, speed="")
    bar.start()
    return bar
