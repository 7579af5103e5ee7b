"""Missing values as callers name them: a value, NaN, or the mask of a masked array."""

import sys
from typing import TYPE_CHECKING, Any

from poolcli.core.dispatch import pool
from poolcli.core.geometry.arguments import checked_share, number, shown
from poolcli.errors import PoolingError, WindowError

if TYPE_CHECKING:
    from poolcli.core.geometry.plan import Plan
    from poolcli.core.poolings.present import Missing
    from poolcli.core.types import Array

__all__ = [
    "can_be_missing",
    "check_skipping",
    "checked_skip",
    "checked_words",
    "missing_from",
    "pool_skipping",
    "take_missing",
]

_WORDS = ("nodata", "none")
"""Names for the missing values that a file states itself, and for none at all."""

_LARGEST_DENOMINATOR = 10**6
"""Shares are taken as the nearest fraction of so small a denominator, so that 0.1 is a tenth."""


def take_missing(
    x: Any, skip: float | None, min_valid: float | None
) -> "tuple[Any, Missing | None]":
    """Take the mask off a masked array, and learn which values are missing; None if none can be.

    Raises
    ------
    WindowError
        If ``min_valid`` is not a share, or nothing can be missing.
    TypeError
        If an argument is not a number.
    """
    masked = getattr(sys.modules.get("numpy.ma"), "MaskedArray", None)
    has_mask = masked is not None and isinstance(x, masked)
    if skip is None and min_valid is None and not has_mask:
        return x, None
    skip, share = (
        checked_skip(skip),
        checked_share("min_valid", 0 if min_valid is None else min_valid),
    )
    if skip is None and not has_mask:
        raise WindowError("min_valid counts values beside missing ones; give skip, too")
    import numpy as np

    from poolcli.core.poolings.present import Missing

    mask = np.ma.getmaskarray(x) if has_mask else None
    return (np.ma.getdata(x) if has_mask else x), Missing(skip, mask, share)


def checked_skip(skip: Any) -> float | None:
    """Check the value that stands for missing ones, if there is one.

    Raises
    ------
    TypeError
        If it is not a number.
    """
    if skip is None or (isinstance(skip, int) and not isinstance(skip, bool)):
        return skip  # an integer of any size stays exact
    if hasattr(skip, "dtype") and getattr(skip, "shape", None) == ():
        skip = skip.item()
        if isinstance(skip, int):
            return skip
    return number("skip", skip)


def checked_words(skip: Any) -> float | str | None:
    """Check the value that stands for missing ones in a file, or a word in place of it.

    Raises
    ------
    WindowError
        If it is anything else.
    """
    if isinstance(skip, str) and skip in _WORDS:
        return skip
    try:
        return checked_skip(skip)
    except TypeError:
        raise WindowError(
            f"skip {shown(skip)} is neither a number, nan, nodata nor none; use one of them"
        ) from None


def check_skipping(skip: float | str | None, min_valid: Any, *, sparse: bool) -> None:
    """Refuse parameters that have no meaning together.

    Raises
    ------
    WindowError
        If there are two sorts of missing values, or a share of values where none is missing.
    """
    if sparse and skip not in (None, "none"):
        raise WindowError("sparse takes zero for missing, and skip another value; give one")
    if min_valid is None:
        return
    try:
        checked_share("min_valid", min_valid)
    except TypeError as error:
        raise WindowError(f"{error}; use 0 to 1, as in 0.5") from error
    if skip in (None, "none") and not sparse:
        raise WindowError(
            "min_valid counts values beside missing ones; give skip, too: a value, nan, or "
            "nodata, which is what a file states"
        )


def can_be_missing(value: float | None, dtype: Any) -> bool:
    """Tell whether an array of a dtype can hold a value.

    >>> can_be_missing(-9999, "u1"), can_be_missing(-9999, "f4"), can_be_missing(None, "f4")
    (False, True, False)
    """
    import numpy as np

    from poolcli.core.poolings.present import stored_value

    return stored_value(value, np.dtype(dtype)) is not None


def missing_from(skip: float | str | None, min_valid: float | None) -> "Missing | None":
    """Make what is missing of checked parameters; None of a word for what no file states."""
    if skip is None or isinstance(skip, str):
        return None
    from poolcli.core.poolings.present import Missing

    return Missing(skip, None, checked_share("min_valid", 0 if min_valid is None else min_valid))


def pool_skipping(
    plan: "Plan", name: str, missing: "Missing", out: "Array | None" = None, **parameters: Any
) -> "Array":
    """Pool a plan of which values are missing by the operation of that name.

    Raises
    ------
    PoolingError
        If indices are wanted; or as the operation does.
    """
    if parameters.pop("return_indices", False):
        raise PoolingError("return_indices has no skip and no masks; leave one of them out")
    pooled: Array = pool(plan, name, missing=missing, out=out, **parameters)
    return pooled
