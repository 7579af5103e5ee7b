"""A film, and the palette that all its pictures share."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from PIL import Image, ImageColor

from poolcli.core.types import Array
from poolcli.errors import PoolingError
from poolcli.views.drawing.raster import rasterise
from poolcli.views.drawing.scene import Scene

__all__ = ["FILM_FORMATS", "Film", "Shot", "save_film"]

FILM_FORMATS = {".gif": "GIF", ".webp": "WEBP", ".png": "PNG"}
"""Formats of films, by the suffixes of their names."""

Colour: TypeAlias = tuple[int, ...]

_SAMPLED, _SHADES = 8, 1 << 16
"""Pictures whose colours are counted; and more shades than a dozen inks on as many fills have."""

_FINE, _MOST = 40_000_000, 160_000_000
"""Pixels of all pictures together: up to which they are drawn at twice the size, for fine screens;
and up to which they are drawn at all."""


@dataclass(frozen=True, slots=True)
class Shot:
    """A scene, and the number of pictures for which it stays."""

    scene: Scene
    times: int = 1


@dataclass(frozen=True, slots=True)
class Film:
    """Shots one after the other, all of one size.

    Raises
    ------
    PoolingError
        If there are too many pixels.
    """

    shots: list[Shot]

    def __post_init__(self) -> None:
        if self._pixels > _MOST:
            scene = self.shots[0].scene
            raise PoolingError(
                f"{len(self.shots)} pictures of {scene.width}×{scene.height} pixels are too much "
                "for a film; use a smaller --area"
            )

    @property
    def _pixels(self) -> int:
        return len(self.shots) * self.shots[0].scene.width * self.shots[0].scene.height

    @property
    def scale(self) -> int:
        """Pixels across a CSS pixel."""
        return 2 if 4 * self._pixels <= _FINE else 1


def save_film(film: Film, path: Path, fps: float) -> None:
    """Write a film in the format of the destination's name, as a whole or not at all.

    Parameters
    ----------
    fps : float
        Pictures a second.

    Raises
    ------
    OSError
        If the folder cannot be written to, or the disk is full.
    """
    from poolcli.media.replacing import atomic_write

    kind = FILM_FORMATS[path.suffix.lower()]
    dots = 96 * film.scale
    formats: dict[str, dict[str, Any]] = {
        "WEBP": {"lossless": True},
        "GIF": {"optimize": False},
        "PNG": {"dpi": (dots, dots)},
    }
    options = formats[kind]
    durations = [round(1000 * shot.times / fps) for shot in film.shots]
    first, *others = _indexed(film)  # Pillow holds them all, with one byte a pixel
    with atomic_write(path) as file:
        first.save(
            file, kind, save_all=True, append_images=others, duration=durations, loop=0, **options
        )


def _indexed(film: Film) -> Iterator[Any]:
    """Draw the shots in one palette, so that no colour changes from one to the next."""
    palette = _palette(film)
    places = np.zeros(1 << 24, np.uint8)  # by red, green and blue as one number
    for shot in film.shots:
        image = rasterise(shot.scene, film.scale)
        found = np.array([colour for _, colour in _counted(image)])
        places[_packed(found)] = _nearest(found, palette)
        indexed = Image.fromarray(places[_packed(np.asarray(image))])
        indexed.putpalette(palette.astype(np.uint8).tobytes())
        yield indexed


def _palette(film: Film) -> Array:
    """Choose the colours that are asked for, then the commonest shades at the edges of letters."""
    counts = Counter[Colour]()
    for shot in film.shots[:: -(-len(film.shots) // _SAMPLED)]:
        for count, colour in _counted(rasterise(shot.scene, film.scale)):
            counts[colour] += count
    asked = [ImageColor.getrgb(name) for shot in film.shots for name in _colours(shot.scene)]
    shades = [colour for colour, _ in counts.most_common()]
    return np.array([*dict.fromkeys([*asked, *shades])][:256])


def _colours(scene: Scene) -> Iterator[str]:
    yield scene.ground
    for item in scene.items:
        for name in ("fill", "stroke", "colour"):
            if (colour := getattr(item, name, None)) is not None:
                yield colour


def _counted(image: Any) -> list[tuple[int, Colour]]:
    """List the colours of a picture, with the number of pixels of each."""
    counted: list[tuple[int, Colour]] = image.getcolors(_SHADES)
    return counted


def _packed(colours: Array) -> Array:
    """Pack red, green and blue into one number."""
    red, green, blue = np.moveaxis(colours.astype(np.int32), -1, 0)
    packed: Array = red << 16 | green << 8 | blue
    return packed


def _nearest(colours: Array, palette: Array) -> Array:
    """Find the place in the palette of what comes nearest to each colour."""
    nearest: Array = ((colours[:, None] - palette) ** 2).sum(axis=-1).argmin(axis=-1)
    return nearest
