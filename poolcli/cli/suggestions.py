"""Suggestions of what a mistyped command or option was meant to be."""

from collections.abc import Iterable

__all__ = ["closest", "edits", "unknown"]

_SHORTEST_ABBREVIATION = 3


def unknown(kind: str, word: str, names: Iterable[str]) -> str:
    """Say in one line that there is no such command or option, and what may be meant.

    Examples
    --------
    >>> unknown("command", "mox", ["max", "min", "mode"])
    "No such command 'mox'. Did you mean 'max'?"
    >>> unknown("option", "--colour", ["--kernel", "--stride"])
    "No such option '--colour'; --help lists all options."
    """
    meant = " or ".join(repr(name) for name in closest(word, names))
    if meant:
        return f"No such {kind} {word!r}. Did you mean {meant}?"
    return f"No such {kind} {word!r}; --help lists all {kind}s."


def closest(word: str, names: Iterable[str]) -> list[str]:
    """Find the names nearest to a word: all that are equally near, and none that is far.

    An abbreviation and a longer form are one edit away. A name is far if it takes more edits than
    a third of its length, or of the word's if that is longer.

    Examples
    --------
    >>> closest("men", ["max", "mean", "median", "min"])
    ['mean', 'min']
    >>> closest("--div", ["--dilation", "--divisor"])
    ['--divisor']
    >>> closest("--divisor", ["--dilation"])
    []
    """
    given = word.lower().lstrip("-")
    distances: dict[str, int] = {}
    for name in names:
        bare = name.lstrip("-")
        distance = 1 if _abbreviates(given, bare) else edits(given, bare)
        if distance <= max(len(given), len(bare)) // 3:
            distances[name] = distance
    nearest = min(distances.values(), default=0)
    return [name for name, distance in distances.items() if distance == nearest]


def _abbreviates(word: str, other: str) -> bool:
    """Tell whether one of two different words begins with the other."""
    short, long = sorted((word, other), key=len)
    return len(short) >= _SHORTEST_ABBREVIATION and long != short and long.startswith(short)


def edits(word: str, other: str) -> int:
    """Count the letters to insert, drop, replace or swap with their neighbour.

    This is the optimal string alignment distance.

    Examples
    --------
    >>> edits("mxa", "max"), edits("median", "mean"), edits("", "min")
    (1, 2, 3)
    """
    above: list[int] = []
    last = list(range(len(other) + 1))
    for i, letter in enumerate(word, 1):
        row = [i]
        for j, wanted in enumerate(other, 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == other[j - 2] and word[i - 2] == wanted:
                cost = min(cost, above[j - 2] + 1)
            row.append(cost)
        above, last = last, row
    return last[-1]
