"""Plans to read colours of 16 bits a sample, for which Pillow has no mode.

Pillow decodes them, and then keeps one byte of each sample: the first or the second, as the tile's
raw mode says. So most are decoded twice, once for each byte; where the samples lie so that Pillow
can take them for something else without a loss, once.
"""

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, BinaryIO

from PIL import Image
from PIL.ImageFile import ImageFile, _Tile

from poolcli.media.pillow.reading.formats.correction import Correction, white_note
from poolcli.media.pillow.reading.formats.netpbm import is_deep_ppm
from poolcli.media.pillow.reading.formats.tiff_grey_alpha import RetaggedTiff
from poolcli.media.pillow.reading.formats.tiff_rewriting import plane_of

if TYPE_CHECKING:
    from poolcli.core.types import Source

__all__ = ["plan_deep_colours"]

_MODES = {"RGB;16": "RGB", "RGBX;16": "RGB", "RGBA;16": "RGBA", "RGBa;16": "RGBA"}
_MODES |= {"CMYK;16": "CMYK"}
"""Modes of the samples, by raw modes without their byte order."""

_PREMULTIPLIED = "RGBa;16"
_KEYED_MODES = {"RGB": "RGBA", "I;16": "LA"}

_BITS, _SAMPLES, _PLANAR, _EXTRA_SAMPLES, _SAMPLE_FORMAT = 258, 277, 284, 338, 339
_UNSIGNED, _PLANE_BY_PLANE, _MULTIPLIED_ALPHA = 1, 2, 1

_NETPBM_LARGEST = 65535


def plan_deep_colours(image: ImageFile, file: BinaryIO, *, reduced: bool) -> Correction | None:
    """Plan to read all bits of a frame before it is decoded; None if Pillow alone reads it.

    Parameters
    ----------
    file : binary file
        File that the image was opened from.
    reduced : bool
        Whether 8 bits of each sample are enough, where Pillow reads these.
    """
    if image.format == "TIFF":
        return _plan_tiff(image, file, reduced=reduced)
    if image.format in ("AVIF", "HEIF", "JPEG2000"):
        from poolcli.media.pillow.reading.formats.deep_codecs import plan_by_codec

        return plan_by_codec(image, file, reduced=reduced)
    if reduced:
        return None
    if image.format == "SGI":
        from poolcli.media.pillow.reading.formats.sgi import plan_sgi

        return plan_sgi(image, file) or _plan_twice(image, file)
    if image.format == "PNG" and not getattr(image, "is_animated", False):
        return _plan_png(image, file)
    return _plan_netpbm(image) if image.format == "PPM" else None


def _plan_png(image: ImageFile, file: BinaryIO) -> Correction | None:
    raw_mode, key = str(image.tile[0].args) if image.tile else "", image.info.get("transparency")
    if raw_mode == "LA;16B":
        _decode_as(image, "RGBA", "RGBA")  # four bytes a pixel, as they lie

        def samples(decoded: Image.Image) -> "Source":
            from poolcli.media.pillow.reading.deep_rows import pairs

            return pairs(decoded, ">")

        return Correction(mode="LA", samples=samples)
    if raw_mode == "I;16B" and isinstance(key, int):
        return Correction(mode="LA", samples=lambda decoded: _keyed(_rows(decoded), [key]))
    planned = _plan_twice(image, file)
    if planned is None or planned.samples is None or not isinstance(key, tuple):
        return planned
    both = planned.samples
    return Correction(mode="RGBA", samples=lambda decoded: _keyed(both(decoded), key))


def _decode_as(image: Any, mode: str, raw_mode: str) -> None:
    image._mode = mode
    image.tile = [image.tile[0]._replace(args=raw_mode)]


def _rows(image: Image.Image) -> "Source":
    from poolcli.media.pillow.image_rows import ImageRows

    return ImageRows(image)


def _keyed(source: "Source", key: Any) -> "Source":
    from poolcli.media.pillow.reading.deep_rows import with_key

    return with_key(source, key)


def _plan_netpbm(image: Any) -> Correction | None:
    """Let Pillow take a PPM for a map of grey of three times the width."""
    if not is_deep_ppm(image):
        return None
    codec, _, offset, (*_, largest) = image.tile[0]
    size = image.size
    plain = codec == "ppm_plain"
    wide = (3 * size[0], size[1])
    image._mode, image._size = ("I" if plain else "I;16"), wide
    arguments: Any = ("I", _NETPBM_LARGEST) if plain else ("I;16B", 0, 1)
    image.tile = [_Tile(codec if plain else "raw", (0, 0, *wide), offset, arguments)]

    def samples(decoded: Image.Image) -> "Source":
        from poolcli.media.pillow.reading.deep_rows import WideRows

        return WideRows(decoded, 3)

    notes = () if largest == _NETPBM_LARGEST else (white_note(largest),)
    return Correction(notes, "RGB", samples=samples)


