"""The sample pictures computed pixel by pixel: landscape, label map and depth map."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from paint import Field, Mask, mix, noise, sample, smooth, to_image
from PIL import Image, ImageDraw

WATER_LINE = 0.64
TERRAIN, TERRAIN_WIDE, TERRAIN_MIDDLE = 2048, 1152, 0.28
CLASSES: dict[int, tuple[str, tuple[int, int, int]]] = {
    0: ("sea", (32, 74, 135)),
    3: ("meadow", (138, 204, 92)),
    7: ("forest", (32, 112, 60)),
    11: ("field", (240, 214, 110)),
    19: ("orchard", (176, 138, 52)),
    26: ("heath", (172, 120, 170)),
    42: ("town", (204, 76, 70)),
    58: ("industry", (122, 104, 134)),
    77: ("lake", (92, 170, 226)),
    101: ("river", (60, 216, 236)),
    150: ("road", (250, 250, 245)),
    255: ("unlabelled", (0, 0, 0)),
}
# Furniture in metres, as (middle, half size, turn) and (middle, radius).
BOXES = (
    ((-1.9, 0.95, 6.9), (0.75, 0.95, 0.35), 0.0),
    ((-0.75, 0.74, 3.9), (0.85, 0.03, 0.5), 0.35),
    ((2.2, 0.35, 4.7), (0.35, 0.35, 0.35), 0.6),
    ((2.15, 0.88, 4.75), (0.2, 0.18, 0.2), 1.0),
    ((1.0, 0.16, 2.7), (0.32, 0.16, 0.22), -0.5),
    ((-0.95, 0.92, 3.95), (0.2, 0.15, 0.14), 0.1),
    ((2.55, 1.55, 6.2), (0.12, 0.6, 0.9), 0.0),
    ((0.35, 1.45, 5.4), (0.012, 1.4, 0.012), 0.0),
)
BALLS = (
    ((-0.35, 0.97, 3.75), 0.2),
    ((1.05, 0.58, 2.7), 0.26),
    ((-0.27, 1.30, 0.52), 0.11),
    ((0.6, 0.22, 6.6), 0.22),
)


def heights(rng: np.random.Generator) -> Field:
    """Draw the height map: a lake in front, ridged mountains around and behind it."""
    shape = (TERRAIN, TERRAIN_WIDE)
    ridges, weight = np.zeros(shape), np.ones(shape)
    for octave in range(8):
        low = 2.5 * 2**octave
        fold = noise(rng, shape, 1.0, low, low * 2)
        crest = 1.0 - 0.9 * np.tanh(np.sqrt(fold**2 + 0.03))
        ridges += 0.50**octave * crest * weight
        # Valleys fill with smooth scree; only the crests stay rugged.
        weight = np.clip(weight * crest * 1.8, 0.25, 1.0)
    depth = np.arange(TERRAIN)[:, None] / TERRAIN
    across = np.arange(TERRAIN_WIDE) / TERRAIN - TERRAIN_MIDDLE
    side = np.abs(across + 0.04 * np.sin(depth * 9.0))
    rise = 0.85 * smooth(0.25, 0.75, depth)
    rise = rise + 0.5 * smooth(0.05, 0.3, side) * smooth(0.12, 0.4, depth)
    rise = rise + 0.8 * np.exp(-(((across + 0.03) / 0.10) ** 2) - ((depth - 0.80) / 0.14) ** 2)
    hills = noise(rng, shape, 1.9, 3.0) * 0.006 * smooth(0.18, 0.4, depth)
    return rise * (ridges - 0.40) * 0.064 + hills - 0.010 + 0.012 * smooth(0.2, 0.35, depth)


def painted_terrain(rng: np.random.Generator, height: Field) -> Field:
    """Draw the terrain's colours from above: forest, rock and snow, lit by a low sun."""
    fall_z, fall_x = np.gradient(height, 1.0 / TERRAIN)
    level = 1.0 / np.sqrt(1.0 + fall_x**2 + fall_z**2)
    light = np.clip((0.80 * fall_x + 0.28 * fall_z + 0.42) * level, 0.0, None)
    drop = np.arange(TERRAIN_WIDE) / TERRAIN * 0.45
    shadow = np.maximum.accumulate(height + drop, axis=1) - drop
    light *= 1.0 - smooth(0.0, 0.005, shadow - height)
    grain = noise(rng, height.shape, 0.6, 60.0, 700.0)
    strata = np.sin(height * 900.0 + 2.0 * noise(rng, height.shape, 1.8, 2.0))
    colour = mix((0.21, 0.20, 0.21), (0.42, 0.38, 0.34), smooth(-2.5, 2.5, grain + strata))
    forest = smooth(0.040, 0.020, height + 0.005 * grain) * smooth(0.5, 0.75, level)
    colour = mix(colour, (0.060, 0.095, 0.045), forest)
    snow = smooth(0.046, 0.072, height + 0.005 * grain) * smooth(0.36, 0.56, level + 0.05 * grain)
    colour = mix(colour, (0.86, 0.89, 0.94), snow)
    result: Field = colour * (light[..., None] * (1.55, 1.30, 1.00) + (0.26, 0.33, 0.46))
    return result


