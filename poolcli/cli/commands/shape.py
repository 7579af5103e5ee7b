"""The command that tells shapes with no picture at hand."""

import json
import re
from typing import Any

import click

from poolcli.cli import options as shared
from poolcli.cli.printing import write
from poolcli.jobs.operation import Operation

__all__ = ["shape_command"]

_SHAPE = """Tell the shape that comes out, with no picture at hand.

The last two axes are height and width, or the only one is pooled.

\b
Examples:
  poolcli shape 3x201x250 -k 6 -s 2
  poolcli shape 5x5 -k 3 --ceil
  poolcli shape 3x224x224 -k 3 -s 2 -p 1 then -k 2   # one window behind another
  poolcli shape 4x3x4x4 --global                     # global pooling
"""


class _Shape(click.ParamType):  # type: ignore[type-arg]
    """``3x201x250``, of any rank."""

    name = "shape"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, ...]:
        """Text to numbers."""
        if isinstance(value, tuple):
            return value
        inner = re.sub(r"^(torch\.Size)?[(\[]+|[)\]]+$|\s", "", value.strip())
        if re.fullmatch(r"\d{1,9}([x×,]\d{1,9})*,?", inner) is None:
            self.fail(f"{value!r} is no shape; use 3x201x250 (channels, height, width)", param, ctx)
        return tuple(int(length) for length in re.split("[x×,]", inner.rstrip(",")))


class _Chained(click.Command):
    """A command whose windows may be followed by others, each behind the word ``then``."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the first words as ever, and the others as windows only."""
        pieces: list[list[str]] = [[]]
        for word in args:
            if word == "then":
                pieces.append([])
            else:
                pieces[-1].append(word)
        rest = super().parse_args(ctx, pieces[0])
        inner = click.Command("then", params=_window_parameters(), add_help_option=False)
        ctx.params["behind"] = [
            inner.make_context("then", piece, parent=ctx).params for piece in pieces[1:]
        ]
        return rest


def _window_parameters() -> list[click.Parameter]:
    def none(**_: Any) -> None: ...

    return click.command()(shared.window_options(shared.size_options(none))).params


@click.command("shape", cls=_Chained, help=_SHAPE)
@click.argument("shape", type=_Shape())
@shared.window_options
@shared.size_options
@shared.json_option
def shape_command(
    shape: tuple[int, ...], as_json: bool, behind: list[dict[str, Any]], **options: Any
) -> None:
    """Print the shape line and the formulas, or the table of several windows."""
    from poolcli.studies.layers import layers
    from poolcli.views.shapes import record, shape_lines

    operations = [_operation(shape, dict(one)) for one in (options, *behind)]
    found = layers(shape, operations)
    if as_json:
        click.echo(json.dumps(record(found)))
    else:
        write("\n".join(shape_lines(found)))


def _operation(shape: tuple[int, ...], options: dict[str, Any]) -> Operation:
    """The window of one axis is given by one number."""
    if len(shape) == 1:
        for name, value in options.items():
            if isinstance(value, tuple) and value[0] != value[1]:
                raise click.UsageError(f"--{name} {value[0]}x{value[1]} has two numbers, and the "
                                       "shape one axis; give one number")  # fmt: skip
    return shared.operation_from("max", options)
