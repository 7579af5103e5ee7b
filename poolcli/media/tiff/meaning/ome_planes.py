"""Planes of an OME-XML, where these are pooled along axes of their own."""

from collections.abc import Iterator, Mapping
from itertools import product
from math import ceil, floor, prod
from xml.etree.ElementTree import Element

from poolcli.media.tiff.meaning.grid import Line

__all__ = ["number_text", "pool_planes"]

_AXES = "ZCT"
_STEPS = {"Z": "PhysicalSizeZ", "T": "TimeIncrement"}
_PLACES = ("PositionX", "PositionY", "PositionZ", "DeltaT")


def pool_planes(pixels: Element, names: str, lines: Mapping[str, Line]) -> list[str]:
    """Let Pixels count the pooled planes, and each tell the place between those that it is made of.

    Parameters
    ----------
    pixels : Element
    names : str
        Namespace, in braces.
    lines : mapping
        Places of the pooled planes, by letters of axes.

    Returns
    -------
    list of str
        Names of what is left out.
    """
    for axis, line in lines.items():
        pixels.set(f"Size{axis}", str(line.size))
        step = pixels.get(_STEPS.get(axis, ""))
        if step is not None:
            pixels.set(_STEPS[axis], number_text(float(step) * line.step))
    lost = []
    channels = pixels.findall(f"{names}Channel")
    if "C" in lines:
        # The channels of the source are none of the result's.
        samples = channels[0].get("SamplesPerPixel", "1") if channels else "1"
        pixels.set("SizeC", str(lines["C"].size * int(samples)))
        for number, channel in enumerate(channels):
            pixels.remove(channel)
            if int(samples) > 1 and number < lines["C"].size:
                made = {"ID": f"Channel:0:{number}", "SamplesPerPixel": samples}
                pixels.insert(number, Element(f"{names}Channel", made))
        lost += ["OME channels"] * bool(channels)
    _merge(pixels, names, lines)
    return lost


def _merge(pixels: Element, names: str, lines: Mapping[str, Line]) -> None:
    """Make one Plane of those about the centre of each pooled plane."""
    planes = pixels.findall(f"{names}Plane")
    if not planes:
        return
    places = {tuple(int(one.get(f"The{axis}", 0)) for axis in _AXES): one for one in planes}
    first = list(pixels).index(planes[0])
    for one in planes:
        pixels.remove(one)
    sizes = [int(pixels.get(f"Size{axis}", 1)) for axis in _AXES]
    made = []
    for at in product(*map(range, sizes)):
        about = list(_about([lines.get(axis) for axis in _AXES], at))
        found = [(places[place], weight) for place, weight in about if place in places]
        if len(found) == len(about):
            made.append(_between(found, at))
    for number, one in enumerate(made):
        pixels.insert(first + number, one)


def _about(
    lines: list[Line | None], at: tuple[int, ...]
) -> Iterator[tuple[tuple[int, ...], float]]:
    """Yield the planes about the centre of a pooled one, and how much each weighs there."""
    ends = []
    for line, index in zip(lines, at, strict=True):
        centre = index if line is None else max(line.centre + index * line.step, 0.0)
        low, high = floor(centre), ceil(centre)
        ends.append([(low, 1 - (centre - low)), (high, centre - low)][: 1 + (high > low)])
    for corner in product(*ends):
        yield tuple(place for place, _ in corner), prod(weight for _, weight in corner)


def _between(found: list[tuple[Element, float]], at: tuple[int, ...]) -> Element:
    made = found[0][0]
    attributes = {f"The{axis}": str(index) for axis, index in zip(_AXES, at, strict=True)}
    for place in _PLACES:
        values = [one.get(place) for one, _ in found]
        known = [float(value) for value in values if value is not None]
        if len(known) == len(found) > 1:
            mean = sum(value * weight for value, (_, weight) in zip(known, found, strict=True))
            attributes[place] = number_text(mean)
    one = Element(made.tag, {**made.attrib, **attributes})
    one.tail = made.tail
    return one


def number_text(value: float) -> str:
    """Format a number as briefly as it is known."""
    return f"{value:.15g}"
