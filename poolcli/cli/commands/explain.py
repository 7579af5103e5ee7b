"""The command that draws a small map, its windows, and the arithmetic of one of them."""

import json
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from poolcli.cli.commands.explain_words import (
    asked_for,
    gradient_from,
    map_from,
    operation_asked,
    wants_page,
)
from poolcli.cli.commands.languages import lang_option, language_for, printed_language
from poolcli.cli.files.path_types import FilePath
from poolcli.cli.headings import Command, option_under
from poolcli.cli.options import json_option, reading_options
from poolcli.cli.printing import write
from poolcli.cli.summaries import SUMMARIES
from poolcli.cli.value_types import Pair, Position
from poolcli.cli.window_options import (
    divisor_option,
    exclude_pad_option,
    missing_options,
    power_option,
    quantile_option,
    size_options,
    sparse_option,
    window_options,
)
from poolcli.core.operations import OPERATIONS
from poolcli.errors import PoolingError, WindowError
from poolcli.media.file_names import escaped, shown
from poolcli.views.boards.film_names import FPS, checked_fps

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from poolcli.media.places.remote_path import Place
    from poolcli.views.boards.board import Board
    from poolcli.views.boards.explained import Explained
    from poolcli.views.boards.telling import Telling

__all__ = ["explain_command"]

_HELP = f"""{SUMMARIES["explain"]}.

SOURCE is an image, a .csv or a .npy file  [default: the 4×4 map of the tutorials]; OP is one of
{", ".join(OPERATIONS)}  [default: max]. The whole of it is pooled, and a part is drawn.
VIEW is unpool, to see the values of max or min put back to their places, or stride, to see a
convolution of the same stride beside the pooling.

\b
Examples:
  poolcli explain                                    # 2×2 windows, max
  poolcli explain avg --window 0,1
  poolcli explain --matrix "1 3 5; 2 9 4; 0 7 8" median -k 2 -s 1
  poolcli explain max -k 3 -s 1 -d 2 --matrix "$(cat map.txt)"
  poolcli explain photo.png avg -k 3 -p 1 --at 120,80
  poolcli explain photo.png max -k 6 -s 2 --window 60,40
  poolcli explain avg --save figure.svg              # or .png
  poolcli explain photo.png -k 6 -s 2 --save page.html  # to play with
  poolcli explain -k 3 -s 1 --save walk.gif          # or .webp: a film
  poolcli explain avg -k 3 -s 1 --backward           # gradients
  poolcli explain unpool                             # or stride
  poolcli explain --matrix "1 3 2 5; 4 6 0 1 | 7 1 8 2; 3 9 5 4"
"""


