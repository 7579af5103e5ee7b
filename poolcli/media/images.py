"""Pillow's images as pictures of plain arrays."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from PIL import Image, UnidentifiedImageError
from PIL.ImageFile import ImageFile

from poolcli.errors import PictureError
from poolcli.media.damage import pillows_errors, unlimited
from poolcli.media.modes import layout
from poolcli.media.picture import Picture
from poolcli.media.reader import FrameReader
from poolcli.media.rows import Rows
from poolcli.media.settings import Reading

__all__ = ["Rows", "probe_image", "read_image"]


@contextmanager
def read_image(
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
    with pillows_errors():
        image = _opened(file)
    with image:
        with pillows_errors():
            reader = FrameReader(file, image, reading, keep_palette)
        yield Picture(reader.frames(), reader.metadata, image.format, reader.notes)


def probe_image(
    file: BinaryIO, reading: Reading, *, keep_palette: bool = False
) -> tuple[int, int, int]:
    """Height, width and channels of the first frame, upright, without decoding it."""
    with pillows_errors(), _opened(file) as image:
        mode, (height, width) = FrameReader(file, image, reading, keep_palette).outlook()
        return height, width, layout(mode).channels


def _opened(file: BinaryIO) -> ImageFile:
    try:
        with unlimited():
            return Image.open(file)
    except UnidentifiedImageError:
        raise PictureError(_unreadable(file)) from None


def _unreadable(file: BinaryIO) -> str:
    """Why no plugin took a file: by its first bytes it may well be a picture."""
    file.seek(0)
    begin = file.read(16)
    for name, (_, accepts) in Image.OPEN.items():
        if accepts is not None and accepts(begin) is True and name in Image.SAVE:
            return f"is a {name} that is damaged, or of a kind that cannot be read; save it anew"
    return "is no picture in a format that can be read"
