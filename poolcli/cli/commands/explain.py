"""The command that draws a small map, its windows, and the arithmetic of one of them."""

import json
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from poolcli.cli.headings import Command, option_under
from poolcli.cli.options import json_option, reading_from, reading_options
from poolcli.cli.printing import write
from poolcli.cli.summaries import ALIASES, SUMMARIES
from poolcli.cli.value_types import FilePath, Pair, Position
from poolcli.cli.window_options import (
    divisor_option,
    exclude_pad_option,
    missing_options,
    operation_from,
    power_option,
    quantile_option,
    size_options,
    sparse_option,
    window_options,
)
from poolcli.core.operations import OPERATIONS
from poolcli.errors import PictureError, PoolingError
from poolcli.jobs.operation import Operation
from poolcli.media.file_names import escaped, shown

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from poolcli.studies.explanation import Explanation
    from poolcli.studies.number_map import NumberMap
    from poolcli.studies.shown_part import ShownPart

__all__ = ["explain_command"]

_HELP = f"""{SUMMARIES["explain"]}.

SOURCE is an image, a .csv or a .npy file  [default: the 4×4 map of the tutorials]; OP is one of
{", ".join(OPERATIONS)}  [default: max]. The whole of it is pooled, and a part is drawn.

\b
Examples:
  poolcli explain                                    # 2×2 windows, max
  poolcli explain avg --window 0,1
  poolcli explain --matrix "1 3 5; 2 9 4; 0 7 8" median -k 2 -s 1
  poolcli explain max -k 3 -s 1 -d 2 --matrix "$(cat map.txt)"
  poolcli explain photo.png avg -k 3 -p 1 --at 120,80
  poolcli explain photo.png max -k 6 -s 2 --window 60,40
  poolcli explain avg --save figure.svg              # or .png, .html
  poolcli explain -k 3 -s 1 --save walk.gif          # or .webp: a film
"""

_FIGURES, _FILMS = (".svg", ".png", ".html"), (".gif", ".webp", ".png")
_FPS, _SLOWEST, _FASTEST = 2.0, 0.1, 50.0

input_option = option_under("Input")
output_option = option_under("Output")


@click.command("explain", cls=Command, help=_HELP)
@click.argument("words", metavar="[SOURCE] [OP]", nargs=-1)
@window_options
@size_options
@exclude_pad_option
@divisor_option
@power_option
@quantile_option
@missing_options
@sparse_option
@reading_options
@input_option("--matrix", metavar="ROWS", help='Numbers in place of a SOURCE, as in "1 3; 2 9"')
@input_option("--channel", type=click.IntRange(0), metavar="N", help="Channel to read, from 0")
@input_option(
    "--at", type=Position(), help="Row and column of the first window to draw  [default: 0,0]"
)
@input_option(
    "--area", type=Pair(), help="Rows and columns of windows to draw  [default: as many as fit]"
)
@output_option(
    "--window",
    type=Position(),
    help="Window to work out, by its row and column in the result  [default: the first drawn]",
)
@output_option(
    "--save",
    type=FilePath(),
    metavar="FILE",
    help="Write a figure (.svg, .png or .html) instead of printing one, or a film of all windows "
    "(.gif or .webp)",
)
@output_option(
    "--fps",
    type=float,
    metavar="N",
    help="Pictures a second of a film, two for each window, and a film also of a .png  "
    f"[default: {_FPS:g}]",
)
@json_option
def explain_command(words: tuple[str, ...], **options: Any) -> None:
    """Print or save the figure of a small map."""
    source, name = _source_and_operation(words, options)
    if source is None and options["skip"] == "nodata":
        raise click.UsageError(
            "--skip nodata is for files that state such a value; use --skip VALUE, or --skip nan"
        )
    save, fps = options["save"], _fps(options["save"], options["fps"])
    operation = _operation(name, options)
    from poolcli.studies.explanation import Explanation

    whole = _map(source, operation, options)
    with _blamed(source):
        explanation = Explanation(whole, operation)
    for note in (*whole.notes, *explanation.notes):
        write(f"poolcli: note: {shown(source or '-')}: {escaped(note)}", err=True)
    as_json = options["as_json"]
    if save is None and not as_json:
        _print(explanation, options)
        return
    part, picked = _chosen(explanation, options, None)
    if save is not None:
        _save(explanation, part, picked, save, fps, silent=as_json)
    if as_json:
        _print_record(source, explanation, part)


