"""The change of a pooled picture when its input is shifted."""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from poolcli.core.types import Array
from poolcli.errors import PictureError
from poolcli.jobs.operation import Operation
from poolcli.studies.first_frame import FirstFrame

__all__ = ["SHIFTS", "ShiftSensitivity", "measure_sensitivity"]

SHIFTS = 9
"""Shifts of 0 … 8 pixels."""


@dataclass(frozen=True, slots=True)
class ShiftSensitivity:
    """Changes by shift, each the mean absolute difference from the unshifted picture.

    It is relative to the mean absolute deviation of the unshifted picture from its own mean: 0 is
    no change at all; unrelated pictures are at 1 and above.

    Attributes
    ----------
    shifts : list of int
        Number of columns by which the input is shifted to the left.
    input, pooled, dense : list of float
        Change in place, pixel by pixel, of the input, of the pooled picture, and of the picture
        pooled with stride 1.
    pooled_moved, dense_moved : list of float
        Change that remains when the unshifted result is moved along by whole pixels of its own, by
        the number that comes nearest.
    """

    operation: str
    kernel: tuple[int, int]
    stride: tuple[int, int]
    shifts: list[int]
    input: list[float]
    pooled: list[float]
    dense: list[float]
    pooled_moved: list[float]
    dense_moved: list[float]

    def record(self) -> dict[str, Any]:
        """Make a record for ``--json``."""
        return asdict(self)


def measure_sensitivity(frame: FirstFrame, operation: Operation) -> ShiftSensitivity:
    """Shift a picture by 0 … 8 columns, and measure how the pooled picture changes.

    Only columns that are in the picture at every shift count, and no padding. So the picture is
    pooled once, with stride 1: a shifted input gives a shifted result, of which a stride s keeps
    every s-th column.

    Raises
    ------
    PictureError
        If the picture is too narrow, or has the same value everywhere.
    """
    assert operation.kernel is not None
    (high, wide), (down, across) = operation.kernel, operation.stride or operation.kernel
    stride = down, across
    plain = operation._replace(stride=(1, 1), padding=(0, 0), ceil_mode=False)
    extent = (operation.kernel[1] - 1) * operation.dilation[1] + 1
    least = extent + 2 * (SHIFTS - 1) + stride[1]
    if frame.pixels.shape[1] < least:
        raise PictureError(
            f"is {frame.pixels.shape[1]} columns wide, too narrow for shifts of up to "
            f"{SHIFTS - 1}; use a picture of {least} columns or more"
        )
    plain.output_size((frame.pixels.shape[0], frame.pixels.shape[1]))
    before = frame.pixels.astype(np.float64)
    dense = frame.pool(plain).pixels.astype(np.float64)
    shifts = list(range(SHIFTS))
    return ShiftSensitivity(
        operation.name,
        (high, wide),
        stride,
        shifts,
        [_in_place(before, 1, shift) for shift in shifts],
        [_in_place(dense[:: stride[0]], stride[1], shift) for shift in shifts],
        [_in_place(dense, 1, shift) for shift in shifts],
        [_moved(dense[:: stride[0]], stride[1], shift) for shift in shifts],
        [_moved(dense, 1, shift) for shift in shifts],
    )


def _in_place(x: Array, stride: int, shift: int) -> float:
    return _change(_kept(x, stride, 0), _kept(x, stride, shift))


def _moved(x: Array, stride: int, shift: int) -> float:
    """Measure the change after moving by whole pixels, the nearest below or above the shift."""
    still, shifted = _kept(x, stride, 0), _kept(x, stride, shift)
    common = still.shape[1] - -(-(SHIFTS - 1) // stride)
    return min(
        _change(still[:, whole : whole + common], shifted[:, :common])
        for whole in {shift // stride, -(-shift // stride)}
    )


def _kept(x: Array, stride: int, shift: int) -> Array:
    """Keep every ``stride``-th column of the shifted picture, as many at any shift."""
    return x[:, shift : x.shape[1] - (SHIFTS - 1) + shift : stride]


def _change(still: Array, shifted: Array) -> float:
    spread = float(np.abs(still - still.mean(axis=(0, 1))).mean())
    if not spread > 0:
        raise PictureError(
            "has the same value everywhere, so that a shift changes nothing; use another picture"
        )
    return float(np.abs(shifted - still).mean()) / spread