def sky(rng: np.random.Generator, row: Field, col: Field) -> Field:
    """Draw an evening sky with clouds on a flat layer that recedes to the horizon."""
    up = np.clip(WATER_LINE - row, 0.0, None)
    colour = mix((0.98, 0.84, 0.70), (0.58, 0.71, 0.85), smooth(0.10, 0.40, up))
    colour = mix(colour, (0.20, 0.38, 0.63), smooth(0.25, 0.70, up))
    far = 1.0 / (up + 0.12)
    layer = noise(rng, (1024, 1024), 1.75, 3.0)
    place = (far * 300.0, (col - 0.6) * far * 210.0)
    cloud = sample(layer, *place)
    toward_sun = sample(layer, place[0] + 6.0, place[1] - 14.0)
    cover = smooth(0.15, 1.7, cloud) * smooth(0.02, 0.2, up)
    lit = smooth(-0.5, 0.6, cloud - toward_sun)
    return mix(colour, mix((0.56, 0.58, 0.68), (1.0, 0.93, 0.85), lit), cover * 0.9)


def seen(height: Field, high: int, wide: int) -> tuple[Field, Field, Field]:
    """Draw what a camera over the lake sees: map row, map column, distance (inf: no land)."""
    steps = np.geomspace(0.10, 0.98, 1500)[:, None]
    lens = 1.9 * wide
    slope = (np.arange(wide) + 0.5 - wide / 2) / lens
    land = np.maximum(
        sample(height, steps * TERRAIN, (TERRAIN_MIDDLE + slope * steps) * TERRAIN), 0.0
    )
    line = WATER_LINE * high - lens * (land - 0.0048) / steps
    horizon = np.minimum.accumulate(line, axis=0)
    rows = np.arange(high, dtype=np.float64)
    first = np.stack([np.searchsorted(-horizon[:, x], -rows) for x in range(wide)], axis=1)
    hit = np.minimum(first, len(steps) - 1)
    before = np.maximum(hit - 1, 0)
    # One step can span many rows of a cliff: without this, cliffs fall into blocks.
    start, end = np.take_along_axis(line, before, 0), np.take_along_axis(line, hit, 0)
    share = np.clip((start - rows[:, None]) / np.maximum(start - end, 1e-9), 0.0, 1.0)
    far = steps[before, 0] + (steps[hit, 0] - steps[before, 0]) * share
    place = far * TERRAIN, (TERRAIN_MIDDLE + slope * far) * TERRAIN
    return *place, np.where(first < len(steps), far, np.inf)