def _name_axes(ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:  # noqa: ARG001
    """Let the numbers of windows be three where maps are stacked."""
    if value is not None and "|" in value:
        ctx.params["axes"] = "ZYX"
    return value


input_option = option_under("Input")
output_option = option_under("Output")


@click.command("explain", cls=Command, help=_HELP)
@click.argument("words", metavar="[SOURCE] [OP] [VIEW]", nargs=-1)
@window_options
@size_options
@exclude_pad_option
@divisor_option
@power_option
@quantile_option
@missing_options
@sparse_option
@reading_options
@input_option(
    "--matrix",
    metavar="ROWS",
    is_eager=True,
    callback=_name_axes,
    help='Numbers in place of a SOURCE, as in "1 3; 2 9"; a single row is pooled along it, maps '
    'between bars, as in "1 3; 2 9 | 4 0; 5 6", as a stack, with three numbers for each window',
)
@input_option("--channel", type=click.IntRange(0), metavar="N", help="Channel to read, from 0")
@input_option(
    "--at", type=Position(), help="Row and column of the first window to draw  [default: 0,0]"
)
@input_option(
    "--area", type=Pair(), help="Rows and columns of windows to draw  [default: as many as fit]"
)
@output_option(
    "--window",
    type=Position(in_stacks=True),
    help="Window to work out, by its row and column in the result  [default: the first drawn]",
)
@output_option(
    "--save",
    type=FilePath(),
    metavar="FILE",
    help="Write a figure (.svg, .png) instead of printing one, a page to play with in a browser "
    "(.html), or a film of all windows (.gif, .webp)",
)
@output_option(
    "--fps",
    type=float,
    metavar="N",
    help="Pictures a second of a film, two for each window, and a film also of a .png  "
    f"[default: {FPS:g}]",
)
@output_option(
    "--backward",
    is_flag=True,
    help="Also draw the way back: the gradient of the map, from that of the result",
)
@output_option(
    "--gradient",
    metavar="ROWS",
    help="Gradient of the result, as in --matrix; means --backward  [default: ones]",
)
@lang_option
@json_option
def explain_command(words: tuple[str, ...], **options: Any) -> None:
    """Print or save what is told of a small map."""
    asked, save = asked_for(words, options), options["save"]
    fps = _fps(save, options["fps"])
    operation = operation_asked(asked.operation, options)
    numbers, operation = map_from(asked.source, operation, options)
    from poolcli.views.boards.explained import telling_of

    with _blamed(asked.source):
        telling = telling_of(numbers, operation, asked.view, gradient_from(options))
    for note in (*getattr(numbers, "notes", ()), *telling.explanation.notes):
        write(f"poolcli: note: {shown(asked.source or '-')}: {escaped(note)}", err=True)
    as_json = options["as_json"]
    if save is None and not as_json:
        _print(telling, options)
        return
    explained = _explained(telling, options, "en" if save is None else language_for(options, save))
    if save is not None:
        at = asked.source
        # A page tells no more of it than its name.
        explained.source = at if at is None or isinstance(at, Path) else Path(at.name)
        if options["window"] is None and options["at"] is None:
            explained.first = None
        _save(explained, save, fps, silent=as_json)
    if as_json:
        source = None if asked.source is None else str(asked.source)
        click.echo(json.dumps({"source": source, **telling.record(explained.part)}))


def _fps(save: Path | None, fps: float | None) -> float | None:
    """Check the name of what is to be written, and the pictures a second of a film."""
    if save is None and fps is not None:
        raise click.UsageError("--fps is for films; give --save with a .gif, .webp or .png name")
    try:
        return None if save is None else checked_fps(save, fps)
    except WindowError as error:
        about_fps = str(error).startswith("fps ")
        raise click.UsageError(f"--{error}" if about_fps else str(error)) from error


def _explained(
    telling: "Telling",
    options: dict[str, Any],
    language: str,
    fits: "Callable[[Board], bool] | None" = None,
) -> "Explained":
    from poolcli.views.boards.choosing import NotDrawnError, choose
    from poolcli.views.boards.explained import Explained

    at, area, window = options["at"], options["area"], options["window"]
    area = area and area[-2:]
    try:
        return Explained(telling, *choose(telling, at, area, window, fits), language=language)
    except NotDrawnError as error:
        raise click.UsageError(f"--{error}") from error


def _print(telling: "Telling", options: dict[str, Any]) -> None:
    from poolcli.views.boards.text import board_lines, board_width
    from poolcli.views.terminal import Terminal
    from poolcli.views.words.language import speaking

    terminal, language = Terminal(), language_for(options, None)
    with speaking(language):
        explained = _explained(
            telling, options, language, lambda board: board_width(board) <= terminal.width
        )
        few = 0 < terminal.colours < 256
        lines = board_lines(explained.board, terminal.width, few_colours=few)
    widest = max(line.cell_len for line in lines)
    if terminal.is_terminal and widest > terminal.width:
        raise PoolingError(
            f"the map takes {widest} columns and the terminal has {terminal.width}; "
            "use a wider one, a smaller --area, or --save figure.svg"
        )
    terminal.write(lines)


def _save(explained: "Explained", path: Path, fps: float | None, *, silent: bool) -> None:
    from poolcli.jobs.result import blamed_on

    page = None
    if wants_page(path):
        with _blamed(explained.source):
            page = explained.page()
    with blamed_on(path):
        if page is None:
            explained.save(path, fps=fps)
        else:
            page.save(path)
    if page is not None and page.note:
        write(f"poolcli: note: {shown(explained.source or '-')}: {page.note}", err=True)
    if not silent:
        from poolcli.views.words.language import speaking

        with speaking(printed_language(explained.language)):
            write(f"{shown(path)}: {explained.telling.title}")


def _blamed(source: "Place | None") -> "AbstractContextManager[None]":
    from poolcli.jobs.result import blamed_on

    return nullcontext() if source is None else blamed_on(source)
