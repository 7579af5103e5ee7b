"""The number of files that go to a worker together."""

__all__ = ["BatchSize"]

_FIRST = 4
_LARGEST = 64
_SECONDS = 2.0
"""Time that a batch should take at most: a stop wastes it, and a last one is waited for."""


class BatchSize:
    """The size of the next batch: many small files, few large ones, and few at the end.

    A task costs the scheduler about a millisecond, whatever is in it.

    Parameters
    ----------
    count : int
        Number of files that will come at most.

    Examples
    --------
    >>> size = BatchSize(1000)
    >>> [size.next(workers=3)]
    [4]
    >>> size.learn(4, 0.1)
    >>> size.next(workers=3)
    64
    >>> size.learn(4, 4.0)
    >>> size.next(workers=3)
    3
    """

    def __init__(self, count: int) -> None:
        self._left, self._each = count, 0.0

    largest = _LARGEST

    def next(self, workers: int) -> int:
        """Choose the size of the batch to fill now."""
        size = min(_LARGEST, int(_SECONDS / self._each)) if self._each else _FIRST
        return max(1, min(size, self._left // (2 * workers)))

    def taken(self, count: int) -> None:
        """Learn that a batch has gone."""
        self._left -= count

    def learn(self, count: int, seconds: float) -> None:
        """Learn how long files of a batch took."""
        each = max(seconds, 1e-6) / count
        self._each = each if not self._each else (self._each + each) / 2
