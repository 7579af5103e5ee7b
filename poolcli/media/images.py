"""Pillow's images as pictures of plain arrays, and back to files."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from warnings import catch_warnings, simplefilter

import numpy as np
from PIL import ExifTags, Image, UnidentifiedImageError

from poolcli.core.kernels import Array
from poolcli.errors import PictureError
from poolcli.media.files import replacing
from poolcli.media.modes import expanded, holds, layout, refuse_reduced

__all__ = ["Picture", "Rows", "converted", "opened", "save", "writable_format"]

_RESIZING = {"ICNS", "ICO"}
"""Formats of a few fixed sizes, to which Pillow scales the picture."""

_REMEDY = "; use another format, or --convert L or RGB"

_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What undoes each EXIF orientation."""


class Rows:
    """An image as an array (height, width, channels) that is made when it is sliced.

    Only the rows asked for are copied out of Pillow, so the picture is never in memory twice. Rows
    that the last slice held already are taken from there: the bands of overlapping windows overlap.
    """

    def __init__(self, image: Image.Image) -> None:
        self._image = image
        kind = layout(image.mode)
        self.shape = (image.height, image.width, kind.channels)
        self.dtype = kind.dtype
        self._low = 0
        self._last = self._copied(0, 0)

    def __getitem__(self, key: tuple[slice, ...]) -> Array:
        low, high, step = (key[0] if key else slice(None)).indices(self.shape[0])
        high = max(low, high)
        known = self._low + len(self._last)
        if not self._low <= low <= known:
            self._last = self._copied(low, high)
            self._low = low
        elif high > known:
            kept = self._last[low - self._low :]
            self._last = np.concatenate([kept, self._copied(known, high)])
            self._low = low
        rows = slice(low - self._low, high - self._low, step)
        return self._last[(rows, *key[1:])]

    def _copied(self, low: int, high: int) -> Array:
        band = self._image.crop((0, low, self.shape[1], high))
        return np.frombuffer(band.tobytes(), self.dtype).reshape(high - low, *self.shape[1:])


@dataclass(frozen=True, slots=True)
class Picture:
    """Pixels of (height, width, channels), whole or made as they are sliced, and Pillow's mode."""

    pixels: Array | Rows
    mode: str


@contextmanager
def opened(path: Path, convert: str | None = None) -> Iterator[Picture]:
    """Read a picture, upright (EXIF orientation applied), in a mode that can be pooled.

    Parameters
    ----------
    convert : str, optional
        A mode of Pillow's to convert to first.

    Raises
    ------
    PictureError
        If the file is empty, damaged or no picture; has several frames; or would lose depth.
    OSError
        If the file cannot be opened.
    """
    with path.open("rb") as file:
        if file.peek(1) == b"":
            raise PictureError("is empty (0 bytes); give a file that holds a picture")
        with _pillows_errors(), Image.open(file) as image:
            if getattr(image, "is_animated", False):
                raise PictureError(
                    f"has {getattr(image, 'n_frames', 2)} frames; give a picture of one frame"
                )
            refuse_reduced(image, accepted=convert is not None)
            image.load()
            upright = expanded(_upright(image))
            if convert is not None:
                upright = expanded(_converted(upright, convert))
        yield Picture(Rows(upright), upright.mode)


@contextmanager
def _pillows_errors() -> Iterator[None]:
    """Say in a sentence of our own what Pillow found wrong with a file; nothing else is said."""
    try:
        with catch_warnings():
            simplefilter("ignore")
            yield
    except (PictureError, MemoryError):
        raise
    except UnidentifiedImageError:
        raise PictureError("is no picture in a format that can be read") from None
    except Image.DecompressionBombError as error:
        raise PictureError(f"has too many pixels: {error}") from error
    except Exception as error:  # a damaged file leads Pillow's decoders to almost any
        if isinstance(error, OSError) and error.errno is not None:
            raise
        raise PictureError(f"is truncated or damaged ({error})") from error


def _upright(image: Image.Image) -> Image.Image:
    """Undo the EXIF orientation.

    Pillow's own function also rewrites the EXIF block, which it cannot where a tag is of odd type.
    """
    turn = None
    with suppress(Exception):  # EXIF that cannot be read turns nothing
        turn = _UPRIGHT.get(image.getexif().get(ExifTags.Base.Orientation, 1))
    return image if turn is None else image.transpose(turn)


def _converted(image: Image.Image, mode: str) -> Image.Image:
    try:
        return image.convert(mode)
    except ValueError as error:
        raise PictureError(f"cannot be converted from {image.mode} to {mode} ({error})") from error


def converted(picture: Picture, mode: str) -> Picture:
    """A picture of whole pixels in another of Pillow's modes.

    Raises
    ------
    PictureError
        If Pillow knows no such mode, or no way to it.
    """
    image = expanded(_converted(_image(picture), mode))
    return Picture(Rows(image), image.mode)


def writable_format(path: Path) -> str:
    """The format that a destination's name asks for.

    Raises
    ------
    PictureError
        If no format is known by that name, or it can only be read.

    Examples
    --------
    >>> writable_format(Path("a.JPG"))
    'JPEG'
    """
    suffix = path.suffix.lower()
    name = Image.registered_extensions().get(suffix)
    if name is None or name not in Image.SAVE or name in _RESIZING:
        shown = f"extension {suffix!r}" if suffix else "a name without extension"
        raise PictureError(
            f"{shown} stands for no format that can be written; use .png, .jpg, .tif, .webp …"
        )
    return name


def save(picture: Picture, path: Path) -> None:
    """Write a picture of whole pixels to ``path``, in the format of its name, or leave it alone.

    Raises
    ------
    PictureError
        If the format cannot hold the mode.
    OSError
        If the folder cannot be written to or is full.
    """
    name = writable_format(path)
    if not holds(name, picture.mode):
        raise PictureError(f"{name} cannot hold mode {picture.mode}{_REMEDY}")
    image = _image(picture)
    with replacing(path) as file:
        try:
            image.save(file, name)
        except OSError as error:
            if error.errno is not None:
                raise
            raise PictureError(f"{name} cannot hold mode {picture.mode}{_reason(error)}") from error
        except (ValueError, SystemError, KeyError, TypeError) as error:
            raise PictureError(f"{name} cannot hold mode {picture.mode} ({error})") from error


def _reason(error: OSError) -> str:
    return _REMEDY if "cannot write mode" in str(error) else f" ({error})"


def _image(picture: Picture) -> Image.Image:
    pixels: Any = np.ascontiguousarray(picture.pixels)
    height, width = pixels.shape[:2]
    return Image.frombuffer(picture.mode, (width, height), pixels, "raw", picture.mode, 0, 1)
