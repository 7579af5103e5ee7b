"""TIFFs of 16-bit grey and alpha, which Pillow does not open, as TIFFs that it does."""

import struct
from io import BytesIO
from typing import BinaryIO

from poolcli.media.pillow.reading.formats.tiff_directories import layout_of_tiff
from poolcli.media.pillow.reading.formats.tiff_rewriting import Entries, Entry, rewritten

__all__ = ["RetaggedTiff", "as_bytes_of_rgba"]

_WIDTH, _TILE_WIDTH, _PREDICTOR = 256, 322, 317
_BITS, _PHOTOMETRIC, _SAMPLES, _PLANAR, _EXTRA_SAMPLES, _SAMPLE_FORMAT = (
    258,
    262,
    277,
    284,
    338,
    339,
)
_SHORT = 3
_NUMBERS = {_SHORT: "H", 4: "I"}
"""Types of the tags that are asked for here."""

_GREY_AND_ALPHA = {_PHOTOMETRIC: 1, _SAMPLES: 2, _PLANAR: 1, _SAMPLE_FORMAT: 1, _EXTRA_SAMPLES: 2}
_DEFAULTS = {_PLANAR: 1, _SAMPLE_FORMAT: 1}
_RGBA = {_BITS: (8,) * 4, _PHOTOMETRIC: (2,), _SAMPLES: (4,), _SAMPLE_FORMAT: (1,) * 4}
_HORIZONTAL = 2


class RetaggedTiff(BytesIO):
    """A copy of a TIFF, some pages of which are described as RGBA of 8 bits.

    Attributes
    ----------
    order : str
        Byte order of the samples, ``<`` or ``>``.
    predicted_widths : dict
        By the numbers of these pages, the columns after which the sums of a predictor begin anew;
        0 where there is none.
    """

    def __init__(self, data: bytes, order: str, predicted_widths: dict[int, int]) -> None:
        super().__init__(data)
        self.order, self.predicted_widths = order, predicted_widths


def as_bytes_of_rgba(file: BinaryIO) -> RetaggedTiff | None:
    """Describe pages of 16-bit grey and alpha as RGBA of 8 bits, whose pixels are as long.

    What Pillow decodes of them then is every byte, in its place.

    Returns
    -------
    RetaggedTiff or None
        None if it is not a TIFF, or has no such page.

    Raises
    ------
    struct.error
        If it is damaged.
    """
    layout = layout_of_tiff(file)
    if layout is None:
        return None
    order, widths, pages = layout.order, dict[int, int](), list[int]()

    def edited(entries: Entries) -> Entries:
        page = len(pages)
        pages.append(page)
        numbers = _DEFAULTS | _first_numbers(entries, order)
        deep = _BITS in entries and entries[_BITS].values == struct.pack(f"{order}2H", 16, 16)
        if not deep or any(numbers.get(tag) != value for tag, value in _GREY_AND_ALPHA.items()):
            return entries
        predicted = numbers.get(_PREDICTOR) == _HORIZONTAL
        widths[page] = numbers.get(_TILE_WIDTH, numbers.get(_WIDTH, 1)) if predicted else 0
        tags = _RGBA | {_PREDICTOR: (1,)}
        return entries | {
            tag: Entry(_SHORT, struct.pack(f"{order}{len(values)}H", *values))
            for tag, values in tags.items()
        }

    data = rewritten(file, None, edited).getvalue()
    return RetaggedTiff(data, order, widths) if widths else None


def _first_numbers(entries: Entries, order: str) -> dict[int, int]:
    return {
        tag: struct.unpack_from(f"{order}{_NUMBERS[entry.kind]}", entry.values)[0]
        for tag, entry in entries.items()
        if entry.kind in _NUMBERS
    }
