"""The command-line entry point, where an error becomes one line and an exit code."""

import os
import re
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, TextIO

import click

from poolcli.cli.headings import Option
from poolcli.cli.lazy_group import LazyGroup
from poolcli.cli.summaries import COMPLETION
from poolcli.errors import FileError, PoolingError
from poolcli.jobs.interrupts import raising
from poolcli.media.file_names import escaped, shown, without_secrets

__all__ = ["abandon_output", "main", "poolcli"]

_SIGNALLED = 128
"""The least exit code of a run that a signal has ended."""

_HELP = """Pool images: shrink them window by window, keeping each window's largest, smallest, mean,
middle or commonest value, as a pooling layer of a neural network does.

\b
Examples:
  poolcli max in.png out.png -k 6 -s 2   # out.png: 3×201×250 → 3×98×123
  poolcli avg in.png out.jpg -k 2        # half the size, pixels averaged
  poolcli min scan.tif thin.tif -k 3x1   # height first
  poolcli help max                       # all options of a command

Exit codes: 0 all done, 1 a file failed, 2 wrong usage, 130 Ctrl-C.
"""

_LIBRARIES = {
    # Poolings multiply no matrices: NumPy need not start a BLAS thread for each processor.
    "OPENBLAS_NUM_THREADS": "1",
    # An image that Pillow stores in one block can be pooled without a copy. The block is as large
    # as the image, and kept for the next one, so that the system need not clear its pages again.
    "PILLOW_BLOCK_SIZE": "512m",
    "PILLOW_BLOCKS_MAX": "1",
}
"""Environment defaults for OpenBLAS and Pillow; the user's own values win."""


def _version(context: click.Context, _option: click.Parameter, wanted: bool) -> None:
    if not wanted or context.resilient_parsing:
        return
    from poolcli.cli.version import versions

    click.echo(versions())
    context.exit()


def _debug(context: click.Context, _option: click.Parameter, wanted: bool) -> None:
    if wanted:
        context.find_root().meta["debug"] = True


def _help(context: click.Context, _option: click.Parameter, wanted: bool) -> None:
    if wanted and not context.resilient_parsing:
        click.echo(context.get_help(), color=context.color)
        context.exit()


_EAGER_FLAG: dict[str, Any] = {
    "heading": "Display",
    "is_flag": True,
    "expose_value": False,
    "is_eager": True,
}
_VERSION_OPTION = Option(
    ["--version"],
    callback=_version,
    help="Show the versions of poolcli, Pillow and NumPy",
    **_EAGER_FLAG,
)
_DEBUG_OPTION = Option(
    ["--debug"], callback=_debug, help="Print the traceback of an error too", **_EAGER_FLAG
)
# In place of click's own, which looks for translations of its help at every start.
_HELP_OPTION = Option(
    ["-h", "--help"], callback=_help, help="Show this message and exit", **_EAGER_FLAG
)


@click.group(
    cls=LazyGroup,
    shared_options=[_DEBUG_OPTION, _HELP_OPTION],
    params=[_VERSION_OPTION, _HELP_OPTION],
    help=_HELP,
    context_settings={"help_option_names": [], "max_content_width": 100},
)
def poolcli() -> None:
    """Group all commands."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run poolcli with these words (default: the shell's) and return the exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    for name, value in _LIBRARIES.items():
        os.environ.setdefault(name, value)
    try:
        if instruction := os.environ.get(COMPLETION):
            return _complete(instruction)
        with raising():
            code = _answer(words)
            if code < _SIGNALLED:
                sys.stdout.flush()  # Python would complain at exit of what cannot be written
            return code
    except OSError as error:  # of standard output; files' errors are PoolingErrors by now
        abandon_output()
        if isinstance(error, BrokenPipeError):
            return 141  # as any command that a closed pipe ends
        _complain(None, f"standard output: {error.strerror}", error)
        return 1
    finally:
        try:
            sys.stderr.flush()
        except OSError:
            abandon_output(sys.stderr)


def _complete(instruction: str) -> int:
    """Answer a shell that completes a word; one that asks wrongly gets no answer, and no noise."""
    from click.shell_completion import shell_complete

    try:
        return shell_complete(poolcli, {}, "poolcli", COMPLETION, instruction)
    except OSError:
        raise
    except Exception:  # of words or numbers that are not there
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
        _complain(context, _message(error), error)
        return 2
    except FileError as error:
        _complain(context, f"{shown(error.path)}: {error.reason}", error)
        return 1
    except PoolingError as error:
        _complain(context, str(error), error)
        return 1
    except (KeyboardInterrupt, click.Abort) as error:
        return _interrupted(error)
    except Exception as error:
        if isinstance(error.__cause__, KeyboardInterrupt):
            # Python 3.11 wraps one that comes while a class is made.
            return _interrupted(error.__cause__)
        return _unforeseen(context, error)


def _unforeseen(context: click.Context | None, error: Exception) -> int:
    """Tell in one line of an error that no border before this one has caught."""
    if isinstance(error, OSError) and error.filename is None:
        raise error  # of standard output
    from poolcli.jobs.result import reason

    place = f"{shown(str(error.filename))}: " if isinstance(error, OSError) else ""
    _complain(context, place + reason(error), error)
    return 1


def _message(error: click.ClickException) -> str:
    if not isinstance(error, click.NoSuchOption) or error.ctx is None:
        return error.format_message()
    from poolcli.cli.suggestions import unknown

    params = error.ctx.command.get_params(error.ctx)
    options = [name for param in params if isinstance(param, click.Option) for name in param.opts]
    return unknown("option", error.option_name, options)


def _interrupted(error: BaseException) -> int:
    notes = "; ".join(getattr(error, "__notes__", ()))
    click.echo(f"poolcli: interrupted{'; ' if notes else ''}{notes}", err=True)
    return _SIGNALLED + getattr(error, "signal", signal.SIGINT)


def abandon_output(stream: TextIO | None = None) -> None:
    """Discard the rest of a stream's buffer (standard output's), which could fail at exit."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, (stream or sys.stdout).fileno())
        os.close(nowhere)


def _complain(context: click.Context | None, message: str, error: Exception) -> None:
    if context is not None and context.meta.get("debug"):
        from poolcli.jobs.result import trace_of

        with suppress(OSError):
            click.echo(trace_of(error), err=True)
    line = re.sub(r"\s*\n\s*", " ", message)  # click's own messages may have several lines
    with suppress(OSError):  # if nobody can be told, the exit code tells
        click.echo(f"poolcli: {escaped(without_secrets(line))}", err=True)
