"""Masked arrays: masked values have no vote, and a masked array comes back."""

from typing import Any

import numpy as np
import pytest

import poolcli
from poolcli import PoolingError
from tests.cases import random

NAMES = ["max", "min", "avg", "median", "mode", "gem"]


@pytest.mark.parametrize("name", NAMES)
def test_masked_values_have_no_vote(name: str) -> None:
    x = np.ma.masked_equal([[5.0, -9, -9, -9], [5.0, 5, -9, -9]], -9)
    got: Any = getattr(poolcli, f"{name}_pool")(x, 2)
    assert isinstance(got, np.ma.MaskedArray)
    assert got.mask.tolist() == [[False, True]]
    assert got[0, 0] == pytest.approx(5)
    few: Any = getattr(poolcli, f"{name}_pool")(x, (2, 4), min_valid=0.5)
    assert few.mask.tolist() == [[True]]


@pytest.mark.parametrize("name", NAMES)
def test_a_mask_and_a_value_are_both_missing(name: str) -> None:
    x = np.ma.masked_array([[1, 2, 7, 7]], [[True, False, False, True]])
    got: Any = getattr(poolcli, f"{name}_pool")(x, (1, 2), skip=7)
    assert got.tolist() == [[2, None]]


@pytest.mark.parametrize("name", NAMES)
def test_a_mask_is_cut_as_its_values_are(name: str) -> None:
    x = random((5, 40, 30), "i2", 4)
    mask = random((5, 40, 30), "?", 6)
    pool = getattr(poolcli, f"{name}_pool")
    got: Any = pool(np.ma.masked_array(x, mask), 3, 2, 1)
    want = pool(np.where(mask, np.nan, x.astype("f8")), 3, 2, 1, skip=np.nan)
    assert np.array_equal(got.mask, np.isnan(want))
    assert np.array_equal(got.filled(0), np.floor(np.nan_to_num(want) + 0.5))


def test_a_mask_has_no_place_in_out() -> None:
    x = np.ma.masked_array(np.ones((2, 2)), np.eye(2) > 0)
    with pytest.raises(PoolingError, match="out cannot hold a mask; leave it out"):
        poolcli.max_pool(x, 2, out=np.empty((1, 1)))


def test_adaptive_pooling_takes_masks() -> None:
    got: Any = poolcli.adaptive_pool(
        np.ma.masked_array([[1.0, 3], [9, 9]], [[False, False], [True, True]]), 1
    )
    assert got.tolist() == [[2.0]]
