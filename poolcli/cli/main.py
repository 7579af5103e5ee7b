"""The command group, and the border at which errors become one line and an exit code."""

import os
import re
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress

import click

from poolcli.cli.lazy_group import LazyGroup
from poolcli.cli.summaries import COMPLETION
from poolcli.errors import PoolingError
from poolcli.jobs.interrupts import raising

__all__ = ["abandon_output", "main", "poolcli"]

_EXAMPLES = """Pool images: shrink them window by window, keeping each window's largest, smallest or
mean value, as a pooling layer of a neural network does.

\b
Examples:
  poolcli max in.png out.png -k 6 -s 2   # prints out.png: 3×201×250 → 3×98×123
  poolcli avg in.png out.jpg -k 2        # half the size, each pixel the mean of four
  poolcli min scan.tif thin.tif -k 3x1   # height first

Exit codes: 0 all done, 1 a file failed, 2 wrong usage, 130 Ctrl-C.
"""

_LIBRARIES = {
    # No pooling multiplies matrices: NumPy need not start a thread for each processor to do so.
    "OPENBLAS_NUM_THREADS": "1",
    # Pillow lends a picture that lies in one piece, so that it is pooled where it is; the piece is
    # as large as the picture, and kept for the next one, whose pages the system need not clear.
    "PILLOW_BLOCK_SIZE": "512m",
    "PILLOW_BLOCKS_MAX": "1",
}
"""What libraries are told in their environment, unless the user has told them otherwise."""


def _version(context: click.Context, _option: click.Parameter, wanted: bool) -> None:
    if not wanted or context.resilient_parsing:
        return
    from poolcli.cli.version import versions

    click.echo(versions())
    context.exit()


def _debug(context: click.Context, _option: click.Parameter, wanted: bool) -> None:
    if wanted:
        context.find_root().meta["debug"] = True


def _finish(command: click.Command) -> None:
    """Add the options that stand behind any command."""
    command.params.append(
        click.Option(
            ["--debug"], is_flag=True, expose_value=False, callback=_debug, is_eager=True,
            help="Show the traceback of an error too.",
        )
    )  # fmt: skip


@click.group(
    cls=LazyGroup,
    finish=_finish,
    help=_EXAMPLES,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.option(
    "--version", is_flag=True, expose_value=False, is_eager=True, callback=_version,
    help="Show the versions of poolcli, Pillow and NumPy.",
)  # fmt: skip
def poolcli() -> None:
    """Gather the commands."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run poolcli with these words (default: the shell's) and return the exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    for name, value in _LIBRARIES.items():
        os.environ.setdefault(name, value)
    try:
        if instruction := os.environ.get(COMPLETION):
            from click.shell_completion import shell_complete

            return shell_complete(poolcli, {}, "poolcli", COMPLETION, instruction)
        with raising():
            return _answer(words)
    except OSError as error:  # of standard output; files' errors are PoolingErrors by now
        abandon_output()
        if isinstance(error, BrokenPipeError):
            return 141  # as any command that a closed pipe ends
        _complain(None, f"standard output: {error.strerror}", error)
        return 1


def _answer(words: list[str]) -> int:
    context: click.Context | None = None
    try:
        with poolcli.make_context("poolcli", words) as context:
            poolcli.invoke(context)
        return 0
    except click.exceptions.Exit as ending:
        return ending.exit_code
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message())
        return 2
    except click.ClickException as error:
        _complain(context, error.format_message(), error)
        return 2
    except PoolingError as error:
        _complain(context, str(error), error)
        return 1
    except (KeyboardInterrupt, click.Abort) as error:
        return _interrupted(error)
    except RuntimeError as error:  # Python 3.11 wraps one that comes while a class is made
        if not isinstance(error.__cause__, KeyboardInterrupt):
            raise
        return _interrupted(error.__cause__)


def _interrupted(error: BaseException) -> int:
    click.echo("poolcli: interrupted", err=True)
    return 128 + getattr(error, "signal", signal.SIGINT)


def abandon_output() -> None:
    """Have what is left in standard output's buffer go nowhere, lest it fail or wait at exit."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


def _complain(context: click.Context | None, message: str, error: Exception) -> None:
    if context is not None and context.meta.get("debug"):
        import traceback

        traceback.print_exception(error)
    line = re.sub(r"\s*\n\s*", " ", message)
    click.echo(f"poolcli: {line}", err=True)
