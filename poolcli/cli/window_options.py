"""Options of windows and operations, and the operation that they become."""

from typing import Any

import click

from poolcli.cli.headings import option_under
from poolcli.cli.options import combined
from poolcli.cli.value_types import Pair, Skip
from poolcli.errors import WindowError
from poolcli.jobs.operation import Operation

__all__ = [
    "axes_option",
    "divisor_option",
    "dtype_option",
    "exclude_pad_option",
    "linear_option",
    "missing_options",
    "operation_from",
    "power_option",
    "quantile_option",
    "size_options",
    "sparse_option",
    "window_options",
]

_MORE = ("skip", "min_valid", "sparse", "quantile", "dtype", "axes")

window_option = option_under("Window")

window_options = combined(
    window_option("-k", "--kernel", type=Pair(), help="Height and width of the window"),
    window_option(
        "-s",
        "--stride",
        type=Pair(),
        help="Step from window to window  [default: the kernel]",
    ),
    window_option(
        "-p",
        "--padding",
        type=Pair(),
        help="Rows and columns added around the image, at most half the kernel  [default: 0]",
    ),
    window_option(
        "-d",
        "--dilation",
        type=Pair(),
        help="Distance between neighbouring pixels of a window  [default: 1]",
    ),
    window_option(
        "--ceil",
        is_flag=True,
        help="Keep a last window that reaches past the edge, if it begins inside",
    ),
)

size_options = combined(
    window_option(
        "--size",
        type=Pair(),
        help="Pool to exactly this height and width, in place of -k (adaptive pooling)",
    ),
    window_option(
        "--global", "whole", is_flag=True, help="Pool to one pixel; the same as --size 1x1"
    ),
)

exclude_pad_option = window_option(
    "--exclude-pad",
    is_flag=True,
    help="Leave padding out of the mean; otherwise it counts as zeros, as in PyTorch",
)

linear_option = window_option(
    "--linear",
    is_flag=True,
    help="Take means of the light of sRGB images, 8 or 16 bits, not of their values",
)

divisor_option = window_option(
    "--divisor",
    type=int,
    metavar="N",
    help="Divide every window's sum by N instead of by its number of pixels",
)

power_option = window_option(
    "--power",
    type=float,
    default=3.0,
    show_default=True,
    metavar="P",
    help="Exponent p of (mean of x^p)^(1/p): 1 is avg, 2 is rms, large is nearly max",
)

quantile_option = window_option(
    "--quantile",
    type=float,
    default=0.5,
    show_default=True,
    metavar="Q",
    help="Share of the window's pixels, sorted, after which the result comes: 0 is min, 1 is max",
)

axes_option = window_option(
    "--axes",
    metavar="NAMES",
    is_eager=True,
    help="Letters for the last axes of a .npy, or of any axes that a TIFF stack names, which are "
    "pooled with as many numbers in -k, -s, -p, -d: ZYX with -k 1x2x2, X with -k 64  [default: YX]",
)

dtype_option = window_option(
    "--dtype",
    metavar="NAME",
    help="Type of the results: uint8, int32, float32 …; one that they do not fit is refused",
)

missing_options = combined(
    window_option(
        "--skip",
        type=Skip(),
        help="Give no vote to pixels of this value, which are missing: a number, nan, nodata (the "
        "value that the file states), or none  [default: nodata, where one is stated]",
    ),
    window_option(
        "--min-valid",
        type=float,
        metavar="SHARE",
        help="Take a window for missing, too, if less than this share of it is there, 0 to 1  "
        "[default: one pixel]",
    ),
)

sparse_option = window_option(
    "--sparse",
    is_flag=True,
    help="Take zeros for background, which has no vote: zero only where all is zero",
)


def operation_from(name: str, options: dict[str, Any]) -> Operation:
    """Take an operation's options out of ``options``.

    Raises
    ------
    click.UsageError
        If a number is out of its range, or options exclude each other.
    """
    kernel, size, whole = (options.pop(key, None) for key in ("kernel", "size", "whole"))
    one = (1,) * len(options.get("axes") or "YX")
    if whole and size not in (None, one):
        asked = "x".join(map(str, size))
        raise click.UsageError(
            f"--global is --size 1x1, and --size {asked} is another size; give one"
        )
    if whole:
        size = one
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
            "--size and --global replace -k, -s, -p, -d and --ceil; give one or the other"
        )
    extra: dict[str, Any] = {"count_include_pad": not options.pop("exclude_pad", False)}
    extra["divisor_override"] = options.pop("divisor", None)
    if (power := options.pop("power", None)) is not None:
        extra["power"] = power
    extra |= {key: options.pop(key) for key in _MORE if key in options}
    try:
        return Operation(name, kernel=kernel, size=size, **given, **extra)
    except WindowError as error:
        raise click.UsageError(str(error)) from error
