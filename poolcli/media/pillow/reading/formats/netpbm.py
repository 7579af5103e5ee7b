"""Portable maps (PBM, PGM, PPM, PFM): values as they are stored, whatever the largest is."""

from typing import Any, BinaryIO

from PIL.ImageFile import ImageFile, _Tile

from poolcli.media.pillow.reading.formats.correction import Correction, white_note

__all__ = ["correct_netpbm", "is_deep_ppm"]

_FULL_RANGES = {"L": 255, "RGB": 255, "I": 65535}


def is_deep_ppm(image: ImageFile) -> bool:
    """Tell whether a PPM has colours of more than 8 bits.

    Its tile names the largest value after the mode; that of a bit map has no such tuple.
    """
    return image.mode == "RGB" and _largest(image) > 255


def correct_netpbm(image: ImageFile, _file: BinaryIO) -> Correction:
    """Let Pillow copy the values in place of scaling the largest one to white."""
    if image.mode == "F":
        scale = image.info.get("scale", 1.0)
        return Correction((f"its scale of {scale:g} was not applied",) if scale != 1 else ())
    largest = _largest(image)
    if largest == 0 or is_deep_ppm(image):
        return Correction()
    full = _FULL_RANGES[image.mode]
    codec, box, offset, _ = image.tile[0]
    if codec == "ppm_plain":
        image.tile = [_Tile(codec, box, offset, (image.mode, full))]
    elif codec == "ppm":
        raw_mode = "I;16B" if image.mode == "I" else image.mode
        image.tile = [_Tile("raw", box, offset, raw_mode)]
    return Correction((white_note(largest),) if largest != full else ())


def _largest(image: ImageFile) -> int:
    """Read the largest value that the header promises; 0 if Pillow need not know it."""
    arguments: Any = image.tile[0][3] if image.tile else ()
    named = image.tile and image.tile[0][0].startswith("ppm") and isinstance(arguments, tuple)
    return int(arguments[-1]) if named else 0