def _plan_tiff(image: Any, file: BinaryIO, *, reduced: bool) -> Correction | None:
    if isinstance(file, RetaggedTiff) and image.tell() in file.predicted_widths:
        return _plan_grey_and_alpha(file, image.tell())
    tags = image.tag_v2
    planes = tags.get(_SAMPLES, 1)
    deep = set(tags.get(_BITS, ())) == {16} and set(tags.get(_SAMPLE_FORMAT, (1,))) == {_UNSIGNED}
    if planes > 1 and deep and tags.get(_PLANAR) == _PLANE_BY_PLANE:
        return _plan_planes(image, file, planes)
    return None if reduced else _plan_twice(image, file)


def _plan_grey_and_alpha(file: RetaggedTiff, page: int) -> Correction:
    def samples(decoded: Image.Image) -> "Source":
        from poolcli.media.pillow.reading.deep_rows import pairs, predicted

        source = pairs(decoded, file.order)
        width = file.predicted_widths[page]
        return predicted(source, width) if width else source

    return Correction(mode="LA", samples=samples)


def _plan_planes(image: Any, file: BinaryIO, planes: int) -> Correction:
    """Decode each plane as a picture of grey, the first one in place of the image itself."""
    mode, order = image.mode, "B" if image.tag_v2.prefix == b"MM" else "L"
    multiplied = image.tag_v2.get(_EXTRA_SAMPLES, ()) == (_MULTIPLIED_ALPHA,)
    offset, channels = image._frame_pos[image.tell()], min(planes, len(image.getbands()))
    image._mode = "I;16"
    libtiff = image.tile[0].codec_name == "libtiff"
    raw_mode = "I;16N" if libtiff else f"I;16{order}".removesuffix("L")
    kept = image.tile[: max(len(image.tile) // planes, 1)]
    image.tile = [tile._replace(args=(raw_mode, *tile.args[1:])) for tile in kept]

    def samples(decoded: Image.Image) -> "Source":
        from poolcli.media.pillow.reading.deep_rows import planes as side_by_side
        from poolcli.media.pillow.reading.deep_rows import without_alpha

        images = [decoded]
        for number in range(1, channels):
            with Image.open(plane_of(file, offset, number, planes, 16), formats=["TIFF"]) as plane:
                plane.load()
                native = plane if plane.mode == "I;16" else plane.convert("I").convert("I;16")
                images.append(native.copy() if native is plane else native)
        source = side_by_side(images)
        return without_alpha(source) if multiplied else source

    return Correction(mode=mode, samples=samples)


def _plan_twice(image: ImageFile, file: BinaryIO) -> Correction | None:
    """Plan to decode the file once more for the bytes that Pillow leaves out the first time."""
    word = _deep_word(image)
    if word is None:
        return None
    kind, order = word[:-1], word[-1]
    stored = "RGBA;16" if kind == _PREMULTIPLIED else kind
    big = order == "B" or (order == "N" and sys.byteorder == "big")
    _replace_raw_mode(image, word, f"{stored}{'B' if big else 'L'}")  # the upper bytes

    def samples(decoded: Image.Image) -> "Source":
        from poolcli.media.pillow.reading.deep_rows import joined, without_alpha

        upper, again = decoded, _opened_again(image, file)
        if again is decoded:
            upper = decoded._new(decoded.im)
            again._im = None
        _replace_raw_mode(again, word, f"{stored}{'L' if big else 'B'}")
        again.load()
        source = joined(upper, again)
        return without_alpha(source) if kind == _PREMULTIPLIED else source

    return Correction(mode=_MODES[kind], samples=samples)


def _opened_again(image: ImageFile, file: BinaryIO) -> Any:
    """Go back to where a frame is not decoded yet: by the image itself, or by another one."""
    if image.format == "TIFF":
        tiff: Any = image
        tiff._seek(tiff.tell())  # another would walk through all pages before this one
        return tiff
    file.seek(0)
    return type(image)(file, "")


def _deep_word(image: ImageFile) -> str | None:
    """Find the raw mode of 16-bit colours among the arguments of a decoder."""
    for tile in image.tile[:1]:
        words: Any = tile.args if isinstance(tile.args, tuple) else (tile.args,)
        for word in words:
            if isinstance(word, str) and word[:-1] in _MODES:
                return word
    return None


def _replace_raw_mode(image: ImageFile, old: str, new: str) -> None:
    exchange: Callable[[Any], Any] = lambda word: new if word == old else word  # noqa: E731
    image.tile = [
        tile._replace(
            args=tuple(map(exchange, tile.args))
            if isinstance(tile.args, tuple)
            else exchange(tile.args)
        )
        for tile in image.tile
    ]
