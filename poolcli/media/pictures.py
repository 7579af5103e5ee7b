"""Pictures from any file and to any file: images, and arrays that have a picture's shape."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from poolcli.core.types import Array
from poolcli.errors import PictureError
from poolcli.media.arrays import created, is_array, opened_array
from poolcli.media.files import readable, replacing
from poolcli.media.options import Reading, Writing
from poolcli.media.picture import Frame, Picture
from poolcli.media.pillow import encoding, images
from poolcli.media.pillow.modes import convert

__all__ = ["check_destination", "opened", "piped_array", "probe", "save"]

_MODES = {
    ("uint8", 1): "L",
    ("uint8", 2): "LA",
    ("uint8", 3): "RGB",
    ("uint8", 4): "RGBA",
    ("uint16", 1): "I;16",
    ("int32", 1): "I",
    ("float32", 1): "F",
}

_NPY = b"\x93NUMPY"

_READING, _WRITING = Reading(), Writing()


@contextmanager
def opened(
    path: Path,
    reading: Reading = _READING,
    *,
    keep_palette: bool = False,
    piped: BinaryIO | None = None,
) -> Iterator[Picture]:
    """Read a picture, or an array (H, W) or (channels, H, W) as one; ``-`` is standard input.

    ``piped`` is what was read from there already.

    Raises
    ------
    PictureError
        If the file is empty, damaged or holds nothing that has a picture's shape.
    OSError
        If the file cannot be opened.
    """
    if is_array(path):
        yield _picture_of(opened_array(path), reading)
        return
    with nullcontext(piped) if piped is not None else readable(path) as file:
        x = piped_array(file) if isinstance(file, BytesIO) else None
        if x is not None:
            yield _picture_of(x, reading)
            return
        if not file.read(1):
            raise PictureError("is empty (0 bytes); give a file that holds a picture")
        file.seek(0)
        with images.read_image(file, reading, keep_palette=keep_palette) as picture:
            yield picture


def piped_array(file: BinaryIO) -> Array | None:
    """The array of a .npy that came through a pipe; None of anything else.

    Raises
    ------
    PictureError
        If the array is cut short or holds Python objects.
    """
    begin = file.read(len(_NPY))
    file.seek(0)
    if begin != _NPY:
        return None
    try:
        array: Array = np.load(file, allow_pickle=False)
    except (ValueError, EOFError) as error:
        text = " ".join(str(error).split())
        raise PictureError(f"is no .npy array that can be read ({text})") from error
    return array


def probe(
    path: Path, reading: Reading = _READING, *, keep_palette: bool = False
) -> tuple[int, int, int]:
    """Height, width and channels of a picture's first frame, from the header alone.

    Raises
    ------
    PictureError
        If the file is no picture.
    OSError
        If it cannot be opened.
    """
    if is_array(path):
        shape = _picture_of(opened_array(path), reading)
        height, width, channels = next(iter(shape.frames)).pixels.shape
        return height, width, channels
    with readable(path) as file:
        return images.probe_image(file, reading, keep_palette=keep_palette)


def _picture_of(source: Any, reading: Reading) -> Picture:
    x = source[(slice(None),) * len(source.shape)]
    pixels = np.moveaxis(x, 0, -1) if x.ndim == 3 else x[..., None]
    mode = _MODES.get((x.dtype.name, pixels.shape[-1]))
    if mode is None or pixels.ndim != 3:
        raise PictureError(
            f"holds {x.dtype} of shape {x.shape}, which is no picture; give a .npy destination, or "
            "an array (H, W) or (channels, H, W) of uint8, or (H, W) of uint16, int32 or float32"
        )
    frame = Frame(pixels, mode)
    if reading.convert is not None:
        image = convert(encoding.image_of(frame), reading.convert)
        frame = Frame(images.Rows(image), image.mode)
    return Picture([frame])


def save(picture: Picture, path: Path, writing: Writing = _WRITING) -> None:
    """Write a picture whole or not at all; to .npy as (channels, H, W); ``-`` is standard output.

    Raises
    ------
    PictureError
        If the format cannot hold the picture.
    OSError
        If the folder cannot be written to or is full.
    """
    suffix = writing.format or path.suffix
    if suffix.lower().lstrip(".") == "npy":
        frame, *others = picture.frames
        if others:
            raise PictureError("a .npy cannot hold several frames; use --frame N to take one")
        height, width, channels = frame.pixels.shape
        with created(path, (channels, height, width), frame.pixels.dtype) as out:
            out[(slice(None),)][...] = np.moveaxis(np.asarray(frame.pixels), -1, 0)
        return
    if str(path) == "-" and writing.format is None:
        name = picture.format or "PNG"
    else:
        name = encoding.format_named(suffix)
    with replacing(path) as file:
        encoding.write_image(picture, file, name, writing)


def check_destination(path: Path, writing: Writing = _WRITING) -> None:
    """Refuse a name that stands for no format that can be written.

    Raises
    ------
    PictureError
        If no format is known by that name, or it can only be read.
    """
    suffix = writing.format or path.suffix
    if suffix.lower().lstrip(".") != "npy" and (str(path) != "-" or writing.format):
        encoding.format_named(suffix)
