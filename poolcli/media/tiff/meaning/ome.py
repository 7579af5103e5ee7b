"""OME-XML: sizes, physical sizes and positions of the pooled planes."""

import re
from collections.abc import Sequence
from contextlib import suppress
from typing import NamedTuple
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from poolcli.media.tiff.meaning.grid import Grid
from poolcli.media.tiff.meaning.ome_planes import number_text, pool_planes

__all__ = ["PooledImage", "rewrite_ome"]

_PYRAMID = "openmicroscopy.org/PyramidResolution"
_AXES = "XY"


class PooledImage(NamedTuple):
    """An image of the file, pooled.

    Attributes
    ----------
    grid : Grid
    pages : int
        Number of its pages.
    plane : mapping, optional
        Place of its only plane along "Z", "C" and "T", if one plane alone was taken.
    """

    grid: Grid
    pages: int
    plane: dict[str, int] | None = None


def rewrite_ome(xml: str, images: Sequence[PooledImage]) -> tuple[bytes | None, list[str]]:
    """Let the OME-XML of a file describe the pooled images, whose pages lie in its own order.

    Returns
    -------
    (bytes, list of str)
        The text, None if it does not fit; and names of what is left out.
    """
    with suppress(ElementTree.ParseError, ValueError, KeyError):
        root = ElementTree.fromstring(xml.encode())
        space = re.match(r"\{.*\}", root.tag)
        names = space[0] if space else ""
        every = list(root.iter(f"{names}Pixels"))
        if len(every) != len(images):
            return None, ["OME-XML"]
        root.attrib.pop("UUID", None)
        first = 0
        lost = []
        for pixels, image in zip(every, images, strict=True):
            if image.grid.lines:
                lost += pool_planes(pixels, names, {line.axis: line for line in image.grid.lines})
            _rewrite_pixels(pixels, names, image, first)
            first += image.pages
        lost += _drop_places(root, names)
        ElementTree.register_namespace("", names[1:-1])
        text: bytes = ElementTree.tostring(root, "utf-8", xml_declaration=True)
        return text, lost
    return None, ["OME-XML"]


def _rewrite_pixels(pixels: Element, names: str, image: PooledImage, first: int) -> None:
    grid = image.grid
    pixels.set("SizeX", str(grid.width))
    pixels.set("SizeY", str(grid.height))
    moves: dict[str, float] = {}
    for axis, step, centre in zip(_AXES, grid.steps[::-1], grid.centres[::-1], strict=True):
        size = pixels.get(f"PhysicalSize{axis}")
        if size is not None:
            moves[axis] = float(size) * centre
            pixels.set(f"PhysicalSize{axis}", number_text(float(size) * step))
    data = [child for tag in ("TiffData", "BinData") for child in pixels.findall(names + tag)]
    place = list(pixels).index(data[0]) if data else len(pixels.findall(f"{names}Channel"))
    for child in data:
        pixels.remove(child)
    count = {"IFD": str(first), "PlaneCount": str(image.pages)}
    pixels.insert(place, Element(f"{names}TiffData", count))
    if image.plane is not None:
        _take_plane(pixels, names, image.plane)
    for plane in pixels.findall(f"{names}Plane"):
        _move(plane, pixels, moves)


def _take_plane(pixels: Element, names: str, plane: dict[str, int]) -> None:
    """Leave one plane, and the channel that it is of."""
    channels = pixels.findall(f"{names}Channel")
    for axis in "ZT":
        pixels.set(f"Size{axis}", "1")
    kept = plane.get("C", 0)
    if len(channels) > 1:
        for number, channel in enumerate(channels):
            if number != kept:
                pixels.remove(channel)
    one = channels[kept if kept < len(channels) > 1 else 0] if channels else None
    pixels.set("SizeC", "1" if one is None else one.get("SamplesPerPixel", "1"))
    for child in pixels.findall(f"{names}Plane"):
        if all(child.get(f"The{axis}") == str(plane.get(axis, 0)) for axis in "ZCT"):
            for axis in "ZCT":
                child.set(f"The{axis}", "0")
        else:
            pixels.remove(child)


def _move(plane: Element, pixels: Element, moves: dict[str, float]) -> None:
    """Move a plane's position to the centre of its first pooled pixel, where units are alike."""
    for axis, move in moves.items():
        position = plane.get(f"Position{axis}")
        unit = plane.get(f"Position{axis}Unit", "reference frame")
        if position is not None and move and unit == pixels.get(f"PhysicalSize{axis}Unit", "µm"):
            plane.set(f"Position{axis}", number_text(float(position) + move))


def _drop_places(root: Element, names: str) -> list[str]:
    """Remove regions and reduced copies, which count old pixels; name the regions."""
    regions = root.findall(f"{names}ROI")
    stale = {region.get("ID") for region in regions}
    for region in regions:
        root.remove(region)
    for notes in root.findall(f"{names}StructuredAnnotations"):
        for note in list(notes):
            if note.get("Namespace") == _PYRAMID:
                stale.add(note.get("ID"))
                notes.remove(note)
        if not len(notes):
            root.remove(notes)
    for parent in list(root.iter()):
        for child in list(parent):
            if (
                child.tag in (f"{names}ROIRef", f"{names}AnnotationRef")
                and child.get("ID") in stale
            ):
                parent.remove(child)
    return ["OME regions of interest"] if regions else []
