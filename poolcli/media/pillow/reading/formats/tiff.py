"""TIFF: samples, palettes and colours that Pillow would misread."""

from typing import Any, BinaryIO

import PIL
from PIL import Image, ImagePalette
from PIL.ImageFile import ImageFile, _Tile

from poolcli.errors import PictureError
from poolcli.media.pillow.reading.formats.correction import Correction
from poolcli.media.pillow.reading.formats.tiff_pages import describe_tiff
from poolcli.media.pillow.reading.formats.tiff_rewriting import plane_of

__all__ = ["correct_tiff"]

_COMPRESSION, _PHOTOMETRIC, _PLANAR, _COLOUR_MAP = 259, 262, 284, 320
_YCBCR, _PLANE_BY_PLANE = 6, 2

_TAKES_RAW_DATA = 13
"""First major version of Pillow that gives libtiff data without compression."""

_NATIVE_RAW_MODES = {
    "I;16BS": "I;16NS",
    "I;32BS": "I;32NS",
    "F;32BF": "F;32NF",
    "I;16S": "I;16NS",
    "I;32S": "I;32NS",
    "F;32F": "F;32NF",
}
"""Raw modes of the machine's byte order, which is that of all that libtiff decodes."""

_PLANES = {"LA": "L", "La": "L", "PA": "P"}
"""Modes of two planes, and the raw mode of the first."""

_MISSING_COMPRESSIONS = {"webp", "jpeg2000", "jbig", "lerc", "thunderscan", "jxl"}


def correct_tiff(image: ImageFile, file: BinaryIO) -> Correction:
    """Set byte order, palette and colours right before the page is decoded.

    Raises
    ------
    PictureError
        If the page is compressed in a way that cannot be read.
    """
    held: Any = image
    tags: Any = held.tag_v2
    if held._compression in _MISSING_COMPRESSIONS and (told := describe_tiff(file)):
        raise PictureError(told)
    in_colour = tags.get(_PHOTOMETRIC) == _YCBCR and image.mode in ("YCbCr", "RGB")
    if in_colour and image.tile and image.tile[0][0] != "libtiff":
        _decode_by_libtiff(held, "RGBX")
    for number, tile in enumerate(image.tile):
        codec, box, offset, arguments = tile
        raw_mode, *others = arguments if isinstance(arguments, tuple) else (arguments,)
        if codec == "libtiff" and raw_mode in _NATIVE_RAW_MODES:
            native = (_NATIVE_RAW_MODES[raw_mode], *others)
            image.tile[number] = _Tile(codec, box, offset, native)
    colours = tags.get(_COLOUR_MAP, ()) if image.mode in ("P", "PA") else ()
    if colours and 0 < max(colours) < 256:
        # Some writers store 8 bits in the 16 of each entry, of which Pillow takes the upper 8.
        image.palette = ImagePalette.raw("RGB;L", bytes(colours))
    if image.mode in _PLANES and tags.get(_PLANAR) == _PLANE_BY_PLANE:
        return _plane_by_plane(held, file)
    return Correction()


def _plane_by_plane(image: Any, file: BinaryIO) -> Correction:
    """Decode alpha on its own, as Pillow takes it for another colour."""
    colours, raw_mode, mode = image.mode[:1], _PLANES[image.mode], image.mode
    alpha_plane = plane_of(file, image._frame_pos[image.tell()], 1, 2)
    image._mode = colours
    kept = image.tile[: max(len(image.tile) // 2, 1)]
    image.tile = [
        _Tile(codec, box, offset, (raw_mode, *arguments[1:]))
        for codec, box, offset, arguments in kept
    ]

    def finish(decoded: Image.Image) -> Image.Image:
        with Image.open(alpha_plane, formats=["TIFF"]) as alpha:
            alpha.load()
            if mode == "PA":
                coloured = decoded.convert("RGB")
                coloured.putalpha(alpha)
                return coloured
            return Image.merge(mode, (decoded, alpha)).convert("LA")

    return Correction((), "RGBA" if mode == "PA" else "LA", finish)


def _decode_by_libtiff(image: Any, raw_mode: str) -> None:
    """Let libtiff convert to RGB: Pillow would take subsampled colours for whole pixels."""
    if int(PIL.__version__.partition(".")[0]) < _TAKES_RAW_DATA:
        raise PictureError(
            f"is an uncompressed YCbCr TIFF, which Pillow {PIL.__version__} cannot read; "
            f"install {_TAKES_RAW_DATA} or newer"
        )
    image._mode = "RGB"
    box = (0, 0, *image._tile_size)
    image.tile = [_Tile("libtiff", box, 0, (raw_mode, False, image.tag_v2.offset))]
    image.use_load_libtiff = True
