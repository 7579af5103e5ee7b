"""Tags added to the directories of a written TIFF.

Pillow's compressed TIFFs cannot hold EXIF directories, and all pages share one set of tags. So the
pixels are written first, and each page's directory is then replaced by one that has its own tags.
"""

import struct
from collections.abc import Mapping, Sequence
from typing import Any, BinaryIO

from PIL import ExifTags, Image
from PIL.TiffImagePlugin import ImageFileDirectory_v2

from poolcli.media.pillow.metadata.tiff_tags import LAYOUT_TAGS

__all__ = ["add_tags", "directory_tags"]

_X_RESOLUTION, _Y_RESOLUTION, _RESOLUTION_UNIT, _NO_UNIT, _INCH = 282, 283, 296, 1, 2
_BYTE, _ASCII, _UNDEFINED = 1, 2, 7
_BLOCKS = {"xmp": (700, _BYTE), "icc": (34675, _UNDEFINED), "iptc": (33723, _UNDEFINED)}
_TYPES = dict(_BLOCKS.values())


def directory_tags(
    exif: Image.Exif | None,
    blocks: Mapping[str, bytes | None],
    dpi: tuple[float, float] | None,
    density: tuple[float, float] | None,
) -> dict[int, Any]:
    """Collect the tags of a page.

    Parameters
    ----------
    blocks : mapping
        Bytes of "xmp", "icc" and "iptc".
    density : (float, float), optional
        Pixels per unit that is not stated, where ``dpi`` is None.
    """
    tags: dict[int, Any] = {}
    if exif is not None:
        tags |= {tag: value for tag, value in exif.items() if tag not in LAYOUT_TAGS}
        for ifd in (ExifTags.IFD.Exif, ExifTags.IFD.GPSInfo):
            inner = dict(exif.get_ifd(ifd))
            inner.pop(ExifTags.Base.MakerNote, None)  # its offsets are valid only in the old file
            if inner:
                tags[ifd] = inner
    tags |= {_BLOCKS[name][0]: data for name, data in blocks.items() if data}
    if (resolution := dpi or density) is not None:
        tags[_X_RESOLUTION], tags[_Y_RESOLUTION] = resolution
        tags[_RESOLUTION_UNIT] = _NO_UNIT if dpi is None else _INCH
    return tags


def add_tags(file: BinaryIO, pages: Sequence[Mapping[int, Any]]) -> None:
    """Add tags to the directories of a classic TIFF, in place of those that are there.

    Parameters
    ----------
    file : binary file
        Readable, writable and seekable.
    pages : sequence of mapping
        Tags of each page, in order.
    """
    file.seek(0)
    header = file.read(8)
    order = "<" if header[:2] == b"II" else ">"
    link = 4
    for tags in pages:
        file.seek(link)
        (place,) = struct.unpack(f"{order}I", file.read(4))
        entries, following = _read_directory(file, place, order)
        end = file.seek(0, 2)
        file.write(bytes(end % 2))
        end += end % 2
        made = _directory(header, tags).tobytes(end)
        entries |= _entries_of(made, order)
        start = end + len(made) + len(made) % 2
        file.write(made + bytes(len(made) % 2))
        file.write(struct.pack(f"{order}H", len(entries)))
        file.write(b"".join(entry for _, entry in sorted(entries.items())) + following)
        file.seek(link)
        file.write(struct.pack(f"{order}I", start))
        link = start + 2 + 12 * len(entries)
    file.seek(0, 2)


def _read_directory(file: BinaryIO, place: int, order: str) -> tuple[dict[int, bytes], bytes]:
    """Read the entries of a directory by tag, and the link to the next one."""
    file.seek(place)
    head = file.read(2)
    (count,) = struct.unpack(f"{order}H", head)
    entries = _entries_of(head + file.read(12 * count), order)
    return entries, file.read(4)


def _entries_of(directory: bytes, order: str) -> dict[int, bytes]:
    (count,) = struct.unpack_from(f"{order}H", directory)
    entries = [directory[2 + 12 * number :][:12] for number in range(count)]
    return {struct.unpack(f"{order}H", entry[:2])[0]: entry for entry in entries}


def _directory(header: bytes, tags: Mapping[int, Any]) -> ImageFileDirectory_v2:
    made = ImageFileDirectory_v2(header)
    for tag, value in tags.items():
        if tag in _TYPES:
            made.tagtype[tag] = _TYPES[tag]
        made[tag] = value
    return made
