"""The command that draws a small map, its windows, and the arithmetic of one of them."""

from pathlib import Path
from typing import Any

import click

from poolcli.cli import options as shared
from poolcli.cli.printing import write
from poolcli.cli.value_types import Pair, Position
from poolcli.core.operations import OPERATIONS
from poolcli.errors import PictureError, PoolingError, WindowError
from poolcli.jobs.operation import Operation

__all__ = ["explain_command"]

_HELP = """Draw the windows on a small map, their winners, and the arithmetic of one window.

Without a SOURCE the map is the 4×4 one of the tutorials; SOURCE is a picture, a .csv or a .npy.
OP is max, min, avg, median, mode or gem.  [default: max]

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

_SPACIOUS = 10_000


@click.command("explain", help=_HELP)
@click.argument("words", metavar="[SOURCE] [OP]", nargs=-1)
@shared.window_options
@shared.size_options
@shared.exclude_pad_option
@shared.divisor_option
@shared.power_option
@shared.reading_options
@click.option("--matrix", metavar="ROWS", help='Numbers in place of a SOURCE: "1 3; 2 9".')
@click.option("--at", type=Position(), help="First row and column to show.  [default: 0,0]")
@click.option(
    "--area",
    type=Pair(),
    help="How many rows and columns to show.  [default: as many as fit]",
)
@click.option("--channel", type=click.IntRange(0), metavar="N", help="Which channel, from 0.")
@click.option("--window", type=Position(), help="Which window to work out.  [default: 0,0]")
@click.option(
    "--save",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write a figure, .svg, .png or .html, in place of printing one.",
)
def explain_command(words: tuple[str, ...], **options: Any) -> None:
    """Print or save what happens in the windows of a small map."""
    source, name = _sorted_out(words, options)
    save, picked = options["save"], options["window"] or (0, 0)
    if save is not None and save.suffix.lower() not in _FIGURE_FORMATS:
        raise click.UsageError(f"{save}: a figure is .svg, .png or .html; use one of these")
    operation = _operation(name, options)
    whole = _map(source, options)
    if save is not None:
        _save(_fitting(whole, operation, picked, options, _SPACIOUS), picked, save)
        return
    from poolcli.views.explained import explanation
    from poolcli.views.terminal import Terminal

    terminal = Terminal()
    explained = _fitting(whole, operation, picked, options, terminal.width)
    few = 0 < terminal.colours < 256
    lines = explanation(explained, picked, terminal.width, few_colours=few)
    widest = max(line.cell_len for line in lines)
    if terminal.is_terminal and widest > terminal.width:
        raise PoolingError(
            f"the map takes {widest} columns and the terminal has {terminal.width}; "
            "use a wider one, a smaller --area, or --save figure.svg"
        )
    terminal.write(lines)


def _sorted_out(words: tuple[str, ...], options: dict[str, Any]) -> tuple[Path | None, str]:
    """Which word is the operation's name, and which the source."""
    names = [word for word in words if word in OPERATIONS]
    sources = [word for word in words if word not in OPERATIONS]
    if len(names) > 1:
        raise click.UsageError(f"{' and '.join(names)} are two operations; give one")
    if len(sources) + (options["matrix"] is not None) > 1:
        given = " and ".join([*sources, *(["--matrix"] if options["matrix"] is not None else [])])
        raise click.UsageError(
            f"{given} are too many sources; give one, and an operation: {', '.join(OPERATIONS)}"
        )
    return Path(sources[0]) if sources else None, names[0] if names else "max"


def _operation(name: str, options: dict[str, Any]) -> Operation:
    if options["divisor"] is not None and not OPERATIONS[name].takes_divisor:
        raise click.UsageError(f"--divisor is for avg, not for {name}; leave it out")
    if options["exclude_pad"] and not OPERATIONS[name].is_mean:
        raise click.UsageError(f"--exclude-pad is for avg and gem, not for {name}; leave it out")
    if options["kernel"] is None and options["size"] is None and not options["whole"]:
        options["kernel"] = (2, 2)
    return shared.operation_from(name, options)


def _map(source: Path | None, options: dict[str, Any]) -> Any:
    from poolcli.studies.explained import classic_map, read_map, written_map

    if options["matrix"] is not None:
        try:
            return written_map(options["matrix"])
        except PictureError as error:
            raise click.UsageError(f"--matrix {error}") from error
    return (
        classic_map()
        if source is None
        else read_map(source, options["channel"], shared.reading_from(options))
    )


def _fitting(
    whole: Any, operation: Operation, picked: tuple[int, int], options: dict[str, Any], width: int
) -> Any:
    """As much of the map as can be drawn in this width, from the place that was asked for."""
    from poolcli.studies.explained import Explained, usual_area
    from poolcli.views.explained import width_of

    at, area = options["at"] or (0, 0), options["area"]
    rows, columns = area or usual_area(whole, operation)
    step = 1 if operation.kernel is None else (operation.stride or operation.kernel)[1]
    while True:
        explained = Explained(whole.cut(at, (rows, columns)), operation)
        columns = explained.map.values.shape[1] - step
        if area or columns < 4 or width_of(explained) <= width:
            break
        try:
            operation.output_size((rows, columns))
        except WindowError:
            break
    if picked[0] >= explained.size[0] or picked[1] >= explained.size[1]:
        high, wide = explained.size
        raise click.UsageError(
            f"--window {picked[0]},{picked[1]} is not among the {high}×{wide} windows shown; "
            f"use 0,0 to {high - 1},{wide - 1}, or another --at or --area"
        )
    return explained


def _save(explained: Any, picked: tuple[int, int], path: Path) -> None:
    from poolcli.jobs.result import blamed_on
    from poolcli.views.arithmetic import heading
    from poolcli.views.drawing.saving import save_scene
    from poolcli.views.figure import figure

    with blamed_on(path):
        save_scene(figure(explained, picked), path)
    write(f"{path}: {heading(explained)}")
