"""Types of option values: text from the shell to plain Python values."""

import re
from typing import Any

import click

__all__ = ["Pair", "PixelLimit", "Position"]


class Pair(click.ParamType):  # type: ignore[type-arg]
    """``N``, or ``HxW`` (``H,W``): height first, as in the printed shape."""

    name = "N|HxW"

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:  # noqa: ARG002
        """How help shows it."""
        return self.name

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, int]:
        """Text to (height, width)."""
        if isinstance(value, tuple):
            return value
        match = re.fullmatch(r"(-?\d{1,9})(?:[x×,](-?\d{1,9}))?", value.strip())
        if match is None:
            self.fail(
                f"{value!r} is no number and no HxW; use 6, 6x4 or 6,4 (height first)", param, ctx
            )
        height = int(match[1])
        return height, height if match[2] is None else int(match[2])


class Position(click.ParamType):  # type: ignore[type-arg]
    """``ROW,COLUMN``."""

    name = "row,col"

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:  # noqa: ARG002
        """How help shows it."""
        return "ROW,COL"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, int]:
        """Text to (row, column)."""
        if isinstance(value, tuple):
            return value
        match = re.fullmatch(r"(\d{1,9})[x×,](\d{1,9})", value.strip())
        if match is None:
            self.fail(f"{value!r} is no place; use ROW,COL, as in 0,3", param, ctx)
        return int(match[1]), int(match[2])


class PixelLimit(click.ParamType):  # type: ignore[type-arg]
    """A number of pixels, or none."""

    name = "N|none"

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:  # noqa: ARG002
        """How help shows it."""
        return self.name

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> int | str:
        """Text to a number, or the word none."""
        if isinstance(value, int) or value == "none":
            return "none" if value == "none" else int(value)
        if not value.isdecimal() or int(value) < 1:
            self.fail(f"{value!r} is no number of pixels; use 1 or more, or none", param, ctx)
        return int(value)
