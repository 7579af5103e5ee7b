"""The hero picture: a spaceship in a night full of stars, made for looking at pooled lines."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from paint import Field, Mask, mix, noise, smooth, to_image
from PIL import Image, ImageDraw

FINE = 4
SKY_HIGH, SKY_WIDE = 201, 250
SHIP_MIDDLE, SHIP_ANGLE = (132.0, 97.0), np.radians(24.0)
Points = Sequence[tuple[float, float]]
RED, LIGHT = (0.95, 0.24, 0.12), (0.86, 0.93, 1.0)
HULL = ((-58, 8.5), (-54, 10.5), (-40, 13.5), (-15, 16), (15, 16), (40, 13), (62, 7.5), (80, 0))
POD = ((-52, 4.5), (-46, 6), (-30, 6.6), (-8, 6.2), (4, 4), (13, 0))
RIBS = (
    ((6, -6.5), (-9, -25)),
    ((-12, -7), (-21, -24)),
    ((-24, -7), (-31, -24)),
    ((-40, -14), (-1, -14)),
)
FIN_SEAMS: tuple[Points, ...] = (
    ((-24, 13), (-50, 34), (-60, 34)),
    ((-35, 14), (-53.5, 29)),
    ((-45, 12), (-57, 24)),
)
ANTENNAS = (
    ((14, 14), (14, 38)),
    ((10.5, 29), (17.5, 29)),
    ((12, 33), (16, 33)),
    ((78, 0), (95, 0)),
)
BRIGHT_STARS = ((22, 36, 1.0), (52, 205, 0.6), (14, 148, 0.6), (88, 18, 0.5), (118, 234, 0.6))


def shrink(picture: Field) -> Field:
    """Draw a picture made FINE times too large at its real size, without jagged edges."""
    image = to_image(picture)
    size = image.width // FINE, image.height // FINE
    return np.asarray(image.resize(size, Image.Resampling.LANCZOS), np.float64) / 255.0


def ship_axes(fine: int) -> tuple[Field, Field]:
    """Draw, for every pixel, how far along the ship (u) and to its upper side (v) it is."""
    y, x = np.mgrid[0 : SKY_HIGH * fine, 0 : SKY_WIDE * fine]
    dx = (x + 0.5) / fine - SHIP_MIDDLE[0]
    dy = SHIP_MIDDLE[1] - (y + 0.5) / fine
    cos, sin = np.cos(SHIP_ANGLE), np.sin(SHIP_ANGLE)
    return dx * cos + dy * sin, dy * cos - dx * sin


def on_sheet(points: Points) -> list[tuple[float, float]]:
    """Place points given in ship axes on the oversized drawing."""
    cos, sin = np.cos(SHIP_ANGLE), np.sin(SHIP_ANGLE)
    return [
        ((SHIP_MIDDLE[0] + u * cos - v * sin) * FINE, (SHIP_MIDDLE[1] - u * sin - v * cos) * FINE)
        for u, v in points
    ]


def shape(points: Points, width: float = 0.0) -> Field:
    """Draw the mask of a polygon, or (with a width in pixels) of an open line, in ship axes."""
    mask = Image.new("L", (SKY_WIDE * FINE, SKY_HIGH * FINE))
    pen = ImageDraw.Draw(mask)
    if width:
        pen.line(on_sheet(points), fill=255, width=round(width * FINE), joint="curve")
    else:
        pen.polygon(on_sheet(points), fill=255)
    return np.asarray(mask, np.float64) / 255.0


def night_sky(rng: np.random.Generator) -> Field:
    """Draw the deep blue sky with a nebula lit from two sides."""
    y, x = np.mgrid[0:SKY_HIGH, 0:SKY_WIDE] / 201.0
    size = (SKY_HIGH, SKY_WIDE)
    band = np.exp(-(((y - 0.78 + 0.5 * x + 0.09 * noise(rng, size, 2.2)) / 0.34) ** 2))
    gas = smooth(-1.3, 2.0, noise(rng, size, 1.9, 1.5)) * band
    dust = smooth(0.1, 1.7, noise(rng, size, 1.7, 2.0)) * band
    hue = smooth(-1.0, 1.0, noise(rng, size, 2.4) + 2.2 * (x - 0.6))
    sky = mix((0.016, 0.022, 0.060), (0.036, 0.032, 0.100), y)
    sky = sky + gas[..., None] * mix((0.06, 0.46, 0.72), (0.66, 0.13, 0.62), hue)
    sky = sky + (gas**5)[..., None] * (0.80, 0.40, 0.40)
    result: Field = 0.85 * (1.0 - np.exp(-sky * (1.0 - 0.78 * dust[..., None])))
    return result


def add_stars(rng: np.random.Generator, sky: Field) -> None:
    """Draw stars of several sizes: many single pixels, some dots, a few with spikes."""
    tints = np.array(((1.0, 1.0, 1.0), (0.75, 0.87, 1.0), (1.0, 0.88, 0.70), (0.85, 0.92, 1.0)))
    for _ in range(260):
        y, x = rng.integers(SKY_HIGH), rng.integers(SKY_WIDE)
        sky[y, x] += tints[rng.integers(4)] * rng.uniform(0.12, 1.0) ** 1.6
    y, x = np.mgrid[0:SKY_HIGH, 0:SKY_WIDE]
    for _ in range(26):
        away = np.hypot(y - rng.uniform(0, SKY_HIGH), x - rng.uniform(0, SKY_WIDE))
        sky += np.exp(-((away / 0.85) ** 2))[..., None] * tints[rng.integers(4)]
    for top, left, size in BRIGHT_STARS:
        dy, dx = np.abs(y - top), np.abs(x - left)
        spikes = np.exp(-dx / (4.5 * size)) * (dy == 0) + np.exp(-dy / (4.5 * size)) * (dx == 0)
        halo = np.exp(-np.hypot(dx, dy) / (2.6 * size)) * 0.8
        sky += (spikes + halo)[..., None] * tints[1 + left % 3]


def add_planet(rng: np.random.Generator, sky: Field) -> None:
    """Draw a banded planet in the lower right corner, its lit edge under a thin atmosphere."""
    y, x = np.mgrid[0:SKY_HIGH, 0:SKY_WIDE]
    dx, dy, radius = (x - 236.0) / 74.0, (y - 214.0) / 74.0, 74.0
    away = np.hypot(dx, dy)
    bulge = np.sqrt(np.clip(1.0 - away**2, 0.0, None))
    light = np.clip(-0.72 * dx - 0.62 * dy + 0.10 * bulge, 0.0, None)
    bands = np.sin((dy * 0.9 + dx * 0.35) * 17.0 + 0.9 * noise(rng, sky.shape[:2], 2.0))
    ground = mix((0.16, 0.30, 0.50), (0.55, 0.62, 0.66), smooth(-1.2, 1.4, bands))
    disc = np.clip((1.0 - away) * radius + 0.5, 0.0, 1.0)[..., None]
    rim = np.exp(-np.abs(away - 1.0) * radius / np.where(away > 1.0, 3.5, 5.0))
    glow = rim * np.clip(-0.72 * dx - 0.62 * dy + 0.15, 0.0, 1.0)
    sky[:] = sky * (1.0 - disc) + disc * ground * (light[..., None] + 0.012)
    sky += glow[..., None] * (0.25, 0.55, 0.85)


def flame(u: Field, v: Field, tail: float, length: float, radius: float) -> Field:
    """Draw a jet of fire behind `tail`: white, yellow, red, then nothing; with shock diamonds."""
    down = np.clip((tail - u) / length, 0.0, 1.0)
    width = radius * (0.75 + 0.9 * down**0.7 - 1.25 * down**2)
    core = np.exp(-((v / np.maximum(width, 0.3)) ** 2) * 1.6) * (u <= tail)
    diamonds = np.exp(-((v / (radius * 0.4)) ** 2)) * np.cos(down * 21.0) ** 4 * (1.0 - down)
    heat = core * (1.0 - down) ** 1.15 * 1.25 + 0.55 * diamonds * core
    stops = (0.0, 0.18, 0.42, 0.72, 1.0)
    ramps = ((0, 0.42, 1.0, 1.0, 1.0), (0, 0.06, 0.36, 0.82, 0.98), (0, 0.22, 0.07, 0.30, 0.88))
    fire = np.stack([np.interp(heat, stops, ramp) for ramp in ramps], axis=-1)
    away = np.hypot((u - tail + length * 0.25) / 2.0, v)
    glow = np.exp(-((away / (radius * 2.4)) ** 2))[..., None] * (0.62, 0.22, 0.10)
    return fire + glow * 0.75


def lathe(u: Field, v: Field, knots: Points) -> tuple[Field, Field, Field]:
    """Draw a turned body from (u, radius) knots: radius, place across (-1…1), and light."""
    spots = np.linspace(knots[0][0], knots[-1][0], 600)
    radii = np.interp(spots, *np.transpose(knots))
    radii = np.convolve(np.pad(radii, 20, mode="edge"), np.full(41, 1 / 41), mode="valid")
    radius = np.interp(u, spots, radii, left=0.0, right=0.0)
    lean = np.interp(u, spots, np.gradient(radii, spots))
    across = np.where(np.abs(v) < radius, v / np.maximum(radius, 1e-3), np.nan)
    light = 0.80 * across + 0.50 * np.sqrt(1.0 - across**2) - 0.30 * lean
    return radius, across, np.clip(light, 0.0, None)


def metal(across: Field, light: Field, skin: Field) -> Field:
    """Draw the skin of a turned body with its sheen above and the nebula's glow below."""
    shine = np.clip(0.58 * across + 0.80 * np.sqrt(1.0 - across**2), 0.0, None) ** 40
    bounce = np.clip(-across - 0.5, 0.0, None)
    body = skin * (0.05 + 0.98 * light)[..., None]
    body = body + shine[..., None] * (0.42, 0.45, 0.48)
    result: Field = body + bounce[..., None] * (0.50, 0.15, 0.42)
    return result


