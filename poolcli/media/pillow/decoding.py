"""Pillow's images as pictures of plain arrays."""

import struct
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import BinaryIO

from PIL import Image, UnidentifiedImageError
from PIL.ImageFile import ImageFile

from poolcli.errors import PictureError
from poolcli.media.options import Reading
from poolcli.media.picture import Picture
from poolcli.media.pillow.errors import lift_pixel_limit, translate_errors
from poolcli.media.pillow.formats import format_of
from poolcli.media.pillow.frame_reader import FrameReader
from poolcli.media.pillow.modes import layout_of

__all__ = ["decode_picture", "probe_picture"]

_SIGNATURES = {b"\x89PNG\r\n\x1a\n": ".png", b"\xff\xd8\xff": ".jpg"}
"""How files of the commonest formats begin."""


@contextmanager
def decode_picture(
    file: BinaryIO, reading: Reading, *, keep_palette: bool = False
) -> Iterator[Picture]:
    """Read a picture whose frames are decoded as they are asked for, each upright.

    Parameters
    ----------
    file : binary file
        That can be sought in; it must stay open as long as the picture is used.
    keep_palette : bool
        Whether a palette's indices are kept, if there is but one frame.

    Raises
    ------
    PictureError
        If the file is damaged or no picture, has too many pixels, or would lose depth; from the
        frames too.
    """
    with translate_errors():
        image = _open_image(file)
    with image:
        with translate_errors():
            reader = FrameReader(file, image, reading, keep_palette)
        yield Picture(reader.frames(), image.format, reader.notes)


def probe_picture(
    file: BinaryIO, reading: Reading, *, keep_palette: bool = False
) -> tuple[int, int, int]:
    """Height, width and channels of the first frame, upright, without decoding it."""
    with translate_errors(), _open_image(file) as image:
        mode, (height, width) = FrameReader(file, image, reading, keep_palette).probe()
        return height, width, layout_of(mode).channels


def _open_image(file: BinaryIO) -> ImageFile:
    try:
        with lift_pixel_limit():
            return _open_by_signature(file) or Image.open(file)
    except UnidentifiedImageError:
        raise PictureError(_why_unreadable(file)) from None


def _open_by_signature(file: BinaryIO) -> ImageFile | None:
    """A picture of one of the commonest formats, with no other format's module loaded."""
    begin = file.read(8)
    for signature, extension in _SIGNATURES.items():
        if begin.startswith(signature) and (name := format_of(extension)) in Image.OPEN:
            file.seek(0)
            with suppress(SyntaxError, IndexError, TypeError, struct.error):  # as Pillow does
                return Image.OPEN[name][0](file, "")
    file.seek(0)
    return None


def _why_unreadable(file: BinaryIO) -> str:
    """Why no plugin took a file: by its first bytes it may well be a picture."""
    file.seek(0)
    begin = file.read(16)
    for name, (_, accepts) in Image.OPEN.items():
        if accepts is not None and accepts(begin) is True and name in Image.SAVE:
            return f"is a {name} that is damaged, or of a kind that cannot be read; save it anew"
    return "is no picture in a format that can be read"
