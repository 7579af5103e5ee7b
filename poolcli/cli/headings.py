"""Options that a command's help lists under headings."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from click.types import OptionHelpExtra

__all__ = ["HEADINGS", "Command", "Option", "option_under", "write_sections"]

HEADINGS = ("Window", "Input", "Output", "Folders", "Run", "Display")
"""All headings, in the order of the help; the last one also lists ``--help``."""

_WIDEST_TERM = 30

Function = TypeVar("Function", bound=Callable[..., Any])


class Option(click.Option):
    """An option and the heading that help lists it under.

    Parameters
    ----------
    heading : str
        One of `HEADINGS`.
    """

    def __init__(self, *arguments: Any, heading: str, **attributes: Any) -> None:
        super().__init__(*arguments, **attributes)
        self.heading = heading

    def get_help_extra(self, ctx: click.Context) -> "OptionHelpExtra":
        """Return the default, but not a number's range, which the metavar tells already."""
        extra = super().get_help_extra(ctx)
        extra.pop("range", None)
        return extra


def option_under(heading: str) -> Callable[..., Callable[[Function], Function]]:
    """Make a `click.option` whose options are listed under this heading."""
    return partial(click.option, cls=Option, heading=heading)


class Command(click.Command):
    """A command whose help lists its options under headings."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the words; short options as long ones, which click finds without a search."""
        return super().parse_args(
            ctx, self._lengthened(args) if ctx.allow_interspersed_args else args
        )

    def _lengthened(self, words: list[str]) -> list[str]:
        """Replace short options by their long names where they surely are options.

        A word after an option may be its value, and the last one is quoted if its value is missing.
        """
        options = [param for param in self.params if isinstance(param, click.Option)]
        flags = {name for option in options if option.is_flag for name in option.opts}
        long_names = {
            short: long
            for option in options
            for short, long in zip(option.opts, option.opts[1:], strict=False)
            if long.startswith("--")
        }
        end = words.index("--") if "--" in words else len(words) - 1
        for i, (before, word) in enumerate(zip(["", *words], words[:end], strict=False)):
            if not before.startswith("-") or before in flags:
                words[i] = long_names.get(word, word)
        return words

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options under their headings, or under "Options" if there is but one."""
        sections: dict[str, list[tuple[str, str]]] = {heading: [] for heading in HEADINGS}
        for param in self.get_params(ctx):
            record = param.get_help_record(ctx) if isinstance(param, click.Option) else None
            if record is not None:
                sections[getattr(param, "heading", HEADINGS[-1])].append(record)
        used = {heading: rows for heading, rows in sections.items() if rows}
        if len(used) == 1:
            used = {"Options": next(iter(used.values()))}
        write_sections(formatter, used.items())


def write_sections(
    formatter: click.HelpFormatter, sections: Iterable[tuple[str, list[tuple[str, str]]]]
) -> None:
    """Write definition lists, each under its heading, with one common column of terms."""
    sections = list(sections)
    terms = [term for _, rows in sections for term, _ in rows]
    width = min(max(map(len, terms), default=0), _WIDEST_TERM)
    for heading, rows in sections:
        with formatter.section(heading):
            formatter.write_dl([(f"{term:<{width}}", text) for term, text in rows])
