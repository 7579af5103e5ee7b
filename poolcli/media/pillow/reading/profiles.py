"""Conversion of colours to sRGB by the profile that a picture carries."""

from io import BytesIO
from typing import Any

import numpy as np
from PIL import Image

from poolcli.errors import PictureError
from poolcli.media.picture import Frame
from poolcli.media.pillow.modes import sample_bytes, to_poolable_mode

__all__ = ["deep_profile_error", "frame_in_srgb", "is_profile_of", "srgb_mode", "to_srgb"]

_WITH_ALPHA = {"LA": "L", "RGBA": "RGB"}
_MODES = {"L": "L", "LA": "LA", "RGB": "RGB", "RGBA": "RGBA"}

_SPACES = {"LAB": b"Lab ", "CMYK": b"CMYK", "LA": b"GRAY", "RGBA": b"RGB "}
_SPACES |= {"L": _SPACES["LA"], "RGB": _SPACES["RGBA"]}
"""Colour space of each mode, as a colour profile's header names it."""


def deep_profile_error(mode: str) -> PictureError:
    """Make the error that there is no conversion of samples of more than 8 bits."""
    what = "inks" if mode == "CMYK" else "a colour profile and samples"
    return PictureError(
        f"has {what} of more than 8 bits, and --profile converts 8; add --convert L --scale or "
        "--convert RGB --scale, or leave --profile out"
    )


def is_profile_of(icc: bytes | None, mode: str) -> bool:
    """Tell whether a colour profile, if there is one, is of a mode's colour space."""
    return (icc or b"")[16:20] in (b"", _SPACES.get(mode))


def srgb_mode(mode: str) -> str:
    """Name the mode that `to_srgb` gives an image of a mode that can be pooled.

    >>> srgb_mode("CMYK"), srgb_mode("LA")
    ('RGB', 'LA')
    """
    return _MODES.get(mode, "RGB") if sample_bytes(mode) == 1 else mode


def to_srgb(image: Image.Image, icc: bytes | None) -> tuple[Image.Image, str]:
    """Convert colours to sRGB by relative colorimetric intent with black point compensation.

    Grey stays grey, alpha what it is. Colours without a profile are taken for sRGB, inks are
    converted by Pillow's arithmetic.

    Parameters
    ----------
    image : PIL.Image.Image
        Of a mode that can be pooled.

    Returns
    -------
    (PIL.Image.Image, str)
        The image, and a note on it, or "".

    Raises
    ------
    PictureError
        If the image has a profile and samples of more than 8 bits.

    Examples
    --------
    >>> image, note = to_srgb(Image.new("CMYK", (1, 1), (0, 255, 255, 0)), None)
    >>> image.getpixel((0, 0)), note
    ((255, 0, 0), 'has no colour profile: its CMYK was converted to RGB without one')
    """
    mode = srgb_mode(image.mode)
    if not icc:
        if mode == image.mode:
            return image, ""
        told = f"has no colour profile: its {image.mode} was converted to RGB without one"
        return image.convert(mode), told
    if sample_bytes(image.mode) > 1:
        raise deep_profile_error(image.mode)
    from PIL import ImageCms

    colours = image.convert(_WITH_ALPHA[image.mode]) if image.mode in _WITH_ALPHA else image
    flags = ImageCms.Flags.BLACKPOINTCOMPENSATION
    intent = ImageCms.Intent.RELATIVE_COLORIMETRIC
    try:
        profile = ImageCms.ImageCmsProfile(BytesIO(icc))
        srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
        transform = ImageCms.buildTransform(
            profile, srgb, colours.mode, "RGB", renderingIntent=intent, flags=flags
        )
        converted: Any = ImageCms.applyTransform(colours, transform)
        name = ImageCms.getProfileDescription(profile).strip()
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        told = f"its colour profile is damaged or not for {image.mode} and was dropped"
        return image.convert(mode), told
    if mode in ("L", "LA"):
        converted = converted.getchannel("G")
    if image.mode in _WITH_ALPHA:
        converted = converted.convert("RGB") if mode == "RGBA" else converted
        converted = Image.merge(mode, (*converted.split(), image.getchannel("A")))
    shown = "".join(one if one.isprintable() else "?" for one in name)
    return converted, f"its colours were converted to sRGB from its profile {shown!r}"


def frame_in_srgb(frame: Frame) -> tuple[Frame, list[str]]:
    """Convert the colours of a frame to sRGB by its profile; list what the user should know.

    Raises
    ------
    PictureError
        If its samples have more than 8 bits, and are not sRGB already.
    """
    from poolcli.media.pillow.frame_images import frame_to_image
    from poolcli.media.pillow.image_rows import ImageRows

    icc, notes = frame.metadata.icc, []
    if frame.pixels.dtype == np.uint8 or frame.palette is not None:
        image, note = to_srgb(to_poolable_mode(frame_to_image(frame)), icc)
        pixels = ImageRows(image)[(slice(None),)]
        frame = frame._replace(pixels=pixels, mode=image.mode, palette=None)
        notes = [note]
    elif icc or frame.mode == "CMYK":
        raise deep_profile_error(frame.mode)
    return frame._replace(metadata=frame.metadata._replace(icc=None)), notes
