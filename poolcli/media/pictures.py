"""Pictures of any file, read and written: images, and arrays of a picture's shape.

The decoder, the encoder and NumPy are imported inside the functions that need them: planning only
asks which formats there are, and must not wait for them.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from poolcli.errors import PictureError
from poolcli.media.files import STANDARD_STREAM, is_array_file, is_tiff, open_seekable
from poolcli.media.options import Reading, Writing
from poolcli.media.picture import Frame, Picture
from poolcli.media.pillow import formats
from poolcli.media.replacing import FileUnit, atomic_write

if TYPE_CHECKING:
    from poolcli.core.types import Source
    from poolcli.media.places.remote_path import Place
    from poolcli.media.tiff.stack import Stack

__all__ = [
    "check_destination",
    "is_readable",
    "open_picture",
    "preload",
    "probe_picture",
    "save_picture",
]

_READING, _WRITING = Reading(), Writing()

_TIFF_EXTENSIONS = {".btf", ".lsm", ".ndpi", ".stk", ".svs", ".tf2", ".tf8"}
"""Extensions, beside Pillow's, of TIFFs that tifffile reads."""


def is_readable(extension: str) -> bool:
    """Tell whether a lower-case extension is that of a picture or an array that can be read.

    >>> is_readable(".png"), is_readable(".npy"), is_readable(".txt")
    (True, True, False)
    """
    if extension in _TIFF_EXTENSIONS:
        from poolcli.media.tiff.reader import tiff_extra_is_installed

        return tiff_extra_is_installed()
    return is_array_file(Path(f"a{extension}")) or formats.is_readable(extension)


def preload() -> None:
    """Import the decoder and the encoder, for workers to inherit."""
    from poolcli.media import array_pictures  # noqa: F401
    from poolcli.media.pillow import frame_images, image_rows  # noqa: F401
    from poolcli.media.pillow.reading import decoding  # noqa: F401
    from poolcli.media.pillow.writing import encoding  # noqa: F401


@contextmanager
def open_picture(
    path: "Place",
    reading: Reading = _READING,
    *,
    keep_palette: bool = False,
    piped: BinaryIO | None = None,
    threads: int = 1,
    left_to_pillow: bool = False,
) -> Iterator[Picture]:
    """Read a picture, or an array (H, W) or (channels, H, W) as one; ``-`` is standard input.

    Parameters
    ----------
    keep_palette : bool
        Whether a palette's indices are kept, if only one frame is read.
    piped : binary file, optional
        The file, if it was opened before.
    threads : int
        Number of threads that may decode; the picture is the same.
    left_to_pillow : bool
        Whether `tiff.reader.open_stack` was asked before, and gave None.

    Raises
    ------
    PictureError
        If the file is empty, damaged, or not a picture or an array of a picture's shape; at the
        end, if it was changed or replaced meanwhile.
    OSError
        If the file cannot be opened.
    """
    from poolcli.media.pillow.reading.decoding import decode_picture

    if is_array_file(path):
        from poolcli.media.arrays import open_array

        with open_array(path) as source:
            yield _picture_from_array(source, reading)
        return
    with nullcontext(piped) if piped is not None else open_seekable(path) as file:
        if isinstance(file, BytesIO):
            from poolcli.media.arrays import read_piped_array

            if (x := read_piped_array(file)) is not None:
                yield _picture_from_array(x, reading)
                return
        if not file.read(1):
            raise PictureError("is empty (0 bytes); give a file that holds a picture")
        file.seek(0)
        if is_tiff(file) and not left_to_pillow:
            with _stack_of(file, path, reading, keep_palette) as stack:
                if stack is not None:
                    yield _picture_from_stack(stack, reading)
                    return
        decoded = decode_picture(file, reading, keep_palette=keep_palette, threads=threads)
        with decoded as picture:
            yield picture


def probe_picture(
    path: "Place", reading: Reading = _READING, *, keep_palette: bool = False
) -> tuple[int, int, int]:
    """Read height, width and channels of a picture's first frame from the header alone.

    Raises
    ------
    PictureError
        If the file is not a picture.
    OSError
        If it cannot be opened.
    """
    if is_array_file(path):
        from poolcli.media.arrays import open_array

        with open_array(path) as source:
            (frame,) = _picture_from_array(source, reading).frames
        height, width, channels = frame.pixels.shape
        return height, width, channels
    from poolcli.media.pillow.reading.decoding import read_shape

    with open_seekable(path) as file:
        if is_tiff(file):
            with _stack_of(file, path, reading, keep_palette) as stack:
                if stack is not None:
                    picture = _picture_from_stack(stack, reading)
                    height, width, channels = next(iter(picture.frames)).pixels.shape
                    return height, width, channels
        return read_shape(file, reading, keep_palette=keep_palette)


def _picture_from_array(source: "Source", reading: Reading) -> Picture:
    from poolcli.media.array_pictures import frame_from_array

    frame = frame_from_array(source, reading.layout)
    if reading.convert is not None:
        from poolcli.media.pillow.frame_images import convert_frame

        frame, losses = convert_frame(frame, reading.convert, reading.scale)
        return Picture([frame], notes=losses)
    return Picture([frame])


