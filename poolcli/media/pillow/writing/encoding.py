"""Encoding pictures of plain arrays into files of Pillow's formats."""

from itertools import chain
from typing import Any, BinaryIO

from PIL import Image

from poolcli.errors import PictureError
from poolcli.media.options import Writing
from poolcli.media.picture import Frame, Metadata, Palette, Picture
from poolcli.media.pillow.frame_images import frame_to_image
from poolcli.media.pillow.metadata.reading import metadata_options
from poolcli.media.pillow.modes import holds_mode, to_poolable_mode
from poolcli.media.pillow.writing.png import compression_options

__all__ = ["encode_picture"]

_ANIMATED = {"AVIF", "GIF", "PNG", "WEBP"}
_PALETTED = {"BMP", "GIF", "PNG", "TIFF"}
_LOSSY = {"AVIF", "JPEG", "WEBP"}

_FILE_NAMES = {
    "PNG": "picture.png",
    "JPEG": "picture.jpg",
    "IM": "picture.im",
    "PDF": "picture.pdf",
    "SGI": "picture.sgi",
}
"""Names from which Pillow finds the commonest formats without importing others; and neutral names
for the formats that store the file's name, where that of a temporary file has no place."""

_DEFAULT_QUALITY = 90
"""Default quality: Pillow's own 75 leaves visible artefacts at edges."""

_REMEDY = "; use another format, or --convert L or RGB"


def encode_picture(picture: Picture, file: BinaryIO, name: str, writing: Writing) -> None:
    """Encode a picture, whose frames are iterated once.

    Parameters
    ----------
    name : str
        Pillow's name of the format.

    Raises
    ------
    PictureError
        If the format cannot hold the picture's mode or its frames.
    OSError
        If the file cannot be written to.
    """
    frames = iter(picture.frames)
    first = next(frames)
    second = next(frames, None)
    options = _save_options(name, first, Metadata() if writing.strip else first.metadata, writing)
    if second is None:
        image = _encodable_image(name, first)
        if name == "PNG" and writing.compress_level is None:
            options |= compression_options(image)
    else:
        every = list(chain([first, second], frames))
        _check_frames(name, every)
        from poolcli.media.pillow.writing.gif import has_transparent_pixels

        transparent_index = name == "GIF" and any(map(has_transparent_pixels, every))
        image, *others = (_encodable_image(name, frame, transparent_index) for frame in every)
        options |= _frame_options(name, every, transparent_index)
        options["append_images"] = others
    try:
        _save_image(image, file, name, options)
    except OSError as error:
        if error.errno is not None:
            raise
        raise PictureError(f"{name} cannot hold mode {first.mode}{_remedy(error)}") from error
    except (ValueError, SystemError, KeyError, TypeError, AttributeError) as error:
        raise PictureError(f"{name} cannot hold mode {first.mode} ({error})") from error


def _save_image(image: Image.Image, file: BinaryIO, name: str, options: dict[str, Any]) -> None:
    """Save an image by a file name; by a format's name, Pillow would import four other plugins."""
    if name not in _FILE_NAMES:
        image.save(file, name, **options)
        return
    named: Any = getattr(file, "raw", file)
    named.name = _FILE_NAMES[name]
    image.save(file, **options)


def _remedy(error: OSError) -> str:
    return _REMEDY if "cannot write mode" in str(error) else f" ({error})"


def _save_options(name: str, frame: Frame, metadata: Metadata, writing: Writing) -> dict[str, Any]:
    height, width = frame.pixels.shape[:2]
    dpi = None if writing.strip else frame.dpi
    options = metadata_options(name, metadata, (width, height), dpi)
    if name in _LOSSY:
        options["quality"] = _DEFAULT_QUALITY if writing.quality is None else writing.quality
    if name in ("WEBP", "AVIF") and writing.lossless:
        options["lossless"] = True
        options["quality"] = 100
    if name == "WEBP" and writing.lossless:
        options["exact"] = True  # keeps colours where alpha is 0
    if name == "PDF":
        options["title"] = None
    if name == "AVIF" and writing.lossless:
        options["subsampling"] = "4:4:4"
    if name == "GIF":
        options["optimize"] = False  # optimizing would renumber the palette
    if name == "PNG" and writing.compress_level is not None:
        options["compress_level"] = writing.compress_level
    if name == "TIFF" and frame.mode in ("I;16", "I", "F") and options["compression"] == "packbits":
        options["compression"] = "tiff_adobe_deflate"
    return options


def _check_frames(name: str, frames: list[Frame]) -> None:
    animation = any(frame.duration is not None for frame in frames)
    alike = len({frame.pixels.shape[:2] for frame in frames}) == 1
    if name == "TIFF" or (name in _ANIMATED and animation and alike):
        return
    what = "frames" if animation else "pages"
    raise PictureError(
        f"{name} cannot hold the {len(frames)} {what} of this picture; "
        f"use {'.webp, .gif or .png' if animation else '.tif'}, or --frame N to take one"
    )


def _frame_options(name: str, frames: list[Frame], transparent_index: bool) -> dict[str, Any]:
    options: dict[str, Any] = {"save_all": True}
    if name == "TIFF":
        return options
    metadata = frames[0].metadata
    options["duration"] = [round(frame.duration or 0) for frame in frames]
    if name in ("GIF", "WEBP", "PNG") and metadata.loop is not None:
        options["loop"] = metadata.loop
    if name == "GIF":
        # Frames are whole, and Pillow stores only what differs from the last one: clearing (2) or
        # restoring (3) would lose the rest. Only frames with transparent pixels must be cleared.
        kept = [min(frame.disposal or 0, 1) for frame in frames]
        options["disposal"] = [2] * len(frames) if transparent_index else kept
    if name == "PNG":
        # Frames are whole: each replaces all of the previous one, alpha included.
        options |= {"blend": 0, "disposal": 0, "default_image": metadata.default_image}
        if metadata.default_image:
            options["duration"] = options["duration"][1:]
    return options


def _encodable_image(name: str, frame: Frame, transparent_index: bool = False) -> Image.Image:
    """Convert a frame to an image of a mode that the format holds."""
    image = frame_to_image(frame, spare=name == "JPEG")
    if frame.palette is not None and not _holds_palette(name, frame.palette):
        image = to_poolable_mode(image)
    if image.mode != "P" and not holds_mode(name, image.mode):
        raise PictureError(f"{name} cannot hold mode {image.mode}{_REMEDY}")
    if name != "GIF":
        return image
    from poolcli.media.pillow.writing.gif import to_gif_image

    return to_gif_image(image, transparent_index=transparent_index)


def _holds_palette(name: str, palette: Palette) -> bool:
    """Tell whether a format holds a palette and its transparency."""
    if palette.transparency is None:
        return name in _PALETTED
    return name == "PNG" or (name == "GIF" and isinstance(palette.transparency, int))
