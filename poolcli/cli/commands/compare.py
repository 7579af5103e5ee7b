"""The command that lays out an image and its poolings on one sheet."""

import json
from typing import TYPE_CHECKING, Any

import click

from poolcli.cli.commands.languages import lang_option, language_for
from poolcli.cli.files.path_types import PlacePath
from poolcli.cli.headings import Command, option_under
from poolcli.cli.options import json_option, level_option, reading_from, reading_options
from poolcli.cli.printing import write
from poolcli.cli.summaries import SUMMARIES
from poolcli.cli.value_types import OperationName, Pair, Position
from poolcli.cli.window_options import (
    exclude_pad_option,
    missing_options,
    operation_from,
    power_option,
    quantile_option,
    size_options,
    sparse_option,
    window_options,
)
from poolcli.errors import PictureError
from poolcli.media.file_names import escaped, shown

if TYPE_CHECKING:
    from poolcli.media.places.remote_path import Place

__all__ = ["compare_command"]

_HELP = f"""{SUMMARIES["compare"]}.

Each is shown whole and in detail, at the same scale.

\b
Examples:
  poolcli compare photo.png sheet.png -k 6 -s 2       # or .svg, .html, …
  poolcli compare photo.png sheet.png --kernels 2,4,8 --ops max,avg
  poolcli compare photo.png sheet.png -k 8 --detail 120,300 --theme dark
"""

window_option = option_under("Window")
output_option = option_under("Output")

_OPS = "max,avg,min,median,mode"
_PATH = PlacePath()


class _OperationNames(click.ParamType):  # type: ignore[type-arg]
    """``max,avg``: names of operations."""

    name = "OP,OP…"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> list[str]:
        """Convert text to names, each once."""
        words = [word.strip() for word in value.split(",")] if isinstance(value, str) else value
        return list(dict.fromkeys(OperationName().convert(word, param, ctx) for word in words))


class _Kernels(click.ParamType):  # type: ignore[type-arg]
    """``2,4,8``, or ``2x4,4x8``: kernels."""

    name = "K,K…"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> list[tuple[int, ...]]:
        """Convert text to pairs."""
        if not isinstance(value, str):
            return list(value)
        return [Pair().convert(word, param, ctx) for word in value.split(",")]


@click.command("compare", cls=Command, help=_HELP)
@click.argument("source", metavar="SOURCE", type=_PATH)
@click.argument("destination", metavar="SHEET", type=_PATH)
@window_options
@size_options
@exclude_pad_option
@power_option
@quantile_option
@missing_options
@sparse_option
@reading_options
@level_option
@window_option(
    "--ops",
    type=_OperationNames(),
    default=_OPS,
    show_default=True,
    metavar="OP,OP…",
    help="Operations to compare",
)
@window_option(
    "--kernels",
    type=_Kernels(),
    metavar="K,K…",
    help="Kernels in place of -k, each with a row of its own",
)
@output_option(
    "--detail",
    type=Position(),
    help="First row and column to enlarge  [default: those of the busiest part]",
)
@lang_option
@json_option
@output_option(
    "--theme",
    type=click.Choice(["light", "dark"]),
    default="light",
    show_default=True,
    help="Colours of the background and the text",
)
def compare_command(source: "Place", destination: "Place", as_json: bool, **options: Any) -> None:
    """Pool an image in several ways and write the sheet."""
    reading = reading_from(options)
    grid = _grid(options)
    _check_destination(source, destination)
    from poolcli.jobs.result import blamed_on
    from poolcli.media.files import is_standard_output
    from poolcli.studies.first_frame import read_first_frame
    from poolcli.views.compared import compared
    from poolcli.views.wording import plural, shape_text

    language = language_for(options, destination)
    frame = read_first_frame(source, reading)
    with blamed_on(source):
        sheet = compared(
            shown(source.name), frame, grid, options["detail"], options["theme"], language
        )
        skipped = [frame.skipping(operation)[1] for row in grid for operation in row]
    for note in dict.fromkeys([*frame.notes, *filter(None, skipped)]):
        write(f"poolcli: note: {shown(source)}: {escaped(note)}", err=True)
    sheet.save(destination)
    scene, poolings = sheet.scene, [pooled for row in sheet.poolings for pooled in row]
    if as_json:
        from poolcli.views.records import comparison_record

        told = {
            "source": str(source),
            "destination": str(destination),
            "input_shape": list(frame.shape),
            "output_shape": [3, scene.height, scene.width],
            "poolings": comparison_record(poolings),
        }
        click.echo(json.dumps(told), err=is_standard_output(destination))
        return
    count = len(poolings)
    write(
        f"{shown(destination)}: {plural(count, 'pooling')} of {shown(source)}, "
        f"{shape_text((3, scene.height, scene.width))}",
        err=is_standard_output(destination),
    )


def _grid(options: dict[str, Any]) -> list[list[Any]]:
    """Make the operations, a row for each kernel."""
    kernels = options.pop("kernels")
    if kernels is not None and (options["kernel"] or options["size"] or options["whole"]):
        raise click.UsageError("--kernels replaces -k, --size and --global; give one")
    return [
        [
            operation_from(name, {**options, **({"kernel": kernel} if kernel else {})})
            for name in options["ops"]
        ]
        for kernel in kernels or [None]
    ]


def _check_destination(source: "Place", destination: "Place") -> None:
    """Refuse a destination that is the source, or that no image can be written to."""
    from poolcli.media.files import same_file
    from poolcli.media.pictures import check_destination

    if same_file(source, destination):
        raise click.UsageError(f"{shown(destination)} is the source; give another destination")
    if destination.suffix.lower() in (".svg", ".html"):
        return
    try:
        check_destination(destination)
    except PictureError as error:
        raise click.UsageError(f"{shown(destination)}: {error}") from error
