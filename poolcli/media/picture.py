"""A picture as plain arrays: what reading gives and writing takes."""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from poolcli.core.types import Array, Source

__all__ = ["Frame", "Metadata", "Palette", "Picture"]


class Palette(NamedTuple):
    """The colours of a palette's indices, in Pillow's words."""

    mode: str
    colours: bytes
    transparency: Any = None


class Metadata(NamedTuple):
    """What a file says beside its pixels.

    Attributes
    ----------
    icc, xmp : bytes, optional
    exif : PIL.Image.Exif, optional
        Without orientation and thumbnail.
    comment : str, optional
    texts : mapping
        PNG's text chunks.
    loop : int, optional
        How often an animation runs; 0 is for ever.
    compression : str, optional
        A TIFF's, if it is one that loses nothing.
    default_image : bool
        Whether an APNG's first frame is not part of the animation.
    """

    icc: bytes | None = None
    exif: Any = None
    xmp: bytes | None = None
    comment: str | None = None
    texts: Mapping[str, str] = MappingProxyType({})
    loop: int | None = None
    compression: str | None = None
    default_image: bool = False


class Frame(NamedTuple):
    """One frame.

    Attributes
    ----------
    pixels : (H, W, channels) ndarray or Source
        Whole, or made as it is sliced.
    mode : str
        Pillow's; "P" where indices are kept.
    palette : Palette, optional
    duration : float, optional
        Milliseconds.
    disposal : int, optional
        What becomes of the frame when its time is over, in the format's own numbers.
    dpi : (float, float), optional
        Horizontally and vertically.
    metadata : Metadata
        The file's, in its first frame: some formats say it behind the pixels.
    """

    pixels: "Source | Array"
    mode: str
    palette: Palette | None = None
    duration: float | None = None
    disposal: int | None = None
    dpi: tuple[float, float] | None = None
    metadata: Metadata = Metadata()


class Picture(NamedTuple):
    """Frames, one after another, and what is said beside them.

    Attributes
    ----------
    frames : iterable of Frame
        May be read as they are asked for, once.
    format : str, optional
        Pillow's name of the file's format.
    notes : sequence of str
        What the user should know of how it was read; whole when all frames were.
    """

    frames: Iterable[Frame]
    format: str | None = None
    notes: Sequence[str] = ()
