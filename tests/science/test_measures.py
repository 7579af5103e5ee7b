"""sum, range, std and quantile: by eye, against ten lines of definition, and never overrun."""

from collections.abc import Callable
from fractions import Fraction
from functools import partial
from math import floor, inf, isqrt, nan
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

import poolcli
from poolcli.core.measuring import range_pool, std_pool, sum_pool
from poolcli.core.poolings import missing
from poolcli.core.poolings.ranks import window_by_window
from poolcli.core.ranking import median_pool, quantile_pool
from poolcli.errors import PoolingError, WindowError
from tests import oracle
from tests.cases import FLOATS, INTEGERS, Case, Slices, cases, random
from tests.commands import Run
from tests.core.test_bands import set_band_bytes
from tests.core.test_pooling import FOUR, same
from tests.oracle import Array

pytestmark = pytest.mark.usefixtures("here")

some = partial(settings, deadline=None, derandomize=True)
integers = [dtype for dtype in INTEGERS if dtype[-1] not in "qQ"]


def test_by_eye() -> None:
    assert same(sum_pool(FOUR, 2), [[14, 8], [7, 7]])
    assert same(range_pool(FOUR, 2), [[5, 5], [2, 4]])
    assert same(std_pool(FOUR, 2), [[2, 2], [1, 1]])  # √3.25, √3.5, √0.6875, √2.1875
    assert np.allclose(std_pool(FOUR, 2, dtype=float) ** 2, [[3.25, 3.5], [0.6875, 2.1875]])
    assert same(quantile_pool(FOUR, 4, quantile=0), [[0]])
    assert same(quantile_pool(FOUR, 4, quantile=1), [[6]])
    assert same(quantile_pool(FOUR, 4, quantile=0.9), [[4]])  # 0 0 1 1 1 1 1 2 2 2 3 3 4 4 5 6
    assert same(quantile_pool(FOUR, 2, quantile=0.5), median_pool(FOUR, 2))


@pytest.mark.parametrize(
    ("dtype", "wide"),
    [("?", "u8"), ("u1", "u8"), (">u2", "u8"), ("i1", "i8"), ("f2", "f8"), (">f4", "f8")],
)
def test_sums_widen(dtype: str, wide: str) -> None:
    assert same(sum_pool(np.ones((300, 300), dtype), 300), [[90_000]], wide)


def test_the_last_value_that_fits() -> None:
    high, low = 2**64 - 1, -(2**63)
    u8, i8 = np.array([[high - 1, 1]], "u8"), np.array([[low + 1, -1]], "i8")
    assert same(sum_pool(u8, (1, 2)), [[high]], "u8")
    assert same(sum_pool(i8, (1, 2)), [[low]], "i8")
    for x in (u8 + np.uint64(1), i8 - np.int64(1)):
        with pytest.raises(PoolingError, match=r"a sum does not fit u?int64; use another dtype"):
            sum_pool(x, (1, 2))
        total = {"u": 2.0**64, "i": -(2.0**63)}[x.dtype.kind]
        assert same(sum_pool(x, (1, 2), dtype="float64"), [[total]])
    bytes_ = np.array([[200, 55, 0, 56]], np.uint8)
    assert same(sum_pool(bytes_, (1, 2), dtype=np.uint8), [[255, 56]], "u1")
    with pytest.raises(PoolingError, match="a result of 256 does not fit uint8; use another"):
        sum_pool(bytes_[:, [0, 3]], (1, 2), dtype=np.dtype("u1"))
    assert same(range_pool(np.array([[-128, 127]], "i1"), (1, 2), dtype="uint8"), [[255]], "u1")
    with pytest.raises(PoolingError, match="a result of 255 does not fit int8"):
        range_pool(np.array([[-128, 127]], "i1"), (1, 2))
    wide = np.array([[low, -low - 1]])
    assert same(range_pool(wide, (1, 2), dtype="uint64"), [[high]], "u8")
    with pytest.raises(PoolingError, match=r"a result of 1e\+300 does not fit float32"):
        sum_pool(np.array([[1e300, 0]]), (1, 2), dtype="float32")
    with pytest.raises(PoolingError, match="a result of nan does not fit int32"):
        sum_pool(np.array([[nan, 0]]), (1, 2), dtype="int32")


