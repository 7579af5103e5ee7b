"""Numbers that callers give as arguments, and errors that name the argument."""

from collections.abc import Sequence
from contextlib import suppress
from numbers import Real
from operator import index
from typing import TYPE_CHECKING, Any

from poolcli.errors import WindowError

if TYPE_CHECKING:
    from fractions import Fraction

__all__ = [
    "check_share",
    "checked_share",
    "integer",
    "integers",
    "number",
    "per_axis",
    "shown",
    "sizes_per_axis",
    "strides_of",
]

_LARGEST_DENOMINATOR = 10**6
"""Shares are taken as the nearest fraction of so small a denominator, so that 0.1 is a tenth."""


def integer(name: str, value: Any) -> int:
    """Take an argument that must be one integer; NumPy's are, but neither bool nor float.

    Raises
    ------
    TypeError
        If it is anything else.

    Examples
    --------
    >>> integer("divisor_override", 2.5)
    Traceback (most recent call last):
    TypeError: divisor_override must be an integer, not 2.5
    """
    # NumPy's bool is known by its name, as the geometry is imported without NumPy.
    if type(value).__name__ not in ("bool", "bool_"):
        with suppress(TypeError):
            return index(value)
    raise TypeError(f"{name} must be an integer, not {shown(value)}")


def number(name: str, value: Any) -> float:
    """Take an argument that must be one real number.

    Raises
    ------
    TypeError
        If it is anything else.
    """
    if isinstance(value, bool) or not isinstance(value, Real):
        raise TypeError(f"{name} must be a number, not {shown(value)}")
    return float(value)


def checked_share(name: str, value: Any) -> "Fraction":
    """Take an argument that must be a share, 0 to 1, as the fraction that is meant.

    Raises
    ------
    WindowError
        If it is not a share.
    TypeError
        If it is not a number.

    Examples
    --------
    >>> checked_share("min_valid", 1 / 3)
    Fraction(1, 3)
    """
    share = check_share(name, value)
    from fractions import Fraction  # which takes longer to import than all the geometry

    return Fraction(share).limit_denominator(_LARGEST_DENOMINATOR)


def check_share(name: str, value: Any) -> float:
    """Check an argument that must be a share, 0 to 1, and return it.

    Raises
    ------
    WindowError
        If it is not a share.
    TypeError
        If it is not a number.
    """
    share = number(name, value)
    if not 0 <= share <= 1:
        raise WindowError(f"{name} {shown(value)} is not a share; use 0 to 1, as in 0.5")
    return share


def integers(name: str, value: Any) -> tuple[int, ...]:
    """Take an argument that may be one integer or several.

    Raises
    ------
    TypeError
        If it is neither an integer nor a sequence of integers.
    """
    return _integers(name, value, _items(value))


def per_axis(name: str, value: Any, axes: int) -> tuple[int, ...]:
    """Spread one integer, or a sequence of one, over the axes; check a longer one.

    Raises
    ------
    WindowError
        If the sequence has another length than 1 or the number of axes.
    TypeError
        If it is neither an integer nor a sequence of integers.

    Examples
    --------
    >>> per_axis("kernel", 2, 3)
    (2, 2, 2)
    """
    if type(value) is int:  # nearly always, and the plan of a small array is made of little else
        return (value,) * axes
    return _spread(name, integers(name, value), axes)


def sizes_per_axis(name: str, value: Any, lengths: Sequence[int]) -> tuple[int, ...]:
    """Spread an output size over the axes; None keeps an axis as long as it is.

    Raises
    ------
    WindowError
        If the sequence has another length than 1 or the number of axes.
    TypeError
        If it is neither an integer or None nor a sequence of them.

    Examples
    --------
    >>> sizes_per_axis("size", (None, 2), (5, 6))
    (5, 2)
    """
    sizes = _spread(name, tuple(_items(value)), len(lengths))
    kept = [length if one is None else one for one, length in zip(sizes, lengths, strict=True)]
    return _integers(name, value, kept)


def strides_of(stride: Any, kernels: tuple[int, ...]) -> tuple[int, ...]:
    """Spread a stride over the axes; None or an empty sequence is the kernel.

    >>> strides_of(None, (3, 2)), strides_of(1, (3, 2))
    ((3, 2), (1, 1))
    """
    if stride is None or not _items(stride):
        return kernels
    return per_axis("stride", stride, len(kernels))


def shown(value: object) -> str:
    """Quote a value in a message, or name its type where it would not fit in the line.

    >>> shown("2"), shown("2" * 50)
    ("'2'", 'an object of type str')
    """
    text = repr(value)
    if len(text) <= 40 and "\n" not in text:
        return text
    return f"an object of type {type(value).__name__}"


def _items(value: Any) -> Sequence[Any]:
    return value if isinstance(value, Sequence) and not isinstance(value, str | bytes) else [value]


def _integers(name: str, value: Any, items: Sequence[Any]) -> tuple[int, ...]:
    try:
        return tuple(integer(name, one) for one in items)
    except TypeError:
        kinds = "an integer or a tuple of integers"
        raise TypeError(f"{name} must be {kinds}, not {shown(value)}") from None


def _spread(name: str, numbers: tuple[Any, ...], axes: int) -> tuple[Any, ...]:
    if len(numbers) == 1:
        return numbers * axes
    if len(numbers) != axes:
        raise WindowError(f"{name} has {len(numbers)} numbers; give 1 or {axes}")
    return numbers
