"""Tags of the pages of a pooled stack, the first of which describes all of them."""

import re
import sys
from collections.abc import Sequence
from contextlib import suppress
from math import prod
from typing import Any

import numpy as np

from poolcli.media.tiff.errors import quietly
from poolcli.media.tiff.extra import library
from poolcli.media.tiff.meaning.grid import Grid
from poolcli.media.tiff.meaning.imagej import kept_imagej, rewrite_description
from poolcli.media.tiff.meaning.ome import PooledImage, rewrite_ome
from poolcli.media.tiff.meaning.page_tags import PageTags, shaped_description, tags_of_page
from poolcli.media.tiff.runs import Run
from poolcli.media.tiff.stack import Plane, Stack

__all__ = ["StackTags", "is_imagej", "is_taken_for_one_array"]

_SMALL = 1 << 20
_ORDER = "<" if sys.byteorder == "little" else ">"


def is_imagej(stack: Stack) -> bool:
    """Tell whether ImageJ's own reader, which knows no tiles, is to read the pooled file."""
    return stack.kind == "imagej" or bool(stack.tif.pages.first.is_imagej)


def is_taken_for_one_array(stack: Stack, size: int) -> bool:
    """Tell whether planes that are not compressed would be misread.

    tifffile takes planes with a description of its own for one array if all of them are smaller
    than what lies before the second one's directory: the first plane and its tags.
    """
    return stack.kind == "shaped" and len(stack.numbers) > 1 and size < _SMALL


class StackTags:
    """The tags of each pooled page.

    Parameters
    ----------
    grids : sequence of Grid
        Of each run.

    Attributes
    ----------
    lost : list of str
        Names of what is left out so far.
    """

    def __init__(self, stack: Stack, grids: Sequence[Grid]) -> None:
        self._stack, self._grids = stack, grids
        self._started: set[int] = set()
        self.lost: list[str] = []

    def of_plane(self, number: int, plane: Plane) -> PageTags:
        """Make the tags of a plane, counted over all runs; planes are asked for in order."""
        with self._stack.lock, quietly():
            return self._of_plane(number, plane)

    def _of_plane(self, number: int, plane: Plane) -> PageTags:
        stack = self._stack
        run, place = stack.place(number)
        index = stack.index(number)
        grid = self._grids[index]
        tags, lost = tags_of_page(plane.page, grid, plane.orientation)
        if stack.kind == "pages":
            self._lose(lost)
            return tags
        if index in self._started:
            return PageTags(resolution=tags.resolution, unit=tags.unit)
        first = not self._started
        self._started.add(index)
        self._lose([name for name in lost if name != "OME-XML"])
        if stack.kind == "ome":
            return tags._replace(description=self._ome(number) if first else None)
        if stack.kind == "imagej":
            return self._imagej(tags, grid, place)
        if stack.kind == "shaped":
            return tags._replace(description=self._shaped(run, plane, index))
        return tags._replace(description=self._made_up(run, grid, plane))

    def _lose(self, names: Sequence[str]) -> None:
        self.lost += [name for name in names if name not in self.lost]

    def _ome(self, number: int) -> bytes | None:
        stack = self._stack
        runs = list(zip(stack.runs, self._grids, strict=True))
        images = [PooledImage(grid, prod(_shape(run, grid))) for run, grid in runs]
        if stack.one_plane:
            run, place = stack.place(number)
            places = np.unravel_index(place, run.shape) if run.shape else ()
            where = dict(zip(run.axes, map(int, places), strict=False))
            images = [PooledImage(grid, 1, where) for one, grid in runs if one is run]
        text, lost = rewrite_ome(stack.tif.ome_metadata or "", images)
        if any(run.keyframe.photometric == 3 for run in stack.runs):  # palettes become colours
            text, lost = None, ["OME-XML"]
        self._lose(lost)
        return text

    def _imagej(self, tags: PageTags, grid: Grid, place: int) -> PageTags:
        page = self._stack.tif.pages.first
        alone = self._stack.one_plane
        text = rewrite_description(page.imagej_description or "ImageJ=", grid, one_plane=alone)
        beside = page.tags.get("IJMetadata")
        metadata = beside.value if beside is not None and isinstance(beside.value, dict) else {}
        made, lost = kept_imagej(metadata, place if alone else None, _ORDER, _letters(grid))
        self._lose(lost)
        return tags._replace(description=text.encode(), others=[*tags.others, *made])

    def _shaped(self, run: Run, plane: Plane, index: int) -> bytes | None:
        key = run.keyframe
        if self._stack.one_plane or plane.samples.channels != key.samplesperpixel:
            return None
        text = plane.page.shaped_description or ""
        grid = self._grids[index]
        return shaped_description(text, grid, run.axes, channels_last=key.axes == "YXS")

    def _made_up(self, run: Run, grid: Grid, plane: Plane) -> bytes | None:
        """Describe the axes of a file of other software as OME-XML."""
        if self._stack.one_plane:
            return None
        channels, ome = plane.samples.channels, library().OmeXml()
        lead = _shape(run, grid)
        shape = (*lead, grid.height, grid.width, *([channels] if channels > 1 else ()))
        axes = f"{run.axes}YX{'S' if channels > 1 else ''}"
        sizes = _micrometres(self._stack, grid)
        stored = (prod(lead), 1, 1, grid.height, grid.width, channels)
        with suppress(Exception):  # axes that OME has no letter for
            ome.addimage(plane.samples.dtype, shape, stored, axes=axes, **sizes)
            text: str = ome.tostring()
            return text.encode()
        self._lose(["names of axes"])
        return None


def _letters(grid: Grid) -> str:
    return "".join(line.axis for line in grid.lines)


def _shape(run: Run, grid: Grid) -> tuple[int, ...]:
    """Lengths of a run's axes in the result."""
    found = [grid.line(axis) for axis in run.axes]
    return tuple(
        length if line is None else line.size for length, line in zip(run.shape, found, strict=True)
    )


def _micrometres(stack: Stack, grid: Grid) -> dict[str, Any]:
    """Look up the sizes of a pooled pixel that other software states."""
    sizes = {}
    tables = (stack.tif.lsm_metadata or {}) if stack.kind == "lsm" else {}
    slices = grid.line("Z")
    apart = 1.0 if slices is None else slices.step
    steps = {"X": grid.steps[1], "Y": grid.steps[0], "Z": apart}
    for axis, step in steps.items():
        metres = float(tables.get(f"VoxelSize{axis}", 0.0))
        if metres > 0:
            sizes[f"PhysicalSize{axis}"] = metres * 1e6 * step
    if stack.kind == "stk":
        told = stack.tif.stk_metadata or {}
        if told.get("XCalibration") and "um" in str(told.get("CalibrationUnits", "")).lower():
            sizes["PhysicalSizeX"] = float(told["XCalibration"]) * steps["X"]
            sizes["PhysicalSizeY"] = float(told["YCalibration"]) * steps["Y"]
    aperio = re.search(r"MPP\s*=\s*([\d.]+)", str(stack.tif.pages.first.description))
    if stack.kind == "svs" and aperio:
        sizes |= {f"PhysicalSize{axis}": float(aperio[1]) * steps[axis] for axis in "XY"}
    return sizes
