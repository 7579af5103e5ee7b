"""Options that several commands share, and the values they become."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

from poolcli.cli.files.path_types import IndicesPath, WrittenPath
from poolcli.cli.headings import option_under
from poolcli.cli.value_types import PixelLimit, Range, ShardOf
from poolcli.media.options import LAYOUTS, MAX_PIXELS, Reading, Writing

__all__ = [
    "cluster_option",
    "combined",
    "indices_option",
    "json_option",
    "level_option",
    "max_pixels_option",
    "no_sync_option",
    "pixel_limit",
    "reading_from",
    "reading_options",
    "shard_option",
    "winners_option",
    "writing_from",
    "writing_options",
]

Function = TypeVar("Function", bound=Callable[..., Any])

_EIGHT_BITS = ("L", "LA", "RGB", "RGBA", "CMYK", "YCbCr", "HSV", "LAB")

input_option = option_under("Input")
output_option = option_under("Output")


def combined(*options: Callable[[Function], Function]) -> Callable[[Function], Function]:
    """Combine options into one decorator, which lists them in the order given."""

    def decorate(function: Function) -> Function:
        for option in reversed(options):
            function = option(function)
        return function

    return decorate


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
    type=WrittenPath(),
    metavar="MASK",
    help="Also write an image of the pixels that were kept, white on black",
)

no_sync_option = option_under("Run")(
    "--no-sync",
    is_flag=True,
    help="Do not wait until files are on the disk: faster, but a power failure may spoil them",
)

shard_option = option_under("Run")(
    "--shard",
    type=ShardOf(),
    help="Do the I-th of N equal parts, and leave the others to other machines",
)

cluster_option = option_under("Run")(
    "--cluster",
    metavar="ADDRESS|FILE",
    help="Let the workers of a Dask cluster do the work: the address of its scheduler, or the file "
    "that it wrote it to",
)

json_option = option_under("Display")(
    "--json", "as_json", is_flag=True, help="Print one JSON object"
)


def pixel_limit(value: int | str) -> int | None:
    """Convert the value of --max-pixels: None for no limit."""
    return None if isinstance(value, str) else value


level_option = input_option(
    "--level",
    type=click.IntRange(min=0),
    default=0,
    metavar="N",
    help="Level of an OME-Zarr to read  [default: 0]",
)


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
        level=options.pop("level", 0),
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
