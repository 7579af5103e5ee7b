"""An operation does what the Python function of its name does, with every number it was given."""

from math import inf
from typing import Any

import numpy as np
import pytest

import poolcli
from poolcli.core.operations import OPERATIONS
from poolcli.errors import WindowError
from poolcli.jobs.operation import Operation
from tests.cases import random
from tests.core.test_pooling import same


@pytest.mark.parametrize("size", [(0, 5), (5, 0), (-1, 5), (5, -1), (0, 0)])
def test_a_size_below_one_in_either_direction_is_refused(size: tuple[int, int]) -> None:
    told = f"^size {size[0]}x{size[1]} is too small; use 1x1 or more$"
    with pytest.raises(WindowError, match=told):
        Operation("max", size=size)


WINDOW: dict[str, Any] = {
    "kernel": (3, 2), "stride": (2, 3), "padding": (1, 0), "dilation": (1, 2), "ceil_mode": True,
}  # fmt: skip


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_number_of_a_window_arrives_at_its_pooling(name: str) -> None:
    x = random((2, 9, 12), "u1", 3)
    more: dict[str, Any] = {"mode": {"channel_axis": 0}}.get(name, {})
    want = getattr(poolcli, f"{name}_pool")(x, **WINDOW, **more)
    got = Operation(name, **WINDOW).apply(x, (-2, -1), channel_axis=0)
    assert same(got, want)
    swapped: dict[str, Any] = {
        key: v[::-1] if isinstance(v, tuple) else v for key, v in WINDOW.items()
    }
    turned = Operation(name, **swapped).apply(x.transpose(0, 2, 1), (1, 2), channel_axis=0)
    if name != "mode":  # whose ties go by rows
        assert same(turned.transpose(0, 2, 1), want)


@pytest.mark.parametrize("name", OPERATIONS)
def test_a_size_arrives_at_its_pooling(name: str) -> None:
    x = random((2, 9, 12), "u1", 3)
    more: dict[str, Any] = {"mode": {"channel_axis": 0}, "gem": {"power": 2}}.get(name, {})
    want = poolcli.adaptive_pool(x, (2, 5), name, **more)
    assert same(Operation(name, size=(2, 5), power=2).apply(x, (1, 2), channel_axis=0), want)


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("avg", {"count_include_pad": False}),
        ("avg", {"divisor_override": 5}),
        ("avg", {"count_include_pad": False, "divisor_override": -5}),
        ("gem", {"power": 1.5}),
        ("gem", {"power": -inf}),
        ("gem", {"count_include_pad": False}),
    ],
    ids=str,
)
def test_what_only_means_know_arrives_there(name: str, options: dict[str, Any]) -> None:
    x = random((9, 12), "u1", 3)
    pool = getattr(poolcli, f"{name}_pool")
    got = Operation(name, **WINDOW, **options).apply(x)
    assert same(got, pool(x, **WINDOW, **options))
    assert not same(got, pool(x, **WINDOW))


def test_indices_and_a_place_for_the_result_are_handed_on() -> None:
    x = random((9, 12), "u1", 3)
    values, indices = Operation("min", (3, 3)).apply(x, return_indices=True)
    assert same(values, poolcli.min_pool(x, 3))
    assert np.array_equal(x.ravel()[indices], values)
    out = np.zeros((3, 4), np.uint8)
    assert Operation("max", (3, 3)).apply(x, out=out) is out
    assert same(out, poolcli.max_pool(x, 3))


@pytest.mark.parametrize("divisor", [2**31, -(2**31), 10**30])
@pytest.mark.parametrize("alpha", [False, True])
def test_a_divisor_that_no_sum_can_be_divided_by_is_refused(divisor: int, alpha: bool) -> None:
    operation = Operation("avg", 2, divisor_override=divisor)
    with pytest.raises(WindowError, match=f"^divisor {divisor} is too large; use less than 214"):
        operation.apply(np.zeros((2, 2, 2), np.uint8), alpha=alpha)


def test_the_largest_divisors_divide() -> None:
    x = np.full((2, 2), 2**31 - 1, np.uint32)
    for divisor, mean in ((2**31 - 1, 4), (2**31 - 2, 4), (2**30, 8)):
        assert same(Operation("avg", 2, divisor_override=divisor).apply(x), [[mean]], np.uint32)
