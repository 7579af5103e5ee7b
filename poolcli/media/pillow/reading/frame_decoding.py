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
    nodata_of,
    orientation_of,
    sample_type_of,
)
from poolcli.media.pillow.modes import sample_bytes, to_poolable_mode
from poolcli.media.pillow.reading.bit_depths import (
    check_bit_depth,
    check_sample_values,
    invert_samples,
    is_white_zero,
    other_losses,
)
from poolcli.media.pillow.reading.formats.correction import Correction, check_white
from poolcli.media.pillow.reading.loading import load

if TYPE_CHECKING:
    from collections.abc import Callable

    from poolcli.core.types import Source
    from poolcli.media.pillow.image_rows import ImageRows
    from poolcli.media.pillow.upright_rows import UprightRows

__all__ = ["decode_frame"]

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
    if correction.samples is None:
        losses = check_bit_depth(image, file, accepted=reading.convert is not None)
    else:
        losses = other_losses(image, all_bits=True)
    losses += correction.notes
    if reading.linear and reading.convert is None:
        check_white(correction)
    stored = TRANSPOSES.get(orientation_of(image, decode=False))
    if reading.truncated:
        from poolcli.media.pillow.reading.truncated import load_what_there_is

        losses.append(load_what_there_is(image))
    else:
        load(image)
    check_sample_values(image)
    own = first or image.format == "TIFF"
    metadata = metadata_of(image, file) if own else Metadata()
    transpose = TRANSPOSES.get(orientation_of(image))
    frame, lost = _decoded(image, reading, correction, transpose, keep_palette=keep_palette)
    losses += lost
    if reading.profile is not None:
        metadata = metadata._replace(icc=None, colours={})
    if reading.convert is not None:
        from poolcli.media.pillow.reading.profiles import is_profile_of

        if not is_profile_of(metadata.icc, frame.mode):
            metadata = metadata._replace(icc=None)
            losses.append(f"its colour profile is not for {frame.mode} and was dropped")
    dpi, density, nodata = dpi_of(image), density_of(image), nodata_of(image) or correction.nodata
    if nodata is not None and not _as_stored(frame, image, reading, correction):
        nodata = None  # it is that of other samples
        stated = "GDAL_NODATA" if correction.nodata is None else "BLANK"
        losses.append(f"no-data value ({stated}) dropped")
    duration = image.info.get("duration")
    if duration is not None and not _is_time(duration):
        duration = 0
        losses.append("durations that are not a time became 0")
    if transpose in AXIS_SWAPS or (image.format == "TIFF" and stored in AXIS_SWAPS):
        dpi, density = dpi and dpi[::-1], density and density[::-1]
    disposal = getattr(image, "disposal_method", image.info.get("disposal"))
    frame = frame._replace(duration=duration, disposal=disposal, dpi=dpi, density=density)
    return frame._replace(metadata=metadata, nodata=nodata), losses


def _as_stored(frame: Frame, image: ImageFile, reading: Reading, correction: Correction) -> bool:
    """Tell whether a frame's samples are those of the file."""
    if reading.profile is not None:
        return False
    if correction.samples is not None:
        return reading.convert is None
    return frame.mode == (correction.mode or image.mode) and not is_white_zero(image)


def _decoded(
    image: ImageFile,
    reading: Reading,
    correction: Correction,
    transpose: Image.Transpose | None,
    *,
    keep_palette: bool,
) -> tuple[Frame, list[str]]:
    """Take the pixels of a loaded image, corrected and converted; list what that lost."""
    if correction.samples is not None:
        return _deep(image, reading, correction, transpose)
    sample_type, losses = sample_type_of(image), list[str]()
    decoded: Image.Image = image if correction.finish is None else correction.finish(image)
    palette = _palette_of(image) if keep_palette and decoded is image else None
    if palette is None:
        decoded = to_poolable_mode(decoded)
        if decoded.mode == "I;16" and is_white_zero(image):
            decoded = invert_samples(decoded)
        decoded, losses = _converted(decoded, reading, sample_type, _icc_of(image))
    kept_type = sample_type if decoded.mode == image.mode else None
    pixels = _rows_of(decoded, transpose)
    return Frame(pixels, decoded.mode, palette, sample_type=kept_type), losses


def _converted(
    image: Image.Image, reading: Reading, sample_type: str | None, icc: bytes | None
) -> tuple[Image.Image, list[str]]:
    """Convert colours to sRGB, and to another mode, as is asked for; list what was lost."""
    losses: list[str] = []
    deep = sample_bytes(image.mode) > 1
    if reading.profile is not None and not (deep and reading.convert is not None):
        from poolcli.media.pillow.reading.profiles import to_srgb

        image, note = to_srgb(image, icc)
        losses.append(note)
    if reading.convert is not None:
        from poolcli.media.pillow.scaling import converted

        image, lost = converted(image, reading.convert, reading.scale, sample_type)
        losses += lost
        if reading.profile is not None and deep:
            from poolcli.media.pillow.reading.profiles import to_srgb

            image, note = to_srgb(image, icc)
            losses.append(note)
    return image, losses


def _samples(
    image: ImageFile, samples: "Callable[[Image.Image], Source]", *, truncated: bool
) -> "Source":
    if not truncated:
        return samples(image)
    from poolcli.media.pillow.reading.truncated import truncation_allowed

    with truncation_allowed():  # the file may be read once more
        return samples(image)


def _icc_of(image: ImageFile) -> bytes | None:
    icc: bytes | None = image.info.get("icc_profile")
    return icc


def _deep(
    image: ImageFile,
    reading: Reading,
    correction: Correction,
    transpose: Image.Transpose | None,
) -> tuple[Frame, list[str]]:
    """Take the 16-bit samples of a loaded image; list what converting them lost."""
    assert correction.samples is not None
    assert correction.mode is not None
    samples = _samples(image, correction.samples, truncated=reading.truncated)
    if reading.profile is not None and reading.convert is not None:
        from poolcli.media.pillow.scaling import converted_colours

        flat, losses = converted_colours(samples, correction.mode, correction.mode, reading.scale)
        decoded, lost = _converted(flat, reading._replace(scale=False), None, _icc_of(image))
        return Frame(_rows_of(decoded, transpose), decoded.mode), losses + lost
    if reading.profile is not None and (_icc_of(image) or correction.mode == "CMYK"):
        from poolcli.media.pillow.reading.profiles import deep_profile_error

        raise deep_profile_error(correction.mode)
    if reading.convert is not None:
        from poolcli.media.pillow.scaling import converted_colours

        mode = "L" if correction.mode == "I;16" else correction.mode
        decoded, losses = converted_colours(samples, mode, reading.convert, reading.scale)
        return Frame(_rows_of(decoded, transpose), decoded.mode), losses
    if transpose is not None:
        from poolcli.media.pillow.upright_rows import UprightRows

        samples = UprightRows(samples, transpose, samples.shape[2])
    return Frame(samples, correction.mode), []


def _rows_of(image: Image.Image, transpose: Image.Transpose | None) -> "ImageRows | UprightRows":
    if transpose is None:
        from poolcli.media.pillow.image_rows import ImageRows

        return ImageRows(image)
    from poolcli.media.pillow.upright_rows import UprightRows

    return UprightRows.of(image, transpose)


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
