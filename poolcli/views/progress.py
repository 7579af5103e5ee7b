"""The progress of a run, on standard error while it runs."""

import os
from time import monotonic
from typing import TYPE_CHECKING, Any, TextIO

from poolcli.views.ascii_fallback import plain_for
from poolcli.views.tally import Tally

if TYPE_CHECKING:
    from rich.progress import Progress

__all__ = [
    "ProgressBar",
    "ProgressLines",
    "draws_bars",
    "progress_for",
    "rate_and_time_left",
    "time_text",
]

_DELAY = 0.5
"""Seconds before the bar is drawn: most runs are over by then."""

_INTERVAL = 10.0
"""Seconds between two lines where there is no terminal."""


class ProgressLines:
    """A line every ten seconds, where a bar cannot be drawn."""

    def __init__(self, stream: TextIO, tally: Tally) -> None:
        self._stream, self._tally = stream, tally
        self._began = self._last = monotonic()

    def show(self) -> None:
        """Print a line of progress, if the last one is long ago."""
        now = monotonic()
        if now - self._last < _INTERVAL:
            return
        self._last = now
        tally = self._tally
        rate = rate_and_time_left(tally, now - self._began)
        line = f"poolcli: {tally.processed} of {tally.total}, {rate}, {tally.failed} failed\n"
        self._stream.write(plain_for(self._stream, line))
        self._stream.flush()

    def print(self, line: str, stream: TextIO) -> None:
        """Print the line of a result."""
        stream.write(f"{plain_for(stream, line)}\n")
        stream.flush()

    def end(self) -> None:
        """Do nothing: lines leave nothing to take away."""


class ProgressBar(ProgressLines):
    """A bar on the terminal, with the lines of results above it."""

    def __init__(self, stream: TextIO, tally: Tally) -> None:
        super().__init__(stream, tally)
        self._bar: Progress | None = None

    def show(self) -> None:
        """Draw the bar; load rich, which takes a tenth of a second, only once it is needed."""
        seconds = monotonic() - self._began
        if seconds < _DELAY:
            return
        if self._bar is None:
            self._bar = _started_bar(self._stream, self._tally.total)
        failed = f"{self._tally.failed} failed" if self._tally.failed else ""
        task = self._bar.task_ids[0]
        rate = rate_and_time_left(self._tally, seconds)
        self._bar.update(task, completed=self._tally.processed, rate=rate, failed=failed)

    def print(self, line: str, stream: TextIO) -> None:
        """Print the line of a result, above the bar if both go to the terminal."""
        if self._bar is None or not stream.isatty():
            super().print(line, stream)
            return
        from rich.text import Text

        self._bar.console.print(Text(plain_for(stream, line)), soft_wrap=True)

    def end(self) -> None:
        """Remove the bar."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = None


def progress_for(stream: TextIO, tally: Tally) -> ProgressLines:
    """Choose a bar if the stream is a terminal that can draw it, and lines otherwise."""
    return (ProgressBar if draws_bars(stream) else ProgressLines)(stream, tally)


def draws_bars(stream: TextIO) -> bool:
    """Tell whether a stream is a terminal that can draw a bar."""
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def rate_and_time_left(tally: Tally, seconds: float) -> str:
    """Format the rate in files per second, and the time left at that rate.

    >>> rate_and_time_left(Tally(1000, done=380, skipped=20), 10.0)
    '38.0 files/s, 15 s left'
    >>> rate_and_time_left(Tally(100_000, done=380), 100.0)
    '3.8 files/s, 7:16:55 left'
    >>> rate_and_time_left(Tally(10), 1.0)
    'starting'
    """
    # Skipped files cost next to nothing, and would make the time left look shorter than it is.
    rate = (tally.done + tally.failed) / seconds if seconds else 0.0
    if not rate:
        return "starting"
    return f"{rate:.1f} files/s, {time_text(int(tally.left / rate))} left"


def time_text(seconds: int) -> str:
    """Format a time.

    >>> time_text(15), time_text(75), time_text(3675)
    ('15 s', '1:15 min', '1:01:15')
    """
    if seconds >= 3600:
        return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    return f"{seconds} s" if seconds < 60 else f"{seconds // 60}:{seconds % 60:02} min"


def _started_bar(stream: TextIO, total: int) -> Any:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
    from rich.table import Column

    console = Console(file=stream, highlight=False, markup=False, emoji=False)
    bar = Progress(
        BarColumn(bar_width=None, table_column=Column(ratio=1, min_width=4)),
        MofNCompleteColumn(table_column=Column(no_wrap=True)),
        TextColumn("{task.fields[rate]}", markup=False, table_column=Column(no_wrap=True)),
        TextColumn("{task.fields[failed]}", "red", markup=False, table_column=Column(no_wrap=True)),
        console=console,
        transient=True,
        redirect_stdout=False,
        redirect_stderr=False,
        expand=True,
    )
    bar.add_task("", total=total, rate="", failed="")
    bar.start()
    return bar
