"""GIF: the part of the canvas that no frame has covered yet is transparent."""

import numpy as np
from PIL import Image
from PIL.ImageFile import ImageFile

from poolcli.core.types import Array
from poolcli.media.pillow.reading.formats.correction import Correction

__all__ = ["GifCanvas"]


class GifCanvas:
    """The pixels of a GIF that frames have covered so far; Pillow fills the others by colour 0."""

    def __init__(self) -> None:
        self._covered: Array | None = None

    def add(self, image: ImageFile) -> None:
        """Count in the frame that the image is at; frames must be added one after another."""
        left, top, right, bottom = getattr(image, "dispose_extent", (0, 0, *image.size))
        if self._covered is None or self._covered.shape != image.size[::-1]:
            old, self._covered = self._covered, np.zeros(image.size[::-1], np.bool_)
            if old is not None:
                self._covered[: old.shape[0], : old.shape[1]] = old
        self._covered[top:bottom, left:right] = True

    def correction(self, image: ImageFile) -> Correction:
        """Plan to make the pixels transparent that no frame has covered."""
        if self._covered is None or self._covered.all() or image.has_transparency_data:
            return Correction()
        alpha = Image.fromarray(self._covered.astype(np.uint8) * np.uint8(255))

        def finish(decoded: Image.Image) -> Image.Image:
            corrected = decoded.convert("RGBA")
            corrected.putalpha(alpha)
            return corrected

        return Correction((), "RGBA", finish)
