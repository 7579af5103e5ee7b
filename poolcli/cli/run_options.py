"""Options of runs over many files, and their values."""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from poolcli.jobs.walk import Selection

if TYPE_CHECKING:
    from poolcli.cli.run import RunSettings
    from poolcli.jobs.batch import Rules

__all__ = [
    "folder_options",
    "preview_option",
    "rules_from",
    "run_options",
    "run_settings_from",
    "selection_from",
    "sources_from",
]

Command = TypeVar("Command", bound=Callable[..., Any])

_FOLDERS = [
    click.option(
        "-j",
        "--jobs",
        type=click.IntRange(min=1),
        metavar="N",
        help="So many workers.  [default: the usable CPUs]",
    ),
    click.option(
        "--no-recursive", is_flag=True, help="Of a source folder, take its own files only."
    ),
    click.option("--follow", is_flag=True, help="Follow links to folders too."),
    click.option(
        "--include",
        multiple=True,
        metavar="GLOB",
        help="Take only files whose name, or path in the source folder, matches; repeatable.",
    ),
    click.option(
        "--exclude",
        multiple=True,
        metavar="GLOB",
        help="Leave out files and folders whose name or path matches; repeatable.",
    ),
    click.option(
        "--files-from",
        metavar="FILE|-",
        help="Also take the sources that this file (- is standard input) names, one a line.",
    ),
    click.option("-0", "nul", is_flag=True, help="Names of --files-from end in a zero byte."),
]

preview_option = click.option(
    "--preview", is_flag=True, help="Show the picture before and after in the terminal."
)

_RUNS = [
    click.option(
        "--skip-existing", is_flag=True, help="Leave alone what has a destination already."
    ),
    click.option(
        "--no-clobber", is_flag=True, help="Take it for a failure where a destination exists."
    ),
    click.option(
        "--resume",
        metavar="REPORT",
        help="Leave alone what REPORT says was done so, and has not changed since; go on with it.",
    ),
    click.option(
        "--report", metavar="FILE", help="Add a JSON line to FILE for every file done or failed."
    ),
    click.option("--fail-fast", is_flag=True, help="Stop at the first failure."),
    click.option(
        "-n", "--dry-run", is_flag=True, help="Tell what would be written; read headers only."
    ),
    click.option("--json", "as_json", is_flag=True, help="Print one JSON object a file."),
    click.option("-q", "--quiet", is_flag=True, help="Print nothing but errors."),
]


def folder_options(command: Command) -> Command:
    """Add the options that choose files of folders, and how many are done at once."""
    for option in reversed(_FOLDERS):
        command = option(command)
    return command


def run_options(command: Command) -> Command:
    """Add the options that say what is done beside pooling, and what is told."""
    for option in reversed(_RUNS):
        command = option(command)
    return command


def sources_from(words: list[str], options: dict[str, Any]) -> tuple[list[str], bool]:
    """Take the list of files out of ``options``: all sources, and whether a list was given.

    Raises
    ------
    click.UsageError
        If the list cannot be read.
    """
    path, nul = options.pop("files_from"), options.pop("nul")
    if path is None:
        if nul:
            raise click.UsageError("-0 tells how the names of --files-from end; give that too")
        return words, False
    if path == "-" and "-" in words:
        raise click.UsageError("- cannot be a picture and --files-from at once; use a file for one")
    try:
        data = sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
    except OSError as error:
        from poolcli.jobs.result import reason

        raise click.UsageError(f"--files-from {path}: {reason(error)}") from error
    names = data.split(b"\0") if nul else data.splitlines()
    return [*words, *(os.fsdecode(name) for name in names if name)], True


def selection_from(options: dict[str, Any]) -> Selection:
    """Take the options of walking through folders out of ``options``."""
    return Selection(
        include=options.pop("include"),
        exclude=options.pop("exclude"),
        recursive=not options.pop("no_recursive"),
        follow=options.pop("follow"),
    )


def rules_from(options: dict[str, Any]) -> "Rules":
    """Take the rules of a run out of ``options``.

    Raises
    ------
    click.UsageError
        If two of them exclude each other.
    """
    from poolcli.jobs.batch import Rules

    workers = options.pop("jobs")
    names = ("skip_existing", "no_clobber", "dry_run")
    rules = Rules(workers, **{name: options.pop(name) for name in names})
    if rules.skip_existing and rules.no_clobber:
        raise click.UsageError(
            "--skip-existing leaves alone what --no-clobber fails at; give one or the other"
        )
    return rules


def run_settings_from(options: dict[str, Any]) -> "RunSettings":
    """Take out of ``options`` how a run is to go; look at ``in_place`` only."""
    from poolcli.cli.run import RunSettings

    report, resume = options.pop("report"), options.pop("resume")
    return RunSettings(
        rules_from(options),
        in_place=options["in_place"],
        report=None if report is None else Path(report),
        resume=None if resume is None else Path(resume),
        **{name: options.pop(name) for name in ("fail_fast", "quiet", "as_json")},
    )
