"""Tags of the planes of a TIFF that is written of an array: OME-XML, and what its source tells."""

import json
from typing import Any

import numpy as np

from poolcli.errors import PictureError
from poolcli.media.tiff.errors import quietly
from poolcli.media.tiff.meaning.grid import Grid
from poolcli.media.tiff.meaning.ome_text import OmeImage, ome_text
from poolcli.media.tiff.meaning.page_tags import PageTags, tags_of_page
from poolcli.media.tiff.meaning.raw_tags import RawTag, ratio
from poolcli.media.tiff.meaning.stack_tags import StackTags
from poolcli.media.tiff.samples import Samples
from poolcli.media.volumes.tiff import StackSource
from poolcli.media.volumes.units import symbol_of
from poolcli.media.zarr_store.volume import Volume

__all__ = ["TagsOfPlanes"]

_ICC, _UNDEFINED, _INCH = 34675, 7, 2
_MADE = ("OME-XML", "sub-images")
"""Parts of the source that are made anew."""


class TagsOfPlanes:
    """Tags of each plane, the first of which describes all of them.

    Parameters
    ----------
    volume : Volume
        In the order of a TIFF.
    samples : Samples
    ome : bool
        Whether there must be an OME-XML.

    Raises
    ------
    PictureError
        If OME-XML has no such type.
    """

    def __init__(self, volume: Volume, samples: Samples, *, ome: bool) -> None:
        self._volume, self._samples, self._ome = volume, samples, ome
        self._stack = volume.source if isinstance(volume.source, StackSource) else None
        self._lost: list[str] = []
        self._of_stack = self._kept_ome()
        self._text = ome_text(self._image(""))
        if self._text is None and ome:
            raise PictureError(
                f"holds {samples.dtype}, which OME-XML has no type for; name a .tif or an "
                ".ome.zarr as destination"
            )

    @property
    def notes(self) -> tuple[str, ...]:
        """Notes on what is left out."""
        lost = [name for name in dict.fromkeys(self._lost) if name not in _MADE]
        notes = [f"{', '.join(lost)} dropped"] if lost else []
        if self._volume.attributes:
            notes.append("its attributes have no place in a TIFF")
        if self._volume.source.dtype.kind == "b":
            notes.append("booleans are stored as 0 and 1")
        return tuple(notes)

    def _grid(self) -> Grid:
        """Lay the grid of level 0, whose pixels are those of the source."""
        names, shape = self._volume.names, self._volume.source.shape
        height, width = (shape[names.index(name)] for name in "yx")
        return Grid(height, width, (1.0, 1.0), (0.0, 0.0))

    def _kept_ome(self) -> StackTags | None:
        """Take over the OME-XML of the source, where it describes just these planes as they are."""
        if self._stack is None or self._stack.stack.kind != "ome":
            return None
        stack = self._stack.stack
        changed = self._samples.dtype != stack.runs[0].keyframe.dtype
        function = stack.plane(self._stack.numbers[0]).samples.function
        if len(stack.runs) > 1 or changed or function is not None:
            return None
        return StackTags(stack, [self._grid()])

    def of_plane(self, number: int) -> PageTags:
        """Make the tags of a plane; planes are asked for in order."""
        told = self._told(number)
        if number or (self._of_stack is not None and told.description is not None):
            return told if self._of_stack is not None else told._replace(description=None)
        text = told.description or b""
        image = self._image(text.decode("utf-8", "replace"))
        if not (self._ome or image.sizes or len(image.shape) > 2):
            return told  # nothing that the page does not tell
        made = ome_text(image)
        return told._replace(description=made or self._shaped(self._volume.source.shape))

    def of_reduced(self, number: int, shape: tuple[int, ...]) -> PageTags:
        """Make the tags of a plane of a level above level 0, of this shape."""
        if number or self._text is not None:
            return PageTags()
        return PageTags(self._shaped(shape))

    def _told(self, number: int) -> PageTags:
        if self._stack is None:
            return self._of_picture() if number == 0 else PageTags()
        stack, place = self._stack.stack, self._stack.numbers[number]
        plane = stack.plane(place)
        if self._of_stack is not None:
            told = self._of_stack.of_plane(place, plane)
            self._lost += self._of_stack.lost
            return told
        if stack.kind != "pages" and number:
            return PageTags()
        with stack.lock, quietly():
            told, lost = tags_of_page(plane.page, self._grid(), plane.orientation)
        text = told.description or b""
        if text.startswith((b"ImageJ=", b'{"shape"')):
            lost += ["ImageJ description"] * text.startswith(b"ImageJ=")
            told = told._replace(description=None)
        self._lost += lost
        return told

    def _of_picture(self) -> PageTags:
        colours = self._volume.colours
        if colours is None:
            return PageTags()
        tags = []
        if colours.icc:
            tags.append(RawTag(_ICC, _UNDEFINED, len(colours.icc), colours.icc))
        if colours.dpi is None or min(colours.dpi) <= 0:
            return PageTags(others=tags)
        across, down = (ratio(float(one)) for one in colours.dpi)
        return PageTags(None, (across, down), _INCH, tags)

    def _image(self, description: str) -> OmeImage:
        volume, together = self._volume, self._samples.channels > 1
        names = [name.upper() for name in volume.names]
        sizes, places = {}, {}
        for name, axis, scale, place in zip(
            names, volume.axes, volume.level.scale, volume.level.translation, strict=True
        ):
            if name == "C" or (scale, place, axis.unit) == (1.0, 0.0, None):
                continue
            if name != "T":
                places[name] = place, symbol_of(axis.unit)
            sizes[name] = scale, symbol_of(axis.unit) if name != "T" or axis.unit else "s"
        count = len(names) - together
        return OmeImage(
            np.dtype(self._samples.dtype),
            volume.source.shape[:count],
            "".join(names[:count]),
            self._samples.channels,
            volume.name,
            description,
            sizes,
            places,
        )

    def _shaped(self, shape: tuple[int, ...]) -> bytes:
        """Describe the axes of samples that OME-XML has no type for, as tifffile does."""
        names = "".join(self._volume.names).upper()
        axes = names[:-1] + "S" if self._samples.channels > 1 else names
        told: dict[str, Any] = {"shape": list(shape), "axes": axes}
        return json.dumps(told).encode()
