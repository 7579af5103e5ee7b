"""Any part of an output equals the same part of the whole, from just the input that it needs."""

import random
from itertools import product
from typing import Any

import numpy as np
import pytest

from poolcli.core.dispatch import pool
from poolcli.core.geometry.boxes import needed
from poolcli.core.geometry.plan import Plan, plan_adaptive, plan_sliding
from poolcli.core.geometry.windows import Window
from poolcli.core.operations import OPERATIONS
from poolcli.core.parts import pool_part
from poolcli.errors import PoolingError, WindowError
from tests.oracle import Array

DTYPES = ("u1", "i2", "u4", "i8", "u8", "?", "f4", "f8", "f2")


def random_plan(rnd: random.Random, x: Array) -> Plan:
    """Windows over the first two axes of an array, sliding or adaptive."""
    if rnd.random() < 0.25:
        return plan_adaptive(x, (0, 1), (rnd.randint(1, 9), rnd.randint(1, 9)))
    kernels = rnd.randint(1, 5), rnd.randint(1, 5)
    strides = rnd.randint(1, 6), rnd.randint(1, 6)
    paddings = tuple(rnd.randint(0, kernel // 2) for kernel in kernels)
    dilations = rnd.randint(1, 3), rnd.randint(1, 3)
    return plan_sliding(x, (0, 1), kernels, strides, paddings, dilations, rnd.random() < 0.6)


def random_array(rnd: random.Random, dtype: str) -> Array:
    rng = np.random.default_rng(rnd.randrange(2**32))
    shape = rnd.randint(1, 26), rnd.randint(1, 26), rnd.choice([1, 3, 4])
    if np.dtype(dtype).kind == "f":
        return np.where(rng.random(shape) < 0.02, np.nan, rng.normal(size=shape)).astype(dtype)
    if rnd.random() < 0.5:  # many equal values
        return rng.integers(0, 2 if dtype == "?" else 4, shape).astype(dtype)
    size = int(np.prod(shape)) * np.dtype(dtype).itemsize
    return (
        np.frombuffer(rng.bytes(size), "u1" if dtype == "?" else dtype).reshape(shape).astype(dtype)
    )


def random_part(rnd: random.Random, shape: tuple[int, ...]) -> tuple[slice, ...]:
    spans = []
    for length in shape:
        low = rnd.randrange(length)
        spans.append(slice(low, rnd.randint(low + 1, length)))
    return tuple(spans)


def same(got: Array, wanted: Array, *, close: bool) -> None:
    """Equal to the bit, or, of sums in floating point, to the last ones."""
    assert got.dtype == wanted.dtype
    if not close:
        np.testing.assert_array_equal(got, wanted)
        return
    eps = float(np.finfo(wanted.dtype if wanted.dtype.kind == "f" else "f8").eps)
    np.testing.assert_allclose(got, wanted, rtol=8 * eps, atol=8 * eps)


class Watched:
    """A source that notes what is read of it."""

    def __init__(self, x: Array) -> None:
        self._x, self.shape, self.dtype = x, x.shape, x.dtype
        self.read: list[tuple[slice, ...]] = []

    def __getitem__(self, key: tuple[slice, ...]) -> Array:
        self.read.append(key)
        part: Array = self._x[key]
        return part


@pytest.mark.parametrize("name", OPERATIONS)
@pytest.mark.parametrize("dtype", DTYPES)
def test_a_part_equals_the_same_part_of_the_whole(name: str, dtype: str) -> None:
    rnd = random.Random(f"{name} {dtype}")
    tried = 0
    while tried < 25:
        x = random_array(rnd, dtype)
        try:
            plan = random_plan(rnd, x)
        except WindowError:
            continue
        options: dict[str, Any] = {
            "channel_axis": rnd.choice([2, None]),
            "count_include_pad": rnd.random() < 0.5,
            "divisor_override": rnd.choice([None, None, 3, -2]) if name == "avg" else None,
            "power": 2.0 if dtype[0] in "iu?" else 3.0,
        }
        try:
            whole = pool(plan, name, **options)
        except PoolingError:  # a sum that no integer holds
            continue
        tried += 1
        rounded = name in ("gem", "std") or (name in ("avg", "sum") and dtype[0] == "f")
        for _ in range(4):
            where = random_part(rnd, plan.shape)
            same(pool_part(plan, where, name, **options), whole[where], close=rounded)


@pytest.mark.parametrize("name", OPERATIONS)
@pytest.mark.parametrize("dtype", ["u1", "u2"])
def test_a_part_of_pixels_with_alpha_equals_the_same_part_of_the_whole(
    name: str, dtype: str
) -> None:
    rnd = random.Random(f"alpha {name} {dtype}")
    tried = 0
    while tried < 25:
        x = random_array(rnd, dtype)
        if x.shape[2] != 4:
            continue
        x = x.copy()
        x[..., 3][x[..., 3] % 3 == 0] = 0
        try:
            plan = random_plan(rnd, x)
        except WindowError:
            continue
        tried += 1
        whole = pool(plan, name, alpha=True)
        where = random_part(rnd, plan.shape)
        np.testing.assert_array_equal(pool_part(plan, where, name, alpha=True), whole[where])


@pytest.mark.parametrize("name", ["max", "min"])
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("alpha", [False, True])
def test_indices_of_a_part_are_those_of_the_whole(name: str, dtype: str, alpha: bool) -> None:
    if alpha and dtype not in ("u1", "u2"):
        dtype = "u1"
    rnd = random.Random(f"indices {name} {dtype} {alpha}")
    tried = 0
    while tried < 25:
        x = random_array(rnd, dtype)
        try:
            plan = random_plan(rnd, x)
        except WindowError:
            continue
        tried += 1
        whole = pool(plan, name, return_indices=True, alpha=alpha)
        where = random_part(rnd, plan.shape)
        got = pool_part(plan, where, name, return_indices=True, alpha=alpha)
        for some, every in zip(got, whole, strict=True):
            np.testing.assert_array_equal(some, every[where])


def test_only_the_input_that_is_needed_is_read_and_once() -> None:
    x = Watched(np.arange(40 * 50, dtype="u2").reshape(40, 50))
    plan = plan_sliding(x, None, (4, 6), (3, 5), (1, 2), 1, True)
    where = slice(2, 4), slice(0, 3)
    assert needed(plan, where) == (slice(5, 12), slice(0, 14))
    assert pool_part(plan, where, "max").tolist() == [[403, 408, 413], [553, 558, 563]]
    assert x.read == [(slice(5, 12), slice(0, 14))]


def test_means_at_borders_are_divided_as_in_the_whole() -> None:
    plan = plan_sliding(np.full((4, 5), 12, "u1"), None, 3, 2, 1, 1, True)
    corner = pool_part(plan, (slice(0, 1), slice(0, 1)), "avg")
    # Below, padding ends a row after the input, and the overhang of ceil mode never counts.
    bottom = pool_part(plan, (slice(2, 3), slice(1, 2)), "avg")
    alone = pool_part(plan, (slice(2, 3), slice(1, 2)), "avg", count_include_pad=False)
    assert (corner.tolist(), bottom.tolist(), alone.tolist()) == ([[5]], [[6]], [[12]])


def test_no_window_begins_past_the_end_of_the_input() -> None:
    """A part of such windows alone would need nothing of the input, which no part can say."""
    for length, kernel, stride, dilation, ceil_mode in product(
        range(1, 14), range(1, 6), range(1, 7), range(1, 4), (False, True)
    ):
        for padding in range(kernel // 2 + 1):
            window = Window(kernel, stride, padding, dilation, ceil_mode)
            try:
                size = window.size(length)
            except WindowError:
                continue
            assert window.start(size - 1) < length