def _stack_of(
    file: BinaryIO, path: "Place", reading: Reading, keep_palette: bool
) -> "AbstractContextManager[Stack | None]":
    """Open a TIFF as a stack of planes, if it is not left to Pillow."""
    from poolcli.media.tiff.reader import open_stack

    own = str(getattr(file, "name", "")) == str(path)  # not so of a file without a place yet
    again = path if own and isinstance(path, Path) else None
    return open_stack(file, again, reading, keep_palette=keep_palette)


def _picture_from_stack(stack: "Stack", reading: Reading) -> Picture:
    from poolcli.media.tiff.frames import picture_of

    picture = picture_of(stack)
    picture = picture._replace(frames=map(_with_exif, picture.frames))
    wanted = reading.convert is not None or reading.profile is not None
    return _converted(picture, reading) if wanted else picture


def _with_exif(frame: Frame) -> Frame:
    """Make an EXIF of the texts that a frame has in its place."""
    if frame.metadata.exif is None:
        return frame
    from poolcli.media.pillow.metadata.exif import exif_of_texts

    exif = exif_of_texts(frame.metadata.exif)
    return frame._replace(metadata=frame.metadata._replace(exif=exif))


def _converted(picture: Picture, reading: Reading) -> Picture:
    """Convert each frame when it is asked for; what is lost joins the picture's notes."""
    notes = list(picture.notes)

    def frames() -> Iterator[Frame]:
        for frame in picture.frames:
            whole = frame._replace(pixels=frame.pixels[(slice(None),)])
            made, losses = _as_read(whole, reading)
            notes.extend(loss for loss in losses if loss and loss not in notes)
            yield made

    return picture._replace(frames=frames(), notes=notes)


def _as_read(frame: Frame, reading: Reading) -> tuple[Frame, list[str]]:
    """Convert a frame to sRGB and to another mode, as Pillow's own are; list what was lost."""
    from poolcli.media.pillow.frame_images import convert_frame
    from poolcli.media.pillow.reading.profiles import frame_in_srgb, is_profile_of

    losses, nodata = list[str](), frame.nodata
    profile, deep = reading.profile is not None, frame.pixels.dtype.itemsize > 1
    if profile and not (deep and reading.convert is not None):
        frame, losses = frame_in_srgb(frame)
    if reading.convert is not None:
        made, lost = convert_frame(frame, reading.convert, reading.scale)
        kept = frame.sample_type if made.mode == frame.mode else None
        nodata = nodata if made.mode == frame.mode else None
        pixels = made.pixels[(slice(None),)]
        frame = frame._replace(pixels=pixels, mode=made.mode, palette=None, sample_type=kept)
        losses += lost
        if profile and deep:
            frame, lost = frame_in_srgb(frame)
            losses += lost
        if not is_profile_of(frame.metadata.icc, frame.mode):
            frame = frame._replace(metadata=frame.metadata._replace(icc=None))
            losses.append(f"its colour profile is not for {frame.mode} and was dropped")
    if frame.nodata is not None and nodata is None:
        losses.append("no-data value (GDAL_NODATA) dropped")
    return frame._replace(nodata=nodata), losses


def save_picture(
    picture: Picture,
    path: "Place",
    writing: Writing = _WRITING,
    *,
    sync: bool = True,
    unit: FileUnit | None = None,
    threads: int = 1,
) -> list[str]:
    """Write a picture atomically; return notes on what the file does not hold of it.

    A .npy holds it as (channels, H, W); the path ``-`` is standard output.

    Parameters
    ----------
    sync, unit
        As in `replacing.atomic_write`.
    threads : int
        Number of threads that may encode; the file is the same.

    Raises
    ------
    PictureError
        If the format cannot hold the picture.
    OSError
        If the folder cannot be written to or is full.
    """
    if _is_array_destination(path, writing):
        from poolcli.media.array_pictures import save_as_array

        return save_as_array(picture, path, sync=sync, unit=unit)
    from poolcli.media.pillow.writing.encoding import encode_picture

    if path == STANDARD_STREAM and writing.format is None:
        name = picture.format or "PNG"
        formats.check_options(name, writing)
    else:
        name = formats.writable_format(writing.format or path.suffix)
    with atomic_write(path, sync=sync, unit=unit) as file:
        return encode_picture(picture, file, name, writing, threads)


def check_destination(path: "Place", writing: Writing = _WRITING) -> None:
    """Refuse a destination whose extension does not name a format that can be written as asked.

    Raises
    ------
    PictureError
        If the extension is unknown, or its format can only be read, or does not have an option.
    """
    name = "NPY"
    if not _is_array_destination(path, writing) and not _is_zarr_destination(path, writing):
        if path == STANDARD_STREAM and writing.format is None:
            return
        name = formats.writable_format(writing.format or path.suffix)
    formats.check_options(name, writing)


def _is_array_destination(path: "Place", writing: Writing) -> bool:
    return (writing.format or path.suffix).lower().lstrip(".") == "npy"


def _is_zarr_destination(path: "Place", writing: Writing) -> bool:
    return (writing.format or path.suffix).lower().lstrip(".") == "zarr"
