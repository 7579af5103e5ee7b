"""A stack of planes pooled into a TIFF or an array, in memory that does not grow with it."""

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import islice
from math import prod

import numpy as np

from poolcli.core.geometry.boxes import Box
from poolcli.core.types import Array
from poolcli.errors import PictureError
from poolcli.jobs.boxes.ahead import done_ahead
from poolcli.jobs.boxes.watching import told
from poolcli.jobs.plan import Task
from poolcli.jobs.pooled_frames import Summary, summarised
from poolcli.jobs.result import blamed_on
from poolcli.jobs.stacks.boxes import PooledPlane, PooledPlanes
from poolcli.jobs.stacks.rereading import bytes_read_again
from poolcli.media.arrays import create_array
from poolcli.media.replacing import FileUnit, atomic_write
from poolcli.media.tiff.encoding import Coding, coding_like, encode_segment, layout_of
from poolcli.media.tiff.errors import quietly
from poolcli.media.tiff.meaning.page_tags import PageTags
from poolcli.media.tiff.meaning.stack_tags import StackTags, is_imagej, is_taken_for_one_array
from poolcli.media.tiff.stack import Stack
from poolcli.media.tiff.writing import PageForm, TiffWriter

__all__ = ["measure_stack", "pool_stack"]

_ARRAY_BOX = 1 << 10
"""Rows and columns of the boxes that are written into an array."""


def measure_stack(task: Task, stack: Stack) -> Summary:
    """Learn the shapes of a pooled stack; decode and write nothing.

    Raises
    ------
    PoolingError
        If it cannot be pooled.
    """
    planes = PooledPlanes(task, stack)
    return _summary(task, planes, planes.planned(planes.numbers[0]), stack, ())


def pool_stack(task: Task, stack: Stack, unit: FileUnit, *, as_array: bool) -> Summary:
    """Pool every plane, and write a TIFF, or a .npy of the stack's axes.

    Parameters
    ----------
    unit : FileUnit
        Takes the files that are written.

    Raises
    ------
    PoolingError
        If it cannot be pooled, or an array cannot hold it.
    FileError
        If a file cannot be written.
    """
    planes = PooledPlanes(task, stack)
    first = planes.ready(planes.numbers[0])
    lost_notes: list[str] = []
    if as_array:
        _write_array(task, stack, unit, planes, first)
    else:
        lost = _write_tiff(task, stack, unit, planes, first)
        lost_notes = [f"{_listed(lost)} dropped"] if lost else []
    planes.keep_found(first, unit, as_array=as_array)
    return _summary(task, planes, first, stack, [*planes.notes(first.plane), *lost_notes])


def _summary(
    task: Task, planes: PooledPlanes, first: PooledPlane, stack: Stack, notes: Sequence[str]
) -> Summary:
    channels, dtype = first.plan.x.shape[-1], first.dtype.name
    summary = summarised(first.stages, channels, dtype)
    run, asked = planes.runs[0], task.operation.axes or "YX"
    if stack.kind != "pages" and not stack.one_plane:
        samples = "S" if channels > 1 else ""
        some = slice(0 if samples else 1, None)
        summary = summary._replace(
            input_shape=(*run.run.shape, *summary.input_shape[some]),
            output_shape=(*run.shape, *summary.output_shape[some]),
            letters=f"{run.run.axes}{samples}YX",
        )
    letters = [*(line.axis for line in first.lines), "Y", "X"]
    unused = tuple(first.plan.stages[letters.index(name)].unused for name in asked)
    notes = (*stack.notes, *notes)
    return summary._replace(frames=len(stack.numbers), notes=notes, unused=unused)


def _pooled(task: Task, planes: PooledPlanes, first: PooledPlane) -> Iterator[PooledPlane]:
    """Yield the planes of a stack, the first of which is planned already."""
    for number in planes.numbers:
        with blamed_on(task.source):
            pooled = first if number == first.number else planes.planned(number)
        yield pooled


