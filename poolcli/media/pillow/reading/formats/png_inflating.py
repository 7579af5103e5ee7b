"""A PNG inflated in a thread of its own, while Pillow undoes the filters of what it has got.

Pillow's decoder takes a zlib stream in pieces. It is given the same data as in the file, stored
where they were deflated, so that it only copies them; both let the other thread go on meanwhile.
"""

import struct
from collections.abc import Iterator
from contextlib import suppress
from queue import Empty, Queue
from threading import Thread
from typing import TypeGuard

from PIL import ImageFile, PngImagePlugin

from poolcli.media.pillow.zlib_libraries import inflating_library

__all__ = ["Inflating"]

_BITS = {"L": 8, "P": 8, "LA": 16, "I;16B": 16, "RGB": 24, "RGBA": 32}
_BITS |= {"LA;16B": 32, "RGB;16B": 48, "RGBA;16B": 64}
"""Bits of a pixel as it lies in the file, by Pillow's raw modes."""

_HEADER = b"\x78\x01"
_PIECE_BYTES = 1 << 18
"""Bytes that are inflated at once: chunks may be short, and handing over has its price."""

_MOST_STORED = (1 << 16) - 1
"""Bytes that a stored block can hold."""

_AHEAD = 4
"""Pieces that may wait to be taken."""


class Inflating:
    """A context in which an opened PNG is loaded by two threads.

    Attributes
    ----------
    begun : bool
        Whether loading has begun. A file that then fails to load must be opened and loaded again
        without a thread, as Pillow alone decides what is damaged.
    """

    def __init__(self, image: PngImagePlugin.PngImageFile) -> None:
        self._image, self._read = image, image.load_read
        self._left = image.height * (1 + image.width * _BITS[str(image.tile[0].args)] // 8)
        self._pieces: Queue[bytes | Exception] = Queue(_AHEAD)
        self._thread = Thread(target=self._run, daemon=True)
        self._stopped = self.begun = False

    @staticmethod
    def suits(image: ImageFile.ImageFile) -> TypeGuard[PngImagePlugin.PngImageFile]:
        """Tell whether an opened image is a PNG without interlacing or animation."""
        return (
            type(image) is PngImagePlugin.PngImageFile
            and len(image.tile) == 1
            and image.tile[0].args in _BITS
            and not (image.info.get("interlace") or image.is_animated)
            and not ImageFile.LOAD_TRUNCATED_IMAGES
        )

    def __enter__(self) -> "Inflating":
        vars(self._image)["load_read"] = self._next  # Pillow looks it up on the image
        return self

    def __exit__(self, *_: object) -> None:
        vars(self._image).pop("load_read", None)
        self._stopped = True
        with suppress(Empty):  # there is room for the one or two pieces that are still put
            while True:
                self._pieces.get_nowait()
        if self.begun:
            self._thread.join()

    def _next(self, _size: int) -> bytes:
        if not self.begun:
            self.begun = True
            self._thread.start()
            return _HEADER
        piece = self._pieces.get()
        if isinstance(piece, Exception):
            raise piece
        return piece

    def _run(self) -> None:
        end: Exception = EOFError("there are not as many rows as there should be")
        try:
            for piece in self._inflated():
                if self._stopped:
                    return
                self._pieces.put(_stored(piece))
        except Exception as error:  # whatever it is, Pillow without a thread decides about it
            end = error
        self._pieces.put(end)

    def _inflated(self) -> Iterator[bytes]:
        """Yield all rows with their filters."""
        inflate = inflating_library().decompressobj()
        while self._left > 0 and not inflate.eof and (packed := self._packed()):
            while packed and self._left > 0:
                piece = inflate.decompress(packed, min(2 * _PIECE_BYTES, self._left))
                packed = inflate.unconsumed_tail
                self._left -= len(piece)
                if piece:
                    yield piece

    def _packed(self) -> bytes:
        parts, size = [], 0
        while size < _PIECE_BYTES and (part := self._read(_PIECE_BYTES)):
            parts.append(part)
            size += len(part)
        return b"".join(parts)


def _stored(data: bytes) -> bytes:
    blocks = [data[at : at + _MOST_STORED] for at in range(0, len(data), _MOST_STORED)]
    return b"".join(
        struct.pack("<BHH", 0, len(block), len(block) ^ _MOST_STORED) + block for block in blocks
    )
