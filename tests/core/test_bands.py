"""The result depends neither on how the work is cut up nor on memory layout, nor where it goes."""

import signal
from collections.abc import Callable
from functools import partial
from typing import Any, TypeAlias

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from poolcli.core.adaptive import adaptive_pool
from poolcli.core.averaging import avg_pool
from poolcli.core.engine import bands, one_axis
from poolcli.core.pooling import max_pool
from poolcli.errors import PoolingError
from tests.cases import LAYOUTS, POOLINGS, Case, Slices, cases, random
from tests.oracle import Array

Pool: TypeAlias = Callable[..., Array]

FIVE = np.arange(25.0).reshape(5, 5)


def set_band_bytes(patch: pytest.MonkeyPatch, band_bytes: int) -> None:
    assert bands.pool_stages.__defaults__ == (None, bands.BAND_BYTES)
    patch.setattr(bands.pool_stages, "__defaults__", (None, band_bytes))


def cut_rows(patch: pytest.MonkeyPatch, most_bytes: int) -> None:
    patch.setattr(bands, "_BOX_BYTES", most_bytes)
    patch.setattr(bands, "_WIDE_ROW_BYTES", 0)


@settings(max_examples=120, deadline=None, derandomize=True)
@given(
    case=cases(["?", "B", ">h", "q", "e", "f", ">d"]),
    band_bytes=st.sampled_from([1, 100, 4096, 2**40]),
    include_pad=st.booleans(),
)
@pytest.mark.parametrize("pool", POOLINGS)
def test_bands_do_not_matter(pool: Pool, case: Case, band_bytes: int, include_pad: bool) -> None:
    more = {"count_include_pad": include_pad} if pool is avg_pool else {}
    want = case.run(pool, **more)
    with pytest.MonkeyPatch.context() as patch:
        set_band_bytes(patch, band_bytes)
        assert case.run(pool, **more).tobytes() == want.tobytes()


@settings(max_examples=80, deadline=None, derandomize=True)
@given(
    case=cases(["?", "B", ">h", "q", "e", "f", ">d"]),
    most_bytes=st.sampled_from([50, 300, 4000]),
    include_pad=st.booleans(),
)
@pytest.mark.parametrize("pool", POOLINGS)
def test_boxes_of_wide_rows_do_not_matter(
    pool: Pool, case: Case, most_bytes: int, include_pad: bool
) -> None:
    """Sums of floats that are cut up may differ in their last bits."""
    more = {"count_include_pad": include_pad} if pool is avg_pool else {}
    want = case.run(pool, **more)
    with pytest.MonkeyPatch.context() as patch:
        cut_rows(patch, most_bytes)
        got = case.run(pool, **more)
    if want.dtype.kind == "f":
        limits = np.finfo(want.dtype)
        finite = np.where(np.isfinite(want), want, 0)
        allowed = 8 * limits.eps * np.abs(finite).max(initial=limits.tiny)
        assert np.allclose(got, want, rtol=0, atol=allowed, equal_nan=True)
    else:
        assert np.array_equal(got, want)


def test_boxes_of_wide_rows_with_one_window_in_a_row(monkeypatch: pytest.MonkeyPatch) -> None:
    x = random((3, 5000), "B", 7)
    cut_rows(monkeypatch, 9000)
    assert max_pool(x, (2, 5000), 1).tolist() == [[x[:2].max()], [x[1:].max()]]
    assert max_pool(x, (1, 2400), 1, 0, (1, 2)).max(1).tolist() == x.max(1).tolist()
    assert adaptive_pool(x, 1, "avg").item() == round(x.mean())


def test_wide_rows_are_read_in_parts() -> None:
    x = Slices(np.zeros((2, 40_000_000), np.uint8))
    assert adaptive_pool(x, (1, 20), "avg").shape == (1, 20)
    assert x.largest <= 16 << 20


