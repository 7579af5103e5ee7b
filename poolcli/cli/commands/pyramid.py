"""The command that makes pyramids."""

import sys
from typing import TYPE_CHECKING, Any

import click

from poolcli.cli.files.path_types import AnyPath
from poolcli.cli.headings import Command, option_under
from poolcli.cli.options import (
    cluster_option,
    combined,
    level_option,
    max_pixels_option,
    no_sync_option,
    pixel_limit,
    shard_option,
)
from poolcli.cli.summaries import SUMMARIES
from poolcli.media.options import LAYOUTS, Reading

if TYPE_CHECKING:
    from poolcli.jobs.paths.shards import Shard
    from poolcli.jobs.pyramids.task import PyramidResult, PyramidTask

__all__ = ["pyramid_command", "pyramid_sizes"]

_HELP = f"""{SUMMARIES["pyramid"]}.

Every level is pooled over level 0 and not over a level that was rounded before, unless --from
previous says so. Nothing is dropped at the edges: a last window may be smaller.

\b
Examples:
  poolcli pyramid max scan.zarr scan.ome.zarr
  poolcli pyramid max scan.tif scan.ome.tif
  poolcli pyramid mode labels.png labels.ome.zarr --levels 5
  poolcli pyramid avg stack.npy stack.ome.zarr --axes zyx -k 1x2x2
"""

_METHODS = ("max", "min", "avg", "median", "mode")

_window = option_under("Window")
_input = option_under("Input")
_output = option_under("Output")
_run = option_under("Run")
_display = option_under("Display")


class _Numbers(click.ParamType):  # type: ignore[type-arg]
    """``2`` or ``1x2x2``."""

    name = "factors"

    def __init__(self, metavar: str) -> None:
        self._metavar = metavar

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:  # noqa: ARG002
        """Return the form of the value, for help."""
        return self._metavar

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, ...]:
        """Convert text to numbers of 1 or more."""
        if isinstance(value, tuple):
            return value
        parts = str(value).replace("X", "x").replace(",", "x").replace("×", "x").split("x")
        if not all(part.isdecimal() and 0 < int(part) < 2**16 for part in parts):
            self.fail(f"{value!r} is not of the form {self._metavar}", param, ctx)
        return tuple(map(int, parts))


pyramid_sizes = combined(
    _window(
        "-k",
        "--factors",
        type=_Numbers("F|FxF|FxFxF"),
        help="Factors from level to level, of the last axes of space  [default: 2x2]",
    ),
    _output(
        "--levels", type=click.IntRange(1, 64), metavar="N", help="Levels in all, with level 0"
    ),
    _output(
        "--min-size",
        type=click.IntRange(min=1),
        default=256,
        show_default=True,
        metavar="N",
        help="Without --levels: rows and columns of the last level at most",
    ),
)
"""Options that decide how many levels there are, and of what shapes."""

_options = combined(
    pyramid_sizes,
    _window(
        "--from",
        "origin",
        type=click.Choice(["base", "previous"]),
        default="base",
        show_default=True,
        help="Pool every level over level 0, or over the level before",
    ),
    _input(
        "--axes",
        metavar="LETTERS",
        help="Axes of the source, a letter of t, c, z, y, x for each  [default: its own, or cyx]",
    ),
    _input("--layout", type=click.Choice(LAYOUTS), help="Order of the last axes of a .npy"),
    level_option,
    _input("--frame", type=int, metavar="N", help="Read one frame of a picture, from 0"),
    max_pixels_option,
    _output(
        "--ome",
        type=click.Choice(["0.5", "0.4"]),
        default="0.5",
        show_default=True,
        help="Version of OME-Zarr: 0.5 is of Zarr 3, 0.4 of Zarr 2",
    ),
    _output(
        "--chunk",
        type=click.IntRange(16, 1 << 14),
        default=512,
        show_default=True,
        metavar="N",
        help="Rows and columns of a chunk or a tile",
    ),
    _output("--shards", type=_Numbers("RxC"), help="Rows and columns of a shard  [default: none]"),
    _output("--overwrite", is_flag=True, help="Replace DEST if it exists"),
    _run("--resume", is_flag=True, help="Go on with what a run of this command has left"),
    _run(
        "-j",
        "--jobs",
        type=click.IntRange(min=1),
        metavar="N",
        help="Number of threads  [default: the usable CPUs]",
    ),
    no_sync_option,
    shard_option,
    cluster_option,
    _display("--json", "as_json", is_flag=True, help="Print one JSON object"),
    _display("-q", "--quiet", is_flag=True, help="Print errors only"),
)


