"""The operations: one table of their names and traits, which costs nothing to read."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from poolcli.errors import WindowError

if TYPE_CHECKING:
    import numpy as np

__all__ = ["OPERATIONS", "Traits", "checked_dtype", "checked_name", "result_dtype"]

_DTYPES = {f"{kind}{bits}" for kind in ("int", "uint") for bits in (8, 16, 32, 64)}
_DTYPES |= {"float16", "float32", "float64"}


class Traits(NamedTuple):
    """An operation's one-line summary, and what sets it apart from the others.

    Attributes
    ----------
    summary : str
    tells_indices : bool
        Whether each result is the value of one tap, whose index can be returned.
    is_mean : bool
        Whether sums are divided by a count of taps, in which padding may be included.
    takes_divisor, takes_power : bool
        Whether ``divisor_override`` or ``power`` is one of its parameters.
    keeps_values : bool
        Whether each result is the value of one tap.
    takes_quantile : bool
        Whether ``quantile`` is one of its parameters.
    takes_dtype : bool
        Whether results are measures of a window, which may have another dtype than its values.
    takes_sparse : bool
        Whether zeros can be background, which has no vote.
    keeps_pixels : bool
        Whether whole pixels are compared, so that no colour is made that was not there.
    cheap_channels : bool
        Whether one more channel costs next to nothing.
    """

    summary: str
    tells_indices: bool = False
    is_mean: bool = False
    takes_divisor: bool = False
    takes_power: bool = False
    keeps_values: bool = False
    takes_quantile: bool = False
    takes_dtype: bool = False
    takes_sparse: bool = False
    keeps_pixels: bool = False
    cheap_channels: bool = False


OPERATIONS: Mapping[str, Traits] = {
    "max": Traits(
        "Keep the largest value of every window",
        tells_indices=True,
        keeps_values=True,
        cheap_channels=True,
    ),
    "min": Traits(
        "Keep the smallest value of every window",
        tells_indices=True,
        keeps_values=True,
        cheap_channels=True,
    ),
    "avg": Traits(
        "Take the mean of every window",
        is_mean=True,
        takes_divisor=True,
        takes_sparse=True,
        cheap_channels=True,
    ),
    "median": Traits("Keep the middle value of every window", keeps_values=True, takes_sparse=True),
    "mode": Traits(
        "Keep the commonest pixel of every window",
        keeps_values=True,
        takes_sparse=True,
        keeps_pixels=True,
    ),
    "gem": Traits("Take the generalised mean of every window", is_mean=True, takes_power=True),
    "quantile": Traits(
        "Keep the value at a share of every window, sorted",
        keeps_values=True,
        takes_quantile=True,
    ),
    "sum": Traits("Add up the values of every window", takes_dtype=True),
    "range": Traits("Take largest minus smallest value of every window", takes_dtype=True),
    "std": Traits("Take the standard deviation of every window", takes_dtype=True),
}
"""Every operation by its name."""


def checked_name(name: str) -> str:
    """Give back the name of an operation.

    Raises
    ------
    WindowError
        If there is no operation of that name.
    """
    if name not in OPERATIONS:
        raise WindowError(f"operation {name!r} is unknown; use {', '.join(OPERATIONS)}")
    return name


def checked_dtype(name: str, dtype: Any) -> str | None:
    """Give back the name of the dtype that results of an operation are to have, if one is given.

    Raises
    ------
    WindowError
        If it is not one of integers or floats, or the operation has no choice.
    """
    if dtype is None:
        return None
    if not OPERATIONS[name].takes_dtype:
        owners = [name for name, traits in OPERATIONS.items() if traits.takes_dtype]
        raise WindowError(f"dtype is for {', '.join(owners)}, not for {name}; leave it out")
    asked = str(getattr(dtype, "name", getattr(dtype, "__name__", dtype)))
    asked = {"float": "float64", "int": "int64"}.get(asked, asked)
    if asked not in _DTYPES:
        raise WindowError(f"dtype {asked!r} is unknown; use uint8 to int64, float32 or float64")
    return asked


def result_dtype(name: str, dtype: "np.dtype[Any]", asked: Any = None) -> "np.dtype[Any]":
    """Tell the dtype of an operation's results, for values of this dtype.

    >>> import numpy as np
    >>> result_dtype("sum", np.dtype("u1")).name, result_dtype("std", np.dtype("u1")).name
    ('uint64', 'uint8')
    """
    import numpy as np

    if (chosen := checked_dtype(name, asked)) is not None:
        return np.dtype(chosen)
    if name != "sum":
        return dtype
    from poolcli.core.poolings.sums_and_spreads import widest

    return widest(dtype)
