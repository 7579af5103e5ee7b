"""Bit depths that Pillow would reduce or misread without a warning."""

import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from PIL import Image
from PIL.ImageFile import ImageFile

from poolcli.errors import PictureError
from poolcli.media.options import INSTALL_TIFF
from poolcli.media.pillow.modes import sample_bytes

__all__ = [
    "check_bit_depth",
    "check_sample_values",
    "few_bits",
    "invert_samples",
    "is_white_zero",
    "other_losses",
    "stated_bits",
]

_DEEP, _DEEP_CODECS = (";16", ";32", ";10", ";12"), ("BC6H", "SGI16")
_PACKED_RAW_MODES = {"BGR;16"}
"""Raw modes whose number is the bits of a whole pixel."""

_DOUBLE_RAW_MODE = "F;64"

_BITS_PER_SAMPLE, _PHOTOMETRIC, _EXTRA_SAMPLES, _SAMPLE_FORMAT = 258, 262, 338, 339  # of a TIFF
_SIGNED = 2
_WHITE_IS_ZERO = 0

_AVIF_BITS = {0: 8, 0x20: 8, 0x40: 10, 0x60: 12}
"""Bits of a sample by the two bits that tell them."""

_HEADER_BYTES = 1 << 22
"""Bytes searched for a container's own statement of depth; a profile may precede it."""


def check_bit_depth(image: ImageFile, file: BinaryIO, *, accepted: bool = False) -> list[str]:
    """Refuse samples that Pillow would reduce or misread; list what is lost otherwise.

    Must be called before the picture is decoded, while the tiles still tell how it is stored.

    Parameters
    ----------
    file : binary file
        File that the image was opened from; its position is restored.
    accepted : bool
        Whether the user accepts what Pillow reads of each sample.

    Returns
    -------
    list of str
        Notes to the user, one for each loss.

    Raises
    ------
    PictureError
        If samples are deeper than Pillow reads and that is not accepted, or would be misread.
    """
    notes = []
    arguments = list(_decoder_arguments(image))
    if any(argument.startswith(_DOUBLE_RAW_MODE) for argument in arguments):
        notes.append(_refuse_or_note(image.mode, "32", accepted, "64-bit floats", "32 bits"))
    elif sample_bytes(image.mode) == 1:
        if any(map(_is_deep, arguments)) or _is_deep_by_header(image, file):
            notes.append(_refuse_or_note(image.mode, "8", accepted))
        else:
            _check_tiff(image)
    return notes + other_losses(image)


def _refuse_or_note(
    mode: str, bits: str, accepted: bool, have: str = "", read: str = "8 bits of each"
) -> str:
    have = have or f"more than {bits} bits in each of its {mode} samples"
    if not accepted:
        raise PictureError(few_bits(mode, have, bits if bits == "8" else f"{bits} bits"))
    return f"only {read} of its {mode} samples were read"


def few_bits(mode: str, have: str = "", few: str = "8") -> str:
    """Tell that only a few bits of each sample can be read."""
    have = have or f"more than {few} bits in each of its {mode} samples"
    return f"has {have}, of which only {few} can be read; use --convert {mode} to accept that"


def _decoder_arguments(image: ImageFile) -> Iterator[str]:
    """Yield the names of Pillow's decoders and the raw modes that they are given."""
    if getattr(image, "pixel_format", None) in ("BC6H", "BC6HS"):
        yield "BC6H"
    for tile in image.tile:
        arguments: Any = tile[3]
        yield tile[0]
        for argument in arguments if isinstance(arguments, tuple) else (arguments,):
            if isinstance(argument, str):
                yield argument


def _is_deep(argument: str) -> bool:
    if argument in _PACKED_RAW_MODES:
        return False
    return argument.startswith(_DEEP_CODECS) or any(depth in argument for depth in _DEEP)


def _is_deep_by_header(image: ImageFile, file: BinaryIO) -> bool:
    """Tell whether the header of an AVIF, a HEIF, a JPEG 2000 or a PPM states more than 8 bits."""
    if image.format == "PPM":
        from poolcli.media.pillow.reading.formats.netpbm import is_deep_ppm

        return is_deep_ppm(image)
    return stated_bits(image, file) > 8


