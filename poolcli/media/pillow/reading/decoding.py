"""Decoding files of Pillow's formats into pictures of plain arrays."""

import struct
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import BinaryIO

from PIL import Image, UnidentifiedImageError
from PIL.ImageFile import ImageFile

from poolcli.errors import PictureError
from poolcli.media.options import Reading
from poolcli.media.picture import Picture
from poolcli.media.pillow.errors import pixel_limit, translate_errors
from poolcli.media.pillow.formats import READABLE, format_of, open_readable
from poolcli.media.pillow.modes import channels_of
from poolcli.media.pillow.reading.corrections import mend_file
from poolcli.media.pillow.reading.frame_reader import FrameReader

__all__ = ["decode_picture", "losses_of_tiff", "read_shape"]

_SIGNATURES = {b"\x89PNG\r\n\x1a\n": ".png", b"\xff\xd8\xff": ".jpg"}
"""Signatures of the commonest formats."""


@contextmanager
def decode_picture(
    file: BinaryIO, reading: Reading, *, keep_palette: bool = False, threads: int = 1
) -> Iterator[Picture]:
    """Open a picture whose frames are decoded as they are iterated, each upright.

    Parameters
    ----------
    file : binary file
        Seekable; it must stay open as long as the picture is used.
    keep_palette : bool
        Whether a palette's indices are kept, if only one frame is read.
    threads : int
        Number of threads that may decode; the picture is the same.

    Raises
    ------
    PictureError
        If the file is damaged or not a picture, has too many pixels, or would lose depth; also
        while frames are iterated.
    """
    with translate_errors(), pixel_limit(reading.max_pixels):
        file, notes = mend_file(file)
        file, image = _open_image(file)
    with image:
        with translate_errors(), pixel_limit(reading.max_pixels):
            reader = FrameReader(file, image, reading, keep_palette, threads)
        reader.notes += notes
        yield Picture(reader.frames(), image.format, reader.notes)


def read_shape(
    file: BinaryIO, reading: Reading, *, keep_palette: bool = False
) -> tuple[int, int, int]:
    """Read height, width and channels of the first frame, upright, without decoding it."""
    with translate_errors(), pixel_limit(reading.max_pixels):
        file, _ = mend_file(file)
        file, image = _open_image(file)
        with image:
            mode, (height, width) = FrameReader(file, image, reading, keep_palette).probe()
            return height, width, channels_of(mode)


def losses_of_tiff(file: BinaryIO, reading: Reading, frames: Sequence[int]) -> list[str]:
    """List what Pillow would not read of frames of a TIFF, by their headers alone.

    Raises
    ------
    PictureError
        If it would not read them at all.
    """
    losses: list[str] = []
    for frame in frames:
        one = reading._replace(frame=frame, max_pixels=None)
        with translate_errors():
            mended, notes = mend_file(file)
            mended, image = _open_image(mended)
            with image:
                reader = FrameReader(mended, image, one, keep_palette=False)
                told = len(reader.notes)
                reader.probe()
                losses += notes + reader.notes[told:]
        file.seek(0)
    return losses


def _open_image(file: BinaryIO) -> tuple[BinaryIO, ImageFile]:
    """Open a picture; return with it the file that it was opened from, if need be a copy."""
    try:
        return file, _open_by_signature(file) or open_readable(file)
    except UnidentifiedImageError:
        if _is_registered_heif(file):
            return file, _open_heif(file)
        retagged = _grey_and_alpha(file)
        if retagged is None:
            raise PictureError(_why_unreadable(file)) from None
        return retagged, open_readable(retagged)


def _open_heif(file: BinaryIO) -> ImageFile:
    try:
        return open_readable(file)
    except UnidentifiedImageError:
        from poolcli.media.pillow.reading.heif import HEIF_ADVICE

        raise PictureError(HEIF_ADVICE) from None


def _is_registered_heif(file: BinaryIO) -> bool:
    from poolcli.media.pillow.reading.heif import register_if_heif

    return register_if_heif(file)


def _open_by_signature(file: BinaryIO) -> ImageFile | None:
    """Open a file of one of the commonest formats without importing the other plugins."""
    begin = file.read(8)
    for signature, extension in _SIGNATURES.items():
        if begin.startswith(signature) and (name := format_of(extension)) in Image.OPEN:
            file.seek(0)
            with suppress(SyntaxError, IndexError, TypeError, struct.error):  # as Pillow suppresses
                return Image.OPEN[name][0](file, "")
    file.seek(0)
    return None


def _why_unreadable(file: BinaryIO) -> str:
    """Tell why no plugin could open a file, whose signature may still be that of a picture."""
    kind = _kind_of(file) or _tiff_kind_of(file)
    if kind is not None:
        return kind
    file.seek(0)
    begin = file.read(16)
    for name, (_, accepts) in Image.OPEN.items():
        if name in READABLE & Image.SAVE.keys() and accepts is not None and accepts(begin) is True:
            return f"is a {name} that is damaged, or of a kind that cannot be read; save it again"
    return "is not a picture in a format that can be read"


def _grey_and_alpha(file: BinaryIO) -> BinaryIO | None:
    from poolcli.media.pillow.reading.formats.tiff_grey_alpha import as_bytes_of_rgba

    with suppress(PictureError, struct.error):  # damaged, as is said later
        return as_bytes_of_rgba(file)
    return None


# Kinds are described for files that cannot be read alone.
def _kind_of(file: BinaryIO) -> str | None:
    from poolcli.media.pillow.reading.kinds import describe_kind

    return describe_kind(file)


def _tiff_kind_of(file: BinaryIO) -> str | None:
    from poolcli.media.pillow.reading.formats.tiff_pages import describe_tiff

    return describe_tiff(file)
