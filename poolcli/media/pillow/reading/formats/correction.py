"""Corrections of decoded frames, as the modules of the formats plan them before decoding."""

from collections.abc import Callable
from typing import NamedTuple

from PIL import Image

__all__ = ["Correction", "white_note"]


class Correction(NamedTuple):
    """Correction of one frame.

    Attributes
    ----------
    notes : tuple of str
        Facts that the user should know about how the frame is read.
    mode : str, optional
        Mode of the corrected frame, if `finish` changes it.
    finish : callable, optional
        Takes the decoded image and returns the corrected one.
    """

    notes: tuple[str, ...] = ()
    mode: str | None = None
    finish: Callable[[Image.Image], Image.Image] | None = None


def white_note(largest: int) -> str:
    """Tell that white is not the largest number that the samples' dtype holds."""
    return f"its white is {largest}, not {255 if largest < 256 else 65535}: values stay as stored"
