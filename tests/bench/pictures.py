"""Pictures that are always the same: photographs, screenshots, drawings, and them pooled."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from tests.bench.kernels.cells import Array

__all__ = ["corpus", "photo_folder", "photograph", "pooled", "pooled_for_floor"]

_SAMPLES = Path(__file__).parents[2] / "samples"


def photograph(seed: int, width: int, height: int) -> Image.Image:
    """Smooth light and colour, rough ground below a horizon, soft objects, and a sensor's noise."""
    rng = np.random.default_rng(seed)
    light = _octaves(rng, width, height, range(1, 9), 2.0)
    ground = _octaves(rng, width, height, range(5, 11), 1.25)
    horizon = 0.35 + 0.3 * rng.random() + 0.1 * _octaves(rng, width, 1, range(1, 8), 1.8)
    below = np.arange(height)[:, None] > horizon * height
    picture = np.empty((height, width, 3), np.float32)
    for channel in range(3):
        tint = _octaves(rng, width, height, range(1, 5), 1.7)
        base, slope = 110 + 40 * rng.random(), 30 + 30 * rng.random()
        picture[..., channel] = base + slope * light + 18 * tint + np.where(below, 26 * ground, 0)
    for _ in range(12):
        _add_ball(rng, picture)
    picture += rng.normal(0, 1.5, picture.shape).astype(np.float32)
    return Image.fromarray(picture.clip(0, 255).round().astype(np.uint8))


def _octaves(
    rng: np.random.Generator, width: int, height: int, powers: range, decay: float
) -> Array:
    """Noise of several grains, each finer one weaker by ``decay``; about -1 to 1."""
    total = np.zeros((height, width), np.float32)
    weight = 1.0
    for power in powers:
        grains = min(2**power, height), min(2**power, width)
        coarse = Image.fromarray(rng.uniform(-1, 1, grains).astype(np.float32))
        total += weight * np.asarray(coarse.resize((width, height), Image.Resampling.BICUBIC))
        weight /= decay
    return total


def _add_ball(rng: np.random.Generator, picture: Array) -> None:
    """A round thing with its own colour and shade, sharp at its edge."""
    height, width = picture.shape[:2]
    radius = int(rng.uniform(0.02, 0.12) * height) + 2
    row, column = (int(rng.integers(radius, n - radius)) for n in (height, width))
    span = np.mgrid[-radius:radius, -radius:radius].astype(np.float32) / radius
    inside = np.clip((1 - np.hypot(*span)) * radius / 1.5, 0, 1)[..., None]
    shade = 1 + 0.4 * (span[0] - span[1])[..., None]
    part = picture[row - radius : row + radius, column - radius : column + radius]
    part += inside * (rng.uniform(20, 230, 3).astype(np.float32) * shade - part)


def screenshot(seed: int, width: int, height: int) -> Image.Image:
    """Windows with title bars, lines of text and a few icons."""
    rng = np.random.default_rng(seed)
    page = Image.new("RGB", (width, height), (236, 239, 241))
    pen = ImageDraw.Draw(page)
    for _ in range(3):
        left, top = int(rng.integers(0, width // 2)), int(rng.integers(0, height // 2))
        right, bottom = left + width // 2, top + height // 2
        pen.rectangle((left, top, right, bottom), (255, 255, 255), (176, 190, 197))
        pen.rectangle((left, top, right, top + 24), tuple(rng.integers(40, 140, 3).tolist()))
        font = ImageFont.load_default(size=float(rng.integers(11, 16)))
        for line in range(top + 34, bottom - 18, 18):
            letters = rng.integers(97, 123, rng.integers(8, max(9, width // 22))).tolist()
            words = "".join(" " if c % 6 == 0 else chr(c) for c in letters)
            pen.text((left + 10, line), words, (33, 33, 33), font)
        icon = right - 60, bottom - 60, right - 20, bottom - 20
        pen.ellipse(icon, tuple(rng.integers(60, 255, 3).tolist()))
    return page


def drawing(seed: int, width: int, height: int) -> Image.Image:
    """Flat shapes and lines with smooth edges."""
    rng = np.random.default_rng(seed)
    page = Image.new("RGB", (2 * width, 2 * height), (255, 253, 245))
    pen = ImageDraw.Draw(page)
    for _ in range(24):
        corners = rng.integers(0, (2 * width, 2 * height), (int(rng.integers(3, 7)), 2))
        points = [(float(x), float(y)) for x, y in corners]
        colour = tuple(rng.integers(0, 255, 3).tolist())
        if rng.random() < 0.5:
            pen.line(points, colour, int(rng.integers(2, 12)))
        else:
            pen.polygon(points, colour)
    return page.reduce(2)


def gradient(width: int, height: int) -> Image.Image:
    """A smooth ramp in two directions."""
    y, x = np.mgrid[0:height, 0:width]
    ramp = [255 * x / width, 255 * y / height, 255 * (x + y) / (width + height)]
    return Image.fromarray(np.stack(ramp, -1).astype(np.uint8))


def pooled(picture: Image.Image, kind: str) -> Image.Image:
    """Blocks of 2×2 by NumPy alone."""
    x = np.atleast_3d(np.asarray(picture))
    high, wide = x.shape[0] // 2, x.shape[1] // 2
    blocks = x[: high * 2, : wide * 2].reshape(high, 2, wide, 2, -1)
    if kind == "avg":
        y = ((blocks.sum((1, 3), np.uint32) + 2) // 4).astype(x.dtype)
    else:
        y = blocks.max((1, 3)) if kind == "max" else blocks.min((1, 3))
    return Image.fromarray(y[..., 0] if y.shape[2] == 1 else y)


def pooled_for_floor(source: Path, kind: str) -> Image.Image:
    """A file pooled, and its bytes left where the floor of scripts.py finds them."""
    with Image.open(source) as picture:
        result = pooled(picture, kind)
    raw = source.parent.with_name("raw")
    raw.mkdir(exist_ok=True)
    (raw / source.name).write_bytes(result.tobytes())
    return result


def corpus(*, quick: bool) -> Iterator[tuple[str, Image.Image]]:
    """Names (kind-number or a sample's) and pictures as they are; `pooled` makes more of them."""
    size = (400, 300) if quick else (1200, 900)
    for seed in range(2 if quick else 6):
        yield f"photo-{seed}", photograph(seed, *size)
        yield f"screenshot-{seed}", screenshot(seed, *size)
        yield f"drawing-{seed}", drawing(seed, *size)
    yield "gradient", gradient(*size)
    for path in sorted(_SAMPLES.glob("*.png")):
        with Image.open(path) as sample:
            if sample.mode in ("L", "RGB", "RGBA"):
                yield f"sample-{path.stem}", sample.copy()


def photo_folder(folder: Path, count: int, suffix: str) -> None:
    """So many photographs of 1 to 2 megapixels, cut out of a few."""
    folder.mkdir(parents=True)
    rng = np.random.default_rng(count)
    whole = [photograph(seed, 2000, 1500) for seed in range(min(count, 8))]
    for number in range(count):
        wide, high = int(rng.integers(1250, 1700)), int(rng.integers(850, 1200))
        left, top = int(rng.integers(0, 2000 - wide)), int(rng.integers(0, 1500 - high))
        part = whole[number % len(whole)].crop((left, top, left + wide, top + high))
        if number % 2:
            part = part.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
        part.save(folder / f"{number:03}{suffix}", quality=90, compress_level=3)
