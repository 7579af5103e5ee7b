"""Icons: of several pictures of the largest size, the one of most bits."""

import struct
from typing import Any, BinaryIO

from PIL.ImageFile import ImageFile

from poolcli.media.pillow.reading.formats.correction import Correction

__all__ = ["correct_ico"]

_PNG_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
"""Channels of each colour type of a PNG."""


def correct_ico(image: ImageFile, file: BinaryIO) -> Correction:
    """Decode again if Pillow took a picture of fewer bits than another of the same size has."""
    icon: Any = getattr(image, "ico", None)
    entries = [] if icon is None else [one for one in icon.entry if one.dim == icon.entry[0].dim]
    if len(entries) < 2:
        return Correction()
    depths = [_bits(file, entry.offset) for entry in entries]
    deepest = entries[depths.index(max(depths))]
    if deepest is not entries[0]:
        icon.entry.remove(deepest)
        icon.entry.insert(0, deepest)
        held: Any = image
        held._im = None
        image.load()
    bits = ", ".join(map(str, sorted(set(depths))))
    text = f"holds {len(entries)} pictures of its largest size ({bits} bits), and the deepest was"
    return Correction((f"{text} taken",))


def _bits(file: BinaryIO, offset: int) -> int:
    """Read the bits of a pixel from the picture's own header: the directory's are often 0."""
    file.seek(offset)
    head = file.read(26)
    if head.startswith(b"\x89PNG"):
        return head[24] * _PNG_CHANNELS.get(head[25], 1) if len(head) == 26 else 0
    return int(struct.unpack_from("<H", head, 14)[0]) if len(head) >= 16 else 0
