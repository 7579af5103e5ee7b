"""Medians of sliding windows by a sorting network whose comparisons neighbours share.

A window's taps are sorted column by column, then merged (Batcher's odd-even merge sort). A column
is also a column of the window beside it, so each comparison is done once, for the whole width, and
used with a shift; of comparisons that differ in nothing but a shift one is left. So is, in the end,
only what leads to the middle.

References
----------
K. E. Batcher, "Sorting networks and their applications", AFIPS 1968.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple, TypeAlias

import numpy as np

from poolcli.core.engine.reduction import Scratch
from poolcli.core.types import Array

__all__ = ["Node", "SharedNetwork", "Wire", "comparators", "shared_network"]

Wire: TypeAlias = tuple[int, int]
"""A node, and how many columns further on its values are read."""


class Node(NamedTuple):
    """The minimum or maximum of two nodes, each read some columns further on."""

    ufunc: np.ufunc
    first: Wire
    second: Wire


class SharedNetwork(NamedTuple):
    """The nodes of a network in order, after the first ones, which are a window's rows.

    Attributes
    ----------
    nodes : tuple of (int, Node)
        A node's number and what it is, in order; the last one is the middle.
    dead : tuple of tuple of int
        For each of ``nodes``, those that nothing needs after it, so that their memory is free.
    """

    nodes: tuple[tuple[int, Node], ...]
    dead: tuple[tuple[int, ...], ...]

    def evaluate(self, rows: Sequence[Array], unit: int, scratch: Scratch) -> Array:
        """Find the middle of the windows that begin at each item of ``rows``, one-dimensional.

        A column is ``unit`` items. What lies at the end, where no window fits, is garbage.
        """
        values: dict[int, Array] = dict(enumerate(rows))
        owned: dict[int, Array] = {}
        free: list[Array] = []
        made = 0
        for (number, node), dead in zip(self.nodes, self.dead, strict=True):
            a, b = (values[wire][shift * unit :] for wire, shift in (node.first, node.second))
            length = min(a.size, b.size)
            if not free:
                free.append(scratch(f"wire {made}", rows[0].shape, rows[0].dtype))
                made += 1
            owned[number] = free.pop()
            values[number] = owned[number][:length]
            node.ufunc(a[:length], b[:length], out=values[number])
            free += [owned.pop(gone) for gone in dead if gone in owned]
        return owned[self.nodes[-1][0]] if self.nodes else rows[0]


@lru_cache(maxsize=64)
def shared_network(height: int, width: int, spacing: int) -> SharedNetwork:
    """Make the network for windows of ``height`` rows and ``width`` columns, ``spacing`` apart.

    Columns are sorted first: a column is the same to all windows that it is in, so each of its
    comparisons serves as many windows as there are columns in one.
    """
    deep = 1 << (height - 1).bit_length()
    wires: list[Wire | None] = [
        (row, column * spacing) if row < height else None  # nothing is above all values
        for column in range(width)
        for row in range(deep)
    ]
    known: dict[Node, int] = {}
    pairs = _three_by_three() if height == width == 3 else comparators(len(wires))
    for low, high in pairs:
        a, b = wires[low], wires[high]
        if a is None:
            wires[low], wires[high] = b, a
        elif b is not None:
            wires[low] = _found(known, height, np.minimum, a, b)
            wires[high] = _found(known, height, np.maximum, a, b)
    middle = wires[5 if height == width == 3 else (height * width - 1) // 2]
    assert middle is not None
    return _pruned({number: node for node, number in known.items()}, middle[0])


def _found(known: dict[Node, int], height: int, ufunc: np.ufunc, a: Wire, b: Wire) -> Wire:
    """Find the node that does this, perhaps some columns away, or add it."""
    shift = min(a[1], b[1])
    first, second = sorted([(a[0], a[1] - shift), (b[0], b[1] - shift)])
    return known.setdefault(Node(ufunc, first, second), height + len(known)), shift


def _pruned(nodes: dict[int, Node], middle: int) -> SharedNetwork:
    """Keep the nodes that lead to the middle, and note when each is no longer needed."""
    wanted, kept = {middle}, []
    dead: list[tuple[int, ...]] = []
    for number in sorted(nodes, reverse=True):
        if number in wanted:
            used = {nodes[number].first[0], nodes[number].second[0]}
            dead.append(tuple(used - wanted))
            wanted |= used
            kept.append((number, nodes[number]))
    return SharedNetwork(tuple(kept[::-1]), tuple(dead[::-1]))


def _three_by_three() -> list[tuple[int, int]]:
    """Sort columns, then rows, then the diagonal, whose middle is the window's middle.

    These are 18 nodes where merging takes 28.
    """
    threes = [(0, 1, 2), (4, 5, 6), (8, 9, 10), (0, 4, 8), (1, 5, 9), (2, 6, 10), (8, 5, 2)]
    return [step for a, b, c in threes for step in ((b, c), (a, b), (b, c))]


def comparators(count: int) -> Iterator[tuple[int, int]]:
    """Give the comparators of Batcher's odd-even merge sort: (lower wire, upper wire)."""
    p = 1
    while p < count:
        k = p
        while k >= 1:
            for j in range(k % p, count - k, 2 * k):
                for i in range(j, j + min(k, count - j - k)):
                    if i // (p * 2) == (i + k) // (p * 2):
                        yield i, i + k
            k //= 2
        p *= 2
