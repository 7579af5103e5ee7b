"""Pillow's modes: their channels and dtypes, and conversions between them.

NumPy is imported by the functions that need it: a picture may be decoded before that.
"""

from typing import TYPE_CHECKING, Any

from PIL import Image, ImageMode

from poolcli.errors import PictureError

if TYPE_CHECKING:
    import numpy as np

__all__ = [
    "channels_of",
    "conversion_loss",
    "convert",
    "dtype_of",
    "holds_mode",
    "sample_bytes",
    "to_poolable_mode",
]


_HELD_MODES: dict[str, set[str]] = {
    "AVIF": {"L", "LA", "RGB", "RGBA"},
    "BMP": {"L", "RGB"},
    "DIB": {"L", "RGB"},
    "EPS": {"L", "RGB"},
    "GIF": {"L", "RGB", "RGBA"},
    "PNG": {"L", "LA", "RGB", "RGBA", "I;16"},
    "PPM": {"L", "RGB", "I;16", "F"},
    "WEBP": {"L", "LA", "RGB", "RGBA"},
}
"""Modes that a format holds; Pillow would write others too, but silently clip or drop channels."""


def channels_of(mode: str) -> int:
    """Count the channels of a mode.

    >>> channels_of("RGB")
    3
    """
    return len(ImageMode.getmode(mode).bands)


def dtype_of(mode: str) -> "np.dtype[Any]":
    """Look up the dtype of the array of a mode that `to_poolable_mode` yields.

    >>> dtype_of("I;16").name
    'uint16'
    """
    import numpy as np

    return np.dtype(ImageMode.getmode(mode).typestr)


def sample_bytes(mode: str) -> int:
    """Bytes of a sample in the array of a mode.

    >>> sample_bytes("RGB"), sample_bytes("I;16")
    (1, 2)
    """
    return int(ImageMode.getmode(mode).typestr[2:])


def to_poolable_mode(image: Image.Image) -> Image.Image:
    """Convert an image to a mode whose every channel can be pooled on its own.

    1-bit becomes L; a palette is expanded to RGB or RGBA; a transparent colour becomes an alpha
    channel, premultiplied alpha straight alpha; 16-bit grey takes the native byte order, and that
    of a PGM, which Pillow opens as I, the mode I;16.
    """
    if image.mode == "1":
        return image.convert("LA" if "transparency" in image.info else "L")
    if image.mode in ("P", "PA"):
        return image.convert("RGBA" if image.has_transparency_data else "RGB")
    if image.mode in ("L", "RGB") and "transparency" in image.info:
        return image.convert({"L": "LA", "RGB": "RGBA"}[image.mode])
    if image.mode in ("La", "RGBa"):
        return image.convert({"La": "LA", "RGBa": "RGBA"}[image.mode])
    if image.mode.startswith("I;16") and image.mode != "I;16":
        return image.convert("I").convert("I;16")
    if image.mode == "I" and image.format == "PPM":
        return image.convert("I;16")
    return image


def convert(image: Image.Image, mode: str) -> Image.Image:
    """Convert an image to any mode of Pillow's; invisible pixels become black if alpha is dropped.

    Raises
    ------
    PictureError
        If Pillow does not know the mode, or cannot convert to it.
    """
    try:
        if image.mode in ("LA", "RGBA") and mode not in ("LA", "La", "PA", "RGBA", "RGBa"):
            seen = image.getchannel("A").point([0] + [255] * 255)
            image = Image.composite(image, Image.new(image.mode, image.size), seen)
        return image.convert(mode)
    except (ValueError, KeyError) as error:
        raise PictureError(f"cannot be converted from {image.mode} to {mode} ({error})") from error


def conversion_loss(before: str, after: str) -> str:
    """Describe what a conversion between two modes loses; empty if nothing.

    >>> conversion_loss("I", "I;16")
    'int32 values were converted to uint16: what is outside 0 to 65535 was clipped'
    >>> conversion_loss("RGB", "L")
    ''
    """
    import numpy as np

    old, new = dtype_of(before), dtype_of(after)
    if np.can_cast(old, new, "safe") or before == "1":
        return ""
    text = f"{old.name} values were converted to {new.name}"
    if (old.kind, new.kind) == ("f", "i"):
        return f"{text}: fractions were cut off"
    if new.kind == "f":
        return f"{text}: beyond 2^24 they were rounded"
    low, high = np.iinfo(new).min, np.iinfo(new).max
    remedy = "; --scale keeps it in proportion" if new == np.uint8 else ""
    return f"{text}: what is outside {low} to {high} was clipped{remedy}"


def holds_mode(name: str, mode: str) -> bool:
    """Tell whether a format holds a mode unchanged; True also if Pillow itself raises an error.

    >>> holds_mode("TIFF", "I;16"), holds_mode("WEBP", "I;16")
    (True, False)
    """
    return mode in _HELD_MODES.get(name, {mode})
