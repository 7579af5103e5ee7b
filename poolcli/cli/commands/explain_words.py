"""The words and options of the explain command: a view, an operation, and a map."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import click

from poolcli.cli.options import reading_from
from poolcli.cli.summaries import ALIASES
from poolcli.cli.window_options import operation_from
from poolcli.core.operations import OPERATIONS
from poolcli.errors import PictureError
from poolcli.jobs.operation import Operation
from poolcli.media.file_names import shown
from poolcli.media.files import path_from

if TYPE_CHECKING:
    from poolcli.core.types import Array
    from poolcli.media.places.remote_path import Place
    from poolcli.studies.number_map import NumberMap
    from poolcli.studies.stack import Stack
    from poolcli.views.boards.explained import View

__all__ = ["Asked", "asked_for", "gradient_from", "map_from", "operation_asked", "wants_page"]

_VIEWS = ("unpool", "stride")


class Asked(NamedTuple):
    """A source, the name of an operation, and that of a view."""

    source: "Place | None"
    operation: str
    view: "View"


def asked_for(words: tuple[str, ...], options: dict[str, Any]) -> Asked:
    """Tell the operation and the view from the source among the words."""
    known = {*OPERATIONS, *ALIASES}
    names = [ALIASES.get(word, word) for word in words if word in known]
    views = [word for word in words if word in _VIEWS]
    if options["backward"] or options["gradient"] is not None:
        views.append("--backward")
    sources = [word for word in words if word not in known and word not in _VIEWS]
    for several, what in ((names, "operations"), (views, "views")):
        if len(several) > 1:
            raise click.UsageError(f"{' and '.join(several[:2])} are two {what}; give one")
    if len(sources) + (options["matrix"] is not None) > 1:
        given = " and ".join([*sources, *(["--matrix"] if options["matrix"] is not None else [])])
        raise click.UsageError(
            f"{given} are too many sources; give one, and an operation: {', '.join(OPERATIONS)}"
        )
    if not sources and options["skip"] == "nodata":
        raise click.UsageError(
            "--skip nodata is for files that state such a value; use --skip VALUE, or --skip nan"
        )
    view = cast("View", views[0].removeprefix("--") if views else "forward")
    return Asked(path_from(sources[0]) if sources else None, names[0] if names else "max", view)


def operation_asked(name: str, options: dict[str, Any]) -> Operation:
    """Take the operation out of the options; of 2×2 windows unless they say more."""
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
        options["kernel"] = (2,) * len(options.get("axes") or "YX")
    return operation_from(name, options)


def map_from(
    source: "Place | None", operation: Operation, options: dict[str, Any]
) -> "tuple[NumberMap | Stack, Operation]":
    """Read a map or a stack, and lay the windows along it if it is a single row of numbers."""
    from poolcli.media.number_maps import parse_map, parse_planes
    from poolcli.studies.number_map import NumberMap, classic_map, read_map
    from poolcli.studies.one_row import along_row
    from poolcli.studies.stack import Stack

    if options["matrix"] is not None:
        try:
            if operation.axes is not None:
                return Stack(parse_planes(options["matrix"]), operation), operation
            found = NumberMap.of(parse_map(options["matrix"]))
        except PictureError as error:
            raise click.UsageError(f"--matrix {error}") from error
    elif source is None:
        found = classic_map()
    else:
        pixels = OPERATIONS[operation.name].keeps_pixels
        if wants_page(options["save"]) and source.suffix.lower() != ".npy":
            pixels = False  # a page pools colours, whatever operation is chosen there
        found = read_map(source, options["channel"], reading_from(options), whole_pixels=pixels)
        found = replace(found, label=found.label.replace(source.name, shown(source.name), 1))
    row = found.is_table and found.values.shape[0] == 1 < found.values.shape[1]
    return found, along_row(operation) if row else operation


def wants_page(path: "Place | None") -> bool:
    """Tell whether a page is to be written."""
    return path is not None and path.suffix.lower() == ".html"


def gradient_from(options: dict[str, Any]) -> "Array | None":
    """Read the gradient of the result, if one is given."""
    from poolcli.media.number_maps import parse_map

    if options["gradient"] is None:
        return None
    try:
        return parse_map(options["gradient"])
    except PictureError as error:
        raise click.UsageError(f"--gradient {error}") from error
