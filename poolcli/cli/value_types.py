"""Types of option values: text from the shell to plain Python values."""

import re
from typing import Any

import click

from poolcli.cli.summaries import ALIASES
from poolcli.core.operations import OPERATIONS

__all__ = ["OperationName", "Pair", "PixelLimit", "Position"]


class _ValueType(click.ParamType):  # type: ignore[type-arg]
    """A type whose name is its metavar."""

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:  # noqa: ARG002
        """Return the name as it stands."""
        return self.name


class Pair(_ValueType):
    """``N``, or ``HxW`` (``H,W``): height first, as in the printed shape."""

    name = "N|HxW"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, int]:
        """Convert text to (height, width)."""
        if isinstance(value, tuple):
            return value
        match = re.fullmatch(r"(-?\d{1,9})(?:[x×,](-?\d{1,9}))?", value.strip())
        if match is None:
            self.fail(
                f"{value!r} is neither a number nor HxW; use 6, 6x4 or 6,4 (height first)",
                param,
                ctx,
            )
        height = int(match[1])
        return height, height if match[2] is None else int(match[2])


class Position(_ValueType):
    """``ROW,COL``, counted from 0."""

    name = "ROW,COL"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, int]:
        """Convert text to (row, column)."""
        if isinstance(value, tuple):
            return value
        match = re.fullmatch(r"(\d{1,9})[x×,](\d{1,9})", value.strip())
        if match is None:
            self.fail(f"{value!r} is not a position; use ROW,COL, as in 0,3", param, ctx)
        return int(match[1]), int(match[2])


class PixelLimit(_ValueType):
    """A number of pixels, or ``none``."""

    name = "N|none"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> int | str:
        """Convert text to a number, or leave the word none."""
        if isinstance(value, int) or value == "none":
            return "none" if value == "none" else int(value)
        if not value.isdecimal() or int(value) < 1:
            self.fail(f"{value!r} is not a number of pixels; use 1 or more, or none", param, ctx)
        return int(value)


class OperationName(_ValueType):
    """The name of an operation, or an alias of one."""

    name = "OP"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Convert a name or an alias to the name."""
        name: str = ALIASES.get(value, value)
        if name not in OPERATIONS:
            self.fail(
                f"{value!r} is not an operation; use one of {', '.join(OPERATIONS)}", param, ctx
            )
        return name