def lay(sheet: Field, colour: Field | tuple[float, ...], mask: Field | Mask) -> None:
    """Draw a colour over the RGBA sheet wherever the mask says."""
    share = np.asarray(mask, np.float64)
    hit = share > 0.0
    tint = np.broadcast_to(np.asarray(colour, np.float64), (*share.shape, 3))
    sheet[hit, :3] = mix(sheet[hit, :3], tint[hit], share[hit])
    sheet[..., 3] = np.maximum(sheet[..., 3], share)


def add_hull(sheet: Field, u: Field, v: Field) -> None:
    """Draw the main hull: steel blue, a red nose and band, fine light panel lines."""
    radius, across, light = lathe(u, v, HULL)
    ring = u - 3.2 * np.sqrt(1.0 - across**2)
    patch = np.sin(np.floor((ring + 60.0) / 17.0) * 12.9 + np.floor(across * 2.2) * 78.2)
    skin = np.array((0.40, 0.47, 0.60)) * (1.0 + 0.10 * patch)[..., None]
    painted = (ring > 58.0) | (np.abs(ring - 28.0) < 1.8)
    skin = np.where(painted[..., None], RED, skin)
    lay(sheet, metal(across, light, skin), radius > np.abs(v))
    seams = np.abs((ring + 60.0) % 17.0 - 8.5) < 0.45
    for level in (-0.48, 0.74):
        seams |= (np.abs(across - level) * radius < 0.45) & (ring < 45.5)
    lay(sheet, LIGHT, seams * (0.42 + 0.48 * np.nan_to_num(light)))


