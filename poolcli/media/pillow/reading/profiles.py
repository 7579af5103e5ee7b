"""Conversion of colours to sRGB by the profile that a picture carries."""

from io import BytesIO
from typing import Any

from PIL import Image

from poolcli.errors import PictureError
from poolcli.media.pillow.modes import sample_bytes

__all__ = ["deep_profile_error", "srgb_mode", "to_srgb"]

_WITH_ALPHA = {"LA": "L", "RGBA": "RGB"}
_MODES = {"L": "L", "LA": "LA", "RGB": "RGB", "RGBA": "RGBA"}


def deep_profile_error() -> PictureError:
    """Make the error that there is no conversion of samples of more than 8 bits."""
    return PictureError(
        "has a colour profile and samples of more than 8 bits, and --profile converts 8; add "
        "--convert L --scale or --convert RGB --scale, or leave --profile out"
    )


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
        raise deep_profile_error()
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
