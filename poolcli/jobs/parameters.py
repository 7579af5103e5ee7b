"""Parameters of an operation: their types, their checks, and errors in words about rows."""

from collections.abc import Sequence
from numbers import Real
from typing import NamedTuple, TypeAlias, TypedDict

from poolcli.core.geometry.arguments import check_share, per_axis
from poolcli.core.geometry.windows import AnyWindow, Window
from poolcli.core.operations import OPERATIONS
from poolcli.errors import WindowError

__all__ = [
    "Fields",
    "Ints",
    "Numbers",
    "Pair",
    "Parameters",
    "check_fields",
    "checked_axes",
    "fitted",
    "spread",
    "units",
]

Pair: TypeAlias = tuple[int, int]
Numbers: TypeAlias = tuple[int, ...]
Ints: TypeAlias = int | Sequence[int]


class Parameters(TypedDict, total=False):
    """The parameters of an `Operation` after its name."""

    kernel: Ints | None
    stride: Ints | None
    padding: Ints
    dilation: Ints
    ceil_mode: bool
    size: Ints | None
    count_include_pad: bool
    divisor_override: int | None
    power: float
    skip: float | str | None
    min_valid: float | None
    sparse: bool
    quantile: float
    dtype: str | None
    axes: str | None


class Fields(NamedTuple):
    """The name and the parameters of an `Operation`, checked one by one."""

    name: str
    kernel: Numbers | None
    stride: Numbers | None
    padding: Numbers
    dilation: Numbers
    ceil_mode: bool
    size: Numbers | None
    count_include_pad: bool
    divisor_override: int | None
    power: float
    skip: float | str | None = None
    min_valid: float | None = None
    sparse: bool = False
    quantile: float = 0.5
    dtype: str | None = None
    axes: str | None = None


_UNITS = {"Y": ("rows", "taller"), "X": ("columns", "wider")}

_MOST_AXES = 8


def units(axes: str | None) -> list[tuple[str, str]]:
    """Words for the positions of each pooled axis, and for a kernel that is too large there.

    >>> units("ZX")
    [('positions along Z', 'longer'), ('columns', 'wider')]
    """
    return [_UNITS.get(name, (f"positions along {name}", "longer")) for name in axes or "YX"]


def checked_axes(axes: str | None) -> str | None:
    """Check the names of the axes to pool, if they are given: a letter each.

    Raises
    ------
    WindowError
        If they are anything else, or one is named twice.
    """
    if axes is None:
        return None
    names = axes.upper() if isinstance(axes, str) else ""
    letters = names.isascii() and names.isalpha() and len(set(names)) == len(names)
    if not letters or len(names) > _MOST_AXES:
        raise WindowError(
            f"axes {axes!r} are not letters, each once; use YX, ZYX or X, for example"
        )
    return names


def check_fields(fields: Fields) -> None:
    """Refuse values that are out of their ranges, or exclude each other.

    Raises
    ------
    WindowError
    In place of an operation that cannot be.
    """
    for field in ("ceil_mode", "count_include_pad", "sparse"):
        if not isinstance(getattr(fields, field), bool):
            raise WindowError(f"{field} {getattr(fields, field)!r} is not True or False")
    if fields.size is not None and min(fields.size) < 1:
        size = "x".join(map(str, fields.size))
        raise WindowError(f"size {size} is too small; use 1x1 or more")
    divisor = fields.divisor_override
    if divisor is not None and (isinstance(divisor, bool) or not isinstance(divisor, int)):
        raise WindowError(f"divisor {divisor!r} is not an integer; use any but 0")
    if divisor == 0:
        raise WindowError("divisor 0 cannot divide; use any other integer")
    if isinstance(fields.power, bool) or not isinstance(fields.power, Real):
        raise WindowError(f"power {fields.power!r} is not a number; use 2 for rms, for example")
    if fields.power == 0 or fields.power != fields.power:
        raise WindowError("power 0 has no mean; use 1 for avg, 2 for rms, inf for max …")
    if fields.sparse and not OPERATIONS[fields.name].takes_sparse:
        raise WindowError(f"sparse is for avg, median and mode, not for {fields.name}")
    try:
        check_share("quantile", fields.quantile)
    except TypeError as error:
        raise WindowError(f"{error}; use 0 to 1, as in 0.5") from error
    if (fields.skip, fields.min_valid) != (None, None):
        from poolcli.core.skipping import check_skipping

        check_skipping(fields.skip, fields.min_valid, sparse=fields.sparse)


def spread(name: str, value: Ints, axes: str | None) -> Numbers:
    """Spread one number over height and width, or over the axes named.

    Raises
    ------
    WindowError
        If it is neither an integer nor one for each axis.
    """
    try:
        return per_axis(name, value, len(axes or "YX"))
    except TypeError as error:
        fault = f"{name} {value!r} is neither an integer nor two; use 6 or (6, 4)"
        raise WindowError(fault) from error


def fitted(window: AnyWindow, length: int, unit: str, larger: str) -> int:
    """Count the windows of an axis, or say in its unit why none fits."""
    try:
        return window.size(length)
    except WindowError:
        if not isinstance(window, Window):
            raise
        raise WindowError(_misfit(window, length, unit, larger)) from None


def _misfit(window: Window, length: int, unit: str, larger: str) -> str:
    have = f"the image ({length} {unit})"
    if window.dilation > 1:
        return (
            f"kernel {window.kernel} with dilation {window.dilation} spans {window.extent} {unit} "
            f"and is {larger} than {have}; use a smaller kernel or dilation"
        )
    if window.padding:
        have = f"the padded image ({length} {unit} and {window.padding} on each side)"
        return f"kernel {window.kernel} is {larger} than {have}; use a smaller kernel"
    use = f"-k {length} or less, or --padding" if length else "one that is not empty"
    return f"kernel {window.kernel} is {larger} than {have}; use {use}"
