"""The modules of the formats, by Pillow's names and by signatures."""

from importlib import import_module
from typing import Any, BinaryIO

from PIL.ImageFile import ImageFile

from poolcli.media.pillow.reading.formats.correction import Correction

__all__ = ["mend_file", "plan_correction"]

_PLANS = {
    "FITS": ("fits", "correct_fits"),
    "ICO": ("ico", "correct_ico"),
    "JPEG2000": ("jpeg2000", "correct_jpeg2000"),
    "PNG": ("png", "correct_png"),
    "PPM": ("netpbm", "correct_netpbm"),
    "TIFF": ("tiff", "correct_tiff"),
}
"""Module and function by format; each is imported for a file of its format alone."""

_DEEP_FORMATS = {"AVIF", "HEIF", "JPEG2000", "PPM", "SGI", "TIFF"}
"""Formats, beside PNG, of which more than 8 bits of a sample can be read, some by other codecs."""

_MENDS = {
    b"\x89PNG\r\n\x1a\n": ("png", "mend_png"),
    b"BM": ("bmp", "mend_bmp"),
    b"MM\0\x2b": ("tiff_rewriting", "mend_big_tiff"),
}
"""Menders by signature, of files that Pillow refuses for a part that it need not read."""


def mend_file(file: BinaryIO) -> tuple[BinaryIO, list[str]]:
    """Rewrite a file in memory if Pillow could not open it as it is; most files are not touched.

    Returns
    -------
    (binary file, list of str)
        The file to open, at its start, and notes to the user.
    """
    begin = file.read(8)
    file.seek(0)
    for signature, mend in _MENDS.items():
        if begin.startswith(signature):
            mended: tuple[BinaryIO, list[str]] = _function(*mend)(file)
            return mended
    return file, []


def plan_correction(image: ImageFile, file: BinaryIO, *, reduced: bool = False) -> Correction:
    """Set right what Pillow would misread of the frame that an image is at, before it is decoded.

    Parameters
    ----------
    reduced : bool
        Whether 8 bits of each sample of a colour are enough.

    Raises
    ------
    PictureError
        If it cannot be read right.
    """
    plan = _PLANS.get(image.format or "")
    correction: Correction = Correction() if plan is None else _function(*plan)(image, file)
    if _may_be_deep(image) and correction.finish is None:
        from poolcli.media.pillow.reading.deep_colours import plan_deep_colours

        return plan_deep_colours(image, file, reduced=reduced) or correction
    return correction


def _may_be_deep(image: ImageFile) -> bool:
    """Tell whether samples of 16 bits may be in an image; a PNG's raw mode says it."""
    if image.format == "PNG":
        return bool(image.tile) and "16" in str(image.tile[0].args)
    return image.format in _DEEP_FORMATS


def _function(module: str, name: str) -> Any:
    return getattr(import_module(f"poolcli.media.pillow.reading.formats.{module}"), name)
