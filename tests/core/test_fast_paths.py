"""Every faster way gives, to the bit, what the plain way gives: each is forced on and off."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pytest

from poolcli.core.adaptive import adaptive_pool
from poolcli.core.averaging import avg_pool
from poolcli.core.engine import along_columns, along_rows, bands, small_arrays, subsample
from poolcli.core.engine.reduction import Scratch
from poolcli.core.pooling import max_pool, min_pool
from poolcli.core.poolings import argextrema
from poolcli.core.poolings.divisors import Divisors
from poolcli.core.poolings.ranks import sliding_median
from poolcli.core.poolings.ranks.sorting_network import comparators, shared_network
from poolcli.core.ranking import median_pool
from tests.cases import LAYOUTS, POOLINGS, random
from tests.oracle import Array

WINDOWS: list[tuple[Any, ...]] = [
    (2,),
    (3, 2),
    (2, 1),
    (4, 3),
    (8, 8, 2),
    (5, 1, 2, 2),
    (7, 2, 1),
    (9, 1),
    (9, 4, 3),
    ((3, 2), (1, 2)),
]
INPUTS: list[tuple[str, tuple[int, ...], tuple[int, int]]] = [
    ("C", (23, 40, 3), (0, 1)),
    ("C", (3, 23, 40), (1, 2)),
    ("Fortran", (2, 23, 24), (-2, -1)),
    ("every second", (23, 24), (0, 1)),
]


@pytest.fixture(autouse=True)
def _no_small_arrays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(small_arrays, "_MOST_BYTES", -1)


def results(pool: Callable[..., Array], dtype: str, *, special: bool = False) -> list[bytes]:
    """What a pooling gives of every input and window."""
    found = []
    for layout, shape, axes in INPUTS:
        x = LAYOUTS[layout](random(shape, dtype, 4, special=special))
        for window in WINDOWS:
            out: Any = pool(x, *window, axes=axes)
            found += [part.tobytes() for part in (out if isinstance(out, tuple) else (out,))]
    return found


@pytest.mark.parametrize("dtype", ["?", "B", "b", "H", ">h", "q", "e", "f", ">f", "d"])
@pytest.mark.parametrize("pool", POOLINGS)
def test_small_arrays(pool: Callable[..., Array], dtype: str, monkeypatch: Any) -> None:
    want = results(pool, dtype, special=True)
    monkeypatch.setattr(small_arrays, "_MOST_BYTES", 1 << 20)
    assert results(pool, dtype, special=True) == want
    monkeypatch.setattr(small_arrays, "_FRESH_BYTES", 0)
    assert results(pool, dtype, special=True) == want


@pytest.mark.parametrize("shape", [(3, 22, 41), (21, 41), (2, 2, 4, 5)])
@pytest.mark.parametrize("pool", POOLINGS)
def test_pairs_of_small_arrays(pool: Callable[..., Array], shape: Any, monkeypatch: Any) -> None:
    each = [random(shape, dtype, 4, special=pool is not avg_pool) for dtype in ("f", "d", "e")]
    want = [pool(x, 2).tobytes() for x in each]
    monkeypatch.setattr(small_arrays, "_MOST_BYTES", 1 << 20)
    assert [pool(x, 2).tobytes() for x in each] == want


@pytest.mark.parametrize("numbers", [(2, 0), (2, 2, 2), (2, 2, 0, 0), (2.0,), (2, 2, False), (9,)])
def test_small_arrays_refuse_nothing_themselves(numbers: Any, monkeypatch: Any) -> None:
    x = np.zeros((6, 6), np.uint8)
    with pytest.raises(Exception, match=r".") as want:
        max_pool(x, *numbers)
    monkeypatch.setattr(small_arrays, "_MOST_BYTES", 1 << 20)
    with pytest.raises(want.type, match=str(want.value)[:10]):
        max_pool(x, *numbers)


@pytest.mark.parametrize("dtype", ["B", ">h", "q", "e", "f"])
@pytest.mark.parametrize("pool", POOLINGS)
def test_small_bands(pool: Any, dtype: str, monkeypatch: Any) -> None:
    inputs = [((40, 130, 3), (0, 1)), ((2, 40, 260), (1, 2)), ((40, 2, 260), (0, 2))]
    special = pool is not avg_pool  # of no number, the sign follows no rule
    whole = [random(shape, dtype, 7, special=special) for shape, _ in inputs]

    def found(band_bytes: int) -> list[bytes]:
        monkeypatch.setattr(bands.pool_stages, "__defaults__", (None, band_bytes))
        each = zip(whole, inputs, strict=True)
        return [
            pool(x, *window, axes=axes).tobytes() for x, (_, axes) in each for window in WINDOWS
        ]

    assert found(4000) == found(2**14) == found(2**40)


@pytest.mark.parametrize("dtype", ["B", "i", "f"])
@pytest.mark.parametrize("include_pad", [False, True])
def test_one_divisor_for_all(dtype: str, include_pad: bool, monkeypatch: Any) -> None:
    mean = partial(avg_pool, count_include_pad=include_pad)
    want = results(mean, dtype)
    monkeypatch.setattr(Divisors, "_alike", None)
    assert results(mean, dtype) == want


@pytest.mark.parametrize("dtype", ["?", "b", "B", ">h", "i", "q"])
@pytest.mark.parametrize("band_bytes", [1, 2**40])
def test_sums_by_differences(dtype: str, band_bytes: int, monkeypatch: Any) -> None:
    monkeypatch.setattr(bands.pool_stages, "__defaults__", (None, band_bytes))
    monkeypatch.setattr("poolcli.core.engine.one_axis._LONG_ROW_BYTES", 0)
    monkeypatch.setattr(along_rows, "_WINDOW_BYTES", 2**40)
    want = results(avg_pool, dtype)
    monkeypatch.setattr(along_rows, "_WINDOW_BYTES", 0)
    assert results(avg_pool, dtype) == want


@pytest.mark.parametrize("dtype", ["B", "e", "f", "d"])
@pytest.mark.parametrize("pool", POOLINGS)
def test_blocks_by_numpys_own_reduction(pool: Any, dtype: str, monkeypatch: Any) -> None:
    monkeypatch.setattr("poolcli.core.engine.one_axis._LONG_ROW_BYTES", 0)
    want = results(pool, dtype)
    monkeypatch.setattr(along_rows, "_adds_in_order", lambda *_: False)
    assert results(pool, dtype) == want


@pytest.mark.parametrize("dtype", ["f", ">f", "d"])
@pytest.mark.parametrize("pool", POOLINGS)
def test_halves(pool: Any, dtype: str, monkeypatch: Any) -> None:
    x = abs(random((3, 40, 75), dtype, 6, special=True))
    each = [(2,), (4,), (8,), ((3, 16),), (2, 2, 1), (4, 4, 1), (3, 2), (5, 2), (6, 2), (6,)]
    each += [(9, 4), (8, 4), (7, 6), (3, 4), (2, 4), (13, 2), (31, 4)]
    got = [pool(x, *window) for window in each]
    monkeypatch.setattr(along_columns, "_halves_pay", lambda *_: False)
    last_bits = 8 * float(np.finfo(dtype).eps) if pool is avg_pool else 0.0  # another order
    for window, one in zip(each, got, strict=True):
        np.testing.assert_allclose(one, pool(x, *window), rtol=last_bits)


@pytest.mark.parametrize("dtype", ["?", "b", "B", "h", "H", "e", "f", "i"])
@pytest.mark.parametrize("pool", [max_pool, avg_pool])
def test_thinning_by_a_cast(pool: Any, dtype: str, monkeypatch: Any) -> None:
    x = random((64, 512), dtype, 6, special=True)
    each = [(2,), (4,), (8,), (3, 2), (5, 4)]
    want = [pool(x, *window).tobytes() for window in each]
    monkeypatch.setattr(subsample, "_cast_suits", lambda *_: False)
    assert [pool(x, *window).tobytes() for window in each] == want


@pytest.mark.parametrize("dtype", ["?", "B", "h", "f"])
@pytest.mark.parametrize("channels", [2, 3, 4, 8])
@pytest.mark.parametrize("pool", [max_pool, avg_pool])
def test_channels_as_one_item(pool: Any, dtype: str, channels: int, monkeypatch: Any) -> None:
    x = random((64, 512, channels), dtype, 6, special=True)
    each = [(2,), (4,), (3, 2), (5, 3), (3, 2, 1)]
    want = [pool(x, *window, axes=(0, 1)).tobytes() for window in each]
    monkeypatch.setattr(subsample, "_one_item", lambda *_: False)
    assert [pool(x, *window, axes=(0, 1)).tobytes() for window in each] == want


@pytest.mark.parametrize("dtype", ["?", "B", "h", ">H", "q", "e", "f", ">d"])
def test_medians_by_each_way(dtype: str, monkeypatch: Any) -> None:
    monkeypatch.setattr(sliding_median, "_fastest", lambda *_: "shared")
    want = results(median_pool, dtype, special=True)
    for way in ("alone", "sorted"):
        monkeypatch.setattr(sliding_median, "_fastest", lambda *_, way=way: way)
        assert results(median_pool, dtype, special=True) == want


@pytest.mark.parametrize("way", ["shared", "alone", "sorted"])
@pytest.mark.parametrize("dtype", ["B", "f"])
def test_medians_row_by_row(dtype: str, way: str, monkeypatch: Any) -> None:
    monkeypatch.setattr(sliding_median, "_fastest", lambda *_: way)
    want = results(median_pool, dtype, special=True)
    monkeypatch.setattr(sliding_median, "_BAND_BYTES", 1)
    monkeypatch.setattr(sliding_median, "_SORTED_BYTES", 1)
    assert results(median_pool, dtype, special=True) == want


@pytest.mark.parametrize("shape", [(1, 1), (1, 4), (2, 2), (3, 3), (3, 5), (4, 2), (7, 1)])
def test_network_finds_the_middle(shape: tuple[int, int]) -> None:
    """Of zeros and ones, all of them: what sorts those sorts everything (Knuth's 0-1 principle)."""
    count = shape[0] * shape[1]
    each = np.arange(1 << count)[:, None] >> np.arange(count) & 1
    planes = list(each.reshape(-1, *shape).transpose(1, 0, 2).reshape(shape[0], -1))
    got = shared_network(*shape, 1).evaluate(planes, 1, Scratch())
    assert np.array_equal(got[:: shape[1]], np.sort(each, axis=1)[:, (count - 1) // 2])
    assert all(low < high < count for low, high in comparators(count))


@pytest.mark.parametrize("dtype", ["?", "B", ">h", "q", "e", "f", ">d"])
@pytest.mark.parametrize("special", [False, True])
@pytest.mark.parametrize("pool", [max_pool, min_pool])
def test_indices_tap_by_tap(pool: Any, dtype: str, special: bool, monkeypatch: Any) -> None:
    monkeypatch.setattr(argextrema, "_KEY_BYTES", 0)
    found = partial(pool, return_indices=True)
    want = results(found, dtype, special=special)
    monkeypatch.setattr(argextrema, "_MOST_TAPS", 0)
    assert results(found, dtype, special=special) == want
    monkeypatch.setattr(argextrema, "_MOST_AT_ONCE", 0)
    assert results(found, dtype, special=special) == want


@pytest.mark.parametrize("dtype", ["B", "f"])
def test_indices_of_unlike_windows_tap_by_tap(dtype: str, monkeypatch: Any) -> None:
    x = random((23, 40, 3), dtype, 4, special=True)
    monkeypatch.setattr(argextrema, "_KEY_BYTES", 0)
    want = adaptive_pool(x, (7, 11), "max", axes=(0, 1), return_indices=True)
    monkeypatch.setattr(argextrema, "_MOST_AT_ONCE", 0)
    got = adaptive_pool(x, (7, 11), "max", axes=(0, 1), return_indices=True)
    assert [part.tobytes() for part in got] == [part.tobytes() for part in want]


@pytest.mark.parametrize("dtype", ["?", "b", "B", "h", ">H", "i", "I", "e", "f", ">f"])
@pytest.mark.parametrize("pool", [max_pool, min_pool])
def test_indices_by_keys(pool: Any, dtype: str, monkeypatch: Any) -> None:
    def found(x: Array, *window: Any, axes: Any) -> Any:
        values, places = pool(x, *window, axes=axes, return_indices=True)
        return values + values.dtype.type(0), places  # which zero it is, is not specified

    monkeypatch.setattr(bands.pool_stages, "__defaults__", (None, 4000))
    monkeypatch.setattr(argextrema, "_KEY_BYTES", 0)
    want = results(found, dtype, special=True)
    monkeypatch.setattr(argextrema, "_KEY_BYTES", 2**40)
    assert results(found, dtype, special=True) == want


def test_keys_of_a_signalling_nan() -> None:
    x = np.ones((9, 9), np.float32)
    x.view(np.uint32)[4, 4] = 0x7FA00000
    assert (max_pool(x, 5, 1, return_indices=True)[1] == 40).all()


@pytest.mark.parametrize("dtype", ["b", "H", "f"])
def test_keys_of_windows_without_a_tap(dtype: str, monkeypatch: Any) -> None:
    x = random((2, 2), dtype, 3)
    want = max_pool(x, 2, 1, 1, 3, ceil_mode=True, return_indices=True)
    assert (want[1] == -1).any()
    monkeypatch.setattr(argextrema, "_KEY_BYTES", 2**40)
    got = max_pool(x, 2, 1, 1, 3, ceil_mode=True, return_indices=True)
    assert [part.tolist() for part in got] == [part.tolist() for part in want]


def test_small_results_have_the_very_dtype_of_the_input() -> None:
    """Some integers of C are equal to another, and only one of both is shown without a dtype."""
    for char in ("q", "l", "q"):
        x = np.zeros((1, 4, 4), np.dtype(char))
        for pool in (max_pool, avg_pool):
            assert pool(x, 2).dtype.char == char
