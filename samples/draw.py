"""Draw the sample pictures: `python samples/draw.py [NAME ...]`, all of them without a name."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray
from paint import Field, Mask, mix, smooth, to_image
from PIL import Image, ImageDraw
from scenes import depth16, labels, landscape
from spaceship import spaceship

FINE = 4
# Strokes on a grid 4 wide and 6 high: pairs of digits (across, down), a blank lifts the pen.
GLYPHS = {
    " ": "",
    "A": "062046 1434",
    "E": "40000646 0333",
    "F": "400006 0333",
    "G": "41301001051636454323",
    "H": "0006 4046 0343",
    "I": "2026",
    "L": "000646",
    "M": "0600244046",
    "N": "06004640",
    "O": "103041453616050110",
    "P": "06003041423303",
    "R": "06003041423303 2346",
    "S": "413010010213334445361605",
    "T": "0040 2026",
    "U": "000516364540",
    "V": "002640",
    "W": "0016233640",
    "0": "103041453616050110",
    "1": "112026",
    "2": "01103041420646",
    "3": "01103041423313 334445361605",
    "5": "4000023243453606",
    "6": "4130100105163645443303",
}
Curve = NDArray[np.complex128]


def rounded(x: Field, y: Field, middle: complex, half: float, corner: float) -> Field:
    """Draw a rounded square as the distance to its edge in pixels, negative inside."""
    dx, dy = (np.abs(part) - half + corner for part in (x - middle.real, y - middle.imag))
    outside = np.hypot(np.maximum(dx, 0), np.maximum(dy, 0))
    return outside + np.minimum(np.maximum(dx, dy), 0) - corner


def icon() -> Image.Image:
    """Draw the app icon: sixteen tiles, a window over four, its brightest one glowing."""
    y, x = np.mgrid[0.5:512.0, 0.5:512.0]
    edge = rounded(x, y, 256 + 244j, 204.0, 92.0)
    plate = mix((0.09, 0.50, 0.72), (0.17, 0.11, 0.42), smooth(30, 470, y + 0.25 * (x - 256)))
    glow = np.exp(-((np.hypot(x - 213, y - 287) / 95.0) ** 2)) * 0.75
    for index, tone in enumerate((3, 5, 2, 4, 5, 1, 4, 6, 2, 9, 6, 2, 4, 3, 1, 5)):
        middle = complex(127 + 86 * (index % 4), 115 + 86 * (index // 4))
        tile = np.clip(0.5 - rounded(x, y, middle, 34.0, 11.0), 0.0, 1.0)
        tint = (1.0, 0.80, 0.28) if tone == 9 else (0.55 + tone * 0.04, 0.86, 1.0)
        top = mix(tint, (1, 1, 1), smooth(middle.imag + 34, middle.imag - 40, y) * 0.35)
        plate = mix(plate, top, tile * (1.0 if tone == 9 else 0.10 + 0.085 * tone))
    plate = mix(plate, (1.0, 0.72, 0.25), glow * 0.55)
    window = np.abs(rounded(x, y, 170 + 330j, 86.0, 22.0)) - 3.5
    plate = mix(plate, (1.0, 1.0, 1.0), np.clip(0.5 - window, 0.0, 1.0))
    plate = mix(plate, (1.0, 1.0, 1.0), np.exp(-np.abs(edge + 2.5)) * smooth(330, 40, y) * 0.5)
    solid = np.clip(0.5 - edge, 0.0, 1.0)
    shadow = 0.5 * smooth(34.0, -26.0, rounded(x, y, 256 + 262j, 200.0, 92.0)) * (1.0 - solid)
    alpha = solid + shadow
    colour = mix((0.03, 0.02, 0.10), plate, solid / np.maximum(alpha, 1e-9))
    # Loud magenta hides under full transparency, so that a leak of it shows at once.
    colour = np.where(alpha[..., None] < 0.5 / 255.0, (1.0, 0.0, 1.0), colour)
    return to_image(np.dstack([colour, alpha]))


class Plate:
    """A white sheet for thin ink lines; places are complex numbers in pixels, y pointing down."""

    def __init__(self, wide: int, high: int) -> None:
        """Draw nothing yet: the paper, FINE times too large."""
        self.paper = Image.new("L", (wide * FINE, high * FINE), 255)
        self.pen = ImageDraw.Draw(self.paper)

    def ink(self, path: ArrayLike, width: float = 1.2) -> None:
        """Draw one open line."""
        points = [
            (place.real * FINE, place.imag * FINE) for place in np.asarray(path, np.complex128)
        ]
        self.pen.line(points, fill=20, width=round(width * FINE), joint="curve")

    def ring(self, middle: complex, radius: float, width: float = 1.2) -> None:
        """Draw a circle."""
        self.ink(middle + radius * np.exp(2j * np.pi * np.linspace(0, 1, 200)), width)

    def dashes(self, path: ArrayLike, rhythm: tuple[int, ...], width: float = 0.9) -> None:
        """Draw a broken line: `rhythm` counts points drawn, skipped, drawn, skipped, ..."""
        spots = np.asarray(path)
        start, turn = 0, 0
        while start < len(spots) - 1:
            end = start + rhythm[turn % len(rhythm)]
            if turn % 2 == 0:
                self.ink(spots[start : end + 1], width)
            start, turn = end, turn + 1

    def hatch(self, middle: complex, reach: float, inside: Callable[[Curve], Mask]) -> None:
        """Draw slanted parallel lines around `middle` wherever `inside` holds."""
        along = np.arange(-reach, reach, 0.5)
        for offset in np.arange(-reach, reach, 6.5):
            path = middle + (along + 1j * offset) * np.exp(-0.25j * np.pi)
            cuts = np.flatnonzero(np.diff(np.pad(inside(path).astype(np.int8), 1)))
            for start, end in zip(cuts[::2], cuts[1::2], strict=True):
                self.ink(path[[start, end - 1]], 0.9)

    def write(self, text: str, place: complex, size: float, width: float = 1.2) -> None:
        """Draw words in a stroke alphabet, `size` pixels high, centred on `place`."""
        scale = size / 6.0
        left = place - scale * (6.5 * len(text) - 2.5) / 2 - 3j * scale
        for index, letter in enumerate(text):
            for stroke in GLYPHS[letter].split():
                spots = zip(stroke[::2], stroke[1::2], strict=True)
                at = left + 6.5 * scale * index
                self.ink([at + scale * complex(int(x), int(y)) for x, y in spots], width)

    def dimension(self, start: complex, end: complex, text: str) -> None:
        """Draw a measure: a line with an arrow at both ends and its number above."""
        self.ink([start, end], 0.9)
        way = (end - start) / abs(end - start)
        for tip, inward in ((start, way), (end, -way)):
            self.ink([tip + 11 * inward * (1 + 0.27j), tip, tip + 11 * inward * (1 - 0.27j)], 1.0)
        self.write(text, (start + end) / 2 - 13j, 12.0)


def nautilus(plate: Plate, middle: complex, size: float) -> None:
    """Draw a cut nautilus: the spiral wall, its chambers with shading, and the thread of tubes."""
    growth = np.log(3.0) / (2 * np.pi)

    def at(turn: Field | float, depth: Field | float) -> Curve:
        """Place a spot of the whorl: depth 0 is the inner wall, 1 the outer."""
        reach = size * np.exp(growth * (turn - 2 * np.pi * (1 - np.asarray(depth))))
        return np.asarray(middle + reach * np.exp(1j * (np.asarray(turn) - 0.35)))

    turns = np.linspace(-6 * np.pi, 0.0, 900)
    plate.ink(at(turns, 1.0), 2.0)
    plate.ink(at(turns[300:], 0.985), 1.0)
    across = np.linspace(0.0, 1.0, 40)
    plate.ink(at(0.16 * np.sin(np.pi * across), across), 1.6)
    for chamber in range(46):
        turn = -1.75 - 0.215 * chamber - 0.0006 * chamber**2
        sag = -0.34 * np.sin(np.pi * across) ** 0.8
        plate.ink(at(turn + sag, across), 1.4)
        for line in range(1, 7 if chamber < 24 else 3):
            part = slice(2 + 2 * line, 34 - 4 * line)
            plate.ink(at(turn + 0.022 * line + sag[part], across[part]), 0.8)
        tube = np.linspace(turn - 0.30, turn - 0.10, 5)
        if 0 < chamber < 30:
            plate.ink(at(tube, 0.50), 0.9)
            plate.ink(at(tube, 0.535), 0.9)
    for line in range(1, 16):
        shade = np.linspace(-1.68 + 0.004 * line**2, -0.28 - 0.072 * line, 60)
        plate.ink(at(shade, 0.018 * line), 0.8)
    for line in range(1, 9):
        shade = np.linspace(-1.25 + 0.05 * line, -0.10 - 0.05 * line, 60)
        plate.ink(at(shade, 0.985 - 0.016 * line), 0.8)


def leaf(plate: Plate, start: complex, way: complex, width: float, curl: float) -> None:
    """Draw a leaflet: its outline, middle and side veins, and hatching on the shaded half."""
    share = np.linspace(0.0, 1.0, 60)
    bend = start + way * (share + 1j * curl * share**2)
    side = width * way / abs(way) * np.sin(np.pi * share**0.75) ** 0.8
    plate.ink(bend, 1.1)
    for flank in (1j, -1j):
        plate.ink(bend + side * flank, 1.2)
        for spot in range(3, 52, 5):
            plate.ink([bend[spot], bend[spot + 5] + side[spot + 5] * flank], 0.8)
    for spot in range(4, 57):
        plate.ink([bend[spot] + 0.5j * side[spot], bend[spot + 1] + 0.97j * side[spot + 1]], 0.7)


def fern(plate: Plate, root: complex, tall: float) -> None:
    """Draw a fern frond: a bowed stem with leaflets to both sides, smaller towards the tip."""
    share = np.linspace(0.0, 1.0, 200)
    stem = root + tall * (-1j * share + 0.16 * share**2 - 0.08 * np.sin(np.pi * share))
    plate.ink(stem, 2.0)
    plate.ink(stem[:150] - 3.0, 1.0)
    for number, spot in enumerate(np.linspace(34, 196, 25).astype(int)):
        way = (stem[spot + 1] - stem[spot]) / abs(stem[spot + 1] - stem[spot])
        rest = 1.0 - number / 25
        reach = tall * 0.33 * min(1.0, rest * 1.25) ** 0.8 * (1.0 - 1.8 * max(0.0, rest - 0.75))
        for flank in (1.0, -1.0):
            lean = np.exp(1j * flank * (0.75 + 0.5 * rest))
            start = stem[spot + int(flank > 0)]
            leaf(plate, start, way * lean * reach, 4.5 + 8.0 * rest**0.6, -0.1 * flank)


def gear(plate: Plate, middle: complex, radius: float) -> None:
    """Draw a spur wheel seen from the front, with its centre lines and its width."""
    turns = np.linspace(0.0, 1.0, 30 * 24 + 1)
    tooth = np.interp(turns * 30 % 1, (0, 0.22, 0.32, 0.68, 0.78, 1), (0.9, 0.9, 1, 1, 0.9, 0.9))
    circle = radius * np.exp(2j * np.pi * turns)
    plate.ink(middle + tooth * circle, 1.6)
    plate.dashes(middle + 0.95 * circle, (10, 4, 2, 4))
    for share in (0.80, 0.34, 0.16):
        plate.ring(middle, radius * share, 1.5)
    for hole in middle + 0.57 * circle[60::120]:
        plate.ring(hole, radius * 0.15, 1.4)
    for way in (1, 1j):
        plate.dashes(middle + way * np.linspace(-1.15, 1.15, 130) * radius, (12, 3, 2, 3))
    plate.dimension(middle + radius * (-1 + 1.42j), middle + radius * (1 + 1.42j), "260")
    for end in (-1, 1):
        plate.ink([middle + radius * (end + 0.1j), middle + radius * (end + 1.48j)], 0.7)


def gear_cut(plate: Plate, middle: complex, radius: float) -> None:
    """Draw the same wheel cut through its axis: hatched metal, plain teeth, open bore."""
    steps = np.array((0.16, 0.34, 0.34, 0.80, 0.80, 1.0)) * radius
    halves = np.array((32.0, 32.0, 10.0, 10.0, 26.0, 26.0))

    def solid(path: Curve) -> Mask:
        """Tell where there is cut metal."""
        away = np.abs((path - middle).imag)
        thick = np.where(away < steps[2], 32.0, np.where(away < steps[3], 10.0, 26.0))
        inside = (away > steps[0]) & (away < radius * 0.9)
        return np.asarray(inside & (np.abs((path - middle).real) < thick))

    plate.hatch(middle, radius * 1.1, solid)
    for side in (1, -1):
        for flip in (1, -1):
            plate.ink(middle + side * halves + 1j * flip * steps, 1.6)
        plate.ink(middle + np.array((-26, 26)) + 1j * side * radius, 1.6)
        plate.ink(middle + np.array((-26, 26)) + 0.9j * side * radius, 1.2)
        plate.ink(middle + np.array((-32, 32)) + 0.16j * side * radius, 1.2)
        plate.ink(middle + side * 32 + 0.16j * radius * np.array((-1, 1)), 1.2)
        plate.ink([middle + side * 26 + 1.03j * radius, middle + side * 26 + 1.48j * radius], 0.7)
    plate.dashes(middle + np.linspace(-55, 55, 50), (12, 3, 2, 3))
    plate.dimension(middle - 26 + 1.42j * radius, middle + 26 + 1.42j * radius, "52")


def lineart() -> Image.Image:
    """Draw an engraved plate with three figures in thin ink lines."""
    plate = Plate(1400, 1000)
    for inset, width in ((24, 2.0), (32, 1.0)):
        right, bottom = 1400 - inset, 1000 - inset
        corners = [(inset, inset), (right, inset), (right, bottom), (inset, bottom), (inset, inset)]
        plate.ink([complex(*corner) for corner in corners], width)
    nautilus(plate, 335 + 360j, 340.0)
    gear(plate, 290 + 745j, 120.0)
    gear_cut(plate, 540 + 745j, 120.0)
    fern(plate, 1020 + 900j, 770.0)
    for text, place, size in (
        ("FIG 1  NAUTILUS", 330 + 572j, 14),
        ("FIG 3  GEAR WHEEL", 400 + 945j, 14),
        ("FIG 2  FERN", 1020 + 945j, 14),
        ("PLATE VII", 1270 + 70j, 14),
        ("FORMS IN LINE", 700 + 70j, 24),
    ):
        plate.write(text, place, float(size))
    return plate.paper.resize((1400, 1000), Image.Resampling.LANCZOS)


PICTURES: dict[str, Callable[[], Image.Image]] = {
    "spaceship.png": spaceship,
    "landscape.jpg": landscape,
    "lineart.png": lineart,
    "labels.png": labels,
    "depth16.png": depth16,
    "icon.png": icon,
}


def main(names: list[str]) -> None:
    """Draw the named pictures, or all, and say which files were written."""
    known = {Path(file).stem: file for file in PICTURES}
    if unknown := [name for name in names if name not in known]:
        sys.exit(f"no such picture: {', '.join(unknown)}; there are: {', '.join(known)}")
    for name in names or known:
        path = Path(__file__).parent / known[name]
        # Each format takes the option it knows: optimize is for PNG, quality for JPEG.
        PICTURES[path.name]().save(path, optimize=True, quality=90)
        sys.stdout.write(f"{path.name}: {path.stat().st_size} bytes\n")


if __name__ == "__main__":
    main(sys.argv[1:])
