"""Numbers that callers give as arguments, and errors that name the argument."""

from collections.abc import Sequence
from operator import index

from poolcli.errors import WindowError

__all__ = ["per_axis"]


def per_axis(name: str, value: int | Sequence[int], axes: int) -> tuple[int, ...]:
    """Spread one number, or a sequence of one, over the axes; check a longer one.

    Raises
    ------
    WindowError
        If the sequence has another length than 1 or the number of axes.
    TypeError
        If a value is no integer; bool is none.

    Examples
    --------
    >>> per_axis("kernel", 2, 3)
    (2, 2, 2)
    """
    values = [value] if not isinstance(value, Sequence) else list(value)
    for one in values:
        if isinstance(one, bool):
            raise TypeError(f"{name} must be an integer, not {one!r}")
    numbers = tuple(map(index, values))
    if len(numbers) == 1:
        return numbers * axes
    if len(numbers) != axes:
        raise WindowError(f"{name} has {len(numbers)} numbers; give 1 or {axes}")
    return numbers