def deviation(values: Array) -> Fraction:
    exact = [Fraction(value) for value in values.tolist()]
    mean = sum(exact, Fraction(0)) / len(exact)
    return sum(((value - mean) ** 2 for value in exact), Fraction(0)) / len(exact)


def half_up_root(square: Fraction) -> int:
    root = isqrt(floor(4 * square))  # ⌊2·√square⌋
    return (root + 1) // 2


DEFINITIONS: dict[str, Callable[[Array], Any]] = {
    "sum": lambda values: sum(values.tolist()),
    "range": lambda values: max(values.tolist()) - min(values.tolist()) if values.size else 0,
    "std": lambda values: half_up_root(deviation(values)) if values.size else 0,
    "quantile": lambda values: (
        sorted(values.tolist())[(len(values) - 1) * 7 // 10] if values.size else 0
    ),
}
MEASURES: dict[str, Callable[..., Array]] = {
    "sum": partial(sum_pool, dtype="int64"),
    "range": partial(range_pool, dtype="int64"),
    "std": partial(std_pool, dtype="int64"),
    "quantile": partial(quantile_pool, quantile=0.7),
}


@some(max_examples=100)
@given(cases(integers), st.sampled_from([1, 60, 2**22]), st.booleans())
@pytest.mark.parametrize("name", MEASURES)
def test_against_the_definition(name: str, case: Case, box_bytes: int, many: bool) -> None:
    want = oracle.pool(case.x, *case.numbers, DEFINITIONS[name])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(missing, "_BOX_BYTES", box_bytes)
        set_band_bytes(patch, 100)
        if many:
            patch.setattr(window_by_window, "_MOST_TAPS", 0)
        got = case.run(MEASURES[name])
    assert same(got, want, case.x.dtype if name == "quantile" else "i8")


@some(max_examples=60)
@given(cases(FLOATS, special=True))
@pytest.mark.parametrize("name", ["sum", "range", "std"])
def test_floats(name: str, case: Case) -> None:
    reduce: Any = {"sum": np.sum, "range": np.ptp, "std": np.std}[name]

    def wanted(values: Array) -> Any:
        if not values.size:
            return 0.0 if name == "sum" else nan
        with np.errstate(invalid="ignore"):
            return reduce(values.astype("f8"))

    want = oracle.pool(case.x, *case.numbers, wanted).astype("f8")
    got = case.run(partial(MEASURES[name], dtype="float64"))
    assert np.allclose(got, want, rtol=1e-9, atol=1e-9, equal_nan=True)


@pytest.mark.parametrize("name", MEASURES)
def test_missing_values_have_no_vote(name: str) -> None:
    x = np.array([[1, -9, -9, -9], [3, 8, -9, -9]])
    want = {"sum": 12, "range": 7, "std": 3, "quantile": 3}[name]  # std: √(26/3)
    assert same(MEASURES[name](x, 2, skip=-9), [[want, -9]])
    masked: Any = MEASURES[name](np.ma.masked_equal(x, -9), 2)
    assert masked.tolist() == [[want, None]]
    few: Any = MEASURES[name](x, 2, skip=-9, min_valid=0.8)
    assert same(few, [[-9, -9]])


def test_a_missing_result_must_fit() -> None:
    with pytest.raises(PoolingError, match="the skipped value -9 does not fit uint8, the result's"):
        sum_pool(np.array([[-9, -9]]), (1, 2), skip=-9, dtype="uint8")


@pytest.mark.parametrize("name", MEASURES)
def test_only_bands_are_read(name: str) -> None:
    source = Slices(random((4000, 100), "u1", 3))
    got = MEASURES[name](source, 4)
    assert source.largest <= 1 << 22
    assert same(got, MEASURES[name](source._x, 4))


def test_a_large_offset_costs_no_digits() -> None:
    x = 1e9 + np.array([[0.0, 1, 0, 1]])
    assert same(std_pool(x, (1, 4)), [[0.5]])
    assert same(poolcli.adaptive_pool(x, 1, "std"), [[0.5]])
    assert same(poolcli.adaptive_pool(x - 1e9, 1, "sum", dtype="uint8"), [[2]], "u1")
    assert same(poolcli.adaptive_pool(x - 1e9, 1, "quantile", quantile=1), [[1.0]])


@pytest.mark.parametrize(
    ("run", "message"),
    [
        (lambda: quantile_pool(FOUR, 2, quantile=90), "quantile 90 is not a share; use 0 to 1"),
        (lambda: sum_pool(FOUR, 2, dtype="complex"), "dtype 'complex' is unknown; use uint8 to"),
        (lambda: poolcli.Operation("max", 2, dtype="uint8"), "dtype is for sum, range, std, not f"),
        (lambda: poolcli.Operation("quantile", 2, quantile=inf), "quantile inf is not a share"),
    ],
)
def test_wrong_words(run: Any, message: str) -> None:
    with pytest.raises(WindowError, match=message):
        run()


@pytest.mark.parametrize(
    ("name", "options", "want"),
    [
        ("sum", "", [[10, 1020]]),
        ("range", "", [[3, 0]]),
        ("std", "--dtype float64", [[1.25**0.5, 0]]),
        ("quantile", "--quantile 1", [[4, 255]]),
        ("sum", "--skip 255", [[10, 255]]),
    ],
)
def test_files(run: Run, name: str, options: str, want: Any) -> None:
    x = np.array([[1, 2, 255, 255], [3, 4, 255, 255]], np.uint8)
    np.save("in.npy", x)
    Image.fromarray(x).save("in.png")
    for source in ("in.npy", "in.png"):
        assert run(name, source, "out.npy", "-k", 2, *options.split()).err == ""
        got = np.load("out.npy")
        assert got.reshape(1, 2).tolist() == want
        assert got.dtype == ("u8" if name == "sum" else "f8" if "dtype" in options else "u1")


def test_pictures_of_sums(run: Run) -> None:
    Image.fromarray(np.full((2, 4), 200, np.uint8)).save("in.png")
    told = run("sum", "in.png", "out.png", "-k", 2).failure
    assert told == (
        "in.png: a sum in uint64 of 1 channels has no place in a picture; use a .npy destination, "
        "or --dtype uint8, or of grey uint16, int32 or float32"
    )
    assert run("sum", "in.png", "out.png", "-k", 2, "--dtype", "uint16").err == ""
    with Image.open("out.png") as image:
        assert (image.mode, np.asarray(image).tolist()) == ("I;16", [[800, 800]])
    told = run("sum", "in.png", "out.png", "-k", 2, "--dtype", "uint8").failure
    assert told == "in.png: a result of 800 does not fit uint8; use another dtype, as float64"


@pytest.mark.parametrize(
    ("name", "want"),
    [("sum", [400, 510]), ("range", [100, 255]), ("std", [50, 128]), ("quantile", [150, 0])],
)
def test_invisible_pixels_have_no_vote(run: Run, name: str, want: list[int]) -> None:
    """Of 150, 250 and two invisible ones; std of those 50; of alpha, which is a channel, 127.5."""
    x = np.array([[[150, 255], [9, 0]], [[250, 255], [7, 0]]], np.uint8)
    bands = [Image.fromarray(np.ascontiguousarray(x[..., band])) for band in (0, 1)]
    Image.merge("LA", bands).save("in.png")
    assert run(name, "in.png", "out.npy", "-k", 2).err == ""
    assert np.load("out.npy").ravel().tolist() == want
