"""Runs of a plan from the command line: results printed line by line, and the exit code."""

import sys
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, NamedTuple, TextIO

import click

from poolcli.errors import PathError, PoolingError
from poolcli.jobs.batch import ReadyTasks, Rules, run_batch
from poolcli.jobs.perform import perform, rehearse, reported
from poolcli.jobs.plan import RunPlan, Task, failed_result
from poolcli.jobs.result import Result, record
from poolcli.media.cpus import usable_cpus
from poolcli.media.file_names import shown
from poolcli.media.files import STANDARD_STREAM, is_standard_output, path_from
from poolcli.views.ascii_fallback import plain_for
from poolcli.views.wording import error_text, note_lines, plural, result_line

if TYPE_CHECKING:
    from poolcli.jobs.journal import DoneTasks, Journal
    from poolcli.media.places.remote_path import Place
    from poolcli.views.tally import Tally

__all__ = ["RunSettings", "print_result", "run_plan"]


class RunSettings(NamedTuple):
    """Settings of a run.

    Attributes
    ----------
    rules : Rules
        What applies to each file.
    fail_fast, quiet, as_json : bool
    debug : bool
        Whether tracebacks are printed.
    in_place : bool
        Whether sources may be replaced.
    report, resume : Path, optional
        The report that results are appended to, and the one whose finished files are skipped.
    files_from : Path, optional
        The list of sources.
    cluster : str, optional
        Address of a Dask scheduler, or the file that it wrote it to.
    """

    rules: Rules
    fail_fast: bool = False
    quiet: bool = False
    as_json: bool = False
    in_place: bool = False
    report: Path | None = None
    resume: Path | None = None
    debug: bool = False
    files_from: "Place | None" = None
    cluster: str | None = None

    @property
    def resume_hint(self) -> str:
        """Advice on how to continue an interrupted run."""
        report = self.report or self.resume
        if report is not None:
            import shlex

            name = shown(report)
            name = name if name != str(report) else shlex.quote(name)
            return f"run the same command with --resume {name} to continue"
        if self.in_place:
            return "the same command would pool finished files again; --report FILE prevents that"
        return "run the same command with --skip-existing to continue"


def run_plan(plan: RunPlan, settings: RunSettings) -> int:
    """Run a plan and return the exit code.

    Raises
    ------
    PoolingError
        If the only file fails, or the run cannot start.
    """
    journal, done = _reports(plan, settings)
    if plan.folder is None:
        return _run_one(plan, settings, journal, done)
    if settings.cluster is None or settings.rules.dry_run or not plan.size:
        return _run_many(plan, settings, journal, done)
    from poolcli.jobs.cluster.shared import connected

    folder, place = path_from(plan.folder), settings.cluster
    with connected(plan.roots, folder, place, debug=settings.debug) as cluster:
        settings = settings._replace(rules=settings.rules._replace(cluster=cluster))
        return _run_many(plan, settings, journal, done)


def _reports(plan: RunPlan, settings: RunSettings) -> "tuple[Journal | None, DoneTasks | None]":
    """Open the report to append to, and the one whose finished files are skipped."""
    report = settings.report or settings.resume
    if report is None:
        return None, None
    from poolcli.jobs.journal import DoneTasks, Journal, fingerprint

    mark = fingerprint(plan.template)
    journal = Journal(report, mark)
    try:
        journal.check(plan.pairs(), _files_of(plan, settings))
        done = None if settings.resume is None else DoneTasks(settings.resume, mark)
    except PathError as error:
        raise click.UsageError(str(error)) from error
    if settings.rules.dry_run:
        return None, done
    return journal.begin(), done


def _files_of(plan: RunPlan, settings: RunSettings) -> "dict[str, Place | None]":
    """Files of a run besides its pairs, by what they are called."""
    task = plan.template
    files = {"--indices": task.indices, "--winners": task.winners}
    files["--files-from"] = settings.files_from
    if plan.folder is None:
        return files | {"SOURCE": task.source, "DEST": task.destination}
    return files | {"DEST": path_from(plan.folder)}


def _run_one(
    plan: RunPlan, settings: RunSettings, journal: "Journal | None", done: "DoneTasks | None"
) -> int:
    task = plan.template._replace(threads=settings.rules.workers or usable_cpus())
    ready = ReadyTasks(plan, settings.rules, journal, done)
    result = ready.step(task)
    if ready.note is not None and not settings.quiet:
        _note(ready.note)
    if isinstance(result, Task):
        try:
            if settings.rules.dry_run:
                result = rehearse(task)
            elif plan.shard is None:
                result = _performed(task, settings, journal)
            else:
                from poolcli.jobs.running.sharing import perform_part

                result = perform_part(plan.shard, partial(_performed, task, settings, journal))
        except PoolingError as error:
            result = failed_result(task, str(error))
            if journal is not None:
                result = reported(result, journal)
            print_result(result, quiet=settings.quiet, as_json=settings.as_json)
            raise
        if journal is not None:
            result = reported(result, journal)
    print_result(result, quiet=settings.quiet, as_json=settings.as_json)
    if result.error is not None:
        raise PoolingError(_error_of(result))
    return 0


