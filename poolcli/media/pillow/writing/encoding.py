"""Encoding pictures of plain arrays into files of Pillow's formats."""

import re
import struct
from collections.abc import Callable
from io import BytesIO
from itertools import chain
from typing import Any, BinaryIO

from PIL import Image, ImageFile

from poolcli.errors import PictureError
from poolcli.media.options import Writing
from poolcli.media.picture import Frame, Palette, Picture
from poolcli.media.pillow.metadata.writing import FittedMetadata, fit_metadata
from poolcli.media.pillow.modes import holds_mode, sample_bytes, to_poolable_mode
from poolcli.media.pillow.writing.deep_modes import deep_suffixes, holds_alpha, is_deep
from poolcli.media.pillow.writing.limits import check_sides
from poolcli.media.pillow.writing.png.choice import own_setting, pillow_options

__all__ = ["encode_picture"]

# Before Pillow 12, a JPEG's comment must fit into this buffer, and a whole segment just does not.
ImageFile.MAXBLOCK = max(ImageFile.MAXBLOCK, 1 << 17)

_PALETTED = {"BMP", "GIF", "PNG", "TIFF"}
_LOSSY = {"AVIF", "JPEG", "MPO", "WEBP"}

_FILE_NAMES = {
    "PNG": "picture.png",
    "JPEG": "picture.jpg",
    "IM": "picture.im",
    "PDF": "picture.pdf",
    "SGI": "picture.sgi",
}
"""Names from which Pillow finds the commonest formats without importing others; and neutral names
for the formats that store the file's name, where that of a temporary file has no place."""

_ENCODED_IN_MEMORY = {"JPEG2000"}
"""Formats whose encoder writes to the file itself; OpenJPEG's never ends if the disk is full."""

_DEFAULT_QUALITY = 90
"""Default quality: Pillow's own 75 leaves visible artefacts at edges."""

_PCX_RESOLUTION = 12
"""Offset in a PCX of its dots per inch, for which Pillow always writes 100."""

_REMEDY = "; use another format, or --convert L or RGB"
_SCALE_REMEDY = "; use another format, or --convert L --scale"

_ENCODER_ERRORS = (
    AttributeError,
    KeyError,
    OverflowError,
    RuntimeError,
    SystemError,
    TypeError,
    ValueError,
    struct.error,
)
"""Errors of Pillow's encoders on what they cannot write."""


def encode_picture(
    picture: Picture, file: BinaryIO, name: str, writing: Writing, threads: int = 1
) -> list[str]:
    """Encode a picture, whose frames are iterated once; return notes on what was not carried over.

    Parameters
    ----------
    name : str
        Pillow's name of the format.
    threads : int
        Number of threads that may encode beside this one; the file is the same.

    Raises
    ------
    PictureError
        If the format cannot hold the picture's mode, its size or its frames.
    OSError
        If the file cannot be written to.
    """
    frames = iter(picture.frames)
    first = next(frames)
    second = next(frames, None)
    options: dict[str, Any] = {}
    notes: list[str] = []
    every = [first] if second is None else list(chain([first, second], frames))
    if second is not None:
        from poolcli.media.pillow.writing.animation import plan_frames

        every, options, notes = plan_frames(name, every)
    described = every if name == "TIFF" else every[:1]
    fitted = [fit_metadata(name, _stripped(one) if writing.strip else one) for one in described]
    notes += [note for one in fitted for note in one.notes]
    options |= fitted[0].options | _encoder_options(name, every[0], writing, fitted[0].options)
    save = _way_to_save(name, every, writing, options, notes, threads)
    try:
        save(file)
        pages = zip(fitted, described, strict=True)
        _correct_headers(name, file, options, list(pages))
    except OSError as error:
        if error.errno is not None:
            raise
        raise PictureError(_why_unwritable(name, every[0].mode, error)) from error
    except _ENCODER_ERRORS as error:
        raise PictureError(_why_unwritable(name, every[0].mode, error)) from error
    return list(dict.fromkeys(notes))