@click.command("pyramid", cls=Command, help=_HELP)
@click.argument("operation", metavar="OP", type=click.Choice(_METHODS))
@click.argument("source", type=AnyPath())
@click.argument("destination", metavar="DEST.ome.zarr|DEST.ome.tif", type=AnyPath())
@_options
def pyramid_command(operation: str, source: str, destination: str, **options: Any) -> None:
    """Make the pyramid and print its line."""
    from poolcli.jobs.pyramids.task import PyramidTask
    from poolcli.media.cpus import usable_cpus
    from poolcli.media.files import path_from

    shards = options["shards"]
    if shards is not None and len(shards) == 1:
        shards *= 2
    if shards is not None and len(shards) != 2:
        raise click.UsageError("--shards takes rows and columns; use 4096 or 4096x2048")
    reading = Reading(
        frame=options["frame"],
        max_pixels=pixel_limit(options["max_pixels"]),
        plain_alpha=True,
        layout=options["layout"],
        level=options["level"],
    )
    task = PyramidTask(
        operation,
        path_from(source),
        path_from(destination),
        version=options["ome"],
        levels=options["levels"],
        least=options["min_size"],
        chunk=options["chunk"],
        shards=shards,
        factors=options["factors"],
        previous=options["origin"] == "previous",
        axes=options["axes"],
        reading=reading,
        overwrite=options["overwrite"],
        resume=options["resume"],
        sync=not options["no_sync"],
        threads=options["jobs"] or usable_cpus(),
    )
    result = _made_as_told(task, options)
    if not options["quiet"]:
        _print(task, result, as_json=options["as_json"])


def _made_as_told(task: "PyramidTask", options: dict[str, Any]) -> "PyramidResult":
    """Make the pyramid, or a part of it, or let a cluster do so."""
    shard, cluster, quiet = options["shard"], options["cluster"], options["quiet"]
    if cluster is None:
        return (
            _made(task, quiet=quiet) if shard is None else _made_in_part(task, shard, quiet=quiet)
        )
    if shard is not None:
        raise click.UsageError(
            "--shard leaves parts to other machines, and a cluster has its workers; leave one out"
        )
    if options["jobs"] is not None:
        raise click.UsageError("-j starts threads, and a cluster has its workers; leave one out")
    return _made_by_cluster(task, cluster, quiet=quiet)


def _made_in_part(task: "PyramidTask", shard: "Shard", *, quiet: bool) -> "PyramidResult":
    from poolcli.errors import PathError
    from poolcli.jobs.boxes.crew import making_part
    from poolcli.jobs.running.sharing import check_array_part

    try:
        check_array_part(task.source, task.destination)
    except PathError as error:
        raise click.UsageError(str(error)) from error
    with making_part(shard) as part:
        result = _made(task, quiet=quiet)
    return result._replace(skipped=part.told)


def _made_by_cluster(task: "PyramidTask", place: str, *, quiet: bool) -> "PyramidResult":
    from poolcli.errors import PathError
    from poolcli.jobs.cluster.boxes import array_crew, check_array
    from poolcli.jobs.pyramids.making import make_pyramid
    from poolcli.views.ascii_fallback import plain_for

    def note(text: str) -> None:
        click.echo(plain_for(sys.stderr, f"poolcli: note: {text}"), sys.stderr)

    try:
        check_array(task.source, task.destination)
    except PathError as error:
        raise click.UsageError(str(error)) from error
    debug = bool(click.get_current_context().find_root().meta.get("debug"))
    with array_crew(make_pyramid, task, place, debug=debug, note=note):
        return _made(task, quiet=quiet)


def _made(task: "PyramidTask", *, quiet: bool) -> "PyramidResult":
    """Make the pyramid, with a bar on a terminal."""
    from poolcli.jobs.pyramids.making import make_pyramid

    if quiet or not sys.stderr.isatty():
        return make_pyramid(task)
    from poolcli.jobs.boxes.watching import watched
    from poolcli.views.file_progress import FileProgress

    progress = FileProgress(sys.stderr)
    try:
        with watched(progress.show):
            return make_pyramid(task)
    finally:
        progress.end()


def _print(task: "PyramidTask", result: "PyramidResult", *, as_json: bool) -> None:
    from poolcli.media.file_names import escaped, shown
    from poolcli.views.ascii_fallback import plain_for
    from poolcli.views.wording import plural, shape_text

    for note in result.notes:
        line = escaped(f"poolcli: note: {shown(task.source)}: {note}")
        click.echo(plain_for(sys.stderr, line), sys.stderr)
    if as_json:
        import json

        click.echo(json.dumps(_record(task, result)))
        return
    if result.skipped is not None:
        click.echo(
            plain_for(sys.stdout, f"{shown(task.destination)}: {result.skipped}"), sys.stdout
        )
        return
    shapes = [shape_text(shape) for shape in result.shapes]
    ends = shapes if len(shapes) < 3 else [shapes[0], "…", shapes[-1]]
    line = f"{shown(task.destination)}: {plural(len(shapes), 'level')}, {' → '.join(ends)}"
    click.echo(plain_for(sys.stdout, line), sys.stdout)


def _record(task: "PyramidTask", result: "PyramidResult") -> dict[str, Any]:
    return {
        "source": str(task.source),
        "destination": str(task.destination),
        "operation": task.operation,
        "axes": result.axes,
        "shapes": [list(shape) for shape in result.shapes],
        "dtype": result.dtype,
        "seconds": round(result.seconds, 6),
        "notes": list(result.notes),
        "skipped": result.skipped,
    }
