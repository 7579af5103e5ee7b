"""The commands that pool, one for each operation."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from poolcli.cli.files.path_types import AnyPath
from poolcli.cli.garbage import enable_gc
from poolcli.cli.headings import Command
from poolcli.cli.options import (
    indices_option,
    level_option,
    reading_from,
    reading_options,
    winners_option,
    writing_from,
    writing_options,
)
from poolcli.cli.run_options import (
    display_options,
    file_filter_from,
    folder_options,
    run_options,
    run_settings_from,
    sources_from,
)
from poolcli.cli.summaries import ALIASES, SUMMARIES
from poolcli.cli.window_options import (
    axes_option,
    divisor_option,
    dtype_option,
    exclude_pad_option,
    linear_option,
    missing_options,
    operation_from,
    power_option,
    quantile_option,
    size_options,
    sparse_option,
    window_options,
)
from poolcli.core.operations import OPERATIONS
from poolcli.errors import PathError
from poolcli.media.files import STANDARD_STREAM, refuse_terminals
from poolcli.media.options import Writing
from poolcli.media.zarr_store.names import is_zarr

if TYPE_CHECKING:
    from poolcli.cli.run import RunSettings
    from poolcli.jobs.plan import RunPlan

__all__ = ["pool_command"]

_EXAMPLES = {
    "max": {
        "stars.png small.png -k 2": "thin light lines stay",
        "scores.npy best.npy -k 5": "best detection in 5x5",
        "cube.npy o.npy --axes ZYX -k 4x1x1": "along Z",
        "in.png out.png -k 2 --indices at.npz": "for poolcli unpool",
    },
    "min": {
        "drawing.png small.png -k 2": "thin dark lines stay",
        "scan.tif bold.tif -k 3 -s 1 -p 1": "bolder dark lines",
        "scan.tif out.tif -k 3x1": "height first",
    },
    "avg": {
        "photo.jpg half.jpg -k 2": "half the size",
        "raw.tif binned.tif -k 4": "4x4 binning",
        "dem.tif small.tif -k 4 --skip -9999": "no gaps",
        "in.png out.png -k 3 -p 1 --exclude-pad": "no dark edges",
        "features.npy means.npy --global": "one mean per channel",
    },
    "median": {
        "noisy.png clean.png -k 3 -s 1 -p 1": "no specks, same size",
        "dark.tif small.tif -k 3": "no hot pixels",
    },
    "mode": {
        "labels.png small.png -k 4": "labels stay labels",
        "mask.png small.png -k 2x4": "height first",
        "cells.npy small.npy -k 4 --sparse": "0 is background",
        "sprite.png tiny.png -k 8": "the palette stays",
    },
    "gem": {
        "in.png rms.png -k 2 --power 2": "root mean square",
        "stars.png small.png -k 4 --power 10": "nearly max, but smoother",
        "features.npy vector.npy --global": "GeM pooling, p = 3",
    },
    "quantile": {
        "scan.tif q.tif -k 9 --quantile .9": "paper, not ink",
        "wind.npy q.npy -k 5 --quantile .8": "no gusts",
    },
    "sum": {
        "counts.npy binned.npy -k 4": "no photon is lost",
        "hits.npy small.npy -k 8 --dtype uint32": "in half the bytes",
        "hits.npy total.npy --global": "a total per channel",
    },
    "range": {
        "scan.png contrast.png -k 3 -s 1 -p 1": "edges are bright",
        "dem.npy out.npy -k 2 --dtype int32": "may be larger",
    },
    "std": {
        "photo.png texture.png -k 8": "smooth parts are dark",
        "hits.npy std.npy -k 4 --dtype float32": "not rounded",
    },
}
_COMMON_EXAMPLES = {
    "in.png out.png --size 7x7": "to exactly 7x7",
    "photos/ small/ -k 2": "a folder and all in it",
    "*.tif small/ -k 2 -f png": "several files, as PNG",
}

_BY_CHANNEL = "Each channel is pooled on its own."
_NOTES = {
    "max": [_BY_CHANNEL],
    "min": [_BY_CHANNEL],
    "avg": ["Means of integers are exact and rounded half up.", _BY_CHANNEL],
    "median": ["Of two middle values the lower one is kept.", _BY_CHANNEL],
    "mode": [
        "The channels of a pixel stay together, so that no new colours appear.",
        "Of equally common pixels the first is kept.",
    ],
    "gem": ["It is (mean of x^p)^(1/p), rounded half up for integers.", _BY_CHANNEL],
    "quantile": ["It is one of them, the lower of two.", _BY_CHANNEL],
    "sum": ["Sums are 64 bits wide unless --dtype says otherwise.", _BY_CHANNEL],
    "range": ["Padding has no vote.", _BY_CHANNEL],
    "std": ["It is the root of the mean squared distance from the mean.", _BY_CHANNEL],
}


def _pool(name: str, words: tuple[str, ...], options: dict[str, Any]) -> None:
    sources, listed = sources_from(list(words[:-1]), options)
    if not words or not (sources or listed):
        missing = "DEST" if words or listed else "SOURCE"
        raise click.UsageError(f"Missing argument '{missing}'.")
    operation, preview = operation_from(name, options), options.pop("preview")
    reading, writing = reading_from(options), writing_from(options)
    if reading.level and not all(map(is_zarr, sources)):
        raise click.UsageError("--level picks a level of an OME-Zarr; leave it out otherwise")
    from poolcli.jobs.plan import Task, plan_run

    selection, settings = file_filter_from(options), run_settings_from(options)
    beside = {key: options.pop(key, None) for key in ("indices", "winners")}
    other = "--skip" if operation.skip not in (None, "none") else "--axes"
    if any(beside.values()) and (other == "--skip" or operation.axes is not None):
        raise click.UsageError(f"--indices and --winners do not go with {other}; leave one out")
    how: dict[str, Any] = {
        "reading": reading,
        "writing": writing,
        "sync": not options.pop("no_sync"),
        "resume": settings.resume is not None,
    }
    template = Task(operation, Path(), Path(), **how, **beside)
    shard = options.pop("shard")
    try:
        planned = plan_run(
            template, sources, words[-1], selection=selection, listed=listed, **options
        )
        if shard is not None:
            from poolcli.jobs.running.sharing import part_of

            planned = part_of(planned, shard)
    except PathError as error:
        raise click.UsageError(str(error)) from error
    if writing != Writing(format=writing.format, strip=writing.strip):
        from poolcli.cli.writing_check import check_writing

        check_writing(planned)
    _run(planned, settings, preview=preview)


def _run(planned: "RunPlan", settings: "RunSettings", *, preview: bool) -> None:
    """Run a plan, and show what became of a single file if that is wished."""
    ends = (planned.template.source, planned.template.destination)
    if planned.folder is None and not settings.rules.dry_run:
        try:
            refuse_terminals(*ends)
        except PathError as error:
            raise click.UsageError(str(error)) from error
    if settings.cluster is not None:
        _check_cluster(planned, settings)
    elif planned.folder is not None and not settings.rules.dry_run:
        from poolcli.jobs.workers import warm_up

        warm_up()
    from poolcli.cli.run import run_plan

    enable_gc()
    if code := run_plan(planned, settings):
        raise click.exceptions.Exit(code)
    if (
        preview
        and planned.folder is None
        and planned.shard is None
        and not settings.rules.dry_run
        and STANDARD_STREAM not in ends
    ):
        from poolcli.cli.preview import preview_files

        preview_files(*ends)


def _check_cluster(planned: "RunPlan", settings: "RunSettings") -> None:
    """Refuse what a cluster cannot do.

    Raises
    ------
    click.UsageError
        Saying so.
    """
    if planned.folder is None and planned.shard is not None:
        raise click.UsageError(
            "--shard leaves parts of an array to other machines, and --cluster has its workers; "
            "leave one out"
        )
    if planned.folder is None:
        from poolcli.jobs.cluster.boxes import check_array

        try:
            check_array(planned.template.source, planned.template.destination)
        except PathError as error:
            raise click.UsageError(str(error)) from error
    if settings.rules.workers is not None:
        raise click.UsageError("-j starts workers, and a cluster has its own; leave one out")
    if settings.in_place:
        raise click.UsageError(
            "--in-place does not go with --cluster: what a worker was doing when it died is done "
            "again, and would be pooled twice; name a destination"
        )


def pool_command(name: str) -> click.Command:
    """Make the command of an operation."""

    def pool(words: tuple[str, ...], **options: Any) -> None:
        _pool(name, words, options)

    run: Callable[..., Any] = pool
    decorators: list[Callable[..., Any]] = [
        click.argument("words", metavar="SOURCES... DEST", nargs=-1, type=AnyPath()),
        window_options,
        axes_option,
        size_options,
        *_own_options(name),
        missing_options,
        reading_options,
        level_option,
        writing_options,
        folder_options,
        run_options,
        display_options,
    ]
    for decorate in reversed(decorators):
        run = decorate(run)
    return click.command(name, cls=Command, help=_help(name))(run)


def _own_options(name: str) -> list[Callable[..., Any]]:
    """Choose the options that only some operations have."""
    traits = OPERATIONS[name]
    options = (
        (traits.takes_power, power_option),
        (traits.takes_quantile, quantile_option),
        (traits.takes_dtype, dtype_option),
        (traits.is_mean, exclude_pad_option),
        (traits.takes_divisor, divisor_option),
        (traits.is_mean, linear_option),
        (traits.takes_sparse, sparse_option),
        (traits.tells_indices, indices_option),
        (traits.tells_indices, winners_option),
    )
    return [option for applies, option in options if applies]


def _help(name: str) -> str:
    """Write the help of an operation: its summary, notes and examples."""
    sentences = [f"{SUMMARIES[name]}.", *_NOTES[name]]
    aliases = [alias for alias, meant in ALIASES.items() if meant == name]
    sentences += [f"Also called {' and '.join(aliases)}."] if aliases else []
    # Few pictures hold sums.
    examples = {**_EXAMPLES[name], **({} if name == "sum" else _COMMON_EXAMPLES)}
    width = max(map(len, examples))
    lines = [f"  poolcli {name} {words:<{width}}  # {why}" for words, why in examples.items()]
    return "\n".join([" ".join(sentences), "", "\b", "Examples:", *lines])