def _way_to_save(
    name: str,
    frames: list[Frame],
    writing: Writing,
    options: dict[str, Any],
    notes: list[str],
    threads: int,
) -> Callable[[BinaryIO], None]:
    """Prepare frames for the encoder that suits them; options and notes are added to."""
    first, alone = frames[0], len(frames) == 1
    if name == "PNG" and alone and (setting := own_setting(first, writing)) is not None:
        from poolcli.media.pillow.writing.png.writer import write_png

        check_sides(name, *first.pixels.shape[:2])
        return lambda file: write_png(file, first.pixels, first.mode, options, setting, threads)
    if name == "PNG" and first.pixels.dtype.name == "uint16" and not alone:
        from poolcli.media.pillow.writing.png.animated import write_animated_png

        check_sides(name, *first.pixels.shape[:2])
        return lambda file: write_animated_png(file, frames, options, own_setting(first, writing))
    if name == "PPM" and is_deep(first) and first.mode == "RGB":
        from poolcli.media.pillow.writing.deep_colours import write_ppm

        return lambda file: write_ppm(file, first.pixels)
    image, *others = _images(name, frames, writing, options, notes)
    if others:
        options["append_images"] = others
    elif name == "PNG" and writing.compress_level is None:
        options |= pillow_options(image)
    return lambda file: _save_image(image, file, name, options)


def _correct_headers(
    name: str, file: BinaryIO, options: dict[str, Any], pages: list[tuple[FittedMetadata, Frame]]
) -> None:
    """Write what Pillow's encoders leave out of the headers, or make up."""
    if name == "TIFF":
        from poolcli.media.pillow.metadata.tiff_writing import add_tags
        from poolcli.media.pillow.writing.tiff_samples import sample_tags

        add_tags(file, [fitted.tags | sample_tags(frame) for fitted, frame in pages])
    if name == "PCX":
        across, down = options.get("dpi", (0, 0))
        file.seek(_PCX_RESOLUTION)
        file.write(struct.pack("<2H", round(across), round(down)))


def _stripped(frame: Frame) -> Frame:
    return frame._replace(metadata=frame.metadata.stripped(), dpi=None, density=None)


def _images(
    name: str, frames: list[Frame], writing: Writing, options: dict[str, Any], notes: list[str]
) -> list[Image.Image]:
    """Convert frames to images that the format holds; options and notes are added to."""
    for frame in frames:
        check_sides(name, *frame.pixels.shape[:2])
    if name == "TIFF":
        from poolcli.media.pillow.writing.tiff_samples import as_stored, sample_tags

        notes += [
            f"{frame.sample_type} samples became {frame.pixels.dtype}"
            for frame in frames
            if frame.sample_type is not None and not sample_tags(frame)
        ]
        return [_encodable_image(name, as_stored(frame)) for frame in frames]
    if name != "GIF":
        return [_encodable_image(name, frame) for frame in frames]
    from poolcli.media.pillow.writing.gif import (
        COLOURS_REPLACED,
        has_transparent_pixels,
        to_gif_image,
    )

    several = len(frames) > 1
    transparent_index = several and any(map(has_transparent_pixels, frames))
    if several:
        # Frames are whole, and Pillow stores only what differs from the last one: clearing (2) or
        # restoring (3) would lose the rest. Only frames with transparent pixels must be cleared.
        kept = [min(frame.disposal or 0, 1) for frame in frames]
        options["disposal"] = [2] * len(frames) if transparent_index else kept
    found = [to_gif_image(_encodable_image(name, frame), transparent_index) for frame in frames]
    losses = list(dict.fromkeys(loss for one in found for loss in one.losses))
    if writing.exact and COLOURS_REPLACED in losses:
        raise PictureError("GIF holds 256 colours a frame, and there are more; use .png")
    notes += losses
    return [one.image for one in found]


