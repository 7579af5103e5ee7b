"""Pages of a TIFF: those that are pictures of their own, and files that are not for pooling."""

from typing import BinaryIO, NamedTuple

from poolcli.errors import PictureError
from poolcli.media.pillow.reading.formats.tiff_directories import Directory, read_directories

__all__ = ["TiffPages", "describe_tiff", "tiff_pages"]

_NEW_SUBFILE_TYPE, _SUBFILE_TYPE, _COMPRESSION, _PHOTOMETRIC, _MAKE = 254, 255, 259, 262, 271
_BITS, _SAMPLES, _SAMPLE_FORMAT, _DNG_VERSION = 258, 277, 339, 50706

_REDUCED, _MASK = 1, 4  # bits of NewSubfileType
_OLD_REDUCED = 2  # of SubfileType
_MASK_PHOTOMETRIC = 4
_RAW_PHOTOMETRICS = {32803, 34892}
"""Samples of a colour filter array, and linear ones, as cameras store them."""

_RAW_KINDS = {"nikon": "NEF", "sony": "ARW", "pentax": "PEF", "canon": "CR2", "samsung": "SRW"}
"""Extension of each maker's raw files."""

_FORMATS = {1: "unsigned integers", 2: "signed integers", 3: "floats", 5: "complex integers"}
_FORMATS |= {6: "complex numbers"}
_COLOURS = {0: "grey", 1: "grey", 2: "RGB", 3: "palette", 4: "mask", 5: "CMYK", 6: "YCbCr"}
_COLOURS |= {8: "Lab", 9: "Lab", 32844: "LogL", 32845: "LogLuv"}
_COMPRESSIONS = {
    6: "old JPEG",
    34661: "JBIG",
    33003: "JPEG 2000",
    33005: "JPEG 2000",
    34712: "JPEG 2000",
    34887: "LERC",
    34892: "lossy DNG",
    50001: "WebP",
    50002: "JPEG XL",
    52546: "JPEG XL",
}
"""Compressions that Pillow's libtiff lacks, or may lack."""


class TiffPages(NamedTuple):
    """Numbers, counted from 0, of the pages that are pictures, and notes on the others."""

    numbers: list[int]
    notes: list[str]


def tiff_pages(file: BinaryIO) -> TiffPages:
    """Find the pages that are pictures of their own: neither reduced copies nor masks.

    Raises
    ------
    PictureError
        If the file is a camera's raw file, whose pages are previews.
    """
    directories = read_directories(file, whole=True)
    _refuse_raw(file, directories)
    pages = [directory for directory in directories if directory.is_page]
    kinds = [_kind(page) for page in pages]
    numbers = [number for number, kind in enumerate(kinds) if kind is None]
    if not numbers:
        return TiffPages(list(range(max(len(pages), 1))), [])
    notes = []
    for kind in ("reduced-resolution", "mask"):
        count = kinds.count(kind)
        if count:
            notes.append(f"{count} {kind} page{'s were' if count > 1 else ' was'} passed over")
    return TiffPages(numbers, notes)


def _kind(page: Directory) -> str | None:
    bits = page.value(_NEW_SUBFILE_TYPE, 0)
    if bits & _MASK or page.value(_PHOTOMETRIC, 0) == _MASK_PHOTOMETRIC:
        return "mask"
    reduced = bits & _REDUCED or page.value(_SUBFILE_TYPE, 0) == _OLD_REDUCED
    return "reduced-resolution" if reduced else None


def _refuse_raw(file: BinaryIO, directories: list[Directory]) -> None:
    is_dng = any(_DNG_VERSION in directory.tags for directory in directories)
    file.seek(8)
    is_cr2 = file.read(2) == b"CR"
    filtered = any(one.value(_PHOTOMETRIC, 0) in _RAW_PHOTOMETRICS for one in directories)
    if not (is_dng or is_cr2 or filtered):
        return
    makes = " ".join(directory.text(_MAKE).lower() for directory in directories)
    named = next((kind for make, kind in _RAW_KINDS.items() if make in makes), "")
    kind = "DNG" if is_dng else "CR2" if is_cr2 else named
    if not kind and not makes.strip():
        raise PictureError(
            "holds samples of a colour filter array (CFA), which are not colours yet; develop it "
            "to TIFF or PNG first (darktable, RawTherapee, dcraw)"
        )
    raise PictureError(
        f"is a camera raw file{f' ({kind})' if kind else ''}, of which only previews could be "
        "read; develop it to TIFF or PNG first (darktable, RawTherapee, dcraw)"
    )


def describe_tiff(file: BinaryIO) -> str | None:
    """Describe a TIFF that Pillow cannot open; None if it is damaged.

    Raises
    ------
    PictureError
        If it is a camera's raw file.
    """
    directories = read_directories(file)
    _refuse_raw(file, directories)
    if not directories:
        return None
    page = directories[0]
    bits = page.values(_BITS, (1,))
    samples = page.value(_SAMPLES, len(bits))
    form = _FORMATS.get(page.value(_SAMPLE_FORMAT, 1), "values of no stated type")
    colours = _COLOURS.get(page.value(_PHOTOMETRIC, 0), "unknown colours")
    compression = _COMPRESSIONS.get(page.value(_COMPRESSION, 1))
    coded = f", compressed by {compression}" if compression else ""
    return (
        f"is a TIFF of {samples} × {max(bits)}-bit {form} ({colours}{coded}), which cannot be "
        "read; save it with 8 bits, or as grey of 16 or signed 32 bits or floats, or as .npy"
    )