def add_windows(sheet: Field, u: Field, v: Field) -> None:
    """Draw the canopy and a row of lit portholes with bright rims."""
    canopy = np.hypot((u - 46.0) / 11.0, (v - 5.2) / 3.9)
    glass = mix((0.03, 0.10, 0.20), (0.45, 0.90, 1.0), smooth(1.0, 8.5, v + 0.08 * (u - 46.0)))
    lay(sheet, (0.92, 0.97, 1.0), canopy < 1.10)
    lay(sheet, glass, canopy < 0.92)
    lay(sheet, (0.92, 0.97, 1.0), (canopy < 1.0) & (np.abs(np.abs(u - 46.0) - 4.2) < 0.35))
    for place in (-40.0, -26.6, -19.4, -9.6, -2.4, 7.4, 14.6):
        away = np.hypot(u - place, v - 3.6)
        lay(sheet, (0.95, 0.97, 1.0), away < 2.5)
        lay(sheet, mix((1.0, 0.93, 0.62), (0.96, 0.55, 0.16), smooth(0.0, 1.9, away)), away < 1.65)


def add_wing(sheet: Field, u: Field, v: Field) -> None:
    """Draw the near wing with its ribs and, at its end, the engine pod."""
    share = smooth(-26.0, -4.0, v)
    wing = shape(((-47, -5), (6, -6.5), (-9, -25), (-48, -25)))
    lay(sheet, mix((0.34, 0.40, 0.52), (0.13, 0.15, 0.23), share), wing)
    for rib in RIBS:
        lay(sheet, (0.80, 0.88, 0.98), shape(rib, 0.75) * 0.85)
    lay(sheet, RED, shape(((-46, -17), (-14.5, -17), (-16.2, -19.2), (-46, -19.2))))
    add_nozzle(sheet, u, v + 26.5, -52.0, 0.62)
    radius, across, light = lathe(u, v + 26.5, POD)
    ring = u - 2.0 * np.sqrt(1.0 - across**2)
    skin = mix((0.42, 0.48, 0.60), RED, np.asarray(ring > 2.0, np.float64))
    lay(sheet, metal(across, light, skin), radius > np.abs(v + 26.5))
    seams = (np.abs((ring + 60.0) % 16.0 - 8.0) < 0.4) | (np.abs(across - 0.2) * radius < 0.4)
    lay(sheet, LIGHT, seams * (0.25 + 0.45 * np.nan_to_num(light)))