def mirrored(rng: np.random.Generator, picture: Field, water: Mask) -> Field:
    """Draw the lake: the picture upside down below each column's shore, rippled and darker."""
    high, wide = water.shape
    shore = np.argmax(water, axis=0)
    shore = np.convolve(np.pad(shore, 20, mode="edge"), np.full(41, 1 / 41), mode="valid")
    row, col = np.meshgrid(np.arange(high), np.arange(wide), indexing="ij")
    near = np.maximum(row - shore, 0.0) / high
    far = 1.0 / (near + 0.02)
    waves = noise(rng, (1024, 1024), 1.1, 4.0)
    wave = sample(waves, far * 55.0, (col / wide - 0.5) * far * 26.0)
    source = np.clip(2 * shore - row + wave * (1.0 + 60.0 * near), 0, high - 1)
    shift = np.clip(col + wave * 12.0 * near, 0, wide - 1)
    lake = sample(picture, source, shift)
    lake = mix(lake * (0.80, 0.86, 0.90), (0.035, 0.085, 0.095), 0.22 + 0.9 * near - 0.06 * wave)
    calm = smooth(0.012, 0.0, near) * 0.35
    return np.where(water[..., None], mix(lake, (0.75, 0.80, 0.86), calm), picture)


def fir(pen: ImageDraw.ImageDraw, rng: np.random.Generator, foot: complex, tall: float) -> None:
    """Draw the silhouette of one fir standing on `foot`."""
    x, y = foot.real, foot.imag
    pen.polygon([(x - tall * 0.012, y), (x, y - tall), (x + tall * 0.012, y)], fill=255)
    for down in np.arange(0.03, 0.99, 5.0 / tall):
        for side in (-1.0, 1.0):
            reach = side * tall * (0.02 + 0.17 * down) * rng.uniform(0.45, 1.0)
            root = y - tall * (1.0 - down)
            tip = root + abs(reach) * 0.45
            pen.polygon([(x, root - 5), (x + reach, tip), (x, root + 7)], fill=255)


def foreground(rng: np.random.Generator, high: int, wide: int) -> Field:
    """Draw the mask of the near bank with its firs."""
    mask = Image.new("L", (wide * 2, high * 2))
    pen = ImageDraw.Draw(mask)
    across = np.linspace(0.0, 1.0, 400)
    rough = np.cumsum(rng.normal(0.0, 0.0012, 400))
    bank = 1.0 - 0.13 * smooth(0.48, 0.0, across) - 0.07 * smooth(0.72, 1.0, across) + rough + 0.012
    edge = [(x * wide * 2, y * high * 2) for x, y in zip(across, bank, strict=True)]
    pen.polygon([(0, high * 2), *edge, (wide * 2, high * 2)], fill=255)
    for x in (0.012, 0.035, 0.06, 0.085, 0.10, 0.128, 0.15, 0.19, 0.235, 0.90, 0.93, 0.955, 0.985):
        foot = complex(x * wide, (float(np.interp(x, across, bank)) + 0.015) * high)
        tall = rng.uniform(0.6, 1.0) * (0.62 - 1.7 * x if x < 0.5 else 0.05 + 2.6 * (x - 0.88))
        fir(pen, rng, foot * 2, tall * high * 2)
    small = mask.resize((wide, high), Image.Resampling.LANCZOS)
    return np.asarray(small, np.float64) / 255.0


def landscape() -> Image.Image:
    """Draw mountains over a lake, as a grainy photograph."""
    rng = np.random.default_rng(14)
    high, wide = 1200, 1600
    row, col = np.meshgrid(np.arange(high) / high, np.arange(wide) / wide, indexing="ij")
    height = heights(rng)
    map_row, map_col, far = seen(height, high, wide)
    ground = sample(height, map_row, map_col)
    land = sample(painted_terrain(rng, height), map_row, map_col)
    # The map is coarse on steep faces seen from the side: a texture along the height helps.
    rock = sample(noise(rng, (1024, 1024), 0.8, 8.0), ground * 9000.0 + map_col, map_col * 2.6)
    land *= 1.0 + 0.13 * rock[..., None]
    mist = 1.0 - np.exp(-np.where(np.isinf(far), 0.0, far) * (0.45 + 1.1 * np.exp(-ground / 0.02)))
    picture = mix(land, (0.63, 0.71, 0.82), mist)
    picture = np.where(np.isinf(far)[..., None], sky(rng, row, col), picture)
    picture = mirrored(rng, picture, (ground <= 0.0) & ~np.isinf(far))
    picture = mix(picture, (0.030, 0.038, 0.032), foreground(rng, high, wide))
    grain = noise(rng, (high, wide), 0.3, 60.0)
    vignette = 1.0 - 0.22 * smooth(0.5, 1.0, (row - 0.5) ** 2 * 1.6 + (col - 0.5) ** 2 * 1.6)
    return to_image(picture * vignette[..., None] + grain[..., None] * 0.013)


