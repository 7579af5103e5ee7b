"""Inputs of other libraries: masks are never ignored, and slices may be of any kind."""

from typing import Any

import numpy as np
import pytest

import poolcli
from poolcli import PoolingError
from poolcli.core.types import Array

POOLINGS = ["max", "min", "avg", "median", "mode", "gem"]
X = np.arange(64.0, dtype=np.float32).reshape(8, 8)


class Wrapped:
    """An array that slices to arrays of its own kind, as those of dask, xarray and JAX do."""

    def __init__(self, x: Array) -> None:
        self._x, self.shape, self.dtype = x, x.shape, x.dtype

    def __getitem__(self, key: Any) -> "Wrapped":
        return Wrapped(self._x[key])

    def __array__(self, dtype: Any = None, copy: Any = None) -> Array:
        return np.array(self._x, dtype)


class Series(Wrapped):
    """A column of a table, which knows no tuple of slices."""

    iloc = None

    def __getitem__(self, key: Any) -> "Wrapped":
        raise KeyError(key)


@pytest.mark.parametrize("name", POOLINGS)
def test_slices_of_any_kind_are_pooled(name: str) -> None:
    pool = getattr(poolcli, f"{name}_pool")
    got = pool(Wrapped(X), 3, 2, 1)
    assert type(got) is np.ndarray
    assert np.array_equal(got, pool(X, 3, 2, 1))
    assert np.array_equal(
        poolcli.adaptive_pool(Wrapped(X), 3, name), poolcli.adaptive_pool(X, 3, name)
    )


def test_indices_of_slices_of_any_kind() -> None:
    values, indices = poolcli.max_pool(Wrapped(X), 4, return_indices=True)
    assert values.tolist() == [[27, 31], [59, 63]]
    assert indices.tolist() == [[27, 31], [59, 63]]


def test_a_column_of_a_table_is_read_whole() -> None:
    assert poolcli.max_pool(Series(np.arange(6.0)), 2, axes=0).tolist() == [1, 3, 5]


@pytest.mark.parametrize("name", POOLINGS)
def test_lists_of_masked_arrays_are_refused(name: str) -> None:
    masked = np.ma.masked_equal([[1.0, 1.0], [1.0, -9999.0]], -9999)
    with pytest.raises(PoolingError, match=r"^input has 2 masked values, .* x\.filled\("):
        getattr(poolcli, f"{name}_pool")([masked, masked], 2)


def test_masked_values_are_refused_by_torchs_names() -> None:
    masked = np.ma.masked_equal([[[1.0, 1.0], [1.0, -9999.0]]], -9999)
    for pool in (poolcli.functional.avg_pool2d, poolcli.functional.min_pool2d):
        with pytest.raises(PoolingError, match="masked"):
            pool(masked, 2)
