"""Types of option values: text from the shell to plain Python values."""

import re
from math import inf
from typing import TYPE_CHECKING, Any

import click

from poolcli.cli.summaries import ALIASES
from poolcli.core.operations import OPERATIONS
from poolcli.media.picture import number_in

if TYPE_CHECKING:
    from poolcli.jobs.paths.shards import Shard

__all__ = [
    "OperationName",
    "Pair",
    "PixelLimit",
    "Position",
    "Range",
    "ShardOf",
    "Skip",
]


_MOST_DIGITS = 9
_MOST_CHARACTERS = 400
_LISTED_SHARDS = 6

_MULTIPLES = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9}


class _ValueType(click.ParamType):  # type: ignore[type-arg]
    """A type whose name is its metavar."""

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:  # noqa: ARG002
        """Return the name as it stands."""
        return self.name


class Pair(_ValueType):
    """``N``, or ``HxW`` (``H,W``): height first, as in the printed shape.

    Where ``--axes`` names some, one number for each of them.
    """

    name = "N|HxW"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, ...]:
        """Convert text to (height, width), or a number for each axis named."""
        if isinstance(value, tuple):
            return value
        given = ctx.params.get("axes") if ctx is not None else None
        axes = given if isinstance(given, str) else None
        count = len(axes or "YX")
        numbers = value.strip().lower().replace("×", "x").replace(",", "x").split("x")
        if len(numbers) not in (1, count) or not all(map(_is_short_integer, numbers)):
            wanted = "HxW; use 6, 6x4 or 6,4 (height first)"
            if axes is not None:
                each = "x".join(map(str, range(1, count + 1)))
                wanted = f"one for each of {axes}; use 2, or as many as in {each}"
            self.fail(f"{value!r} is neither a number nor {wanted}", param, ctx)
        return tuple(map(int, numbers * (count if len(numbers) == 1 else 1)))


def _is_short_integer(text: str) -> bool:
    digits = text.removeprefix("-")
    return digits.isdecimal() and len(digits) <= _MOST_DIGITS


def _is_position(text: str) -> bool:
    return re.fullmatch(r"\d{1,9}", text) is not None


class Position(_ValueType):
    """``ROW,COL``, counted from 0.

    Parameters
    ----------
    in_stacks : bool
        Whether it is ``PLANE,ROW,COL`` where maps are stacked.
    """

    name = "ROW,COL"

    def __init__(self, *, in_stacks: bool = False) -> None:
        self._in_stacks = in_stacks

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, ...]:
        """Convert text to (row, column), or to (plane, row, column)."""
        if isinstance(value, tuple):
            return value
        deep = self._in_stacks and ctx is not None and ctx.params.get("axes")
        words = re.split("[xX×,]", value.strip())
        if len(words) != (3 if deep else 2) or not all(map(_is_position, words)):
            wanted = "PLANE,ROW,COL, as in 0,0,3" if deep else "ROW,COL, as in 0,3"
            self.fail(f"{value!r} is not a position; use {wanted}", param, ctx)
        return tuple(map(int, words))


class PixelLimit(_ValueType):
    """A number of pixels, as ``10M`` in millions if so wished, or ``none``."""

    name = "N|none"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> int | str:
        """Convert text to a number, or leave the word none."""
        if isinstance(value, int) or value == "none":
            return "none" if value == "none" else int(value)
        match = re.fullmatch(r"(\d{1,30})(?:\.(\d{1,30}))?([kmg]?)", value.lower(), re.ASCII)
        pixels = rest = 0
        if match is not None:
            decimals = match[2] or ""
            scaled = int(match[1] + decimals) * _MULTIPLES[match[3]]
            pixels, rest = divmod(scaled, 10 ** len(decimals))
        if pixels < 1 or rest:
            self.fail(
                f"{value!r} is not a number of pixels; use 1 or more, as in 500k or 10M, or none",
                param,
                ctx,
            )
        return pixels


class Range(_ValueType):
    """``LOW,HIGH``, or ``full``."""

    name = "LOW,HIGH"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> bool | tuple[float, float]:
        """Convert text to the lowest and the highest value; the word full to True."""
        if isinstance(value, bool | tuple):
            return value
        if value == "full":
            return True
        low, _, high = value.partition(",")
        try:
            limits = float(low), float(high)
        except ValueError:
            limits = 0.0, 0.0
        if not -inf < limits[0] < limits[1] < inf:
            self.fail(f"{value!r} is not a range; use LOW,HIGH, as in 0,4095, or full", param, ctx)
        return limits


class ShardOf(_ValueType):
    """``I/N``, counted from 1."""

    name = "I/N"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> "Shard":
        """Convert text to a shard."""
        from poolcli.jobs.paths.shards import Shard

        if isinstance(value, Shard):
            return value
        match = re.fullmatch(r"(\d{1,9})/(\d{1,9})", value.strip(), re.ASCII)
        part, parts = (int(match[1]), int(match[2])) if match else (0, 0)
        if parts < 1:
            self.fail(
                f"{value!r} is not a shard; use I/N, as in 1/4 for the first of 4", param, ctx
            )
        if not 1 <= part <= parts:
            every = [f"{i}/{parts}" for i in range(1, min(parts, _LISTED_SHARDS) + 1)]
            first = ", ".join(every[:-1])
            wanted = f"{first} and {every[-1]}" if first else every[-1]
            if parts > _LISTED_SHARDS:
                wanted = f"1/{parts} to {parts}/{parts}"
            self.fail(f"{value!r} is not a shard, which count from 1; use {wanted}", param, ctx)
        return Shard(part, parts)


class Skip(_ValueType):
    """A number, or a word of those that `Operation` takes."""

    name = "VALUE"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float | str:
        """Convert text to a number, an integer of any size exactly; leave words."""
        if value in ("nodata", "none"):
            return str(value)
        found = number_in(str(value)) if len(str(value)) <= _MOST_CHARACTERS else None
        if found is None:
            self.fail(f"{value!r} is not a value; use a number, nan, nodata or none", param, ctx)
        return found


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
