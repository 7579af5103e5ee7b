"""What every pooling checks before it begins: dtype, axes, windows, destination."""

from collections.abc import Callable, Sequence
from operator import index
from typing import Any, NamedTuple

import numpy as np

from poolcli.core.geometry.arguments import per_axis
from poolcli.core.geometry.stage import Stage
from poolcli.core.geometry.windows import AnyWindow, adaptive, windows
from poolcli.core.types import Array, Ints, Source
from poolcli.errors import PoolingError, WindowError

__all__ = [
    "Plan",
    "checked_divisor",
    "checked_input",
    "destination",
    "normal_axes",
    "plan_adaptive",
    "plan_sliding",
    "plan_stages",
    "plan_windows",
]


class Plan(NamedTuple):
    """An input, a `Stage` for each axis to pool (outermost first), and the output's shape."""

    x: Source
    stages: tuple[Stage, ...]
    shape: tuple[int, ...]

    @property
    def todo(self) -> list[Stage]:
        """The stages whose windows do anything."""
        return [stage for stage in self.stages if not stage.window.trivial]


def plan_sliding(x: Any, axes: Ints, *numbers: Any) -> Plan:
    """Windows by (kernel, stride, padding, dilation, ceil_mode) over ``axes``.

    Raises
    ------
    WindowError
        If a number is out of range or no window fits.
    PoolingError
        If the dtype or the axes do not suit.
    """
    x, where = checked_input(x, axes)
    return plan_windows(x, where, windows(len(where), *numbers))


def plan_adaptive(x: Any, axes: Ints, size: int | Sequence[int | None]) -> Plan:
    """Windows that share each axis out to exactly ``size``; None keeps an axis as it is.

    Raises
    ------
    WindowError
        If a size is negative or an axis is empty.
    PoolingError
        If the dtype or the axes do not suit.
    """
    x, where = checked_input(x, axes)
    sizes = list(size) if isinstance(size, Sequence) else [size]
    sizes *= len(where) if len(sizes) == 1 else 1
    kept = [x.shape[axis] if one is None else one for axis, one in zip(where, sizes, strict=False)]
    lengths = per_axis("size", kept + sizes[len(kept) :], len(where))
    return plan_windows(
        x, where, [adaptive(x.shape[axis], one) for axis, one in zip(where, lengths, strict=True)]
    )


def plan_windows(x: Source, axes: Sequence[int], wins: Sequence[AnyWindow]) -> Plan:
    """Lay these windows on these (normal) axes."""
    return plan_stages(
        x,
        [
            Stage(axis, window, x.shape[axis], window.size(x.shape[axis]))
            for axis, window in zip(axes, wins, strict=True)
        ],
    )


def plan_stages(x: Source, stages: Sequence[Stage]) -> Plan:
    """Put the stages of an input into the order of its axes."""
    shape = list(x.shape)
    for stage in stages:
        shape[stage.axis] = stage.size
    return Plan(x, tuple(sorted(stages, key=lambda stage: stage.axis)), tuple(shape))


def checked_input(x: Any, axes: Ints) -> tuple[Source, tuple[int, ...]]:
    """Make sure that an input is an array of numbers, or can be sliced like one.

    Returns
    -------
    x : ndarray or Source
    axes : tuple of int
        Counted from the front.

    Raises
    ------
    PoolingError
        If the dtype or the axes do not suit.
    """
    sliced = hasattr(x, "shape") and isinstance(getattr(x, "dtype", None), np.dtype)
    if isinstance(x, np.ndarray | np.generic) or not sliced:
        x = np.asarray(x)  # no subclass: a matrix would stay two-dimensional
    if x.dtype.kind not in "biuf":
        raise PoolingError(f"cannot pool dtype {x.dtype}; use integers, booleans or floats")
    return x, normal_axes(axes, len(x.shape))


def normal_axes(axes: Ints, ndim: int) -> tuple[int, ...]:
    """Axes counted from the front, each named once."""
    given = tuple(axes) if isinstance(axes, Sequence) else (axes,)
    where = tuple(axis + ndim if axis < 0 else axis for axis in map(index, given))
    if any(not 0 <= axis < ndim for axis in where) or len(set(where)) != len(where):
        raise PoolingError(f"axes {given} do not suit an array of {ndim} dimensions")
    return where


def checked_divisor(divisor: int | None) -> int | None:
    """A divisor to stand in place of every window's own, if any.

    Raises
    ------
    WindowError
        If it is 0 or too large.
    """
    if divisor is None:
        return None
    (divisor,) = per_axis("divisor", divisor, 1)
    if divisor == 0:
        raise WindowError("divisor 0 cannot divide; use any other integer")
    if abs(divisor) >= 2**31:
        raise WindowError(f"divisor {divisor} is too large; use less than 2147483648")
    return divisor


def destination(
    x: Source, shape: tuple[int, ...], dtype: np.dtype[Any], out: Array | None
) -> tuple[Array, Callable[[Array], Array]]:
    """Where to write, and what turns that into the result."""
    if out is None:
        return np.empty(shape, dtype), lambda result: result
    if out.shape != shape or out.dtype != dtype:
        raise PoolingError(
            f"out has shape {out.shape} and dtype {out.dtype}; use {shape} and {dtype}"
        )
    if not (isinstance(x, np.ndarray) and np.may_share_memory(x, out)):
        return out, lambda result: result

    def copy_back(result: Array) -> Array:
        np.copyto(out, result)
        return out

    return np.empty(shape, dtype), copy_back
