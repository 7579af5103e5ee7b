"""Decoding the frame that an image is at: upright, in a mode whose channels can be pooled."""

from math import inf
from typing import TYPE_CHECKING, Any, BinaryIO

from PIL import Image
from PIL.ImageFile import ImageFile

from poolcli.media.options import Reading
from poolcli.media.picture import Frame, Metadata, Palette
from poolcli.media.pillow.metadata.exif import AXIS_SWAPS, TRANSPOSES
from poolcli.media.pillow.metadata.reading import (
    density_of,
    dpi_of,
    metadata_of,
    orientation_of,
    sample_type_of,
)
from poolcli.media.pillow.modes import to_poolable_mode
from poolcli.media.pillow.reading.bit_depths import (
    check_bit_depth,
    check_sample_values,
    invert_samples,
    is_white_zero,
)
from poolcli.media.pillow.reading.formats.correction import Correction
from poolcli.media.pillow.reading.loading import load

if TYPE_CHECKING:
    from poolcli.media.pillow.image_rows import ImageRows
    from poolcli.media.pillow.upright_rows import UprightRows

__all__ = ["decode_frame"]

_PROFILE_SPACES = {"LAB": b"Lab ", "CMYK": b"CMYK", "LA": b"GRAY", "RGBA": b"RGB "}
_PROFILE_SPACES |= {"L": _PROFILE_SPACES["LA"], "RGB": _PROFILE_SPACES["RGBA"]}
"""Colour space of each mode, as a colour profile's header names it."""

_COLOURS = 256
"""Most colours of a palette."""


def decode_frame(
    image: ImageFile,
    file: BinaryIO,
    reading: Reading,
    correction: Correction,
    *,
    keep_palette: bool,
    first: bool,
) -> tuple[Frame, list[str]]:
    """Decode a frame; list what was lost in reading it, "" among it.

    Parameters
    ----------
    image : ImageFile
        At the frame, which is not decoded yet.
    file : binary file
        File that the image was opened from.
    correction : Correction
        As planned for the frame.
    keep_palette : bool
        Whether a palette's indices are kept.
    first : bool
        Whether the frame is the file's first, which the file's metadata belong to.

    Raises
    ------
    Exception
        Of almost any kind, if the file is damaged.
    """
    convert_to = reading.convert
    losses = check_bit_depth(image, file, accepted=convert_to is not None)
    losses += correction.notes
    stored = TRANSPOSES.get(orientation_of(image, decode=False))
    load(image)
    check_sample_values(image)
    own = first or image.format == "TIFF"
    metadata = metadata_of(image, file) if own else Metadata()
    sample_type = sample_type_of(image)
    transpose = TRANSPOSES.get(orientation_of(image))
    decoded: Image.Image = image
    if correction.finish is not None:
        decoded = correction.finish(decoded)
    palette = _palette_of(image) if keep_palette and decoded is image else None
    if palette is None:
        decoded = to_poolable_mode(decoded)
        if decoded.mode == "I;16" and is_white_zero(image):
            decoded = invert_samples(decoded)
        if convert_to is not None:
            from poolcli.media.pillow.scaling import converted

            decoded, lost = converted(decoded, convert_to, reading.scale, sample_type)
            losses += lost
            if not _is_profile_of(metadata.icc, decoded.mode):
                metadata = metadata._replace(icc=None)
                losses.append(f"its colour profile is not for {decoded.mode} and was dropped")
    dpi, density = dpi_of(image), density_of(image)
    duration = image.info.get("duration")
    if duration is not None and not _is_time(duration):
        duration = 0
        losses.append("durations that are not a time became 0")
    if transpose in AXIS_SWAPS or (image.format == "TIFF" and stored in AXIS_SWAPS):
        dpi, density = dpi and dpi[::-1], density and density[::-1]
    disposal = getattr(image, "disposal_method", image.info.get("disposal"))
    pixels = _rows_of(decoded, transpose)
    kept_type = sample_type if decoded.mode == image.mode else None
    return (
        Frame(pixels, decoded.mode, palette, duration, disposal, dpi, metadata, density, kept_type),
        losses,
    )


def _rows_of(image: Image.Image, transpose: Image.Transpose | None) -> "ImageRows | UprightRows":
    if transpose is None:
        from poolcli.media.pillow.image_rows import ImageRows

        return ImageRows(image)
    from poolcli.media.pillow.upright_rows import UprightRows

    return UprightRows.of(image, transpose)


def _is_profile_of(icc: bytes | None, mode: str) -> bool:
    """Tell whether a colour profile, if there is one, is of the mode's colour space."""
    return (icc or b"")[16:20] in (b"", _PROFILE_SPACES.get(mode))


def _palette_of(image: Image.Image) -> Palette | None:
    if image.mode != "P" or image.palette is None:
        return None
    mode = image.palette.mode
    colours = bytes(image.getpalette(mode) or ())[: _COLOURS * len(mode)]
    transparency = image.info.get("transparency")
    if isinstance(transparency, bytes):
        transparency = transparency[:_COLOURS]
    elif not (isinstance(transparency, int) and 0 <= transparency < _COLOURS):
        transparency = None  # of a colour that the palette does not have
    return Palette(mode, colours, transparency)


def _is_time(duration: Any) -> bool:
    return isinstance(duration, int | float) and 0 <= duration < inf
