"""What the sample pictures share: ramps, colour blends, fractal noise, reading between pixels."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PIL import Image

Field = NDArray[np.float64]
Mask = NDArray[np.bool_]


def smooth(low: float, high: float, value: ArrayLike) -> Field:
    """Draw an S-shaped ramp: 0 below `low`, 1 above `high`."""
    ramp: Field = np.clip((np.asarray(value, np.float64) - low) / (high - low), 0.0, 1.0)
    return ramp * ramp * (3.0 - 2.0 * ramp)


def mix(first: ArrayLike, second: ArrayLike, share: Field) -> Field:
    """Blend two colours (or colour pictures), pixel by pixel, by `share` of the second."""
    start = np.asarray(first, np.float64)
    result: Field = start + (np.asarray(second, np.float64) - start) * share[..., None]
    return result


def noise(
    rng: np.random.Generator,
    shape: tuple[int, int],
    slope: float,
    low: float = 1.0,
    high: float = np.inf,
) -> Field:
    """Draw fractal noise that tiles; frequencies are in cycles per picture height."""
    rows, cols = np.fft.fftfreq(shape[0]), np.fft.rfftfreq(shape[1])
    radius = np.hypot(rows[:, None], cols[None, :]) * shape[0]
    band = (radius >= low) & (radius < high)
    gain = np.where(band, np.maximum(radius, 0.5) ** -slope, 0.0)
    field: Field = np.fft.irfft2(np.fft.rfft2(rng.standard_normal(shape)) * gain, s=shape)
    return field / float(field.std())


def sample(picture: Field, row: Field, col: Field) -> Field:
    """Read a tiling picture at fractional places (bilinear)."""
    top, left = np.floor(row).astype(np.int64), np.floor(col).astype(np.int64)
    down, right = row - top, col - left
    if picture.ndim == 3:
        down, right = down[..., None], right[..., None]
    high, wide = picture.shape[:2]
    above, below = top % high, (top + 1) % high
    near, far = left % wide, (left + 1) % wide
    upper = picture[above, near] * (1 - right) + picture[above, far] * right
    lower = picture[below, near] * (1 - right) + picture[below, far] * right
    result: Field = upper * (1 - down) + lower * down
    return result


def to_image(picture: Field) -> Image.Image:
    """Turn a picture with values 0…1 into an 8-bit image."""
    return Image.fromarray((np.clip(picture, 0.0, 1.0) * 255.0 + 0.5).astype(np.uint8))
