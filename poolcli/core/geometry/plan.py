"""The plan of a pooling, and the checks before it: dtype, axes, windows, destination."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from poolcli.core.geometry.arguments import integer, integers, shown, sizes_per_axis
from poolcli.core.geometry.stage import Stage
from poolcli.core.geometry.windows import AnyWindow, adaptive, windows
from poolcli.core.inputs import as_source, default_axes, is_source
from poolcli.core.types import Array, Ints, Source
from poolcli.errors import PoolingError, WindowError

__all__ = [
    "Plan",
    "checked_divisor",
    "checked_input",
    "destination",
    "normal_axes",
    "normal_channel_axis",
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


def plan_sliding(x: Any, axes: Ints | None, *numbers: Any) -> Plan:
    """Plan windows by (kernel, stride, padding, dilation, ceil_mode) over ``axes``.

    Without axes, the height and the width are pooled: see `default_axes`.

    Raises
    ------
    WindowError
        If a number is out of range or no window fits.
    PoolingError
        If the dtype or the axes do not suit.
    TypeError
        If an argument is not an integer.
    """
    x, where = checked_input(x, axes)
    return plan_windows(x, where, windows(len(where), *numbers))


def plan_adaptive(x: Any, axes: Ints | None, size: int | Sequence[int | None] | None) -> Plan:
    """Plan windows that share each axis out to exactly ``size``; None keeps an axis as it is.

    Raises
    ------
    WindowError
        If a size is negative or an axis is empty.
    PoolingError
        If the dtype or the axes do not suit.
    TypeError
        If an argument is not an integer.
    """
    x, where = checked_input(x, axes)
    sizes = sizes_per_axis("size", size, [x.shape[axis] for axis in where])
    return plan_windows(
        x, where, [adaptive(x.shape[axis], one) for axis, one in zip(where, sizes, strict=True)]
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


def checked_input(x: Any, axes: Ints | None) -> tuple[Source, tuple[int, ...]]:
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
    where = default_axes(x) if axes is None else axes
    source = as_source(x)
    if source.dtype.kind not in "biuf":
        raise PoolingError(f"cannot pool dtype {source.dtype}; use integers, booleans or floats")
    return source, normal_axes(where, len(source.shape))


def normal_axes(axes: Ints, ndim: int) -> tuple[int, ...]:
    """Count axes from the front, each named once.

    Raises
    ------
    PoolingError
        If an axis does not exist or is named twice.
    TypeError
        If an axis is not an integer.
    """
    given = integers("axes", axes)
    where = tuple(axis + ndim if axis < 0 else axis for axis in given)
    if any(not 0 <= axis < ndim for axis in where) or len(set(where)) != len(where):
        raise PoolingError(f"axes {given} do not suit an array of {ndim} dimensions")
    return where


def normal_channel_axis(axis: int, plan: Plan) -> int:
    """Count a channel axis from the front.

    Raises
    ------
    PoolingError
        If it does not exist or is pooled.
    TypeError
        If it is not an integer.
    """
    given, ndim = integer("channel_axis", axis), len(plan.shape)
    if not -ndim <= given < ndim:
        raise PoolingError(f"channel_axis {given} does not suit an array of {ndim} dimensions")
    if given % ndim in [stage.axis for stage in plan.stages]:
        raise PoolingError(f"channel_axis {given} is pooled; use another one")
    return given % ndim


def checked_divisor(divisor: int | None) -> int | None:
    """Check a divisor that replaces every window's own, if there is one.

    Raises
    ------
    WindowError
        If it is 0 or too large.
    TypeError
        If it is not an integer.
    """
    if divisor is None:
        return None
    divisor = integer("divisor_override", divisor)
    if divisor == 0:
        raise WindowError("divisor 0 cannot divide; use any other integer")
    if abs(divisor) >= 2**31:
        raise WindowError(f"divisor {divisor} is too large; use less than 2147483648")
    return divisor


def destination(
    x: Source, shape: tuple[int, ...], dtype: np.dtype[Any], out: Array | None
) -> tuple[Array, Callable[[Array], Array]]:
    """Give the array to write to, and a function that turns it into the result.

    Raises
    ------
    PoolingError
        If ``out`` has another shape or dtype than the result.
    TypeError
        If ``out`` is not an array.
    """
    if out is None:
        return np.empty(shape, dtype), lambda result: result
    if not is_source(out):
        raise TypeError(f"out must be an array, not {shown(out)}")
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
