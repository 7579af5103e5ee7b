"""The planes of a TIFF as one array with axes."""

from contextlib import suppress
from itertools import product
from math import prod
from xml.etree import ElementTree

import numpy as np

from poolcli.core.types import Array
from poolcli.errors import PictureError
from poolcli.media.tiff.runs import Run
from poolcli.media.tiff.stack import Plane, Stack
from poolcli.media.volumes.units import unit_of
from poolcli.media.zarr_store.multiscales import Axis, Level
from poolcli.media.zarr_store.volume import Colours, Volume

__all__ = ["StackSource", "volume_of_stack"]

_SIZES = {"x": "PhysicalSizeX", "y": "PhysicalSizeY", "z": "PhysicalSizeZ", "t": "TimeIncrement"}


class StackSource:
    """Planes along axes of their own, (…, H, W) or (…, H, W, channels), decoded as sliced.

    Attributes
    ----------
    stack : Stack
    numbers : list of int
        Its planes, in order.
    """

    def __init__(self, stack: Stack, lead: tuple[int, ...], numbers: list[int]) -> None:
        self.stack, self.numbers = stack, numbers
        self._numbers = np.reshape(numbers, lead)
        first = self._plane(numbers[0])
        self.dtype = np.dtype(first.source.dtype)
        height, width, channels = first.source.shape
        self.channels = channels
        self._segment = first.segment
        self._plane_bytes = height * width * channels * self.dtype.itemsize
        self.shape = (*lead, height, width) + ((channels,) if channels > 1 else ())

    def _plane(self, number: int) -> Plane:
        return self.stack.plane(number)

    def __getitem__(self, key: tuple[slice, ...]) -> Array:
        lead = self._numbers.ndim
        inner = key[lead:] if self.channels > 1 else (*key[lead:], slice(0, 1))
        some = self._numbers[key[:lead]]
        shape = [len(range(n)[k]) for n, k in zip(self.shape[lead:], key[lead:], strict=True)]
        out: Array = np.empty((*some.shape, *shape), self.dtype)
        if any(length < whole for length, whole in zip(shape, self._segment, strict=False)):
            self.stack.expect(some.size * self._plane_bytes)
        for place in product(*map(range, some.shape)):
            values = self._plane(int(some[place])).source[inner]
            out[place] = values.reshape(shape)
        return out


def volume_of_stack(stack: Stack) -> Volume:
    """Take the planes of the first image of a TIFF, or the only plane that was chosen.

    Raises
    ------
    PictureError
        If it has pages that belong together in no stated way.
    """
    stack.check_total(at_once=False)
    numbers, run = list(stack.numbers), stack.place(stack.numbers[0])[0]
    notes = list(stack.notes)
    lead: tuple[int, ...] = ()
    letters = ""
    if len(numbers) > 1:
        if not run.axes:
            raise PictureError("has several frames; use --frame N to take one")
        lead, letters = run.shape, run.axes.lower()
        if len(numbers) > prod(lead):
            notes.append("images after the first were passed over; use --frame N to take another")
        numbers = numbers[: prod(lead)]
    source = StackSource(stack, lead, numbers)
    names = f"{letters}yx{'c' if source.channels > 1 else ''}"
    samples = stack.plane(numbers[0]).samples
    if samples.alpha:
        notes.append("its alpha was pooled as any other channel")
    sizes = _physical_sizes(stack, run)
    axes = [Axis.named(name)._replace(unit=sizes.get(name, (1.0, None))[1]) for name in names]
    scale = tuple(sizes.get(name, (1.0, None))[0] for name in names)
    level = Level("0", scale, (0.0,) * len(names))
    colours = None
    if source.channels > 1:
        colours = Colours(samples.photometric, samples.extras)
    return Volume(source, tuple(axes), level, notes=tuple(notes), colours=colours)


def _physical_sizes(stack: Stack, run: Run) -> dict[str, tuple[float, str | None]]:
    """Read the sizes of a pixel of an OME-TIFF, with their units."""
    text = stack.tif.ome_metadata if stack.kind == "ome" else None
    sizes: dict[str, tuple[float, str | None]] = {}
    with suppress(ElementTree.ParseError, ValueError, IndexError):
        root = ElementTree.fromstring(text or "<none/>")
        images = [one for one in root.iter() if one.tag.endswith("}Pixels")]
        pixels = images[stack.runs.index(run)]
        for axis, name in _SIZES.items():
            size = pixels.get(name)
            if size is not None and float(size) > 0:
                unit = pixels.get(f"{name}Unit", "s" if axis == "t" else "µm")
                sizes[axis] = float(size), unit_of(unit)
    return sizes
