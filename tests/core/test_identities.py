"""What must be equal whichever way it is asked for."""

from itertools import pairwise, permutations
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from poolcli.core.adaptive import adaptive_pool
from poolcli.core.averaging import avg_pool, gem_pool
from poolcli.core.pooling import max_pool, min_pool
from poolcli.core.ranking import median_pool, mode_pool
from tests.cases import FLOATS, INTEGERS, Case, cases, random
from tests.core.test_bands import set_band_bytes
from tests.core.test_pooling import same

POOLS = [max_pool, min_pool, avg_pool, gem_pool, median_pool, mode_pool]

every_case = given(cases(INTEGERS + FLOATS, special=True))
some = settings(max_examples=80, deadline=None, derandomize=True)


@some
@every_case
def test_gem_of_power_one_is_avg(case: Case) -> None:
    def gem(*args: Any, **more: Any) -> Any:
        return gem_pool(*args, power=1, **more)

    assert case.run(gem).tobytes() == case.run(avg_pool).tobytes()


@some
@given(cases(INTEGERS))
def test_min_is_max_of_the_complement(case: Case) -> None:
    turned = Case(**{**case.__dict__, "x": ~case.x})
    assert np.array_equal(case.run(min_pool), ~turned.run(max_pool))


@some
@given(cases(FLOATS, special=True))
def test_min_is_minus_max_of_minus(case: Case) -> None:
    turned = Case(**{**case.__dict__, "x": -case.x})
    assert same(case.run(min_pool).astype("f8"), -turned.run(max_pool).astype("f8"))


@pytest.mark.parametrize("pool", POOLS)
@pytest.mark.parametrize("dtype", ["?", "u1", ">i2", "f4", "f8"])
def test_kernel_one_is_the_input(pool: Any, dtype: str) -> None:
    x = random((3, 5, 7), dtype, 1)
    if pool is gem_pool and x.dtype.kind == "f":
        x = x.round()
    assert same(pool(x, 1), x)
    assert same(pool(x, 1, 2), x[:, ::2, ::2])


@pytest.mark.filterwarnings("ignore:the matrix subclass")
@pytest.mark.parametrize("numbers", [(2,), (3,), (3, 1, 1), ((5, 5),)])
@pytest.mark.parametrize("pool", POOLS)
def test_subclasses_of_arrays_are_pooled_as_arrays(pool: Any, numbers: Any) -> None:
    """A matrix would stay two-dimensional; a masked array stays masked."""
    x = np.abs(random((5, 5), "f8", 3))
    got = pool(np.asmatrix(x), *numbers)
    assert type(got) is np.ndarray
    assert same(got, pool(x, *numbers))
    assert same(np.ma.getdata(pool(np.ma.masked_array(x), *numbers)), got)


@pytest.mark.parametrize("dtype", ["u1", "f4"])
@pytest.mark.parametrize("pool", POOLS)
def test_axes_in_any_order(pool: Any, dtype: str) -> None:
    """The windows go with their axes, and the bits do not depend on the order."""
    x = np.abs(random((6, 7, 8), dtype, 2))
    numbers = {0: (2, 1, 1), 1: (3, 2, 0), 2: (4, 3, 2)}
    results = {
        pool(x, *zip(*(numbers[axis] for axis in axes), strict=True), axes=axes).tobytes()
        for axes in permutations(range(3))
    }
    assert len(results) == 1
    moved = pool(np.moveaxis(x, 0, 2), (3, 4), (2, 3), (0, 2), axes=(0, 1))
    assert same(np.moveaxis(moved, 2, 0), pool(x, (3, 4), (2, 3), (0, 2)))


@pytest.mark.parametrize("numbers", [(2,), (3, 1, 1), ((5, 3), (1, 2)), (9, 2)])
@pytest.mark.parametrize("dtype", ["u1", "f4"])
@pytest.mark.parametrize("pool", POOLS)
def test_axes_need_not_lie_side_by_side(pool: Any, dtype: str, numbers: Any) -> None:
    x = np.abs(random((10, 3, 12), dtype, 2))
    want = pool(np.ascontiguousarray(x.transpose(1, 0, 2)), *numbers).transpose(1, 0, 2)
    assert same(pool(x, *numbers, axes=(0, 2)), want)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.integers(1, 40), st.integers(1, 40), st.integers(1, 9), st.sampled_from([1, 100, 4096]))
@pytest.mark.parametrize("name", ["max", "min", "avg", "gem", "median", "mode"])
def test_bands_do_not_matter_to_sizes(
    name: str, height: int, width: int, size: int, band_bytes: int
) -> None:
    x = np.abs(random((2, height, width), "f4", height))
    want = adaptive_pool(x, size, name).tobytes()
    with pytest.MonkeyPatch.context() as patch:
        set_band_bytes(patch, band_bytes)
        assert adaptive_pool(x, size, name).tobytes() == want


@pytest.mark.parametrize("power", [0.5, 2, 3, -1, 300, 301])
def test_bands_do_not_matter_to_powers(power: float, monkeypatch: pytest.MonkeyPatch) -> None:
    xs = [np.abs(random((3, 30, 41), dtype, 3)) for dtype in ("f4", "u1", "f8")]
    want = [gem_pool(x, 5, 2, 2, power=power).tobytes() for x in xs]
    set_band_bytes(monkeypatch, 100)
    assert [gem_pool(x, 5, 2, 2, power=power).tobytes() for x in xs] == want


@pytest.mark.parametrize("dtype", ["u1", ">i2", "f4"])
def test_order_of_ranks(dtype: str) -> None:
    """min ≤ median ≤ max, gem lies between them, and grows with its power."""
    x = np.abs(random((40, 50), dtype, 4))
    if dtype == ">i2":
        x = x // 2 * 2 % 30_000
    low, middle, high = (pool(x, 5, 3) for pool in (min_pool, median_pool, max_pool))
    assert ((low <= middle) & (middle <= high)).all()
    means = [gem_pool(x, 5, 3, power=p).astype(float) for p in (-9, -1, 0.5, 1, 2, 3, 9, 90)]
    each = [low.astype(float), *means, high.astype(float)]
    for one, other in pairwise(each):
        assert (one <= other * (1 + 1e-6)).all()
