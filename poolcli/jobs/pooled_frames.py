"""A picture's frames, pooled as they are asked for."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from poolcli.core.dispatch import pool
from poolcli.core.operations import OPERATIONS
from poolcli.errors import PictureError
from poolcli.jobs.limits import check_work
from poolcli.jobs.operation import Operation
from poolcli.jobs.plan import Task
from poolcli.jobs.result import blamed_on
from poolcli.media.picture import Frame, number_in

if TYPE_CHECKING:
    from poolcli.core.geometry.plan import Plan
    from poolcli.core.geometry.stage import Stage
    from poolcli.core.types import Array, Source
    from poolcli.jobs.found import Found

__all__ = [
    "BY_ALPHA",
    "PooledFrames",
    "Summary",
    "refuse_alpha",
    "skip_stated",
    "skipping_stated",
    "summarised",
    "wants_indices",
    "weighs_alpha",
]


BY_ALPHA = "as alpha tells what is missing"
"""Reason for pooling a no-data value where alpha weighs."""

_MODES_WITH_LIGHT = {"I;16", "L", "LA", "RGB", "RGBA"}
"""Modes whose samples have a curve in sRGB."""


class Summary(NamedTuple):
    """The part of a `Result` that is known once a file was pooled, or its header read."""

    input_shape: tuple[int, ...] = ()
    output_shape: tuple[int, ...] = ()
    unused: tuple[int, ...] = (0, 0)
    dtype: str = ""
    frames: int = 0
    notes: tuple[str, ...] = ()
    first_axis: int | None = None
    letters: str = ""


def summarised(stages: Sequence["Stage"], channels: int, dtype: str = "") -> Summary:
    """Summarise a picture from its stages."""
    down, across = stages
    return Summary(
        (channels, down.length, across.length),
        (channels, down.size, across.size),
        (down.unused, across.unused),
        dtype,
    )


class PooledFrames:
    """The frames of a picture, each decoded and pooled when it is asked for.

    Parameters
    ----------
    frames : iterable of Frame
        May be read as they are asked for, once.
    channels_first : bool
        Whether indices are kept as the axes of an array (channels, H, W) lie.

    Attributes
    ----------
    summary : Summary
        Of the first frame, with the number of frames so far.
    found : Found, optional
        Where the values of the first frame were found, if that is wanted.
    notes : list of str
        Notes to the user on what was pooled otherwise than it was asked for.
    """

    def __init__(self, task: Task, frames: Iterable[Frame], *, channels_first: bool) -> None:
        self._task, self._frames, self._channels_first = task, frames, channels_first
        self.summary = Summary()
        self.found: Found | None = None
        self.notes: list[str] = []

    def __iter__(self) -> Iterator[Frame]:
        frames = iter(self._frames)
        while True:
            with blamed_on(self._task.source):
                frame = next(frames, None)
                if frame is None:
                    return
                if self.summary.frames and wants_indices(self._task):
                    raise PictureError("has several frames; use --frame N where indices are wanted")
                pooled = self._pooled(frame)
            yield pooled

    def _pooled(self, frame: Frame) -> Frame:
        task, operation = self._task, self._operation(frame)
        source = _with_spare_channel(task, frame)
        height, width, channels = frame.pixels.shape
        planes = self.summary.frames + 1
        check_work(operation, (height, width), task.reading.max_pixels, planes)
        plan = operation.plan(source)
        if not self.summary.frames:
            self.summary = summarised(
                plan.stages, channels, frame.sample_type or frame.pixels.dtype.name
            )
        self.summary = self.summary._replace(frames=self.summary.frames + 1)
        options = {**operation.parameters, "channel_axis": 2}
        options["alpha"] = not task.reading.plain_alpha and weighs_alpha(
            operation, frame.mode, source
        )
        refuse_alpha(options, alpha=options["alpha"])
        if task.reading.linear:
            pixels = _pool_light(plan, operation, frame.mode, weighed=options["alpha"])
        elif wants_indices(task):
            pixels, indices = pool(plan, operation.name, return_indices=True, **options)
            self.found = self._found(pixels, indices, frame.pixels.shape)
        else:
            pixels = pool(plan, operation.name, **options)
        high, wide = plan.stages
        down, across = operation.spacing((high.length, wide.length), (high.size, wide.size))
        dpi, density = (
            given and (given[0] / across, given[1] / down) for given in (frame.dpi, frame.density)
        )
        frame = frame._replace(dpi=dpi, density=density)
        return self._of_dtype(frame, pixels[..., :channels])

    def _of_dtype(self, frame: Frame, pixels: "Array") -> Frame:
        """Give a frame its pooled pixels, and the mode of these."""
        if pixels.dtype == frame.pixels.dtype:
            return frame._replace(pixels=pixels)
        from poolcli.media.array_pictures import mode_of

        self.summary = self.summary._replace(dtype=pixels.dtype.name)
        mode = mode_of(pixels.dtype, pixels.shape[2])
        named = self._task.writing.format or self._task.destination.suffix
        if mode is None and named.lower().lstrip(".") != "npy":
            raise PictureError(
                f"a {self._task.operation.name} in {pixels.dtype.name} of {pixels.shape[2]} "
                "channels has no place in a picture; use a .npy destination, or --dtype uint8, or "
                "of grey uint16, int32 or float32"
            )
        return frame._replace(pixels=pixels, mode=mode or "", sample_type=None)

    def _operation(self, frame: Frame) -> Operation:
        """Skip the no-data value that a frame states, unless something else is asked for."""
        alpha = frame.mode in ("LA", "RGBA")
        operation, note = skipping_stated(self._task, frame.nodata, frame.pixels.dtype, alpha=alpha)
        if note and note not in self.notes:
            self.notes.append(note)
        return operation

    def _found(self, pixels: "Array", indices: "Array", shape: Sequence[int]) -> "Found":
        from poolcli.jobs.found import Found
        from poolcli.media.indices_file import values_digest

        digest = values_digest(pixels, picture=True)
        if not self._channels_first:
            return Found(indices, shape, (0, 1), digest)
        height, width, channels = shape
        return Found(indices.transpose(2, 0, 1), (channels, height, width), (1, 2), digest)


def skipping_stated(
    task: Task, stated: str | None, dtype: Any, *, alpha: bool
) -> tuple[Operation, str | None]:
    """Skip the no-data value that a frame states, unless something else is asked for; note it.

    Where alpha weighs, it tells what is missing, and the value is no matter.
    """
    why = "for --indices" if wants_indices(task) else ""
    why = BY_ALPHA if alpha and not task.reading.plain_alpha else why
    return skip_stated(task.operation, stated, dtype, why)


def skip_stated(
    operation: Operation, stated: str | None, dtype: Any, why: str = ""
) -> tuple[Operation, str | None]:
    """Skip a no-data value that is stated, unless there is a reason why not; with a note.

    Raises
    ------
    WindowError
        If none is stated and it is asked for.
    """
    note = None
    nodata = None if stated is None else number_in(stated)
    if nodata is None or operation.skip is not None or operation.sparse:
        return operation.of_file(nodata), None
    from poolcli.core.skipping import can_be_missing

    if can_be_missing(nodata, dtype):
        note = f"its no-data value {stated} had no vote; --skip none lets it count"
        if why:
            note, nodata = f"its no-data value {stated} was pooled like any other, {why}", None
    return operation.of_file(nodata), note


def refuse_alpha(parameters: Mapping[str, Any], *, alpha: bool) -> None:
    """Refuse to skip a value where alpha weighs.

    Raises
    ------
    PictureError
        If both tell what has no vote.
    """
    if alpha and parameters["missing"] is not None:
        raise PictureError(
            "has alpha, by which invisible pixels have no vote already; use --alpha channel "
            "to skip a value, or --convert RGB"
        )


def _pool_light(plan: "Plan", operation: Operation, mode: str, *, weighed: bool) -> "Array":
    """Pool a frame by avg or gem of the light that its samples stand for in sRGB.

    Raises
    ------
    PictureError
        If the frame is neither grey nor RGB of 8 or 16 bits, or has values that are skipped.
    """
    if mode not in _MODES_WITH_LIGHT:
        raise PictureError(
            f"holds {mode}, and --linear is for grey and RGB of 8 or 16 bits; add --profile srgb "
            "or --convert RGB, or leave --linear out"
        )
    if operation.parameters["missing"] is not None or operation.dtype is not None:
        raise PictureError(
            "has values to skip, or results of another dtype, which --linear does not know; leave "
            "--linear out, or --skip, --sparse and --dtype"
        )
    from poolcli.core.linear_light import linear_mean
    from poolcli.core.poolings.divisors import Divisors

    divisors = Divisors(plan.stages, operation.count_include_pad, operation.divisor_override)
    power = operation.power if operation.name == "gem" else 1.0
    has_alpha = mode in ("LA", "RGBA")
    return linear_mean(plan, divisors, power, has_alpha=has_alpha, weighed=weighed)


def wants_indices(task: Task) -> bool:
    """Tell whether a task also writes where values were found."""
    return task.indices is not None or task.winners is not None


def _with_spare_channel(task: Task, frame: Frame) -> "Source":
    """Take the pixels as they lie, with one more channel where that is faster than leaving it."""
    fastest_source = getattr(frame.pixels, "fastest_source", None)
    cheap = OPERATIONS[task.operation.name].cheap_channels and not wants_indices(task)
    pixels: Source = fastest_source(spare=cheap) if fastest_source else frame.pixels
    return pixels


def weighs_alpha(operation: Operation, mode: str, pixels: "Source") -> bool:
    """Tell whether alpha matters: not where all is opaque, except for means with padding."""
    if mode not in ("LA", "RGBA"):
        return False
    padded = operation.padding != (0, 0) or operation.divisor_override is not None
    if padded and OPERATIONS[operation.name].is_mean:
        return True
    from poolcli.core.poolings.alpha import opaque

    return not opaque(pixels)