def _write_tiff(
    task: Task, stack: Stack, unit: FileUnit, planes: PooledPlanes, first: PooledPlane
) -> list[str]:
    """Write the planes as pages; name what of the source is left out."""
    size = _size(task, planes, first)
    packed = is_taken_for_one_array(stack, size)
    form_of = partial(_form, planes, tiles=not is_imagej(stack), packed=packed)
    grids = [planes.planned(start).grid for start in planes.starts[:-1]]
    tags = StackTags(stack, grids)

    def jobs() -> Iterator[tuple[PooledPlane, PageForm, Box]]:
        for pooled in _pooled(task, planes, first):
            with blamed_on(task.source):
                form = form_of(pooled)
            rows, columns, _, planar = form.layout
            run = planes.run(pooled)
            stack.expect(bytes_read_again(pooled, run, rows, columns, planar=planar))
            for box in pooled.boxes(rows, columns, planar=planar):
                yield pooled, form, box

    def encoded(job: tuple[PooledPlane, PageForm, Box]) -> tuple[bytes, int]:
        pooled, form, box = job
        with blamed_on(task.source):
            block = planes.block(pooled, box)
            return encode_segment(block, form.layout, form.coding), block.nbytes

    segments = told(done_ahead(encoded, jobs(), task.threads), size)
    made = atomic_write(task.destination, unit=unit)
    with blamed_on(task.destination), made as file, TiffWriter(file, size) as writer:
        for pooled in _pooled(task, planes, first):
            form = form_of(pooled)
            count = len(list(pooled.boxes(form.layout.rows, form.layout.columns)))
            count *= form.shape[2] if form.layout.planar else 1
            stripped = task.writing.strip
            about = PageTags() if stripped else tags.of_plane(pooled.source_number, pooled.plane)
            writer.write(form, islice(segments, count), about)
    return [] if task.writing.strip else tags.lost


def _form(planes: PooledPlanes, pooled: PooledPlane, *, tiles: bool, packed: bool) -> PageForm:
    plane, samples = pooled.plane, pooled.samples
    with quietly():
        apart = plane.page.planarconfig == 2 and samples.channels > 1
        coding = coding_like(plane.page, samples)
    coding = Coding() if packed and coding.compression == 1 else coding
    planar = apart and not (planes.keeps_pixels or samples.alpha)
    layout = layout_of(
        pooled.shape,
        samples.dtype.itemsize,
        _steps(pooled),
        plane.segment[1],
        tiles=tiles,
        planar=planar,
    )
    return PageForm(pooled.shape, samples, layout, coding)


def _steps(pooled: PooledPlane) -> tuple[float, float]:
    """Rows and columns of the source for each pooled one, those of all planes counted."""
    down, across = pooled.grid.steps
    return down * pooled.depth, across


def _size(task: Task, planes: PooledPlanes, first: PooledPlane) -> int:
    """Bytes of all samples of the result."""
    if len(planes.runs) == 1:
        return len(planes.numbers) * prod(first.shape) * first.dtype.itemsize
    every = _pooled(task, planes, first)
    return sum(prod(one.shape) * one.dtype.itemsize for one in every)


def _write_array(
    task: Task, stack: Stack, unit: FileUnit, planes: PooledPlanes, first: PooledPlane
) -> None:
    """Write the planes into an array (axes of the stack, channels, H, W)."""
    height, width, channels = first.shape
    count = len(planes.numbers)
    lead = planes.runs[0].shape if len(stack.runs) == 1 and not stack.one_plane else ()
    if count > 1 and prod(lead) != count:
        lead = (count,)
    # A single plane is (channels, H, W), as one of any other picture is.
    inner = (channels, height, width) if channels > 1 or not lead else (height, width)
    shape = (count, channels, height, width)
    rows, columns = _array_box(first)

    def jobs() -> Iterator[tuple[int, PooledPlane, Box]]:
        for place, pooled in enumerate(_pooled(task, planes, first)):
            if (pooled.shape, pooled.dtype) != (first.shape, first.dtype):
                raise PictureError("holds pages of several shapes; use --frame N to take one")
            stack.expect(bytes_read_again(pooled, planes.run(pooled), rows, columns))
            for box in pooled.boxes(rows, columns):
                yield place, pooled, box

    def computed(job: tuple[int, PooledPlane, Box]) -> tuple[tuple[int, Box, Array], int]:
        place, pooled, box = job
        block = planes.block(pooled, box)
        return (place, box, block), block.nbytes

    dtype = first.dtype
    made = create_array(task.destination, (*lead, *inner), dtype, unit=unit)
    with blamed_on(task.destination), made as out:
        flat = out.reshape(shape)
        with blamed_on(task.source):
            blocks = done_ahead(computed, jobs(), task.threads)
            for place, (down, across, _), block in told(blocks, prod(shape) * dtype.itemsize):
                some = slice(place, place + 1), slice(None), down, across
                flat[some][...] = np.moveaxis(block, -1, 0)


def _array_box(pooled: PooledPlane) -> tuple[int, int]:
    """Choose rows and columns of boxes: smaller ones where many planes are pooled together."""
    if pooled.depth == 1:
        return _ARRAY_BOX, _ARRAY_BOX
    steps, width = _steps(pooled), pooled.plane.segment[1]
    layout = layout_of(pooled.shape, pooled.plan.x.dtype.itemsize, steps, width)
    return layout.rows, layout.columns


def _listed(names: list[str]) -> str:
    *others, last = dict.fromkeys(names)
    return f"{', '.join(others)} and {last}" if others else last
