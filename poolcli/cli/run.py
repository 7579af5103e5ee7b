"""Running a plan from the command line: what is printed where, and the exit code."""

import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, NamedTuple, TextIO

import click

from poolcli.errors import PoolingError
from poolcli.jobs.batch import Rules, Steps, run_batch
from poolcli.jobs.perform import noted, perform, rehearse
from poolcli.jobs.plan import Plan, Task, failed
from poolcli.jobs.result import Result, record
from poolcli.media.files import STANDARD
from poolcli.views.lines import plain_for, result_line

if TYPE_CHECKING:
    from poolcli.jobs.journal import Done, Journal
    from poolcli.views.tally import Tally

__all__ = ["Manner", "run_plan"]


class Manner(NamedTuple):
    """How a run is to go.

    Attributes
    ----------
    rules : Rules
    fail_fast, quiet, as_json : bool
    in_place : bool
        Whether sources are replaced.
    report, resume : Path, optional
        Where results are noted down; and where it stands what was done before.
    """

    rules: Rules
    fail_fast: bool = False
    quiet: bool = False
    as_json: bool = False
    in_place: bool = False
    report: Path | None = None
    resume: Path | None = None

    @property
    def goes_on(self) -> str:
        """How a run that was stopped can be taken up again."""
        report = self.report or self.resume
        if report is not None:
            import shlex

            return f"the same command with --resume {shlex.quote(str(report))} goes on"
        if self.in_place:
            return "the same command would pool those done once more; --report would help to go on"
        return "the same command with --skip-existing goes on"


def run_plan(plan: Plan, manner: Manner) -> int:
    """Do what was planned, and give the exit code.

    Raises
    ------
    PoolingError
        If the only file fails, or nothing can be begun.
    """
    journal, done = _reports(plan, manner)
    if plan.folder is None:
        return _run_one(plan, manner, journal, done)
    return _run_many(plan, manner, journal, done)


def _reports(plan: Plan, manner: Manner) -> "tuple[Journal | None, Done | None]":
    """The report that is written, and the one of what was done before."""
    report = manner.report or manner.resume
    if report is None:
        return None, None
    from poolcli.jobs.journal import Done, Journal, fingerprint

    mark = fingerprint(plan.template)
    done = None if manner.resume is None else Done(manner.resume, mark)
    if manner.rules.dry_run:
        return None, done
    journal = Journal(report, mark)
    journal.begin()
    return journal, done


def _run_one(plan: Plan, manner: Manner, journal: "Journal | None", done: "Done | None") -> int:
    task = plan.template
    stream = sys.stderr if task.destination == STANDARD else sys.stdout
    result = Steps(plan, manner.rules, journal, done).step(task)
    if isinstance(result, Task):
        try:
            result = rehearse(task) if manner.rules.dry_run else perform(task)
        except PoolingError as error:
            result = failed(task, str(error))
            if journal is not None:
                result = noted(result, journal)
            _tell(result, manner, stream)
            raise
        if journal is not None:
            result = noted(result, journal)
    _tell(result, manner, stream)
    if result.error is not None:
        raise PoolingError(result.error)
    return 0


def _tell(result: Result, manner: Manner, stream: TextIO) -> None:
    """Print the line of one file; an error's own line is printed where all errors are."""
    if manner.as_json:
        click.echo(_as_json(result), stream)
    if result.error is None and not manner.quiet:
        for note in result.notes:
            _say(f"poolcli: note: {result.source}: {note}")
    if result.error is None and not manner.quiet and not manner.as_json:
        # Not click's own stream: that one writes UTF-8 where standard output is ASCII.
        click.echo(plain_for(stream, result_line(result)), stream)


def _run_many(plan: Plan, manner: Manner, journal: "Journal | None", done: "Done | None") -> int:
    from poolcli.jobs.interrupts import Interrupts
    from poolcli.views.progress import progress_for
    from poolcli.views.tally import Tally, summary

    began, tally = monotonic(), Tally(plan.size, plan.passed_over)
    progress = None if manner.quiet else progress_for(sys.stderr, tally)
    failures: list[str] = []
    with Interrupts() as interrupts:

        def stopped() -> bool:
            if progress is not None:
                progress.show()
            failing = manner.fail_fast and bool(failures)
            return failing or interrupts.caught is not None

        results = run_batch(plan, manner.rules, journal=journal, done=done, stopped=stopped)
        with ExitStack() as stack:
            stack.callback(results.close)  # before an error of the output is heard of
            if progress is not None:
                stack.callback(progress.end)
            for result in results:
                tally.add(result)
                if result.error is not None:
                    failures.append(result.error)
                for line, stream in _lines(result, manner):
                    if progress is None:
                        click.echo(line, stream)
                    else:
                        progress.print(line, stream)
    for failure in failures:
        _say(f"poolcli: {failure}")
    if interrupts.caught is not None:
        _say(_interrupted(tally, manner))
        return 128 + interrupts.caught
    if not manner.quiet:
        _say(summary(tally, monotonic() - began, dry_run=manner.rules.dry_run))
    return 1 if failures else 0


def _lines(result: Result, manner: Manner) -> Iterator[tuple[str, TextIO]]:
    """What is said of one file of many, and where."""
    if manner.as_json:
        yield _as_json(result), sys.stdout
    if manner.quiet or result.error is not None or result.skipped is not None:
        return
    if not manner.as_json:
        yield result_line(result), sys.stdout
    for note in result.notes:
        yield plain_for(sys.stderr, f"poolcli: note: {result.source}: {note}"), sys.stderr


def _as_json(result: Result) -> str:
    import json

    return json.dumps(record(result))


def _interrupted(tally: "Tally", manner: Manner) -> str:
    behind = f"{tally.done} done"
    behind += f", {tally.skipped} skipped" if tally.skipped else ""
    behind += f", {tally.failed} failed" if tally.failed else ""
    return f"{behind}, {tally.left} left; {manner.goes_on}"


def _say(line: str) -> None:
    one = " ".join(line.split("\n"))
    click.echo(plain_for(sys.stderr, one), sys.stderr)
