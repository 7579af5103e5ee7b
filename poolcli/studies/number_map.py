"""Maps of numbers to explain an operation on: a picture's channel, a table, an array's plane."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from poolcli.core.types import Array
from poolcli.errors import PictureError
from poolcli.jobs.result import blamed_on
from poolcli.media.options import Reading
from poolcli.studies.first_frame import FirstFrame, read_first_frame

if TYPE_CHECKING:
    from poolcli.media.places.remote_path import Place

__all__ = [
    "CHANNELS",
    "CLASSIC",
    "NumberMap",
    "channel_label",
    "classic_map",
    "parse_map",
    "read_map",
]

CLASSIC = ((1, 3, 2, 1), (4, 6, 5, 0), (3, 3, 1, 2), (1, 9, 2, 7))
"""The map that tutorials begin with; max, avg, min and median of each quarter differ."""

_READING = Reading()

_CHANNELS = {
    "L": ["grey"], "LA": ["grey", "alpha"], "RGB": ["red", "green", "blue"],
    "RGBA": ["red", "green", "blue", "alpha"], "CMYK": ["cyan", "magenta", "yellow", "black"],
    "P": ["palette index"],
}  # fmt: skip


CHANNELS = frozenset(name for names in _CHANNELS.values() for name in names)
"""Names of channels."""


@dataclass(frozen=True)
class NumberMap:
    """One channel of a picture, or of an array taken for one.

    Attributes
    ----------
    frame : FirstFrame
        All channels: alpha weighs the others, and mode compares whole pixels.
    label : str
        The source and the channel.
    channel : int
    notes : tuple of str
        Facts that the user should know about how the file was read.
    is_table : bool
        Whether it is numbers alone, and neither a picture nor one plane of an array.
    """

    frame: FirstFrame
    label: str = ""
    channel: int = 0
    notes: tuple[str, ...] = ()
    is_table: bool = False

    @classmethod
    def of(cls, values: Array, label: str = "", notes: tuple[str, ...] = ()) -> "NumberMap":
        """Make a map of the numbers (H, W) alone."""
        return cls(FirstFrame(values[..., None], ""), label, notes=notes, is_table=True)

    @property
    def values(self) -> Array:
        """The numbers (H, W) of the channel."""
        values: Array = self.frame.pixels[..., self.channel]
        return values


def read_map(
    source: "Place",
    channel: int | None = None,
    reading: Reading = _READING,
    *,
    whole_pixels: bool = False,
) -> NumberMap:
    """Read one channel of a picture, a .csv, or one plane of a .npy.

    Parameters
    ----------
    whole_pixels : bool
        Whether to read what mode pools: the indices of a palette, and every channel of an array.

    Raises
    ------
    FileError
        If the file cannot be read or has no such channel or plane.
    """
    from poolcli.media import number_maps

    suffix, which = source.suffix.lower(), channel or 0
    with blamed_on(source):
        if suffix in (".csv", ".tsv", ".txt"):
            table = number_maps.read_csv_map(source)
            named = ", ".join(table.header)
            left_out = (f"header row left out: {named}",) if named else ()
            return NumberMap.of(table.values, source.name, left_out)
        if suffix == ".npy":
            pixels, notes = number_maps.read_npy_map(
                source, which, reading.layout, every_channel=whole_pixels
            )
            label = source.name + ("" if channel is None else f", channel {channel}")
            return NumberMap(FirstFrame(pixels, ""), label, which if whole_pixels else 0, notes)
    frame = read_first_frame(source, reading, keep_palette=whole_pixels)
    with blamed_on(source):
        return NumberMap(frame, channel_label(source.name, frame, which), which, frame.notes)


def channel_label(name: str, frame: FirstFrame, which: int) -> str:
    """Name a picture and one of its channels.

    Raises
    ------
    PictureError
        If it has no such channel.
    """
    channels = frame.pixels.shape[2]
    if which >= channels:
        several = f"{channels} channels; use --channel 0 to {channels - 1}"
        there = several if channels > 1 else "1 channel; use --channel 0"
        raise PictureError(f"has {there}")
    names = _CHANNELS.get(frame.mode, [f"channel {number}" for number in range(channels)])
    return f"{name}, {names[which]}"


def classic_map() -> NumberMap:
    """Make the map of `CLASSIC`, in floats as networks have them."""
    return NumberMap.of(np.array(CLASSIC, np.float64))


def parse_map(text: str) -> NumberMap:
    """Parse numbers as written in the shell: ``1 3; 2 9``.

    Raises
    ------
    PictureError
        If something is not a number, or the rows differ in length.
    """
    from poolcli.media.number_maps import parse_map

    return NumberMap.of(parse_map(text))
