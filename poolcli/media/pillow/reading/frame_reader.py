"""Reading the frames of a file: decoded one after another, each upright."""

from collections.abc import Iterator
from itertools import count
from typing import TYPE_CHECKING, BinaryIO

from PIL import Image
from PIL.ImageFile import ImageFile

from poolcli.errors import PictureError
from poolcli.media.options import Reading
from poolcli.media.picture import Frame
from poolcli.media.pillow.errors import check_pixels, pixel_limit, translate_errors
from poolcli.media.pillow.metadata.exif import AXIS_SWAPS, TRANSPOSES
from poolcli.media.pillow.metadata.reading import orientation_of, stored_size
from poolcli.media.pillow.modes import convert, to_poolable_mode
from poolcli.media.pillow.reading.bit_depths import check_bit_depth, other_losses
from poolcli.media.pillow.reading.corrections import plan_correction
from poolcli.media.pillow.reading.formats.correction import Correction
from poolcli.media.pillow.reading.frame_decoding import decode_frame

if TYPE_CHECKING:
    from poolcli.media.pillow.reading.formats.gif import GifCanvas
    from poolcli.media.pillow.reading.formats.tiff_pages import TiffPages

__all__ = ["FrameReader"]

_MULTI_FRAME_FORMATS = {"AVIF", "DCX", "FLI", "GIF", "PNG", "TIFF", "WEBP"}
"""Formats whose frames are pages or an animation; those of others are previews, layers or sizes."""

_MIN_FRAME_PIXELS = 64 * 64
"""Pixels that a frame counts at least towards the limit: opening one costs as much as these."""


_LEAST_INFLATED, _LEAST_FAST_INFLATED = 1_500_000, 300_000
"""Pixels of a PNG from which a thread that inflates it saves more than it costs: if a CPU is free
for it; and if it has a faster library than Pillow, whether one is free or not."""


