"""Every option that several commands share, once, and the types of their values."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from poolcli.cli.value_types import Pair, PixelLimit
from poolcli.errors import WindowError
from poolcli.jobs.operation import Operation
from poolcli.media.options import MAX_PIXELS, Reading, Writing

__all__ = [
    "divisor_option",
    "exclude_pad_option",
    "file_options",
    "indices_option",
    "json_option",
    "operation_from",
    "power_option",
    "reading_from",
    "reading_options",
    "size_options",
    "window_options",
    "winners_option",
    "writing_from",
    "writing_options",
]

Command = TypeVar("Command", bound=Callable[..., Any])


def _all(*options: Callable[[Command], Command]) -> Callable[[Command], Command]:
    """Several options as one decorator, shown in the order given."""

    def decorate(command: Command) -> Command:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


window_options = _all(
    click.option("-k", "--kernel", type=Pair(), help="Size of the window."),
    click.option(
        "-s", "--stride", type=Pair(), help="Step from window to window.  [default: the kernel]"
    ),
    click.option(
        "-p",
        "--padding",
        type=Pair(),
        help="Rows and columns around the image that no value is taken from; at most half the "
        "kernel.  [default: 0]",
    ),
    click.option(
        "-d", "--dilation", type=Pair(), help="Distance between a window's taps.  [default: 1]"
    ),
    click.option(
        "--ceil",
        is_flag=True,
        help="Also keep a last window that reaches past the edge, if it begins inside.",
    ),
)

size_options = _all(
    click.option(
        "--size",
        type=Pair(),
        help="In place of -k: pool to exactly this height and width (adaptive pooling).",
    ),
    click.option("--global", "whole", is_flag=True, help="The same as --size 1x1."),
)

exclude_pad_option = click.option(
    "--exclude-pad",
    is_flag=True,
    help="Leave padding out of the mean; without it, padding counts as zeros, as in PyTorch.",
)

divisor_option = click.option(
    "--divisor",
    type=int,
    metavar="N",
    help="Divide every window's sum by N instead of by its number of taps.",
)

power_option = click.option(
    "--power",
    type=float,
    default=3.0,
    show_default=True,
    metavar="P",
    help="The p of (mean of x^p)^(1/p): 1 is avg, 2 is rms, large is nearly max.",
)

indices_option = click.option(
    "--indices",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE.npz",
    help="Also write where each value was found, for poolcli unpool.",
)

winners_option = click.option(
    "--winners",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="MASK",
    help="Also write a picture of the pixels whose value was kept: white among black.",
)


reading_options = _all(
    click.option(
        "--convert",
        metavar="MODE",
        help="Convert to this mode of Pillow's first: L, RGB, RGBA, CMYK, I, F …",
    ),
    click.option(
        "--alpha",
        type=click.Choice(["weigh", "channel"]),
        default="weigh",
        show_default=True,
        help="weigh: invisible pixels have no vote in colours; channel: alpha is one channel more.",
    ),
    click.option(
        "--frame", type=int, metavar="N", help="Take one frame or page only, counted from 0."
    ),
    click.option(
        "--max-pixels",
        type=PixelLimit(),
        default=MAX_PIXELS,
        show_default=True,
        help="Refuse pictures with more pixels, all frames together.",
    ),
)

writing_options = _all(
    click.option(
        "-f",
        "--format",
        metavar="EXT",
        help="Write this format (png, jpg, webp, tif, npy …) whatever the name of DEST; for - the "
        "input's format unless given.",
    ),
    click.option(
        "--quality",
        type=click.IntRange(1, 100),
        metavar="1-100",
        help="Of JPEG, WebP and AVIF.  [default: 90]",
    ),
    click.option("--lossless", is_flag=True, help="Write WebP and AVIF without loss."),
    click.option(
        "--compress-level", type=click.IntRange(0, 9), metavar="0-9", help="Of PNG: 9 is smallest."
    ),
    click.option(
        "--strip", is_flag=True, help="Drop metadata: ICC profile, EXIF, XMP, DPI, comments."
    ),
)

file_options = _all(
    click.option("--in-place", is_flag=True, help="Let a source be its own destination."),
)


json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")


def reading_from(options: dict[str, Any]) -> Reading:
    """Take the options of reading out of ``options``."""
    limit = options.pop("max_pixels")
    return Reading(
        convert=options.pop("convert"),
        frame=options.pop("frame"),
        max_pixels=None if limit == "none" else limit,
        plain_alpha=options.pop("alpha") == "channel",
    )


def writing_from(options: dict[str, Any]) -> Writing:
    """Take the options of writing out of ``options``."""
    names = ("format", "quality", "lossless", "compress_level", "strip")
    return Writing(**{name: options.pop(name) for name in names})


def operation_from(name: str, options: dict[str, Any]) -> Operation:
    """Take an operation's options out of ``options``.

    Raises
    ------
    click.UsageError
        If a number is out of its range, or options exclude each other.
    """
    kernel, size, whole = (options.pop(key, None) for key in ("kernel", "size", "whole"))
    if whole:
        size = (1, 1)
    sliding = {
        "stride": options.pop("stride"),
        "padding": options.pop("padding"),
        "dilation": options.pop("dilation"),
        "ceil_mode": options.pop("ceil") or None,
    }
    given = {key: value for key, value in sliding.items() if value is not None}
    if kernel is None and size is None:
        raise click.UsageError("Missing option '-k'; give a kernel, or --size HxW or --global.")
    if size is not None and (kernel is not None or given):
        raise click.UsageError(
            "--size and --global stand in place of -k, -s, -p, -d and --ceil; give one or the other"
        )
    extra: dict[str, Any] = {"count_include_pad": not options.pop("exclude_pad", False)}
    extra["divisor_override"] = options.pop("divisor", None)
    if (power := options.pop("power", None)) is not None:
        extra["power"] = power
    try:
        return Operation(name, kernel=kernel, size=size, **given, **extra)
    except WindowError as error:
        raise click.UsageError(str(error)) from error
