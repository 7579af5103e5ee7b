"""The command that lays a picture and its poolings out on one sheet."""

from pathlib import Path
from typing import Any

import click

from poolcli.cli import options as shared
from poolcli.cli.printing import write
from poolcli.cli.value_types import Pair, Position
from poolcli.core.operations import OPERATIONS
from poolcli.errors import PictureError

__all__ = ["compare_command", "destination_checked"]

_HELP = """Lay a picture and its poolings out on one sheet, whole and in detail, at the same scale.

\b
Examples:
  poolcli compare photo.png sheet.png -k 6 -s 2
  poolcli compare photo.png sheet.png --kernels 2,4,8 --ops max,avg
  poolcli compare photo.png sheet.png -k 8 --detail 120,300 --theme dark
"""

_OPS = "max,avg,min,median,mode"
_PATH = click.Path(path_type=Path, readable=False)


class _Names(click.ParamType):  # type: ignore[type-arg]
    """``max,avg``: operations."""

    name = "names"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> list[str]:
        """Text to names."""
        names = [name.strip() for name in value.split(",")] if isinstance(value, str) else value
        for name in names:
            if name not in OPERATIONS:
                self.fail(
                    f"{name!r} is no operation; use some of {','.join(OPERATIONS)}", param, ctx
                )
        return list(dict.fromkeys(names))


class _Kernels(click.ParamType):  # type: ignore[type-arg]
    """``2,4,8``, or ``2x4,4x8``: kernels."""

    name = "kernels"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> list[tuple[int, int]]:
        """Text to pairs."""
        if not isinstance(value, str):
            return list(value)
        return [Pair().convert(word, param, ctx) for word in value.split(",")]


@click.command("compare", help=_HELP)
@click.argument("source", type=_PATH)
@click.argument("destination", metavar="SHEET", type=_PATH)
@shared.window_options
@shared.size_options
@shared.exclude_pad_option
@shared.power_option
@shared.reading_options
@click.option(
    "--ops",
    type=_Names(),
    default=_OPS,
    show_default=True,
    metavar="OP,OP…",
    help="Which operations.",
)
@click.option("--kernels", type=_Kernels(), metavar="K,K…", help="In place of -k: a row for each.")
@click.option(
    "--detail",
    type=Position(),
    help="First row and column to show enlarged.  [default: of the busiest part]",
)
@click.option("--theme", type=click.Choice(["light", "dark"]), default="light", show_default=True,
              help="Ground and ink.")  # fmt: skip
def compare_command(source: Path, destination: Path, **options: Any) -> None:
    """Pool a picture in several ways and write the sheet."""
    reading = shared.reading_from(options)
    grid = _grid(options)
    destination_checked(source, destination)
    from poolcli.jobs.result import blamed_on
    from poolcli.studies.comparison import pooled_by
    from poolcli.studies.first_frame import look, save_look
    from poolcli.views.lines import shape_text
    from poolcli.views.sheet import THEMES, in_pixels, sheet

    seen = look(source, reading)
    with blamed_on(source):
        rows = [[pooled_by(seen, operation) for operation in row] for row in grid]
        scene = sheet(source.name, seen, rows, THEMES[options["theme"]], options["detail"])
    save_look(in_pixels(scene), destination)
    count = sum(map(len, rows))
    write(
        f"{destination}: {count} pooling{'s' * (count != 1)} of {source}, "
        f"{shape_text((3, scene.height, scene.width))}",
        err=str(destination) == "-",
    )


def _grid(options: dict[str, Any]) -> list[list[Any]]:
    """Operations, a row for each kernel."""
    kernels = options.pop("kernels")
    if kernels is not None and (options["kernel"] or options["size"] or options["whole"]):
        raise click.UsageError("--kernels stands in place of -k, --size and --global; give one")
    return [
        [
            shared.operation_from(name, {**options, **({"kernel": kernel} if kernel else {})})
            for name in options["ops"]
        ]
        for kernel in kernels or [None]
    ]


def destination_checked(source: Path, destination: Path) -> None:
    """Refuse a destination that is the source, or that no picture can be written to.

    Raises
    ------
    click.UsageError
        If it is so.
    """
    from poolcli.media.files import same_file
    from poolcli.media.pictures import check_destination

    if same_file(source, destination):
        raise click.UsageError(f"{destination} is the source; give another destination")
    try:
        check_destination(destination)
    except PictureError as error:
        raise click.UsageError(f"{destination}: {error}") from error