def regions(rng: np.random.Generator, row: Field, col: Field) -> NDArray[np.uint8]:
    """Draw Voronoi cells with frayed borders; each is one of the land classes."""
    seeds = rng.uniform((0, 0), row.shape, (120, 2))
    shares = (24, 26, 22, 12, 10, 12, 6, 8)
    kinds = rng.permutation(np.repeat((3, 7, 11, 19, 26, 42, 58, 77), shares))
    bent_row = row + noise(rng, row.shape, 2.0, 3.0) * 10.0
    bent_col = col + noise(rng, row.shape, 2.0, 3.0) * 10.0
    nearest, owner = np.full(row.shape, np.inf), np.zeros(row.shape, np.uint8)
    for (top, left), kind in zip(seeds, kinds, strict=True):
        distance = np.hypot(bent_row - top, bent_col - left)
        owner[distance < nearest] = kind
        nearest = np.minimum(nearest, distance)
    return owner


def roads(rng: np.random.Generator, pen: ImageDraw.ImageDraw, high: int, wide: int) -> None:
    """Draw a net of curved roads, 1 to 3 pixels wide, between towns on a loose grid."""
    towns = np.stack(np.meshgrid(np.arange(6), np.arange(5)), axis=-1) * (wide / 5, high / 4)
    towns = towns + rng.normal(0.0, 22.0, towns.shape)
    pairs = [*zip(towns[:, :-1].reshape(-1, 2), towns[:, 1:].reshape(-1, 2), strict=True)]
    pairs += zip(towns[:-1].reshape(-1, 2), towns[1:].reshape(-1, 2), strict=True)
    for start, end in pairs:
        share = np.linspace(0.0, 1.0, 30)[:, None]
        sway = np.sin(share * np.pi) * rng.normal(0, 14, 2)
        sway += np.sin(share * 7) * rng.normal(0, 4, 2)
        width = int(rng.choice((0, 1, 1, 2, 3)))
        if width:
            curve = start + (end - start) * share + sway * np.sin(share * np.pi)
            pen.line([(x, y) for x, y in curve.tolist()], fill=150, width=width)


def labels() -> Image.Image:
    """Draw a land-cover map: regions, a coast, thin rivers and roads; index gaps on purpose."""
    rng = np.random.default_rng(8)
    row, col = np.mgrid[0.0:480.0, 0.0:640.0]
    owner = regions(rng, row, col)
    owner[noise(rng, row.shape, 2.2, 5.0) > 2.5] = 255
    valley = noise(rng, row.shape, 2.3, 1.3, 30.0)
    owner[np.abs(valley) < np.hypot(*np.gradient(valley)) * (0.5 + col / 640.0)] = 101
    sheet = Image.fromarray(owner)
    roads(rng, ImageDraw.Draw(sheet), *row.shape)
    coast = noise(rng, row.shape, 2.1, 2.0) * 30.0 + (col - 500.0) * 0.55 + (row - 330.0) * 0.8
    picture = np.where(coast > 60.0, np.uint8(0), np.asarray(sheet))
    image = Image.fromarray(picture).convert("P")
    palette = np.zeros((256, 3), np.uint8)
    for index, (_, colour) in CLASSES.items():
        palette[index] = colour
    image.putpalette(palette.tobytes())
    return image


