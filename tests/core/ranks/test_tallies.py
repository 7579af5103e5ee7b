"""The commonest values of rows, sorted whole or in parts, or compared with one another."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from poolcli.core.poolings.ranks import tallies
from poolcli.core.poolings.ranks.most_common import commonest_of_few
from poolcli.core.poolings.ranks.tallies import commonest, merged, tally
from tests import oracle
from tests.oracle import Array


def by_hand(rows: Array, exists: Array) -> list[int]:
    found = []
    for row, there in zip(rows, exists, strict=True):
        places = np.flatnonzero(there)
        which = oracle.commonest(row[places].tolist())
        found.append(int(places[which]) if which >= 0 else 0)
    return found


def test_by_eye() -> None:
    rows = np.array([[5, 7, 3, 7, 5], [1, 2, 3, 4, 5], [9, 9, 8, 8, 8]])
    assert commonest(rows).tolist() == [0, 0, 2]
    there = np.array([[0, 1, 1, 1, 1], [0, 0, 1, 0, 1], [0, 0, 0, 0, 0]], bool)
    assert commonest(rows, there).tolist() == [1, 2, 0]


WIDE = np.array([0, 2**64 - 1, 2**63, 5], np.uint64)

ROWS: dict[str, tuple[Any, Callable[[np.random.Generator], Array]]] = {
    "bits": (np.uint8, lambda rng: rng.integers(0, 2, (40, 23))),
    "labels": (np.uint32, lambda rng: rng.integers(0, 3, (40, 23)) + 4_000_000_000),
    "signed": (np.int16, lambda rng: rng.integers(-2, 3, (40, 23))),
    "wide": (np.uint64, lambda rng: WIDE[rng.integers(0, 4, (40, 23))]),
    "all": (np.uint8, lambda rng: rng.integers(0, 256, (40, 23))),
}


@pytest.mark.parametrize("few", [1, 16])
@pytest.mark.parametrize("short", [4, 256])
@pytest.mark.parametrize("kind", ROWS)
def test_every_way(kind: str, short: int, few: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tallies, "SHORT_ROW", short)
    monkeypatch.setattr(tallies, "_FEW", few)
    rng = np.random.default_rng(7)
    dtype, make = ROWS[kind]
    rows = make(rng).astype(dtype)
    everywhere = np.ones(rows.shape, bool)
    some = np.less(rng.random(rows.shape), 0.4)
    some[3] = False
    assert commonest(rows).tolist() == by_hand(rows, everywhere)
    assert commonest(rows, some).tolist() == by_hand(rows, some)
    assert commonest_of_few(list(rows.T)).tolist() == by_hand(rows, everywhere)
    assert commonest_of_few(list(rows.T), list(some.T)).tolist() == by_hand(rows, some)


def test_tallies_of_rows_are_those_of_their_parts() -> None:
    rows = np.array([[4, 4, 2], [2, 2, 4], [7, 2, 7]], np.uint8)
    one: Any = tally(rows)
    assert one.row.tolist() == [0, 0, 1, 1, 2, 2]
    assert one.value.tolist() == [2, 4, 2, 4, 2, 7]
    assert one.times.tolist() == [1, 2, 2, 1, 1, 2]
    assert one.first.tolist() == [2, 0, 0, 2, 1, 0]
    whole = merged(one._replace(first=one.first + 3 * one.row), one.row // 2)
    assert whole.row.tolist() == [0, 0, 1, 1]
    assert whole.times.tolist() == [3, 3, 1, 2]
    assert [part.tolist() for part in whole.winners()] == [[0, 1], [0, 6]]
    assert tally(rows, most=5) is None