@pytest.mark.parametrize("band_bytes", [1, 100, 4096])
def test_bands_that_begin_inside_a_border(band_bytes: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Four windows at each border of each axis, of four different counts."""
    x = random((9, 20, 30), "f", 3)
    mean = partial(avg_pool, x, 9, 1, 4, count_include_pad=False, axes=(0, 1, 2))
    want = mean().tobytes()
    set_band_bytes(monkeypatch, band_bytes)
    assert mean().tobytes() == want


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("pool", POOLINGS)
def test_layout_does_not_matter(pool: Pool, layout: str) -> None:
    x = random((3, 40, 50), "f", 1)
    for args in ((3, 2, 1), (5, 1), (2, 3, 1, 4)):
        assert pool(LAYOUTS[layout](x), *args).tobytes() == pool(x, *args).tobytes()


@pytest.mark.parametrize("layout", LAYOUTS)
def test_layout_does_not_matter_to_long_windows(layout: str) -> None:
    x = random((3, 61, 600), "f", 2)
    for pool in (partial(avg_pool, kernel=(1, 300)), partial(adaptive_pool, size=(2, 7))):
        assert pool(LAYOUTS[layout](x)).tobytes() == pool(x).tobytes()


@pytest.mark.parametrize("pool", POOLINGS)
def test_out(pool: Pool) -> None:
    want, out = pool(FIVE, 2), np.zeros((2, 2))
    assert pool(FIVE, 2, out=out) is out
    assert np.array_equal(out, want)
    with pytest.raises(PoolingError, match=r"^out has shape \(2, 2\) .*; use \(4, 4\) and"):
        pool(FIVE, 2, 1, out=out)
    with pytest.raises(PoolingError, match=r"and dtype float32; use \(2, 2\) and float64$"):
        pool(FIVE, 2, out=np.zeros((2, 2), np.float32))


@pytest.mark.parametrize("pool", POOLINGS)
@pytest.mark.parametrize("kernel", [1, 3])
def test_out_may_be_the_input(pool: Pool, kernel: int, monkeypatch: pytest.MonkeyPatch) -> None:
    set_band_bytes(monkeypatch, 1)  # row by row: the first is written before the second is read
    x = FIVE.copy()
    want = pool(FIVE, kernel, 1, kernel // 2)
    assert pool(x, kernel, 1, kernel // 2, out=x) is x
    assert np.array_equal(x, want)


@pytest.mark.parametrize("pool", POOLINGS)
def test_out_may_overlap_the_input(pool: Pool) -> None:
    x = FIVE.copy()
    out = x[1:3, 1:3]
    assert pool(x, 2, out=out) is out
    assert np.array_equal(out, pool(FIVE, 2))


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="Windows has no timer signals")
def test_a_signal_handler_may_pool_while_an_array_is_pooled() -> None:
    """The handler's array has the shape of the one whose pooling it interrupts."""
    x, other = np.zeros((1, 300, 300), np.float32), np.ones((1, 300, 300), np.float32)

    def handler(*_: object) -> None:
        max_pool(other, 3, 1)

    before = signal.signal(signal.SIGALRM, handler)
    signal.setitimer(signal.ITIMER_REAL, 0.001, 0.001)
    try:
        wrong = [number for number in range(400) if max_pool(x, 3, 1).any()]
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert wrong == []


@pytest.mark.parametrize(("shape", "axis"), [((5000,), 0), ((2, 3000, 3), 1), ((1600, 40), 0)])
@pytest.mark.parametrize(
    "numbers", [(257, 257, 0), (300, 310, 150), (513, 600, 256), (1000, 1001, 3)]
)
def test_long_windows_side_by_side_are_those_one_by_one(
    shape: tuple[int, ...], axis: int, numbers: tuple[int, int, int], monkeypatch: Any
) -> None:
    for pool, dtype in ((max_pool, "f"), (avg_pool, "d"), (avg_pool, "B")):
        x = random(shape, dtype, 3)
        want = pool(x, *numbers, axes=axis, ceil_mode=True)
        with monkeypatch.context() as patch:
            patch.setattr(one_axis, "_SIDE_BY_SIDE_BYTES", 0)
            assert np.array_equal(pool(x, *numbers, axes=axis, ceil_mode=True), want)