def _performed(task: Task, settings: RunSettings, journal: "Journal | None") -> Result:
    """Perform the only task, by a cluster if one is given, with a bar where it takes long."""
    if settings.cluster is not None:
        from poolcli.jobs.chunks.pool_chunked import pool_chunked
        from poolcli.jobs.cluster.boxes import array_crew

        with array_crew(pool_chunked, task, settings.cluster, debug=settings.debug, note=_note):
            return _performed(task, settings._replace(cluster=None), journal)
    if settings.quiet or not sys.stderr.isatty():
        return perform(task, journal)
    from poolcli.jobs.boxes.watching import watched
    from poolcli.views.file_progress import FileProgress

    progress = FileProgress(sys.stderr)
    try:
        with watched(progress.show):
            return perform(task, journal)
    finally:
        progress.end()


def print_result(result: Result, *, quiet: bool = False, as_json: bool = False) -> None:
    """Print the line of the only file; its error is printed at the border, by `main`."""
    piped = is_standard_output(result.destination)
    stream = sys.stderr if piped else sys.stdout
    if as_json:
        click.echo(_as_json(result), stream)
    if result.error is not None or quiet:
        return
    for note in note_lines(result):
        _print_to_stderr(note)
    # Who names standard output as if it were a file wants the picture there and no word of ours.
    if not as_json and (not piped or result.destination == STANDARD_STREAM):
        # Not click's own stream: that one writes UTF-8 where standard output is ASCII.
        click.echo(plain_for(stream, result_line(result)), stream)


def _run_many(
    plan: RunPlan, settings: RunSettings, journal: "Journal | None", done: "DoneTasks | None"
) -> int:
    from poolcli.jobs.interrupts import Interrupts
    from poolcli.views.progress import progress_for
    from poolcli.views.tally import Tally, summary

    part = "" if plan.shard is None else f"shard {plan.shard} of {plural(plan.whole, 'file')}"
    began, tally = monotonic(), Tally(plan.size, plan.passed_over, hidden=plan.hidden, part_of=part)
    progress = None if settings.quiet else progress_for(sys.stderr, tally)
    failures: list[Result] = []
    lost: PoolingError | None = None
    with Interrupts() as interrupts:

        def stopped() -> bool:
            if progress is not None:
                progress.show()
            failing = settings.fail_fast and bool(failures)
            return failing or interrupts.caught is not None

        def note(text: str) -> None:
            line = plain_for(sys.stderr, f"poolcli: note: {text}")
            if progress is not None:
                progress.print(line, sys.stderr)
            elif not settings.quiet:
                click.echo(line, sys.stderr)

        results = run_batch(
            plan, settings.rules, journal=journal, done=done, stopped=stopped, note=note
        )
        with ExitStack() as stack:
            stack.callback(results.close)  # workers end before an error of the output is raised
            if progress is not None:
                stack.callback(progress.end)
            show = click.echo if progress is None else progress.print
            try:
                for result in results:
                    tally.add(result)
                    if result.error is not None:
                        failures.append(result._replace(trace=None))
                    for line, stream in _lines(result, settings):
                        show(line, stream)
            except PoolingError as error:
                lost = error
    _print_failures(failures)
    if lost is not None:
        raise PoolingError(f"{lost}; {_interrupted(tally, settings)}") from lost
    if interrupts.caught is not None:
        _print_to_stderr(_interrupted(tally, settings))
        return 128 + interrupts.caught
    if not settings.quiet:
        _print_to_stderr(summary(tally, monotonic() - began, dry_run=settings.rules.dry_run))
    return 1 if failures else 0


def _lines(result: Result, settings: RunSettings) -> Iterator[tuple[str, TextIO]]:
    """Yield the lines about one file of many, each with its stream."""
    if settings.as_json:
        yield _as_json(result), sys.stdout
    if settings.debug and result.trace is not None:
        yield plain_for(sys.stderr, result.trace), sys.stderr
    if settings.quiet or result.error is not None or result.skipped is not None:
        return
    if not settings.as_json:
        yield result_line(result), sys.stdout
    for note in note_lines(result):
        yield plain_for(sys.stderr, note), sys.stderr


def _as_json(result: Result) -> str:
    import json

    return json.dumps(record(result))


def _error_of(result: Result) -> str:
    paths = (result.source, result.destination, result.destination.parent)
    return error_text(result.error or "", *paths)


def _print_failures(failures: list[Result]) -> None:
    for failed in failures:
        _print_to_stderr(f"poolcli: {_error_of(failed)}")


def _interrupted(tally: "Tally", settings: RunSettings) -> str:
    counts = f"{tally.done} done"
    counts += f", {tally.skipped} skipped" if tally.skipped else ""
    counts += f", {tally.failed} failed" if tally.failed else ""
    return f"{counts}, {tally.left} left; {settings.resume_hint}"


def _note(text: str) -> None:
    _print_to_stderr(f"poolcli: note: {text}")


def _print_to_stderr(line: str) -> None:
    click.echo(plain_for(sys.stderr, line), sys.stderr)