def _print(explanation: "Explanation", options: dict[str, Any]) -> None:
    from poolcli.views.boards.forward import Forward
    from poolcli.views.boards.text import board_lines
    from poolcli.views.terminal import Terminal

    terminal = Terminal()
    part, picked = _chosen(explanation, options, terminal.width)
    few = 0 < terminal.colours < 256
    board = Forward(explanation).board(part, picked)
    lines = board_lines(board, terminal.width, few_colours=few)
    widest = max(line.cell_len for line in lines)
    if terminal.is_terminal and widest > terminal.width:
        raise PoolingError(
            f"the map takes {widest} columns and the terminal has {terminal.width}; "
            "use a wider one, a smaller --area, or --save figure.svg"
        )
    terminal.write(lines)


def _fps(save: Path | None, fps: float | None) -> float | None:
    """Check what is to be written: the pictures a second of a film, None for a figure or text."""
    suffix = "" if save is None else save.suffix.lower()
    if save is not None and suffix not in (*_FIGURES, *_FILMS):
        raise click.UsageError(
            f"{shown(save)}: a figure is .svg, .png or .html, and a film .gif, .webp or .png; "
            "use one of these"
        )
    if fps is None:
        return None if suffix in ("", *_FIGURES) else _FPS
    if suffix not in _FILMS:
        raise click.UsageError("--fps is for films; give --save with a .gif, .webp or .png name")
    if not _SLOWEST <= fps <= _FASTEST:
        raise click.UsageError(
            f"--fps {fps:g} is not between {_SLOWEST:g} and {_FASTEST:g}; use such a number"
        )
    return fps


def _blamed(source: Path | None) -> "AbstractContextManager[None]":
    from poolcli.jobs.result import blamed_on

    return nullcontext() if source is None else blamed_on(source)


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


def _map(source: Path | None, operation: Operation, options: dict[str, Any]) -> "NumberMap":
    from poolcli.studies.number_map import classic_map, parse_map, read_map

    reading, whole_pixels = reading_from(options), OPERATIONS[operation.name].keeps_pixels
    if options["matrix"] is not None:
        try:
            return parse_map(options["matrix"])
        except PictureError as error:
            raise click.UsageError(f"--matrix {error}") from error
    if source is None:
        return classic_map()
    found = read_map(source, options["channel"], reading, whole_pixels=whole_pixels)
    return replace(found, label=found.label.replace(source.name, shown(source.name), 1))


def _chosen(
    explanation: "Explanation", options: dict[str, Any], width: int | None
) -> tuple["ShownPart", tuple[int, int]]:
    """Choose the part to draw, as large as asked for or as fits, and the window to work out."""
    from poolcli.studies.shown_part import choose_part, default_area, first_position
    from poolcli.views.boards.forward import Forward
    from poolcli.views.boards.text import board_width

    at, area, picked = options["at"] or (0, 0), options["area"], options["window"]
    (high, wide), (rows, columns) = explanation.size, area or default_area(explanation)
    if picked is not None and (picked[0] >= high or picked[1] >= wide):
        raise click.UsageError(
            f"--window {picked[0]},{picked[1]} is not among the {high}×{wide} windows; "
            f"use 0,0 to {high - 1},{wide - 1}"
        )

    def fitting(at: tuple[int, int]) -> "ShownPart":
        least = columns if area or width is None else min(2, columns)
        for some in range(columns, least - 1, -1):
            part = choose_part(explanation, at, (rows, some))
            if width is None:
                break
            board = Forward(explanation).board(part, next(part.places()))
            if board_width(board) <= width:
                break
        return part

    part = fitting(at)
    if picked is not None and options["at"] is None and not part.holds(picked):
        part = fitting(first_position(explanation, picked))
    if picked is not None and not part.holds(picked):
        rows_there, columns_there = part.windows
        raise click.UsageError(
            f"--window {picked[0]},{picked[1]} is not among the windows drawn; use "
            f"{rows_there[0]},{columns_there[0]} to {rows_there[-1]},{columns_there[-1]}, "
            "or another --at or --area"
        )
    return part, picked or next(part.places())


def _print_record(source: Path | None, explanation: "Explanation", part: "ShownPart") -> None:
    from poolcli.views.records import explanation_record

    told = explanation_record(explanation, part.places(), (0, 0))
    click.echo(json.dumps({"source": None if source is None else str(source), **told}))


def _save(
    explanation: "Explanation",
    part: "ShownPart",
    picked: tuple[int, int],
    path: Path,
    fps: float | None,
    *,
    silent: bool,
) -> None:
    from poolcli.jobs.result import blamed_on
    from poolcli.views.boards.figure import board_figure
    from poolcli.views.boards.forward import Forward

    telling = Forward(explanation)
    if fps is None:
        from poolcli.views.drawing.saving import save_scene

        with blamed_on(path):
            save_scene(board_figure(telling.board(part, picked)), path)
    else:
        from poolcli.views.films.film import save_film
        from poolcli.views.films.walk import walk_film

        film = walk_film(telling, part)
        with blamed_on(path):
            save_film(film, path, fps)
    if not silent:
        write(f"{shown(path)}: {telling.title}")
