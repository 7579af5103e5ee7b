"""Corrections of decoded frames, as the modules of the formats plan them before decoding."""

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from PIL import Image

from poolcli.errors import PictureError

if TYPE_CHECKING:
    from poolcli.core.types import Source

__all__ = ["Correction", "check_white", "white_note"]

_OWN_WHITE = "its white is "


class Correction(NamedTuple):
    """Correction of one frame.

    Attributes
    ----------
    notes : tuple of str
        Facts that the user should know about how the frame is read.
    mode : str, optional
        Mode of the corrected frame, if `finish` changes it; that of the samples.
    finish : callable, optional
        Takes the decoded image and returns the corrected one.
    samples : callable, optional
        Takes the decoded image and returns the frame's samples, (H, W, channels) of uint16, for
        which Pillow has no mode. The image itself then has other pixels, perhaps of another size.
    nodata : str, optional
        The value that stands for missing data in the corrected frame, where the file states one.
    """

    notes: tuple[str, ...] = ()
    mode: str | None = None
    finish: Callable[[Image.Image], Image.Image] | None = None
    samples: "Callable[[Image.Image], Source] | None" = None
    nodata: str | None = None


def white_note(largest: int) -> str:
    """Tell that white is not the largest number that the samples' dtype holds."""
    return f"{_OWN_WHITE}{largest}, not {255 if largest < 256 else 65535}: values stay as stored"


def check_white(correction: Correction) -> None:
    """Refuse samples whose white is not the largest number of their dtype, as sRGB has it.

    Raises
    ------
    PictureError
        If a note says so.
    """
    for note in correction.notes:
        if note.startswith(_OWN_WHITE):
            raise PictureError(
                f"cannot be pooled as light: {note.partition(':')[0]}; add --convert and "
                "--scale 0,WHITE, or leave --linear out"
            )
