"""The rule which reader takes a TIFF: Pillow what it reads rightly, tifffile all else.

Always tifffile: stacks whose axes have names, georeferenced pages, and what is too large to be in
memory as a whole. Whichever takes a file, its pixels are the same.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from poolcli.errors import PictureError
from poolcli.media.files import is_tiff
from poolcli.media.options import INSTALL_TIFF, Reading
from poolcli.media.pillow.reading.formats.tiff_directories import Directory, read_directories
from poolcli.media.pillow.reading.formats.tiff_pages import TiffPages, tiff_pages

if TYPE_CHECKING:
    from poolcli.media.tiff.stack import Stack

__all__ = ["open_stack", "tiff_extra_is_installed"]

_WIDTH, _HEIGHT, _BITS, _COMPRESSION, _PHOTOMETRIC, _DESCRIPTION = 256, 257, 258, 259, 262, 270
_SAMPLES, _PLANAR, _EXTRAS, _FORMAT = 277, 284, 338, 339
_LAYOUT = (_BITS, _COMPRESSION, _PHOTOMETRIC, _SAMPLES, _PLANAR, _EXTRAS, _FORMAT)

_GEOREFERENCE = {33550, 33922, 34264, 34735, 42112, 42113, 50844}
_STACKS = {33628, 33629, 34361, 34412, 43314, 51123, 65420}
"""Tags of MetaMorph, FluoView, LSM, NIH Image, Micro-Manager and NDPI."""

_STACK_TEXT = re.compile(
    r"Aperio|\s*(?:<\?xml|<!--|<OME)(?s:.*)<OME|ImageJ=(?s:.*)\n(?:images|channels|slices|frames)="
    r'(?!1\s)\d|\{"shape": \[(?:[^]]*\], "|(?:\d+, ){4})'
)
"""Descriptions that name axes, or parts of a whole."""

_LARGE = 1 << 26
"""Bytes of samples above which segments are read one by one."""

_PILLOWS_ALONE = {8, 9, 10, 32844, 32845}
"""Photometric interpretations of which tifffile gives samples, but no colours."""

_NOT_IN_EVERY_PILLOW = {34925, 50000}
"""Compressions, LZMA and Zstandard, that libtiff is often built without."""

_YCBCR, _RGB_CODECS = 6, {7, 33003, 33005, 34712, 50001}
"""Compressions whose decoders turn YCbCr into RGB."""


def tiff_extra_is_installed() -> bool:
    """Tell whether tifffile and imagecodecs can be imported."""
    from poolcli.media.tiff.extra import is_installed

    return is_installed()


@contextmanager
def open_stack(
    file: BinaryIO,
    path: Path | None,
    reading: Reading,
    *,
    keep_palette: bool = False,
    widened: bool = False,
) -> Iterator["Stack | None"]:
    """Open a file as a stack of planes if it is a TIFF that tifffile is to take; else give None.

    Parameters
    ----------
    file : binary file
        Seekable; left at its start.
    path : Path, optional
        Where the file can be opened once more.
    widened : bool
        Whether results may have a dtype that only tifffile writes.

    Raises
    ------
    PictureError
        If the file is a TIFF that only the missing extra would read, or that nothing reads.
    """
    pages = _taken(file, reading, widened=widened) if is_tiff(file) else None
    if pages is None:
        yield None
        return
    from poolcli.media.tiff.stack import opened_stack

    with opened_stack(file, path, reading, pages.numbers, pages.notes) as stack:
        stack.keep_palette = keep_palette
        yield stack
    file.seek(0)


def _taken(file: BinaryIO, reading: Reading, *, widened: bool) -> TiffPages | None:
    """Find the pages that are tifffile's to read; None if the file is Pillow's.

    Raises
    ------
    PictureError
        If neither reads it.
    """
    more = (*_LAYOUT, _WIDTH, _HEIGHT, _DESCRIPTION, *_GEOREFERENCE, *_STACKS)
    directories = read_directories(file, below=False, more=more)
    file.seek(0)
    if not directories:
        return None
    pages = tiff_pages(file)
    file.seek(0)
    shown = [directories[number] for number in pages.numbers if number < len(directories)]
    try:
        rightly = _pillow_reads_rightly(file, shown, reading)
    except PictureError as error:
        if not all(map(_is_for_tifffile, shown)):
            raise
        if tiff_extra_is_installed():
            return pages
        raise _with_advice(error) from error
    finally:
        file.seek(0)
    meant = reading.as_stored and (widened or _means_more(directories[0], shown))
    wanted = (meant or not rightly) and all(map(_is_for_tifffile, shown))
    return pages if wanted and tiff_extra_is_installed() else None


def _means_more(first: Directory, pages: Sequence[Directory]) -> bool:
    """Tell whether there is more than pages: names of axes, a place on the ground, or much."""
    if set(first.tags) & (_GEOREFERENCE | _STACKS) or _STACK_TEXT.match(first.text(_DESCRIPTION)):
        return True
    return sum(map(_size, pages)) > _LARGE


def _size(page: Directory) -> int:
    bits = page.values(_BITS, (1,))
    samples = page.value(_SAMPLES, 1)
    return page.value(_WIDTH, 0) * page.value(_HEIGHT, 0) * max(bits) * samples // 8


def _is_for_tifffile(page: Directory) -> bool:
    photometric, compression = page.value(_PHOTOMETRIC, 1), page.value(_COMPRESSION, 1)
    if photometric == _YCBCR:
        return compression in _RGB_CODECS
    return photometric not in _PILLOWS_ALONE


def _pillow_reads_rightly(file: BinaryIO, pages: Sequence[Directory], reading: Reading) -> bool:
    """Ask Pillow about one page of each layout; what it only converts must be wanted so.

    Raises
    ------
    PictureError
        If it does not read one.
    """
    if all(map(_is_plain, pages)):
        return True
    from poolcli.media.pillow.reading.decoding import losses_of_tiff

    kinds = {tuple(page.tags.get(tag, ()) for tag in _LAYOUT): n for n, page in enumerate(pages)}
    frames = list(kinds.values()) if reading.frame is None else [reading.frame]
    try:
        losses = losses_of_tiff(file, reading._replace(convert=None), frames)
    except PictureError:
        if reading.convert is None:
            raise
        losses = losses_of_tiff(file, reading, frames)
    unsigned = any(page.value(_FORMAT, 1) == 1 and page.value(_BITS, 1) == 32 for page in pages)
    rare = any(page.value(_COMPRESSION, 1) in _NOT_IN_EVERY_PILLOW for page in pages)
    return reading.convert is not None or not (losses or unsigned or rare)


def _is_plain(page: Directory) -> bool:
    """Tell of the commonest layouts, without opening the file by Pillow, that it reads them."""
    bits = set(page.values(_BITS, (1,)))
    grey = page.value(_SAMPLES, 1) == 1 and page.value(_PHOTOMETRIC, 1) in (0, 1, 3)
    rgb = page.value(_SAMPLES, 1) == 3 and page.value(_PHOTOMETRIC, 1) == 2
    return (
        bits == {8}
        and (grey or rgb)
        and page.value(_FORMAT, 1) == 1
        and page.value(_COMPRESSION, 1) in (1, 5, 8, 32773)
        and not page.tags.get(_EXTRAS)
    )


def _with_advice(error: PictureError) -> PictureError:
    """Say how the file could be read, unless it is damaged."""
    text = str(error)
    if "damaged" in text or "camera raw" in text or "no frame" in text:
        return error
    head, mark, tail = text.partition("; ")
    return PictureError(f"{head}; {INSTALL_TIFF} reads it{f', or {tail}' if mark else ''}")
