"""Values of one rank, found by counting."""

import numpy as np
import pytest

from poolcli.core.poolings.ranks import counting, order_statistic, sliding_median
from poolcli.core.poolings.ranks.counting import can_count, counted
from poolcli.core.ranking import median_pool, quantile_pool
from tests.cases import random
from tests.core.test_pooling import same


def test_every_rank_by_eye() -> None:
    rows = np.array([[3, -300, 9, 3], [-1, 7, 7, 1]], np.int16)
    found = [counted(rows, rank).tolist() for rank in range(4)]
    assert found == [[-300, -1], [3, 1], [3, 7], [9, 7]]
    assert counted(np.array([[True, False, True]]), 1).tolist() == [True]
    assert counted(np.array([[-128, 127]], np.int8), 0).tolist() == [-128]
    assert counted(np.array([[65535, 255]], np.uint16), 1).tolist() == [65535]


@pytest.mark.parametrize("part", [7, 1 << 17])
@pytest.mark.parametrize("dtype", ["?", "u1", "i1", "u2", "i2"])
def test_counting_is_sorting(dtype: str, part: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "_PART", part)
    for seed in range(4):
        rows = random((5, 9), dtype, seed)
        for rank in (0, 4, 8):
            assert same(counted(rows, rank), np.sort(rows)[:, rank], dtype)


@pytest.mark.parametrize("dtype", ["?", "u1", "i1", "u2", ">i2"])
def test_large_windows_are_counted(dtype: str, monkeypatch: pytest.MonkeyPatch) -> None:
    x = random((3, 13, 17), dtype, 2)
    numbers = (6, 5, 3)
    want = median_pool(x, *numbers), quantile_pool(x, *numbers, quantile=0.9)
    monkeypatch.setattr(counting, "_SORTED_TAPS", 1)
    for module in (order_statistic, sliding_median):
        monkeypatch.setattr(module, "_NETWORK_TAPS", 1)
    assert same(median_pool(x, *numbers), want[0], dtype)
    assert same(quantile_pool(x, *numbers, quantile=0.9), want[1], dtype)


def test_what_is_sorted_instead() -> None:
    assert can_count(np.dtype("u1"), 512)
    assert not can_count(np.dtype("u2"), 512)
    assert not can_count(np.dtype("f2"), 9999)
    assert not can_count(np.dtype("i4"), 9999)