def add_nozzle(sheet: Field, u: Field, v: Field, tail: float, scale: float) -> None:
    """Draw an engine bell behind `tail`, glowing towards its mouth."""
    mouth = (tail - 10 * scale, 10 * scale)
    radius, across, light = lathe(
        u, v, (mouth, (tail - 4 * scale, 7.5 * scale), (tail + 3, 6 * scale))
    )
    skin = mix((1.0, 0.48, 0.16), (0.22, 0.22, 0.26), smooth(tail - 10.0 * scale, tail, u))
    lay(sheet, metal(across, light + 0.15, skin), radius > np.abs(v))


def add_fin_and_antenna(sheet: Field, u: Field, v: Field) -> None:
    """Draw the tail fin with its light edge, and the antennas one pixel thick."""
    steel = mix((0.13, 0.16, 0.25), (0.40, 0.47, 0.60), smooth(8, 34, v))
    lay(sheet, steel, shape(((-57, 7), (-24, 12), (-50, 34), (-60, 34))))
    lay(sheet, RED, shape(((-52.5, 31), (-46.5, 31), (-50, 34), (-60, 34), (-59.6, 31))))
    for seam in FIN_SEAMS:
        lay(sheet, LIGHT, shape(seam, 0.8) * 0.88)
    for antenna in ANTENNAS:
        lay(sheet, LIGHT, shape(antenna, 1.0))
    lay(sheet, (1.0, 0.25, 0.18), np.hypot(u - 14.0, v - 39.0) < 1.3)


def spaceship() -> Image.Image:
    """Draw the hero picture: a ship on its way through a night full of stars."""
    rng = np.random.default_rng(7)
    sky = night_sky(rng)
    add_stars(rng, sky)
    add_planet(rng, sky)
    u, v = ship_axes(1)
    for fire in (flame(u, v, -64.0, 78.0, 8.5), flame(u, v + 26.5, -56.0, 40.0, 5.0)):
        sky = 1.0 - (1.0 - np.clip(sky, 0.0, 1.0)) * (1.0 - np.clip(fire, 0.0, 1.0))
    sheet = np.zeros((SKY_HIGH * FINE, SKY_WIDE * FINE, 4))
    u, v = ship_axes(FINE)
    add_fin_and_antenna(sheet, u, v)
    add_nozzle(sheet, u, v, -57.0, 1.0)
    add_hull(sheet, u, v)
    add_windows(sheet, u, v)
    add_wing(sheet, u, v)
    small = shrink(sheet)
    return to_image(mix(sky, small[..., :3], small[..., 3]))
