"""The modules of the formats, by Pillow's names and by signatures."""

from collections.abc import Callable
from typing import BinaryIO, TypeAlias

from PIL.ImageFile import ImageFile

from poolcli.media.pillow.reading.formats.bmp import mend_bmp
from poolcli.media.pillow.reading.formats.correction import Correction
from poolcli.media.pillow.reading.formats.fits import correct_fits
from poolcli.media.pillow.reading.formats.ico import correct_ico
from poolcli.media.pillow.reading.formats.jpeg2000 import correct_jpeg2000
from poolcli.media.pillow.reading.formats.netpbm import correct_netpbm
from poolcli.media.pillow.reading.formats.png import correct_png, mend_png
from poolcli.media.pillow.reading.formats.tiff import correct_tiff
from poolcli.media.pillow.reading.formats.tiff_rewriting import rewrite_as_classic

__all__ = ["mend_file", "plan_correction"]

_Mend: TypeAlias = Callable[[BinaryIO], tuple[BinaryIO, list[str]]]
_Plan: TypeAlias = Callable[[ImageFile, BinaryIO], Correction]

_PLANS: dict[str | None, _Plan] = {
    "FITS": correct_fits,
    "ICO": correct_ico,
    "JPEG2000": correct_jpeg2000,
    "PNG": lambda image, _: correct_png(image),
    "PPM": lambda image, _: correct_netpbm(image),
    "TIFF": correct_tiff,
}

_MENDS: dict[bytes, _Mend] = {
    b"\x89PNG\r\n\x1a\n": mend_png,
    b"BM": mend_bmp,
    b"MM\0\x2b": lambda file: (rewrite_as_classic(file), []),
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
            return mend(file)
    return file, []


def plan_correction(image: ImageFile, file: BinaryIO) -> Correction:
    """Set right what Pillow would misread of the frame that an image is at, before it is decoded.

    Raises
    ------
    PictureError
        If it cannot be read right.
    """
    plan = _PLANS.get(image.format)
    return Correction() if plan is None else plan(image, file)
