"""Conversion of samples between modes, scaled to 8 bits where that is asked for."""

import numpy as np
from PIL import Image

from poolcli.errors import PictureError
from poolcli.media.pillow.modes import conversion_loss, convert, dtype_of, to_poolable_mode

__all__ = ["converted", "scaled_samples"]

_WHITE = 255


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
    parts = np.nan_to_num(np.clip((values - low) / (high - low), 0, 1))
    result = Image.fromarray(np.floor(parts * _WHITE + 0.5).astype(np.uint8))
    return result, f"what is outside {low:g} to {high:g} was clipped" if clipped else ""
