"""The filters of PNG, and the choice among them."""

import numpy as np
import pytest

from poolcli.media.pillow.writing.png import filters
from poolcli.media.pillow.writing.png.filters import RowFilters
from tests.media.png.strict import guess
from tests.oracle import Array
from tests.pictures import noise


def filtered(rows: Array, step: int) -> list[list[int]]:
    """Each row by the first filter that leaves the least, byte by byte."""
    found, above = [], [0] * rows.shape[1]
    for line in rows.tolist():
        left, corner = [0] * step + line, [0] * step + above
        ways = [
            [(x - guess(n, left[i], above[i], corner[i])) % 256 for i, x in enumerate(line)]
            for n in range(5)
        ]
        sums = [sum(min(value, 256 - value) for value in way) for way in ways]
        best = sums.index(min(sums))
        found.append([best, *ways[best]])
        above = line
    return found


def test_each_row_takes_the_filter_that_leaves_the_least() -> None:
    rows = [
        [9, 9, 9, 9],  # as the byte to the left, but for the first
        [10, 9, 8, 9],  # as the row above, nearly
        [0, 0, 0, 1],  # as it is
        [40, 60, 70, 75],
        [60, 80, 95, 105],
    ]
    want = [
        [1, 9, 0, 0, 0],
        [2, 1, 0, 255, 0],
        [0, 0, 0, 0, 1],
        [1, 40, 20, 10, 5],
        [4, 20, 20, 15, 10],
    ]
    assert RowFilters(4, 1).filtered(np.array(rows, "u1"), None).tolist() == want
    assert filtered(np.array(rows, "u1"), 1) == want


@pytest.mark.parametrize("step", [1, 2, 3, 4, 6, 8])
@pytest.mark.parametrize("levels", [[0, 255], [0, 1, 2, 127, 128, 254, 255], [*range(256)]])
def test_bytes_that_overflow_are_filtered_exactly(step: int, levels: list[int]) -> None:
    rows = np.array(levels, "u1")[noise((200, 24), "u2") % len(levels)]
    want = filtered(rows, step)
    assert RowFilters(24, step).filtered(rows, None).tolist() == want
    if len(levels) == 7:
        assert {line[0] for line in want} == {0, 1, 2, 3, 4}


@pytest.mark.parametrize("cache_bytes", [1, 100, 1 << 17])
def test_rows_are_the_same_however_they_are_cut(
    monkeypatch: pytest.MonkeyPatch, cache_bytes: int
) -> None:
    monkeypatch.setattr(filters, "_CACHE_BYTES", cache_bytes)
    rows = np.cumsum(noise((23, 21)) % 5, axis=1).astype("u1")
    want = filtered(rows, 3)
    assert RowFilters(21, 3).filtered(rows, None).tolist() == want
    assert RowFilters(21, 3).filtered(rows[9:], rows[8]).tolist() == want[9:]


def test_sums_of_long_rows_do_not_overflow() -> None:
    """As it is, every other byte of 200 kB is 128; less the one to the left, every byte."""
    rows = np.zeros((1, 200_000), "u1")
    rows[:, ::2] = 128
    assert RowFilters(200_000, 1).filtered(rows, None)[:, 0].tolist() == [0]
