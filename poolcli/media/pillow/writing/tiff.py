"""TIFFs of several pages, written in time that grows with their number alone."""

from collections.abc import Sequence
from typing import Any, BinaryIO

from PIL import Image
from PIL.TiffImagePlugin import AppendingTiffWriter

__all__ = ["save_pages"]


class _PagesWriter(AppendingTiffWriter):
    """Pillow's writer, which walks through all pages from the first for each one; not this one."""

    def __init__(self, file: BinaryIO) -> None:
        self._last_link: int | None = None
        super().__init__(file)

    def skipIFDs(self) -> None:  # noqa: N802 - Pillow's name
        if self._last_link is not None:
            self.f.seek(self._last_link)
        super().skipIFDs()
        self._last_link = self.whereToWriteNewIFDOffset


def save_pages(images: Sequence[Image.Image], file: BinaryIO, options: dict[str, Any]) -> None:
    """Write images as the pages of a TIFF, as Pillow does with ``save_all``.

    Parameters
    ----------
    options : dict
        Pillow's options for saving each of them.
    """
    with _PagesWriter(file) as writer:
        for image in images:
            image.save(writer, "TIFF", **options)
            writer.newFrame()
