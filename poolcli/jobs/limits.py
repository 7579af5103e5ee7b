"""The limit of pixels, as it bounds results and the work on them."""

from collections.abc import Sequence
from math import prod

from poolcli.errors import WindowError
from poolcli.jobs.operation import Operation

__all__ = ["check_work"]

_MOST_ROWS = 200_000
"""Rows and columns of an enlarged result: each has a window of its own to be worked out."""

_AROUND = 4
"""Padded pixels for each of the picture's own that a kernel as large as the picture may need."""


def check_work(
    operation: Operation, lengths: Sequence[int], limit: int | None, planes: int = 1
) -> None:
    """Refuse an operation that makes far more of an input than the limit; nothing is computed.

    Parameters
    ----------
    lengths : sequence of int
        Height and width of the input, or the lengths of the axes that are named.
    limit : int, optional
        Most pixels of a result that is larger than its input, and of an input with its padding;
        None for no limit.
    planes : int
        Number of frames, or of planes of an array.

    Raises
    ------
    WindowError
        If the result or the padding is too large.

    Examples
    --------
    >>> check_work(Operation("max", size=10**6), (4, 4), None)
    >>> check_work(Operation("max", size=10**6), (4, 4), 10**6)
    Traceback (most recent call last):
    poolcli.errors.WindowError: a result of 1000000×1000000 has 1000000000000 pixels, above the \
limit of 1000000; use a smaller --size, or --max-pixels 1000000000000
    """
    if limit is None:
        return
    own = prod(lengths)
    if operation.size is not None:
        pixels, size = prod(operation.size) * planes, "×".join(map(str, operation.size))
        if pixels > max(limit, own * planes):
            raise WindowError(
                f"a result of {size} has {pixels} pixels, above the limit of {limit}; "
                f"use a smaller --size, or --max-pixels {pixels}"
            )
        if sum(operation.size) > max(_MOST_ROWS, sum(lengths)):
            raise WindowError(
                f"a result of {size} has more than {_MOST_ROWS} rows and columns; "
                "use a smaller --size, or --max-pixels none"
            )
        return
    padded = [length + 2 * edge for length, edge in zip(lengths, operation.padding, strict=True)]
    if prod(padded) > max(limit, _AROUND * own):
        shape = "×".join(map(str, padded))
        raise WindowError(
            f"with its padding it has {shape} pixels, above the limit of {limit}; "
            f"use a smaller kernel and --padding, or --max-pixels {prod(padded)}"
        )
