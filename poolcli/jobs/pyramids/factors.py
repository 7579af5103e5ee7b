"""Factors of a pyramid's axes from level to level."""

from collections.abc import Sequence

from poolcli.errors import PictureError

__all__ = ["factors_for"]


def factors_for(names: Sequence[str], given: Sequence[int] | None) -> tuple[int, ...]:
    """Give each axis its factor: 2 for height and width, or these for the last axes of space.

    Raises
    ------
    PictureError
        If there are more factors than axes of space.

    Examples
    --------
    >>> factors_for("czyx", None), factors_for("czyx", (1, 2, 4)), factors_for("cyx", (3,))
    ((1, 1, 2, 2), (1, 1, 2, 4), (1, 3, 3))
    """
    space = [axis for axis, name in enumerate(names) if name in "zyx"]
    numbers = list(given or (2, 2))
    if len(numbers) == 1:
        numbers *= 2
    if len(numbers) > len(space):
        raise PictureError(
            f"has {len(space)} axes of space, {''.join(names)}; give {len(space)} factors or less"
        )
    factors = [1] * len(names)
    for axis, number in zip(space[-len(numbers) :], numbers, strict=True):
        factors[axis] = number
    return tuple(factors)
