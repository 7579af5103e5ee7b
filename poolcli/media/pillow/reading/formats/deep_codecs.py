"""Samples of more than 8 bits in JPEG 2000, AVIF and HEIC, of which Pillow gives 8.

Other libraries decode all of them. What they give is held against what Pillow does: so colours that
either of them converts in its own way are refused, and not read wrongly.
"""

from collections.abc import Callable
from importlib import import_module
from io import BytesIO
from typing import Any, BinaryIO

import numpy as np
from PIL import Image
from PIL.ImageFile import ImageFile

from poolcli.core.types import Array
from poolcli.errors import PictureError
from poolcli.media.options import INSTALL_TIFF
from poolcli.media.pillow.reading.bit_depths import few_bits, stated_bits
from poolcli.media.pillow.reading.formats.correction import Correction, white_note

__all__ = ["plan_by_codec"]

_MODES = {"L": "I;16", "LA": "LA", "RGB": "RGB", "RGBA": "RGBA"}
"""Modes of deep samples, by Pillow's mode of 8 bits."""

_WHITE = 65535


def plan_by_codec(image: ImageFile, file: BinaryIO, *, reduced: bool) -> Correction | None:
    """Plan to let another library decode all bits of a frame; None if Pillow alone reads it.

    Parameters
    ----------
    file : binary file
        File that the image was opened from.
    reduced : bool
        Whether 8 bits of each sample are enough.

    Raises
    ------
    PictureError
        If Pillow would misread a JPEG 2000, and the library is missing.
    """
    bits, wrapped = stated_bits(image, file), image.format == "JPEG2000"
    if not 8 < bits <= 16 or image.mode not in _MODES or (reduced and not wrapped):
        return None
    library = _library("pillow_heif" if image.format == "HEIF" else "imagecodecs")
    if library is None and wrapped:  # Pillow rounds white up to 256, which is 0 of 8 bits
        raise _refusal(image, f"cannot be read; {INSTALL_TIFF} reads it")
    if library is None or getattr(image, "is_animated", False):
        return None
    decode, number = _DECODERS[str(image.format)], image.tell()

    def samples(decoded: Image.Image) -> Array:
        file.seek(0)
        try:
            values = np.ascontiguousarray(decode(library, file.read(), number))
        except Exception as error:  # damage makes decoders raise almost anything
            raise _unread(image) from error
        if not _are_alike(values, decoded, bits):
            raise _unread(image)
        return _with_full_alpha(values.reshape(_shape(decoded)), decoded.mode, bits)

    if reduced:
        made: Callable[[Image.Image], Image.Image] = lambda image: Image.fromarray(  # noqa: E731
            _reduced(samples(image), bits, image.mode)
        )
        return Correction(finish=made)
    notes = () if bits == 16 else (white_note((1 << bits) - 1),)
    return Correction(notes, _MODES[image.mode], samples=samples)


def _library(name: str) -> Any:
    try:
        return import_module(name)
    except ImportError:
        return None


def _jpeg2000(library: Any, data: bytes, number: int) -> Array:  # noqa: ARG001
    values: Array = library.jpeg2k_decode(data)
    return values


def _avif(library: Any, data: bytes, number: int) -> Array:
    values: Array = library.avif_decode(data, index=number)
    return values


def _heif(library: Any, data: bytes, number: int) -> Array:
    opened = library.open_heif(BytesIO(data), convert_hdr_to_8bit=False, hdr_to_16bit=False)
    return np.asarray(opened[number])


_DECODERS = {"JPEG2000": _jpeg2000, "AVIF": _avif, "HEIF": _heif}


_ROUNDING = 2
"""Differences of 8-bit samples that two ways to round, and to convert from YCbCr, make."""


def _refusal(image: ImageFile, why: str) -> PictureError:
    return PictureError(f"has more than 8 bits in each of its {image.mode} samples, which {why}")


def _unread(image: ImageFile) -> PictureError:
    if image.format == "JPEG2000":
        return _refusal(image, "cannot be read; convert it to PNG or TIFF first")
    return PictureError(few_bits(image.mode))


def _shape(image: Image.Image) -> tuple[int, int, int]:
    return image.height, image.width, len(image.getbands())


def _are_alike(values: Array, reference: Image.Image, bits: int) -> bool:
    """Compare the upper 8 bits of samples with those that Pillow decoded."""
    shape = _shape(reference)
    if values.dtype != np.uint16 or values.size != np.prod(shape):
        return False
    upper = (values.reshape(shape) >> (bits - 8)).astype(np.uint8)
    apart = upper - np.asarray(reference).reshape(shape)  # modulo 256, as 255 may be rounded up
    return bool((np.minimum(apart, -apart) <= _ROUNDING).all())


def _with_full_alpha(values: Array, mode: str, bits: int) -> Array:
    if mode in ("LA", "RGBA"):
        values = values.copy()
        values[..., -1] = np.rint(values[..., -1] * (_WHITE / ((1 << bits) - 1)))
    return values


def _reduced(values: Array, bits: int, mode: str) -> Array:
    """Keep the upper 8 bits of each sample; those of alpha are of 16."""
    shifts = np.full(values.shape[-1], bits - 8)
    if mode in ("LA", "RGBA"):
        shifts[-1] = 8
    upper: Array = (values >> shifts.astype(np.uint16)).astype(np.uint8)
    return upper[..., 0] if mode == "L" else upper
