"""OME-XML of one image that is made anew: axes, sizes of a pixel and the place of the first."""

from collections.abc import Mapping, Sequence
from itertools import product
from typing import Any, NamedTuple
from xml.etree import ElementTree

import numpy as np

from poolcli.media.tiff.meaning.ome_planes import number_text

__all__ = ["OmeImage", "ome_text"]

_SPACE = "http://www.openmicroscopy.org/Schemas/OME/2016-06"
_TYPES = {"float32": "float", "float64": "double"}
_TYPES |= {name: name for name in ("int8", "int16", "int32", "uint8", "uint16", "uint32")}
_PLANES = "ZCT"


class OmeImage(NamedTuple):
    """An image to describe.

    Attributes
    ----------
    dtype : numpy dtype
    shape : tuple of int
        Of all axes but that of the samples.
    axes : str
        Their letters: some of T, C and Z in any order, then YX.
    samples : int
        Channels of a pixel that are stored together.
    name, description : str
    sizes : mapping
        From letters of axes to the distance of pixels, and its unit as OME-XML writes it.
    places : mapping
        From X, Y and Z to the place of the first pixel's centre, and its unit.
    """

    dtype: "np.dtype[Any]"
    shape: Sequence[int]
    axes: str
    samples: int = 1
    name: str = ""
    description: str = ""
    sizes: Mapping[str, tuple[float, str]] = {}
    places: Mapping[str, tuple[float, str]] = {}


def ome_text(image: OmeImage) -> bytes | None:
    """Describe an image whose planes lie in the order of its axes; None if OME has no such type.

    Examples
    --------
    >>> text = ome_text(OmeImage(np.dtype("u1"), (3, 40, 50), "CYX", sizes={"X": (0.5, "µm")}))
    >>> b'SizeC="3"' in text, b'DimensionOrder="XYCZT"' in text, b'PhysicalSizeX="0.5"' in text
    (True, True, True)
    >>> ome_text(OmeImage(np.dtype("u8"), (40, 50), "YX")) is None
    True
    """
    kind = _TYPES.get(image.dtype.name)
    if kind is None:
        return None
    ElementTree.register_namespace("", _SPACE)
    root = ElementTree.Element(f"{{{_SPACE}}}OME")
    top = _child(root, "Image", ID="Image:0", **({"Name": image.name} if image.name else {}))
    if image.description:
        _child(top, "Description").text = image.description
    lengths = dict(zip(image.axes, image.shape, strict=True))
    lead = image.axes[:-2]
    pixels = _child(top, "Pixels", ID="Pixels:0", Type=kind)
    order = lead[::-1] + "".join(axis for axis in "CZT" if axis not in lead)
    pixels.set("DimensionOrder", f"XY{order}")
    for axis in "XYZCT":
        length = lengths.get(axis, 1) * (image.samples if axis == "C" else 1)
        pixels.set(f"Size{axis}", str(length))
    _set_sizes(pixels, image.sizes)
    for number in range(lengths.get("C", 1)):
        told = {"ID": f"Channel:0:{number}", "SamplesPerPixel": str(image.samples)}
        _child(pixels, "Channel", **told)
    count = int(np.prod(image.shape[:-2]))
    _child(pixels, "TiffData", IFD="0", PlaneCount=str(count))
    _place_planes(pixels, image, lengths)
    text: bytes = ElementTree.tostring(root, "utf-8", xml_declaration=True)
    return text


def _child(parent: ElementTree.Element, tag: str, **attributes: str) -> ElementTree.Element:
    return ElementTree.SubElement(parent, f"{{{_SPACE}}}{tag}", attributes)


def _set_sizes(pixels: ElementTree.Element, sizes: Mapping[str, tuple[float, str]]) -> None:
    for axis, (size, unit) in sizes.items():
        name = "TimeIncrement" if axis == "T" else f"PhysicalSize{axis}"
        pixels.set(name, number_text(size))
        pixels.set(f"{name}Unit", unit)


def _place_planes(pixels: ElementTree.Element, image: OmeImage, lengths: Mapping[str, int]) -> None:
    """Say of every plane where it is, if that is not the origin."""
    if not any(place for place, _ in image.places.values()):
        return
    for at in product(*(range(lengths.get(axis, 1)) for axis in _PLANES)):
        plane = {f"The{axis}": str(index) for axis, index in zip(_PLANES, at, strict=True)}
        for axis, (place, unit) in image.places.items():
            step = image.sizes.get(axis, (1.0, unit))[0]
            here = place + (at[0] * step if axis == "Z" else 0.0)
            plane |= {f"Position{axis}": number_text(here), f"Position{axis}Unit": unit}
        _child(pixels, "Plane", **plane)
