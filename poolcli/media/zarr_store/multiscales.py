"""The metadata of OME-Zarr: axes, and for each level its path, scale and translation.

A pixel i of a level lies at i·scale + translation, which is the place of its centre.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from poolcli.errors import PictureError

__all__ = ["VERSIONS", "Axis", "Level", "Multiscales", "read_multiscales"]

VERSIONS = ("0.5", "0.4")
"""Versions that are written; 0.5 is Zarr version 3, 0.4 is version 2."""

_KINDS = {"t": "time", "c": "channel", "z": "space", "y": "space", "x": "space"}
_FIRST_AXES = "tczyx"
"""Axes of the first versions, which did not name them."""


class Axis(NamedTuple):
    """An axis: its name, its type and its unit, where they are known."""

    name: str
    kind: str | None = None
    unit: str | None = None

    @classmethod
    def named(cls, name: str) -> "Axis":
        """Make an axis of the type that its name suggests.

        >>> Axis.named("c")
        Axis(name='c', kind='channel', unit=None)
        """
        return cls(name, _KINDS.get(name.lower()))


class Level(NamedTuple):
    """One array of a pyramid, and the places of its pixels along each axis."""

    path: str
    scale: tuple[float, ...]
    translation: tuple[float, ...]

    def pooled(self, path: str, steps: Sequence[float], centres: Sequence[float]) -> "Level":
        """Place the pixels of a result.

        Parameters
        ----------
        steps : sequence of float
            Pixels of this level from one window to the next, along each axis.
        centres : sequence of float
            Position of the centre of the first window.

        Examples
        --------
        >>> Level("0", (0.5, 0.5), (10.0, 0.0)).pooled("1", (4, 1), (1.5, 0))
        Level(path='1', scale=(2.0, 0.5), translation=(10.75, 0.0))
        """
        return Level(
            path,
            tuple(float(s * step) for s, step in zip(self.scale, steps, strict=True)),
            tuple(
                float(t + s * centre)
                for t, s, centre in zip(self.translation, self.scale, centres, strict=True)
            ),
        )


class Multiscales(NamedTuple):
    """A pyramid's metadata.

    Attributes
    ----------
    axes : tuple of Axis
    levels : tuple of Level
    name : str
    type : str
        Downscaling method.
    method : mapping
        Its description, for people and programs.
    """

    axes: tuple[Axis, ...]
    levels: tuple[Level, ...]
    name: str = ""
    type: str = ""
    method: Mapping[str, str] = {}

    def attributes(self, version: str) -> dict[str, Any]:
        """Attributes of the group, as a version of OME-Zarr lays them out."""
        one: dict[str, Any] = {"name": self.name} if self.name else {}
        one["axes"] = [
            {key: value for key, value in zip(("name", "type", "unit"), axis, strict=True) if value}
            for axis in self.axes
        ]
        one["datasets"] = [_dataset(level) for level in self.levels]
        if self.type:
            one |= {"type": self.type, "metadata": dict(self.method)}
        if version == "0.4":
            return {"multiscales": [{**one, "version": version}]}
        return {"ome": {"version": version, "multiscales": [one]}}


def _dataset(level: Level) -> dict[str, Any]:
    placed: list[dict[str, Any]] = [{"type": "scale", "scale": list(level.scale)}]
    if any(level.translation):
        placed.append({"type": "translation", "translation": list(level.translation)})
    return {"path": level.path, "coordinateTransformations": placed}


def read_multiscales(attributes: Mapping[str, Any]) -> Multiscales | None:
    """Read the first pyramid of a group's attributes; None if there is none.

    Raises
    ------
    PictureError
        If its metadata is damaged.

    Examples
    --------
    >>> level = Level("0", (2.0, 2.0), (0.5, 0.0))
    >>> made = Multiscales((Axis.named("y"), Axis.named("x")), (level,))
    >>> read_multiscales(made.attributes("0.4")) == made
    True
    """
    try:
        inside = attributes.get("ome", attributes)
        if not inside.get("multiscales"):
            return None
        one = inside["multiscales"][0]
        axes = [_axis(axis) for axis in one.get("axes", _FIRST_AXES)]
        outer = one.get("coordinateTransformations", [])
        levels = [
            _level(str(each["path"]), each.get("coordinateTransformations", []), outer, len(axes))
            for each in one["datasets"]
        ]
        return Multiscales(tuple(axes), tuple(levels), str(one.get("name", "")))
    except (AttributeError, KeyError, IndexError, TypeError, ValueError) as error:
        raise PictureError(
            "has multiscales metadata that is damaged; name an array in it instead"
        ) from error


def _axis(told: Any) -> Axis:
    if isinstance(told, str):
        return Axis.named(told)
    return Axis(str(told["name"]), told.get("type"), told.get("unit"))


def _level(path: str, own: Any, outer: Any, count: int) -> Level:
    """Compose a level's own transformations with those of the whole pyramid."""
    scale, translation = [1.0] * count, [0.0] * count
    for one in (*own, *outer):
        if one["type"] == "scale":
            factors = [float(value) for value in one["scale"]]
            scale = [s * f for s, f in zip(scale, factors, strict=True)]
            translation = [t * f for t, f in zip(translation, factors, strict=True)]
        elif one["type"] == "translation":
            moves = [float(value) for value in one["translation"]]
            translation = [t + m for t, m in zip(translation, moves, strict=True)]
    return Level(path, tuple(scale), tuple(translation))
