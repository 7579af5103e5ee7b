"""Levels of a pyramid that are all taken from one part of level 0: as if each were pooled alone."""

from typing import Any

import numpy as np
import pytest

from poolcli.core.poolings.ranks import counting
from poolcli.core.pyramids import medians, modes
from poolcli.core.pyramids.medians import MedianLevels
from poolcli.core.pyramids.modes import ModeLevels
from poolcli.core.ranking import median_pool, mode_pool
from tests.cases import random
from tests.core.test_pooling import same
from tests.oracle import Array

KERNELS = [(2, 3), (4, 9), (8, 27)]


def labels(dtype: str) -> Array:
    x = np.kron(random((2, 9, 11), "u1", 1), np.ones((1, 4, 6), "u1")).astype(dtype)
    x[:, ::4, ::3] = 2
    return x


@pytest.mark.parametrize("short", [16, 256])
@pytest.mark.parametrize("few", [1, 16])
@pytest.mark.parametrize("dtype", ["?", "u1", ">u4", "f4"])
@pytest.mark.parametrize("channel_axis", [None, 0])
def test_modes(
    channel_axis: Any, dtype: str, few: int, short: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(modes, "SHORT_ROW", short)
    monkeypatch.setattr(modes, "_FEW", few)
    monkeypatch.setattr(modes, "PART_PIXELS", 999)
    for x in (labels(dtype), random((2, 33, 58), dtype, 2, special=True)):
        levels = ModeLevels(x, (1, 2), channel_axis)
        for kernels in KERNELS:
            want = mode_pool(x, kernels, ceil_mode=True, channel_axis=channel_axis)
            assert same(levels.level(kernels), want, want.dtype)


def test_few_labels_are_tallied_once(monkeypatch: pytest.MonkeyPatch) -> None:
    x = np.kron(random((9, 11), "u1", 1), np.ones((16, 16), "u1"))
    levels = ModeLevels(x, (0, 1), None)
    want = [mode_pool(x, k, ceil_mode=True) for k in (16, 32, 64)]
    assert same(levels.level((16, 16)), want[0], "u1")
    monkeypatch.setattr(modes, "modes", None)
    monkeypatch.setattr(modes, "tally", None)
    assert same(levels.level((32, 32)), want[1], "u1")
    assert same(levels.level((64, 64)), want[2], "u1")


@pytest.mark.parametrize("dtype", ["?", "u1", "i1", ">u2", "f4"])
def test_medians(dtype: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "_SORTED_TAPS", 30)
    monkeypatch.setattr(medians, "_PART_PIXELS", 999)
    x = random((2, 33, 58), dtype, 2)
    levels = MedianLevels(x, (1, 2))
    for kernels in KERNELS:
        want = median_pool(x, kernels, ceil_mode=True)
        assert same(levels.level(kernels), want, want.dtype)
