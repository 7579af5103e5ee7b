"""The command that draws a small map, its windows, and the arithmetic of one of them."""

from pathlib import Path
from typing import Any

import click

from poolcli.cli.headings import Command, option_under
from poolcli.cli.options import (
    divisor_option,
    exclude_pad_option,
    operation_from,
    power_option,
    reading_from,
    reading_options,
    size_options,
    window_options,
)
from poolcli.cli.printing import write
from poolcli.cli.summaries import ALIASES, SUMMARIES
from poolcli.cli.value_types import Pair, Position
from poolcli.core.operations import OPERATIONS
from poolcli.errors import PictureError, PoolingError, WindowError
from poolcli.jobs.operation import Operation

__all__ = ["explain_command"]

_HELP = f"""{SUMMARIES["explain"]}.

SOURCE is an image, a .csv or a .npy file  [default: the 4×4 map of the tutorials]; OP is one of
{", ".join(OPERATIONS)}  [default: max].

\b
Examples:
  poolcli explain                                    # 2×2 windows, max
  poolcli explain avg --window 0,1
  poolcli explain --matrix "1 3 5; 2 9 4; 0 7 8" median -k 2 -s 1
  poolcli explain max -k 3 -s 1 -d 2 --matrix "$(cat map.txt)"
  poolcli explain photo.png avg -k 3 -p 1 --at 120,80
  poolcli explain avg --save figure.svg              # or .png, .html
"""

_FIGURE_FORMATS = (".svg", ".png", ".html")

_UNLIMITED_WIDTH = 10_000

input_option = option_under("Input")
output_option = option_under("Output")


@click.command("explain", cls=Command, help=_HELP)
@click.argument("words", metavar="[SOURCE] [OP]", nargs=-1)
@window_options
@size_options
@exclude_pad_option
@divisor_option
@power_option
@reading_options
@input_option("--matrix", metavar="ROWS", help='Numbers in place of a SOURCE, as in "1 3; 2 9"')
@input_option("--channel", type=click.IntRange(0), metavar="N", help="Channel to read, from 0")
@input_option("--at", type=Position(), help="First row and column to show  [default: 0,0]")
@input_option("--area", type=Pair(), help="Rows and columns to show  [default: as many as fit]")
@output_option(
    "--window", type=Position(), help="Window whose arithmetic is written out  [default: 0,0]"
)
@output_option(
    "--save",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write a figure (.svg, .png or .html) instead of printing one",
)
def explain_command(words: tuple[str, ...], **options: Any) -> None:
    """Print or save the figure of a small map."""
    source, name = _source_and_operation(words, options)
    save, picked = options["save"], options["window"] or (0, 0)
    if save is not None and save.suffix.lower() not in _FIGURE_FORMATS:
        raise click.UsageError(f"{save}: a figure is .svg, .png or .html; use one of these")
    operation = _operation(name, options)
    whole = _map(source, options)
    if save is not None:
        _save(_fitting(whole, operation, picked, options, _UNLIMITED_WIDTH), picked, save)
        return
    from poolcli.views.explanation import explanation_lines
    from poolcli.views.terminal import Terminal

    terminal = Terminal()
    explanation = _fitting(whole, operation, picked, options, terminal.width)
    few = 0 < terminal.colours < 256
    lines = explanation_lines(explanation, picked, terminal.width, few_colours=few)
    widest = max(line.cell_len for line in lines)
    if terminal.is_terminal and widest > terminal.width:
        raise PoolingError(
            f"the map takes {widest} columns and the terminal has {terminal.width}; "
            "use a wider one, a smaller --area, or --save figure.svg"
        )
    terminal.write(lines)


def _source_and_operation(
    words: tuple[str, ...], options: dict[str, Any]
) -> tuple[Path | None, str]:
    """Tell the operation's name from the source among the words."""
    known = {*OPERATIONS, *ALIASES}
    names = [ALIASES.get(word, word) for word in words if word in known]
    sources = [word for word in words if word not in known]
    if len(names) > 1:
        raise click.UsageError(f"{' and '.join(names)} are two operations; give one")
    if len(sources) + (options["matrix"] is not None) > 1:
        given = " and ".join([*sources, *(["--matrix"] if options["matrix"] is not None else [])])
        raise click.UsageError(
            f"{given} are too many sources; give one, and an operation: {', '.join(OPERATIONS)}"
        )
    return Path(sources[0]) if sources else None, names[0] if names else "max"


def _operation(name: str, options: dict[str, Any]) -> Operation:
    for option, given, trait in (
        ("--divisor", options["divisor"] is not None, "takes_divisor"),
        ("--exclude-pad", options["exclude_pad"], "is_mean"),
    ):
        owners = [other for other, traits in OPERATIONS.items() if getattr(traits, trait)]
        if given and name not in owners:
            raise click.UsageError(
                f"{option} is for {' and '.join(owners)}, not for {name}; leave it out"
            )
    if options["kernel"] is None and options["size"] is None and not options["whole"]:
        options["kernel"] = (2, 2)
    return operation_from(name, options)


def _map(source: Path | None, options: dict[str, Any]) -> Any:
    from poolcli.studies.explanation import classic_map, parse_map, read_map

    if options["matrix"] is not None:
        try:
            return parse_map(options["matrix"])
        except PictureError as error:
            raise click.UsageError(f"--matrix {error}") from error
    return (
        classic_map()
        if source is None
        else read_map(source, options["channel"], reading_from(options))
    )


def _fitting(
    whole: Any, operation: Operation, picked: tuple[int, int], options: dict[str, Any], width: int
) -> Any:
    """Cut out as much of the map as fits into this width, from the position asked for."""
    from poolcli.studies.explanation import Explanation, default_area
    from poolcli.views.explanation import width_of

    at, area = options["at"] or (0, 0), options["area"]
    rows, columns = area or default_area(whole, operation)
    step = 1 if operation.kernel is None else (operation.stride or operation.kernel)[1]
    while True:
        explanation = Explanation(whole.cut(at, (rows, columns)), operation)
        columns = explanation.map.values.shape[1] - step
        if area or columns < 4 or width_of(explanation) <= width:
            break
        try:
            operation.output_size((rows, columns))
        except WindowError:
            break
    if picked[0] >= explanation.size[0] or picked[1] >= explanation.size[1]:
        high, wide = explanation.size
        raise click.UsageError(
            f"--window {picked[0]},{picked[1]} is not among the {high}×{wide} windows shown; "
            f"use 0,0 to {high - 1},{wide - 1}, or another --at or --area"
        )
    return explanation


def _save(explanation: Any, picked: tuple[int, int], path: Path) -> None:
    from poolcli.jobs.result import blamed_on
    from poolcli.views.arithmetic import heading
    from poolcli.views.drawing.saving import save_scene
    from poolcli.views.explanation_figure import explanation_figure

    with blamed_on(path):
        save_scene(explanation_figure(explanation, picked), path)
    write(f"{path}: {heading(explanation)}")