def _save_image(image: Image.Image, file: BinaryIO, name: str, options: dict[str, Any]) -> None:
    """Save an image by a file name; by a format's name, Pillow would import four other plugins."""
    if name == "TIFF" and "append_images" in options:
        from poolcli.media.pillow.writing.tiff import save_pages

        others = options.pop("append_images")
        del options["save_all"]
        save_pages([image, *others], file, options)
        return
    if name in _ENCODED_IN_MEMORY:
        memory = BytesIO()
        image.save(memory, name, **options)
        file.write(memory.getbuffer())
        return
    if name not in _FILE_NAMES:
        image.save(file, name, **options)
        return
    named: Any = getattr(file, "raw", file)
    named.name = _FILE_NAMES[name]
    image.save(file, **options)


def _why_unwritable(name: str, mode: str, error: Exception) -> str:
    if re.search("cannot write mode|Unsupported .* mode|Cannot save .* images", str(error)):
        return _unheld_mode(name, mode)
    return f"cannot be written as {name} ({error})"


def _unheld_mode(name: str, mode: str) -> str:
    deep = sample_bytes(mode) > 1
    return f"{name} cannot hold mode {mode}{_SCALE_REMEDY if deep else _REMEDY}"


def _encoder_options(
    name: str, frame: Frame, writing: Writing, fitted: dict[str, Any]
) -> dict[str, Any]:
    """Choose Pillow's options besides those for the metadata, which are given."""
    options: dict[str, Any] = {}
    if name in _LOSSY:
        options["quality"] = _DEFAULT_QUALITY if writing.quality is None else writing.quality
    kept = name == "WEBP" and frame.metadata.lossless and writing.quality is None
    if name in ("WEBP", "AVIF") and (writing.lossless or kept):
        options |= {"lossless": True, "quality": 100}
        # Keep colours where alpha is 0, or those of every pixel.
        options |= {"exact": True} if name == "WEBP" else {"subsampling": "4:4:4"}
    if name in ("BMP", "DIB") and fitted.get("dpi") is None:
        options["dpi"] = 0, 0  # Pillow would make up 96
    if name == "PDF":
        options["title"] = None
    if name == "GIF":
        options["optimize"] = False  # optimizing would renumber the palette
    if name == "PNG" and writing.compress_level is not None:
        options["compress_level"] = writing.compress_level
    if name == "TIFF":
        compression = frame.metadata.compression or "tiff_adobe_deflate"
        wide = frame.mode in ("I;16", "I", "F")
        options["compression"] = (
            "tiff_adobe_deflate" if wide and compression == "packbits" else compression
        )
    return options


def _encodable_image(name: str, frame: Frame) -> Image.Image:
    """Convert a frame to an image of a mode that the format holds."""
    from poolcli.media.pillow.frame_images import frame_to_image

    if is_deep(frame) and name == "TIFF":
        from poolcli.media.pillow.writing.deep_colours import as_bytes

        return as_bytes(frame)
    if is_deep(frame):
        mode = frame.mode if holds_alpha(name) else frame.mode.removesuffix("A")
        raise PictureError(
            f"{name} cannot hold 16-bit {frame.mode}; use {deep_suffixes(frame.mode)}, or "
            f"--convert {mode} --scale for 8 bits"
        )
    image = frame_to_image(frame, spare=name == "JPEG")
    if frame.palette is not None and not _holds_palette(name, frame.palette):
        image = to_poolable_mode(image)
    if image.mode != "P" and not holds_mode(name, image.mode):
        raise PictureError(_unheld_mode(name, image.mode))
    return image


def _holds_palette(name: str, palette: Palette) -> bool:
    """Tell whether a format holds a palette and its transparency."""
    if palette.transparency is None:
        return name in _PALETTED
    return name == "PNG" or (name == "GIF" and isinstance(palette.transparency, int))
