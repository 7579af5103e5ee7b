"""Options of the pooling commands that concern files and runs, and the values they become."""

import os
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from poolcli.cli.files.path_types import LocalPath
from poolcli.cli.headings import option_under
from poolcli.cli.options import cluster_option, combined, no_sync_option, shard_option
from poolcli.jobs.paths.walk import FileFilter
from poolcli.media.file_names import shown
from poolcli.media.files import path_from

if TYPE_CHECKING:
    from poolcli.cli.run import RunSettings
    from poolcli.jobs.batch import Rules

__all__ = [
    "display_options",
    "file_filter_from",
    "folder_options",
    "rules_from",
    "run_options",
    "run_settings_from",
    "sources_from",
]

folder_option = option_under("Folders")
run_option = option_under("Run")
display_option = option_under("Display")

folder_options = combined(
    folder_option(
        "--no-recursive", is_flag=True, help="Leave out the subfolders of a source folder"
    ),
    folder_option(
        "--hidden",
        is_flag=True,
        help="Take hidden files too, whose name or folder begins with a dot",
    ),
    folder_option("--follow", is_flag=True, help="Follow symbolic links to folders"),
    folder_option(
        "--include",
        multiple=True,
        metavar="GLOB",
        help="Take only files whose name, or path in the source folder, matches; repeatable",
    ),
    folder_option(
        "--exclude",
        multiple=True,
        metavar="GLOB",
        help="Leave out files and folders whose name or path matches; repeatable",
    ),
    folder_option(
        "--files-from",
        type=LocalPath(),
        metavar="FILE|-",
        help="Read more sources from FILE, one name per line; - is standard input",
    ),
    folder_option(
        "--parents",
        is_flag=True,
        help="Keep the whole path of every source below DEST, as cp --parents does",
    ),
    folder_option("-0", "nul", is_flag=True, help="Names in --files-from are NUL-separated"),
)

run_options = combined(
    run_option(
        "-j",
        "--jobs",
        type=click.IntRange(min=1),
        metavar="N",
        help="Number of worker processes, or of threads for one file  [default: the usable CPUs]",
    ),
    run_option("--skip-existing", is_flag=True, help="Skip files whose destination exists"),
    run_option("--no-clobber", is_flag=True, help="Fail if a destination exists"),
    run_option(
        "--resume",
        type=LocalPath(),
        metavar="REPORT",
        help="Skip files that REPORT lists as done and unchanged; append to it",
    ),
    run_option(
        "--report",
        type=LocalPath(),
        metavar="FILE",
        help="Append a JSON line to FILE for each file done or failed",
    ),
    no_sync_option,
    run_option("--fail-fast", is_flag=True, help="Stop at the first failure"),
    run_option(
        "-n",
        "--dry-run",
        is_flag=True,
        help="Print what would be written; read headers only, write nothing",
    ),
    shard_option,
    cluster_option,
)

display_options = combined(
    display_option(
        "--preview", is_flag=True, help="Show the image before and after in the terminal"
    ),
    display_option("--json", "as_json", is_flag=True, help="Print one JSON object per file"),
    display_option("-q", "--quiet", is_flag=True, help="Print errors only"),
)


def sources_from(words: list[str], options: dict[str, Any]) -> tuple[list[str], bool]:
    """Return all sources, and whether there was a list of them, which is left in ``options``.

    Raises
    ------
    click.UsageError
        If the list cannot be read.
    """
    path, nul = options["files_from"], options.pop("nul")
    if path is None:
        if nul:
            raise click.UsageError("-0 describes the names in --files-from; give that too")
        return words, False
    if path == "-" and "-" in words:
        raise click.UsageError(
            "standard input (-) cannot be both an image and --files-from; use a file for one"
        )
    try:
        label = f"--files-from {shown(path)}"
        with nullcontext(sys.stdin.buffer) if path == "-" else Path(path).open("rb") as file:
            from poolcli.cli.file_list import read_names

            names = read_names(file, label, nul=nul)
    except OSError as error:
        from poolcli.jobs.result import reason

        raise click.UsageError(f"{label}: {reason(error)}") from error
    return [*words, *map(os.fsdecode, names)], True


def file_filter_from(options: dict[str, Any]) -> FileFilter:
    """Take the options of walking through folders out of ``options``."""
    return FileFilter(
        include=options.pop("include"),
        exclude=options.pop("exclude"),
        recursive=not options.pop("no_recursive"),
        follow=options.pop("follow"),
        hidden=options.pop("hidden"),
    )


def rules_from(options: dict[str, Any]) -> "Rules":
    """Take the rules for single files out of ``options``.

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
            "--skip-existing skips what --no-clobber fails on; give one or the other"
        )
    return rules


def run_settings_from(options: dict[str, Any]) -> "RunSettings":
    """Take the settings of a run out of ``options``, of which ``in_place`` is left there."""
    from poolcli.cli.run import RunSettings

    report, resume = options.pop("report"), options.pop("resume")
    listed = options.pop("files_from")
    return RunSettings(
        rules_from(options),
        in_place=options["in_place"],
        debug=bool(click.get_current_context().find_root().meta.get("debug")),
        report=None if report is None else Path(report),
        resume=None if resume is None else Path(resume),
        files_from=None if listed is None else path_from(listed),
        cluster=options.pop("cluster"),
        **{name: options.pop(name) for name in ("fail_fast", "quiet", "as_json")},
    )
