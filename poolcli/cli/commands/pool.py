"""The commands that pool, one for each operation."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from poolcli.cli import options as shared
from poolcli.cli import run_options as choices
from poolcli.cli.garbage import enable_gc
from poolcli.cli.summaries import LINES
from poolcli.errors import PathError
from poolcli.media.files import STANDARD, refuse_terminals

__all__ = ["pool_command"]

_EXAMPLES = """
\b
Examples:
  poolcli {name} in.png out.png -k 2            # half the size
  poolcli {name} in.png out.png -k 6 -s 2       # overlapping windows
  poolcli {name} in.png out.tif -k 3x1 -p 1x0   # height first
  poolcli {name} in.png out.png --size 7x7      # to exactly 7x7
  poolcli {name} photos/ small/ -k 2            # a folder and all in it
  poolcli {name} *.tif small/ -k 2 -f png       # several files, as PNG
"""

_EXTRA: dict[str, list[Callable[..., Any]]] = {
    "max": [shared.indices_option, shared.winners_option],
    "min": [shared.indices_option, shared.winners_option],
    "avg": [shared.exclude_pad_option, shared.divisor_option],
    "gem": [shared.power_option, shared.exclude_pad_option],
}

_WORD = click.Path(path_type=str, readable=False)  # a Path would forget the / at its end


def _pool(name: str, words: tuple[str, ...], options: dict[str, Any]) -> None:
    sources, listed = choices.sources_from(list(words[:-1]), options)
    if not words or not (sources or listed):
        missing = "DEST" if words or listed else "SOURCE"
        raise click.UsageError(f"Missing argument '{missing}'.")
    operation, preview = shared.operation_from(name, options), options.pop("preview")
    reading, writing = shared.reading_from(options), shared.writing_from(options)
    from poolcli.jobs.plan import Task, plan

    selection, settings = choices.selection_from(options), choices.run_settings_from(options)
    beside = {key: options.pop(key, None) for key in ("indices", "winners")}
    template = Task(operation, Path(), Path(), reading=reading, writing=writing, **beside)
    try:
        planned = plan(template, sources, words[-1], selection=selection, listed=listed, **options)
    except PathError as error:
        raise click.UsageError(str(error)) from error
    ends = (planned.template.source, planned.template.destination)
    if planned.folder is None and not settings.rules.dry_run:
        try:
            refuse_terminals(*ends)
        except PathError as error:
            raise click.UsageError(str(error)) from error
    if planned.folder is not None and not settings.rules.dry_run:
        from poolcli.jobs.workers import warm_up

        warm_up()
    from poolcli.cli.run import run_plan

    enable_gc()
    if code := run_plan(planned, settings):
        raise click.exceptions.Exit(code)
    if preview and planned.folder is None and not settings.rules.dry_run and STANDARD not in ends:
        from poolcli.cli.preview import preview_files

        preview_files(*ends)


def pool_command(name: str) -> click.Command:
    """The command of an operation."""

    def pool(words: tuple[str, ...], **options: Any) -> None:
        _pool(name, words, options)

    run: Callable[..., Any] = pool
    decorators: list[Callable[..., Any]] = [
        choices.run_options,
        choices.preview_option,
        choices.folder_options,
        shared.file_options,
        shared.writing_options,
        shared.reading_options,
        *reversed(_EXTRA.get(name, [])),
        shared.size_options,
        shared.window_options,
        click.argument("words", metavar="SOURCES... DEST", nargs=-1, type=_WORD),
    ]
    for decorate in decorators:
        run = decorate(run)
    return click.command(name, help=f"{LINES[name]}\n{_EXAMPLES.format(name=name)}")(run)
