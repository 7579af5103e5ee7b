"""Pictures as plain arrays, as decoding yields and encoding takes them."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from poolcli.core.types import Array, Source

__all__ = ["Frame", "Metadata", "Palette", "Picture", "number_in"]


def number_in(text: str) -> int | float | None:
    """Read a number as files state one, an integer exactly; None of any other text.

    >>> number_in("-9999"), number_in("-3.4e+38 "), number_in("none")
    (-9999, -3.4e+38, None)
    """
    for kind in (int, float):
        with suppress(ValueError):
            return kind(text)
    return None


class Palette(NamedTuple):
    """A palette as Pillow has it: mode, colours in the order of their indices, transparency."""

    mode: str
    colours: bytes
    transparency: Any = None


class Metadata(NamedTuple):
    """Metadata of a file.

    Attributes
    ----------
    icc, xmp : bytes, optional
    exif : PIL.Image.Exif, optional
        Without orientation and thumbnail, which pooling makes false.
    iptc : bytes, optional
        Records of captions and credits.
    comment : bytes, optional
        UTF-8 or Latin-1.
    texts : mapping
        Text chunks of a PNG.
    colours : mapping
        Chunks of a PNG on the meaning of its samples, by their names.
    loop : int, optional
        Number of times that an animation plays; 0 for ever.
    compression : str, optional
        Compression of a TIFF, if it is lossless.
    default_image : bool
        Whether the first frame of an APNG is outside the animation.
    lossless : bool
        Whether a WebP is stored without loss.
    dropped : tuple of str
        Names of what the file holds and none of these does.
    """

    icc: bytes | None = None
    exif: Any = None
    xmp: bytes | None = None
    iptc: bytes | None = None
    comment: bytes | None = None
    texts: Mapping[str, str] = MappingProxyType({})
    colours: Mapping[bytes, bytes] = MappingProxyType({})
    loop: int | None = None
    compression: str | None = None
    default_image: bool = False
    lossless: bool = False
    dropped: tuple[str, ...] = ()

    def stripped(self) -> "Metadata":
        """Keep only how the picture is stored and played."""
        return Metadata(
            loop=self.loop,
            compression=self.compression,
            default_image=self.default_image,
            lossless=self.lossless,
        )


class Frame(NamedTuple):
    """A frame of a picture.

    Attributes
    ----------
    pixels : (H, W, channels) ndarray or Source
        An array, or a source that is copied or computed as it is sliced.
    mode : str
        Pillow mode; "P" if the palette's indices are kept. Also "LA", "RGB", "RGBA" or "CMYK" where
        the pixels are uint16, for which Pillow has no mode.
    palette : Palette, optional
    duration : float, optional
        Milliseconds.
    disposal : int, optional
        Disposal method, in the format's own numbers.
    dpi : (float, float), optional
        Dots per inch, horizontally and vertically.
    metadata : Metadata
        The file's, in the first frame only, as some formats store it after the pixels; a page's
        own, in every page of a TIFF.
    density : (float, float), optional
        Pixels per unit, horizontally and vertically, where the file does not state the unit.
    sample_type : str, optional
        Name of the dtype of the stored samples, where that of the pixels is wider.
    nodata : str, optional
        The value that stands for missing data, as the file states it.
    """

    pixels: "Source | Array"
    mode: str
    palette: Palette | None = None
    duration: float | None = None
    disposal: int | None = None
    dpi: tuple[float, float] | None = None
    metadata: Metadata = Metadata()
    density: tuple[float, float] | None = None
    sample_type: str | None = None
    nodata: str | None = None


class Picture(NamedTuple):
    """A picture: its frames, its format, and notes on how it was read.

    Attributes
    ----------
    frames : iterable of Frame
        May be decoded one by one as they are iterated, only once.
    format : str, optional
        Pillow's name of the file's format.
    notes : sequence of str
        Notes to the user on what was lost in reading; complete once all frames are read.
    """

    frames: Iterable[Frame]
    format: str | None = None
    notes: Sequence[str] = ()
