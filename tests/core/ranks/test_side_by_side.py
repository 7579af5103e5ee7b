"""Windows that lie side by side, and those among them that a border cuts short."""

from typing import Any

import numpy as np
import pytest

from poolcli.core.geometry.plan import plan_sliding
from poolcli.core.poolings.ranks import side_by_side_mode
from poolcli.core.poolings.ranks.side_by_side import grids
from poolcli.core.ranking import median_pool, mode_pool
from tests import oracle
from tests.cases import Slices, random
from tests.core.test_pooling import same
from tests.core.test_ranking import by_pixels, mode


def laid(*numbers: Any) -> list[list[tuple[int, ...]]] | None:
    found = grids(plan_sliding(np.zeros((1, 7)), 1, *numbers, True))
    return None if found is None else [[tuple(run) for run in grid.runs] for grid in found]


def test_what_lies_side_by_side() -> None:
    """Number of the first window, number of windows, start and length."""
    assert laid(3, None, 0, 1) == [[(0, 2, 0, 3)], [(2, 1, 6, 1)]]
    assert laid(3, None, 1, 1) == [[(0, 1, 0, 2)], [(1, 1, 2, 3)], [(2, 1, 5, 2)]]
    assert laid(9, None, 0, 1) == [[(0, 1, 0, 7)]]
    assert laid(1, None, 0, 5) == [[(0, 7, 0, 1)]]
    assert laid(3, 2, 0, 1) is None
    assert laid(2, None, 0, 2) is None


@pytest.mark.parametrize("part", [1, 50, 1 << 18])
@pytest.mark.parametrize("dtype", ["u1", ">u2", "f4"])
@pytest.mark.parametrize("kernel", [(2, 2), (4, 4), (5, 6), (16, 16), (1, 40)])
@pytest.mark.parametrize(("pool", "reduce"), [(median_pool, oracle.median), (mode_pool, mode)])
def test_against_the_oracle(
    pool: Any, reduce: Any, kernel: Any, dtype: str, part: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(side_by_side_mode, "PART_PIXELS", part)
    x = random((19, 37), dtype, 3, special=True)
    x = np.where(random(x.shape, "?", 5), x, x.flat[0])
    padding = tuple(k // 2 for k in kernel)
    each: list[Any] = [(kernel, kernel, 0, 1, True), (kernel, kernel, padding, 1, False)]
    for numbers in each:
        k, s, p, d, ceil_mode = numbers
        want = oracle.pool(x, (0, 1), k, s, p, d, ceil_mode, reduce)
        for source in (x, Slices(x)):
            assert same(pool(source, k, s, p, d, ceil_mode=ceil_mode), want, x.dtype)


@pytest.mark.parametrize("channels", [2, 3, 5])
@pytest.mark.parametrize("dtype", ["?", "u1", "u2", "f4"])
@pytest.mark.parametrize("channel_axis", [0, 1, 2])
def test_whole_pixels(dtype: str, channels: int, channel_axis: int) -> None:
    palette = random((3, channels), dtype, 1, special=True)
    x = palette[np.random.default_rng(2).integers(0, 3, (14, 19))]
    x = np.moveaxis(x, -1, channel_axis)
    numbers = ((5, 4), (5, 4), (2, 0), 1)
    axes = tuple(axis for axis in range(3) if axis != channel_axis)
    got = mode_pool(x, *numbers, axes=axes, channel_axis=channel_axis)
    assert same(got, by_pixels(x, numbers, channel_axis), x.dtype)
