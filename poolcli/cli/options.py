"""Options that several commands share, and the values they become."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

from poolcli.cli.headings import option_under
from poolcli.cli.value_types import FilePath, IndicesPath, Pair, PixelLimit, Range
from poolcli.errors import WindowError
from poolcli.jobs.operation import Operation
from poolcli.media.options import LAYOUTS, MAX_PIXELS, Reading, Writing

__all__ = [
    "combined",
    "divisor_option",
    "exclude_pad_option",
    "indices_option",
    "json_option",
    "max_pixels_option",
    "no_sync_option",
    "operation_from",
    "pixel_limit",
    "power_option",
    "reading_from",
    "reading_options",
    "size_options",
    "window_option",
    "window_options",
    "winners_option",
    "writing_from",
    "writing_options",
]

Function = TypeVar("Function", bound=Callable[..., Any])

_EIGHT_BITS = ("L", "LA", "RGB", "RGBA", "CMYK", "YCbCr", "HSV", "LAB")

window_option = option_under("Window")
input_option = option_under("Input")
output_option = option_under("Output")


def combined(*options: Callable[[Function], Function]) -> Callable[[Function], Function]:
    """Combine options into one decorator, which lists them in the order given."""

    def decorate(function: Function) -> Function:
        for option in reversed(options):
            function = option(function)
        return function

    return decorate


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

max_pixels_option = input_option(
    "--max-pixels",
    type=PixelLimit(),
    default=MAX_PIXELS,
    show_default=True,
    help="Refuse images with more pixels than this, all frames together",
)

reading_options = combined(
    input_option(
        "--convert",
        metavar="MODE",
        help="Convert to this Pillow mode before pooling: L, RGB, RGBA, CMYK, I, F …",
    ),
    input_option(
        "--scale",
        type=Range(),
        is_flag=False,
        flag_value="full",
        help="Scale 16-bit, integer and float images to 8 bits where --convert would clip them: "
        "from LOW to HIGH, or from the full range of 16 bits",
    ),
    input_option(
        "--profile",
        type=click.Choice(["srgb"]),
        help="Convert colours to sRGB by the ICC profile that the image carries, CMYK to RGB too",
    ),
    input_option(
        "--truncated",
        is_flag=True,
        help="Read what there is of a JPEG or PNG that is cut or damaged, with a note",
    ),
    input_option(
        "--alpha",
        type=click.Choice(["weigh", "channel"]),
        default="weigh",
        show_default=True,
        help="Weigh colours by alpha, so that invisible pixels do not count, or pool alpha like "
        "any other channel",
    ),
    input_option("--frame", type=int, metavar="N", help="Read one frame or page only, from 0"),
    max_pixels_option,
    input_option(
        "--layout",
        type=click.Choice(LAYOUTS),
        help="Order of the last axes of a .npy: channels, height and width, or channels last  "
        "[default: chw]",
    ),
)

writing_options = combined(
    output_option(
        "-f",
        "--format",
        metavar="EXT",
        help="Format to write: png, jpg, webp, tif, npy …  [default: the suffix of DEST, or the "
        "input's format if DEST is -]",
    ),
    output_option(
        "--quality",
        type=click.IntRange(1, 100),
        metavar="1-100",
        help="JPEG, WebP or AVIF quality; in a folder, of files of these formats  [default: 90]",
    ),
    output_option(
        "--lossless",
        is_flag=True,
        help="Write WebP and AVIF without loss; lossless WebP stays so",
    ),
    output_option(
        "--compress-level",
        type=click.IntRange(0, 9),
        metavar="0-9",
        help="Compression level of PNG; unless given, it suits the picture",
    ),
    output_option(
        "--strip", is_flag=True, help="Drop metadata: ICC profile, EXIF, XMP, DPI, comments"
    ),
    output_option("--in-place", is_flag=True, help="Allow a source to be its own destination"),
)

indices_option = output_option(
    "--indices",
    type=IndicesPath(),
    metavar="FILE.npz",
    help="Also write the position of each value that was kept, for poolcli unpool",
)

winners_option = output_option(
    "--winners",
    type=FilePath(),
    metavar="MASK",
    help="Also write an image of the pixels that were kept, white on black",
)

no_sync_option = option_under("Run")(
    "--no-sync",
    is_flag=True,
    help="Do not wait until files are on the disk: faster, but a power failure may spoil them",
)

json_option = option_under("Display")(
    "--json", "as_json", is_flag=True, help="Print one JSON object"
)


def pixel_limit(value: int | str) -> int | None:
    """Convert the value of --max-pixels: None for no limit."""
    return None if isinstance(value, str) else value


def reading_from(options: dict[str, Any]) -> Reading:
    """Take the options of reading out of ``options``.

    Raises
    ------
    click.UsageError
        If samples are to be scaled to 8 bits and not converted to them.
    """
    convert, scale = options.pop("convert"), options.pop("scale")
    if scale is not None and convert not in _EIGHT_BITS:
        raise click.UsageError("--scale needs a --convert to 8 bits; add --convert L")
    return Reading(
        convert=convert,
        scale=False if scale is None else scale,
        frame=options.pop("frame"),
        max_pixels=pixel_limit(options.pop("max_pixels")),
        plain_alpha=options.pop("alpha") == "channel",
        layout=options.pop("layout"),
        profile=options.pop("profile"),
        truncated=options.pop("truncated"),
        linear=options.pop("linear", False),
    )


def writing_from(options: dict[str, Any]) -> Writing:
    """Take the options of writing out of ``options``.

    Raises
    ------
    click.UsageError
        If options exclude each other.
    """
    names = ("format", "quality", "lossless", "compress_level", "strip")
    writing = Writing(**{name: options.pop(name) for name in names})
    if writing.lossless and writing.quality is not None:
        raise click.UsageError("--lossless has no --quality; give one or the other")
    return writing


def operation_from(name: str, options: dict[str, Any]) -> Operation:
    """Take an operation's options out of ``options``.

    Raises
    ------
    click.UsageError
        If a number is out of its range, or options exclude each other.
    """
    kernel, size, whole = (options.pop(key, None) for key in ("kernel", "size", "whole"))
    if whole and size not in (None, (1, 1)):
        raise click.UsageError(
            f"--global is --size 1x1, and --size {size[0]}x{size[1]} is another size; give one"
        )
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
            "--size and --global replace -k, -s, -p, -d and --ceil; give one or the other"
        )
    extra: dict[str, Any] = {"count_include_pad": not options.pop("exclude_pad", False)}
    extra["divisor_override"] = options.pop("divisor", None)
    if (power := options.pop("power", None)) is not None:
        extra["power"] = power
    try:
        return Operation(name, kernel=kernel, size=size, **given, **extra)
    except WindowError as error:
        raise click.UsageError(str(error)) from error