def slab(origin: Field, rays: Field, middle: ArrayLike, half: ArrayLike, turn: float) -> Field:
    """Draw a box, turned about the vertical axis, as the distances where rays enter and leave."""
    spin = np.array([[np.cos(turn), 0, np.sin(turn)], [0, 1, 0], [-np.sin(turn), 0, np.cos(turn)]])
    start, way = (origin - np.asarray(middle, np.float64)) @ spin, rays @ spin
    way = np.where(np.abs(way) < 1e-9, 1e-9, way)
    one, two = (-np.asarray(half) - start) / way, (np.asarray(half) - start) / way
    enter, leave = np.minimum(one, two).max(axis=-1), np.maximum(one, two).min(axis=-1)
    result: Field = np.stack([np.where((enter < leave) & (enter > 0), enter, np.inf), leave])
    return result


def ball(origin: Field, rays: Field, middle: ArrayLike, radius: float) -> Field:
    """Draw a sphere as the distance where each ray meets it."""
    offset = origin - np.asarray(middle, np.float64)
    square, half = (rays**2).sum(axis=-1), rays @ offset
    root = half**2 - square * (offset @ offset - radius**2)
    return np.where(root > 0, (-half - np.sqrt(np.maximum(root, 0))) / square, np.inf)


def room() -> tuple[Field, Mask]:
    """Draw the distance (metres along the optical axis) of a furnished room, and its glass."""
    y, x = np.mgrid[-240.0:240.0, -320.0:320.0] / 520.0
    tilt = 0.16
    down, ahead = y * np.cos(tilt) + np.sin(tilt), np.cos(tilt) - y * np.sin(tilt)
    rays, eye = np.stack([x, -down, ahead], axis=-1), np.array([0.0, 1.55, 0.0])
    walls = slab(eye, rays, (0.0, 1.3, 3.6), (2.7, 1.3, 4.4), 0.0)[1]
    passage = slab(eye, rays, (1.25, 1.05, 9.5), (0.5, 1.05, 2.2), 0.0)
    depth = np.where(np.isfinite(passage[0]) & (passage[0] <= walls + 0.6), passage[1], walls)
    for middle, half, turn in BOXES:
        depth = np.minimum(depth, slab(eye, rays, middle, half, turn)[0])
    for across, away in ((-0.93, 0.15), (-0.62, -0.70), (0.62, 0.70), (0.93, -0.15)):
        foot = (-0.75 + across, 0.36, 3.9 + away)
        depth = np.minimum(depth, slab(eye, rays, foot, (0.022, 0.36, 0.022), 0.35)[0])
    for middle, radius in BALLS:
        depth = np.minimum(depth, ball(eye, rays, middle, radius))
    glass = slab(eye, rays, (-2.7, 1.45, 4.6), (0.03, 0.5, 0.9), 0.0)[0]
    return depth, np.abs(glass - depth) < 0.1


def depth16() -> Image.Image:
    """Draw the room as a depth sensor reports it: millimetres, stepped, with holes of 0."""
    rng = np.random.default_rng(5)
    depth, glass = room()
    depth = depth * (1.0 + 0.0006 * depth * noise(rng, depth.shape, 0.3))
    # A stereo sensor measures disparity in fractions of a pixel: steps grow with the distance.
    disparity = 520.0 * 0.075 / depth
    millimetres = 39000.0 / (np.round(disparity * 32.0) / 32.0)
    seat = np.arange(640.0) - disparity
    hidden = seat > np.minimum.accumulate(seat[:, ::-1], axis=1)[:, ::-1] + 0.6
    edge = np.hypot(*np.gradient(np.log(depth)))
    lost = hidden | (edge * 6.0 + noise(rng, depth.shape, 0.5) * 0.35 > 1.15)
    lost |= glass & (noise(rng, depth.shape, 1.2, 6.0) > -0.6)
    lost |= (millimetres < 400.0) | (millimetres > 12000.0)
    lost[:, :6] = True
    return Image.fromarray(np.where(lost, 0, np.round(millimetres)).astype(np.uint16))
