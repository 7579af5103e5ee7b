"""How much a pooled picture changes when its input moves."""

from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from poolcli.core.types import Array
from poolcli.errors import PictureError
from poolcli.jobs.operation import Operation
from poolcli.studies.first_frame import Look

__all__ = ["SHIFTS", "Sensitivity", "sensitivity"]

SHIFTS = 9
"""Shifts of 0 … 8 pixels."""


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """Changes by shift: mean |difference| ÷ mean |deviation from the mean| of what is unshifted.

    0 is no change at all; pictures that have nothing to do with one another are at 1 and above.

    Attributes
    ----------
    shifts : list of int
        By how many columns the input moved to the left.
    input, pooled, dense : list of float
        Change in place, pixel by pixel, of the input, of its pooling, and of the same pooling with
        stride 1.
    pooled_moved, dense_moved : list of float
        The change that is left when the unshifted result is moved along too, by as many whole
        pixels of its own as come nearest.
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
        """For ``--json``."""
        return asdict(self)


def sensitivity(seen: Look, operation: Operation) -> Sensitivity:
    """Shift a picture by 0 … 8 columns, and measure how its pooling changes.

    Only columns that are in the picture at every shift are looked at, and no window with padding:
    so pooling what is shifted is shifting what is pooled with stride 1, of which a stride keeps
    every s-th column.

    Raises
    ------
    PictureError
        If the picture is too narrow, or all of one value.
    """
    assert operation.kernel is not None
    stride = operation.stride or operation.kernel
    plain = replace(operation, stride=(1, 1), padding=(0, 0), ceil_mode=False)
    extent = (operation.kernel[1] - 1) * operation.dilation[1] + 1
    least = extent + 2 * (SHIFTS - 1) + stride[1]
    if seen.pixels.shape[1] < least:
        raise PictureError(
            f"is {seen.pixels.shape[1]} wide, too narrow to be shifted; use one of {least} columns"
            " or more"
        )
    plain.output_size((seen.pixels.shape[0], seen.pixels.shape[1]))
    before = seen.pixels.astype(np.float64)
    dense = seen.pooled(plain).pixels.astype(np.float64)
    shifts = list(range(SHIFTS))
    return Sensitivity(
        operation.name,
        operation.kernel,
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
    """The unshifted result, moved by the whole pixels below or above shift ÷ stride."""
    still, shifted = _kept(x, stride, 0), _kept(x, stride, shift)
    common = still.shape[1] - -(-(SHIFTS - 1) // stride)
    return min(
        _change(still[:, whole : whole + common], shifted[:, :common])
        for whole in {shift // stride, -(-shift // stride)}
    )


def _kept(x: Array, stride: int, shift: int) -> Array:
    """Every ``stride``-th column of the shifted picture, as many at any shift."""
    return x[:, shift : x.shape[1] - (SHIFTS - 1) + shift : stride]


def _change(still: Array, shifted: Array) -> float:
    spread = float(np.abs(still - still.mean(axis=(0, 1))).mean())
    if not spread > 0:
        raise PictureError("is all of one value, so that no shift can be seen; use another picture")
    return float(np.abs(shifted - still).mean()) / spread
