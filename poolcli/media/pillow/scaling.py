"""Conversion of samples between modes, scaled to 8 bits where that is asked for."""

import numpy as np
from PIL import Image

from poolcli.core.types import Array, Source
from poolcli.errors import PictureError
from poolcli.media.pillow.modes import conversion_loss, convert, dtype_of, to_poolable_mode

__all__ = ["converted", "converted_colours", "scaled_samples"]

_WHITE, _DEEP_WHITE = 255, 65535

_BAND_SAMPLES = 1 << 20
"""Samples that are scaled at once; they take 24 bytes each meanwhile."""


def converted(
    image: Image.Image,
    mode: str,
    scale: bool | tuple[float, float] = False,
    sample_type: str | None = None,
) -> tuple[Image.Image, list[str]]:
    """Convert an image to a mode that can be pooled; list what was lost.

    Parameters
    ----------
    scale, sample_type
        As for `scaled_samples`.

    Raises
    ------
    PictureError
        If Pillow does not know the mode or cannot convert to it, or the image cannot be scaled.
    """
    scaled, clipped = scaled_samples(image, scale, sample_type)
    result = to_poolable_mode(convert(scaled, mode))
    return result, [loss for loss in (clipped, conversion_loss(scaled.mode, result.mode)) if loss]


def scaled_samples(
    image: Image.Image, scale: bool | tuple[float, float], sample_type: str | None = None
) -> tuple[Image.Image, str]:
    """Scale samples of more than 8 bits to 0 to 255; return a note on what was clipped, or "".

    Parameters
    ----------
    scale : bool or (float, float)
        Lowest and highest value; True for those of 16-bit samples. False leaves all as it is.
    sample_type : str, optional
        Name of the dtype that the samples are stored in, if it is another than the image's.

    Raises
    ------
    PictureError
        If the samples have no range to scale from, or already 8 bits and other limits are given.

    Examples
    --------
    >>> grey = Image.fromarray(np.array([[0, 257, 65535]], np.uint16))
    >>> np.asarray(scaled_samples(grey, True)[0]).tolist()
    [[0, 1, 255]]
    >>> np.asarray(scaled_samples(grey, (0, 514))[0]).tolist()
    [[0, 128, 255]]
    """
    if scale is False:
        return image, ""
    dtype = np.dtype(sample_type) if sample_type else dtype_of(image.mode)
    if dtype.itemsize == 1:
        if scale is True:
            return image, ""
        raise PictureError("has samples of 8 bits; --scale LOW,HIGH is for deeper ones")
    if scale is True:
        if dtype.itemsize > 2:
            raise PictureError(
                f"has {dtype} samples, whose whole range means nothing; use --scale LOW,HIGH"
            )
        scale = np.iinfo(dtype).min, np.iinfo(dtype).max
    low, high = scale
    values = np.asarray(image).astype(np.float64)
    clipped = bool(((values < low) | (values > high)).any())
    result = Image.fromarray(_in_proportion(values, low, high))
    return result, _clipping_note(low, high) if clipped else ""


def _in_proportion(values: Array, low: float, high: float) -> Array:
    """Scale values from a range to 0 to 255, rounded half up; what is outside is clipped."""
    parts = np.nan_to_num(np.clip((values - float(low)) / (high - low), 0, 1))
    return np.floor(parts * _WHITE + 0.5).astype(np.uint8)


def _clipping_note(low: float, high: float) -> str:
    return f"what is outside {low:g} to {high:g} was clipped"


def converted_colours(
    pixels: Source, mode: str, convert_to: str, scale: bool | tuple[float, float] = False
) -> tuple[Image.Image, list[str]]:
    """Convert colours of 16 bits to a mode that can be pooled; list what was lost.

    Parameters
    ----------
    pixels : (H, W, channels) Source of uint16
    mode : str
        Mode of the pixels: "LA", "RGB", "RGBA" or "CMYK".
    scale : bool or (float, float)
        Lowest and highest value of a colour; True for the whole range, to which alpha is always
        scaled. False keeps the upper 8 bits of each sample.

    Raises
    ------
    PictureError
        If Pillow does not know the mode or cannot convert to it.

    Examples
    --------
    >>> image, losses = converted_colours(np.array([[[0, 383, 65535]]], np.uint16), "RGB", "RGB")
    >>> np.asarray(image).tolist(), losses
    ([[[0, 1, 255]]], ['only 8 bits of each of its RGB samples were read'])
    """
    height, width, channels = pixels.shape
    out = np.empty((height, width, channels), np.uint8)
    rows = max(1, _BAND_SAMPLES // (width * channels))
    colours = channels - (mode in ("LA", "RGBA"))
    low, high = scale if isinstance(scale, tuple) else (0, _DEEP_WHITE)
    clipped = False
    for top in range(0, height, rows):
        band = pixels[(slice(top, top + rows),)]
        if scale is False:
            out[top : top + rows] = band >> 8
            continue
        seen = band[..., :colours]
        clipped = clipped or bool(((seen < low) | (seen > high)).any())
        out[top : top + rows, :, :colours] = _in_proportion(seen, low, high)
        out[top : top + rows, :, colours:] = _in_proportion(band[..., colours:], 0, _DEEP_WHITE)
    losses = [_clipping_note(low, high)] if clipped else []
    if scale is False:
        losses.append(f"only 8 bits of each of its {mode} samples were read")
    image = Image.frombuffer(mode, (width, height), out, "raw", mode, 0, 1)
    return to_poolable_mode(convert(image, convert_to)), losses
