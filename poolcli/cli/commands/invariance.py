"""The command that measures how pooled images change when their input is shifted."""

import json
import shutil
from typing import TYPE_CHECKING, Any

import click

from poolcli.cli.commands.languages import lang_option, language_for
from poolcli.cli.files.path_types import PlacePath
from poolcli.cli.headings import Command, option_under
from poolcli.cli.options import json_option, reading_from, reading_options
from poolcli.cli.printing import write
from poolcli.cli.summaries import SUMMARIES
from poolcli.cli.value_types import OperationName
from poolcli.cli.window_options import operation_from, power_option, window_options
from poolcli.core.operations import OPERATIONS
from poolcli.media.file_names import shown

if TYPE_CHECKING:
    from poolcli.media.places.remote_path import Place

__all__ = ["invariance_command"]

_HELP = f"""{SUMMARIES["invariance"]}.

The input is shifted by 0 to 8 pixels. Compared in place, pooling softens the change. Shifted back,
a pooling of stride 1 is the same again, and one of a larger stride is not: that is the price of the
stride. Only windows wholly inside the image are compared, so that -p and --ceil change nothing.

\b
Examples:
  poolcli invariance photo.png -k 6 -s 2              # a table
  poolcli invariance photo.png plot.png -k 6 -s 2     # and a plot
  poolcli invariance photo.png --op avg -k 4 --json
"""

_PATH = PlacePath()
_FORMATS = (".png", ".svg", ".html")


@click.command("invariance", cls=Command, help=_HELP)
@click.argument("source", metavar="SOURCE", type=_PATH)
@click.argument("destination", metavar="[PLOT]", type=_PATH, required=False)
@option_under("Window")(
    "--op",
    type=OperationName(),
    default="max",
    show_default=True,
    help=f"Operation: {', '.join(OPERATIONS)}",
)
@window_options
@power_option
@reading_options
@lang_option
@json_option
def invariance_command(
    source: "Place", destination: "Place | None", op: str, as_json: bool, **options: Any
) -> None:
    """Print the table, and write the plot."""
    reading = reading_from(options)
    operation = operation_from(op, options)
    if destination is not None:
        if destination.suffix.lower() not in _FORMATS:
            raise click.UsageError(
                f"{shown(destination)}: a plot is .png, .svg or .html; use one of these"
            )
        from poolcli.media.files import same_file

        if same_file(source, destination):
            raise click.UsageError(f"{shown(destination)} is the source; give another destination")
    from poolcli.jobs.result import blamed_on
    from poolcli.studies.first_frame import read_first_frame
    from poolcli.studies.invariance import measure_sensitivity

    frame = read_first_frame(source, reading)
    with blamed_on(source):
        found = measure_sensitivity(frame, operation)
    if destination is not None:
        _save(shown(source.name), found, destination, language_for(options, destination))
    if as_json:
        click.echo(json.dumps({"source": str(source), **found.record()}))
        return
    from poolcli.views.sensitivity import sensitivity_table
    from poolcli.views.words.language import speaking

    width = min(100, shutil.get_terminal_size().columns)
    with speaking(language_for(options, None)):
        table = sensitivity_table(shown(source), found)
    write("\n".join(line for text in table for line in _folded(text, width)))


def _folded(text: str, width: int) -> list[str]:
    """Wrap sentences to the terminal's width, and leave a table's lines as they are."""
    from poolcli.views.words.folding import fold

    return [text] if text[:1] in ("", " ") else fold(text, width)


def _save(name: str, found: Any, destination: "Place", language: str) -> None:
    from poolcli.jobs.result import blamed_on
    from poolcli.views.drawing.saving import save_scene
    from poolcli.views.sensitivity import sensitivity_plot
    from poolcli.views.words.language import speaking

    with blamed_on(destination), speaking(language):
        save_scene(sensitivity_plot(name, found), destination)