def stated_bits(image: ImageFile, file: BinaryIO) -> int:
    """Read how many bits a sample of an AVIF, a HEIF or a JPEG 2000 has at most; 8 of any other."""
    if image.format == "JPEG2000":
        from poolcli.media.pillow.reading.formats.jpeg2000 import component_bits

        return max(component_bits(file), default=8)
    if image.format == "HEIF":
        return int(image.info.get("bit_depth", 8))
    if image.format != "AVIF":
        return 8
    position = file.tell()
    file.seek(0)
    head = file.read(_HEADER_BYTES)
    file.seek(position)
    # av1C: marker and version, profile and level, then bits: tier, high_bitdepth, twelve_bit.
    flags = (head[at.end() + 2 : at.end() + 3] for at in re.finditer(b"av1C", head))
    return max((_AVIF_BITS[flag[0] & 0x60] for flag in flags if flag), default=8)


def _check_tiff(image: ImageFile) -> None:
    tags = getattr(image, "tag_v2", {})
    if image.format != "TIFF":
        return
    if max(tags.get(_BITS_PER_SAMPLE, (8,)), default=8) > 8:
        # Pillow reads planar 16-bit samples as 8-bit ones, which gives noise.
        raise PictureError(
            f"has more than 8 bits in each of its {image.mode} samples, plane by plane, which "
            "cannot be read; store the samples pixel by pixel"
        )
    if (tags.get(_SAMPLE_FORMAT) or (1,))[0] == _SIGNED:
        raise PictureError(
            "has signed 8-bit samples, which cannot be read; store them as 16 bits or as .npy"
        )


def other_losses(image: ImageFile, *, all_bits: bool = False) -> list[str]:
    """List what is lost besides depth: transparent values, unless all bits are read, and channels.

    Must be called before the picture is decoded.
    """
    notes = [] if all_bits else _lost_keys(image)
    tags = getattr(image, "tag_v2", {}) if image.format == "TIFF" else {}
    extra = sum(kind == 0 for kind in tags.get(_EXTRA_SAMPLES, ()))
    if extra:
        notes.append(f"{extra} extra channel{'s' * (extra > 1)} of no stated use were not read")
    return notes


def _lost_keys(image: ImageFile) -> list[str]:
    notes = []
    key = image.info.get("transparency")
    values = key if isinstance(key, tuple) else (key,) if isinstance(key, int) else ()
    if image.mode.startswith("I;16") and values:
        notes.append(f"its transparent value {values[0]} was read as any other")
    if image.mode == "RGB" and values and max(values) > 255:
        notes.append("its transparent colour has 16 bits and was read as any other")
    return notes


def check_sample_values(image: ImageFile) -> None:
    """Refuse decoded samples that overflowed.

    Raises
    ------
    PictureError
        If unsigned 32-bit samples exceed Pillow's signed ones.
    """
    if image.format != "TIFF" or image.mode != "I":
        return
    tags = getattr(image, "tag_v2", {})
    unsigned = (tags.get(_SAMPLE_FORMAT) or (1,))[0] == 1
    low: Any = image.getextrema()[0] if unsigned else 0
    if low < 0:
        raise PictureError(
            f"has values above 2147483647, which cannot be read; {INSTALL_TIFF} reads it, or store "
            "them as floats or as .npy"
        )


def is_white_zero(image: ImageFile) -> bool:
    """Tell whether 0 is white in a TIFF of deep samples, which Pillow does not invert itself."""
    tags = getattr(image, "tag_v2", {}) if image.format == "TIFF" else {}
    return sample_bytes(image.mode) > 1 and tags.get(_PHOTOMETRIC) == _WHITE_IS_ZERO


def invert_samples(image: Image.Image) -> Image.Image:
    """Invert 16-bit samples: black becomes white."""
    import numpy as np

    values = np.asarray(image)
    return Image.fromarray(np.iinfo(np.uint16).max - values.astype(np.uint16))