class FrameReader:
    """Reader of an opened file's frames, which notes what is lost in reading them."""

    def __init__(
        self,
        file: BinaryIO,
        image: ImageFile,
        reading: Reading,
        keep_palette: bool,
        threads: int = 1,
    ) -> None:
        self.file, self.image, self.reading, self.threads = file, image, reading, threads
        self.pages = _tiff_pages(file) if image.format == "TIFF" else None
        self.multi_frame = image.format in _MULTI_FRAME_FORMATS and bool(
            len(self.pages.numbers) > 1 if self.pages else getattr(image, "is_animated", False)
        )
        if self.pages and self.pages.numbers[0]:
            self._go_to(0)
        self.canvas = _gif_canvas() if image.format == "GIF" else None
        one = not self.multi_frame or reading.frame is not None
        as_stored = reading.convert is None and reading.profile is None
        self.keep_palette = keep_palette and one and as_stored
        self.notes = [] if self.multi_frame else _omission_notes(image, reading)
        self.notes += self.pages.notes if self.pages else []

    def frames(self) -> Iterator[Frame]:
        """Yield each frame; its memory is freed before the next one is decoded."""
        if self.multi_frame and self.reading.frame is None:
            yield from self._all_frames()
            return
        if self.reading.frame is not None:
            self._seek(self.reading.frame)
        check_pixels(self.image.width * self.image.height, self.reading.max_pixels)
        yield self._decode_only_frame()
        self.image.close()  # frees memory for encoding the result

    def probe(self) -> tuple[str, tuple[int, int]]:
        """Predict mode, height and width of the first frame from its header.

        Raises
        ------
        PictureError
            If the header shows that reading the frame would fail.
        """
        image, convert_to = self.image, self.reading.convert
        if self.reading.frame is not None:
            self._seek(self.reading.frame)
        check_pixels(image.width * image.height, self.reading.max_pixels)
        width, height = stored_size(image)
        correction = self._plan()
        if correction.samples is None:
            self.notes += check_bit_depth(image, self.file, accepted=convert_to is not None)
        else:
            self.notes += other_losses(image, all_bits=True)
        if TRANSPOSES.get(orientation_of(image, decode=False)) in AXIS_SWAPS:
            width, height = height, width
        # One pixel of the same mode and palette is converted as the picture would be.
        pixel = Image.new(correction.mode or image.mode, (1, 1))
        if correction.mode is None:
            pixel.info, pixel.palette = image.info, image.palette
        if not (self.keep_palette and pixel.mode == "P"):
            pixel = to_poolable_mode(pixel)
        if self.reading.profile is not None:
            from poolcli.media.pillow.reading.profiles import srgb_mode

            pixel = Image.new(srgb_mode(pixel.mode), (1, 1))
        if convert_to is not None:
            pixel = to_poolable_mode(convert(pixel, convert_to))
        return pixel.mode, (height, width)

    def _all_frames(self) -> Iterator[Frame]:
        pixels = 0
        with translate_errors(), pixel_limit(self.reading.max_pixels):
            known = self._frame_count()
        for number in count():
            if number:
                try:
                    with (
                        translate_errors(passed=EOFError),
                        pixel_limit(self.reading.max_pixels),
                    ):
                        self._go_to(number)
                except EOFError:
                    return
            size = max(_MIN_FRAME_PIXELS, self.image.width * self.image.height)
            pixels += size
            least = _MIN_FRAME_PIXELS if self.image.format == "TIFF" else size
            check_pixels(max(pixels, known * least), self.reading.max_pixels)
            yield self._decode_frame(first=number == 0)

    def _seek(self, number: int) -> None:
        # To go to a frame is to decode those before it.
        check_pixels(self.image.width * self.image.height, self.reading.max_pixels)
        with translate_errors(), pixel_limit(self.reading.max_pixels):
            several = self.multi_frame or self.image.format in ("HEIF", "MPO")
            frames = self._frame_count() if several else 1
            if not -frames <= number < frames:
                raise PictureError(
                    f"has no frame {number}; use 0 to {frames - 1}"
                    if frames > 1
                    else f"has no frame {number}, only frame 0; use 0, or omit --frame"
                )
            if several:  # the picture of a file of layers is not one of its frames
                self._go_to(number % frames)

    def _frame_count(self) -> int:
        """Count the frames; of a TIFF without parsing its pages."""
        return len(self.pages.numbers) if self.pages else int(getattr(self.image, "n_frames", 1))

    def _go_to(self, number: int) -> None:
        """Go to a frame of those that count, counted from 0.

        Raises
        ------
        EOFError
            If there is no such frame.
        """
        if self.pages is not None:
            if number >= len(self.pages.numbers):
                raise EOFError
            self.image.seek(self.pages.numbers[number])
            if self.image.mode not in ("P", "PA"):
                self.image.palette = None  # before 13, Pillow leaves that of a page it has passed
            return
        if self.canvas is not None:
            self.canvas.add(self.image)
            for before in range(self.image.tell() + 1, number):
                self.image.seek(before)
                self.canvas.add(self.image)
        self.image.seek(number)

    def _plan(self) -> Correction:
        """Plan the correction of the current frame, once, before it is decoded."""
        if self.canvas is not None:
            self.canvas.add(self.image)
            return self.canvas.correction(self.image)
        reduced = self.reading.convert is not None and self.reading.scale is False
        return plan_correction(self.image, self.file, reduced=reduced)

    def _decode_only_frame(self) -> Frame:
        """Decode the frame, by two threads if that pays; by one if anything is unusual then."""
        if self._is_inflated_apart():
            from poolcli.media.pillow.reading.formats.png_inflating import Inflating

            if Inflating.suits(self.image):
                inflating = Inflating(self.image)
                try:
                    with inflating:
                        return self._decode_frame()
                except Exception:
                    if not inflating.begun:
                        raise
                    self.file.seek(0)
                    with translate_errors(), pixel_limit(self.reading.max_pixels):
                        self.image = type(self.image)(self.file, "")
        return self._decode_frame()

    def _is_inflated_apart(self) -> bool:
        pixels = self.image.width * self.image.height
        if self.image.format != "PNG" or self.reading.truncated:
            return False
        if self.threads > 1 and pixels >= _LEAST_INFLATED:
            return True
        if pixels < _LEAST_FAST_INFLATED:
            return False
        from poolcli.media.pillow.zlib_libraries import inflates_faster

        return inflates_faster()

    def _decode_frame(self, *, first: bool = True) -> Frame:
        with translate_errors(), pixel_limit(self.reading.max_pixels):
            frame, losses = decode_frame(
                self.image,
                self.file,
                self.reading,
                self._plan(),
                keep_palette=self.keep_palette,
                first=first,
            )
        self.notes += [loss for loss in losses if loss and loss not in self.notes]
        return frame


# What only some formats need is imported for their files alone.
def _tiff_pages(file: BinaryIO) -> "TiffPages":
    from poolcli.media.pillow.reading.formats.tiff_pages import tiff_pages

    return tiff_pages(file)


def _omission_notes(image: ImageFile, reading: Reading) -> list[str]:
    if image.format not in ("HEIF", "MPO") and "sizes" not in image.info:
        return []
    from poolcli.media.pillow.reading.omissions import omission_notes

    return omission_notes(image, reading)


def _gif_canvas() -> "GifCanvas":
    from poolcli.media.pillow.reading.formats.gif import GifCanvas

    return GifCanvas()
