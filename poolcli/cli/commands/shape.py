"""The command that computes shapes without an image."""

import json
import re
from typing import Any

import click

from poolcli.cli.headings import Command
from poolcli.cli.options import json_option
from poolcli.cli.printing import write
from poolcli.cli.summaries import SUMMARIES
from poolcli.cli.window_options import operation_from, size_options, window_options
from poolcli.jobs.operation import Operation

__all__ = ["shape_command"]

_HELP = f"""{SUMMARIES["shape"]}.

The last two axes are height and width; a shape of one axis is pooled along it. Further windows may
follow, each after the word "then". After the word "pyramid" come the levels of a pyramid, which
takes -k, --levels and --min-size as the command pyramid does.

\b
Examples:
  poolcli shape 3x201x250 -k 6 -s 2
  poolcli shape 5x5 -k 3 --ceil
  poolcli shape 3x224x224 -k 3 -s 2 -p 1 then -k 2   # windows in a row
  poolcli shape 4x3x4x4 --global                     # global pooling
  poolcli shape 20000x20000 pyramid --min-size 512   # levels of a pyramid
"""


class _Shape(click.ParamType):  # type: ignore[type-arg]
    """``3x201x250``, of any rank."""

    name = "shape"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, ...]:
        """Convert text to lengths."""
        if isinstance(value, tuple):
            return value
        inner = re.sub(r"^(torch\.Size)?[(\[]+\s*|\s*,?\s*[)\]]+$", "", value.strip())
        lengths = re.split(r"\s*[xX×,]\s*|\s+", inner.removesuffix(","))
        if not all(re.fullmatch(r"\d{1,9}", length) for length in lengths):
            self.fail(
                f"{value!r} is not a shape; use 3x201x250 (channels, height, width)", param, ctx
            )
        return tuple(map(int, lengths))


class _ChainedCommand(Command):
    """A command whose window may be followed by others, each after the word ``then``."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the words up to the first ``then`` as usual, and the others as windows only."""
        if "pyramid" in args:
            words = [word for word in args if word != "pyramid"]
            ctx.params = {"pyramid": _pyramid_parameters(words, ctx), "following": []}
            ctx.params |= {name: ctx.params["pyramid"].pop(name) for name in ("shape", "as_json")}
            return []
        parts: list[list[str]] = [[]]
        for word in args:
            if word == "then":
                parts.append([])
            else:
                parts[-1].append(word)
        rest = super().parse_args(ctx, parts[0])
        inner = click.Command("then", params=_window_parameters(), add_help_option=False)
        ctx.params["following"] = [
            inner.make_context("then", part, parent=ctx).params for part in parts[1:]
        ]
        return rest


def _window_parameters() -> list[click.Parameter]:
    def none(**_: Any) -> None: ...

    return click.command()(window_options(size_options(none))).params


def _pyramid_parameters(words: list[str], ctx: click.Context) -> dict[str, Any]:
    from poolcli.cli.commands.pyramid import pyramid_sizes

    def none(**_: Any) -> None: ...

    made = click.command()(click.argument("shape", type=_Shape())(pyramid_sizes(json_option(none))))
    inner = click.Command("pyramid", params=made.params, add_help_option=False)
    return inner.make_context("pyramid", words, parent=ctx).params


@click.command("shape", cls=_ChainedCommand, help=_HELP)
@click.argument("shape", type=_Shape())
@window_options
@size_options
@json_option
def shape_command(
    shape: tuple[int, ...],
    as_json: bool,
    following: list[dict[str, Any]],
    pyramid: dict[str, Any] | None = None,
    **options: Any,
) -> None:
    """Print the shape line and the formulas, or the table of several windows or of levels."""
    if pyramid is not None:
        _print_pyramid(shape, pyramid, as_json=as_json)
        return
    from poolcli.studies.layers import layers
    from poolcli.views.shapes import shape_lines, shape_record

    operations = [_operation(shape, dict(one)) for one in (options, *following)]
    found = layers(shape, operations)
    if as_json:
        click.echo(json.dumps(shape_record(found)))
    else:
        write("\n".join(shape_lines(found)))


def _print_pyramid(shape: tuple[int, ...], options: dict[str, Any], *, as_json: bool) -> None:
    from poolcli.core.pyramids.pyramid import Pyramid
    from poolcli.errors import PictureError
    from poolcli.jobs.pyramids.factors import factors_for
    from poolcli.views.shapes import pyramid_lines, pyramid_record

    if len(shape) < 2:
        raise click.UsageError("a pyramid has rows and columns; give a shape of two axes or more")
    names = "t" * (len(shape) - 5) + "tczyx"[-len(shape) :]
    try:
        factors = factors_for(names, options["factors"])
    except PictureError as error:
        raise click.UsageError(f"the shape {error}") from error
    levels, least = options["levels"], options["min_size"]
    pyramid = Pyramid.of(shape, factors, levels=levels, least=least)
    if as_json:
        click.echo(json.dumps(pyramid_record(pyramid)))
    else:
        write("\n".join(pyramid_lines(pyramid)))


def _operation(shape: tuple[int, ...], options: dict[str, Any]) -> Operation:
    """Make the operation; the window of a shape of one axis has but one number."""
    if len(shape) == 1:
        for name, value in options.items():
            if isinstance(value, tuple) and value[0] != value[1]:
                raise click.UsageError(f"--{name} {value[0]}x{value[1]} has two numbers, but the "
                                       "shape has one axis; give one number")  # fmt: skip
    return operation_from("max", options)
