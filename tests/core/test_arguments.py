"""Arguments of the wrong kind: one line that names the argument and shows what was given."""

import re
from typing import Any

import numpy as np
import pytest

import poolcli
from poolcli import functional
from poolcli.errors import PoolingError, WindowError

X = np.zeros((2, 3, 6, 6), np.float32)
POOLED = np.zeros((2, 3, 3, 3))
INDICES = np.zeros((2, 3, 3, 3), np.int64)
nan = float("nan")

INTEGERS = "must be an integer or a tuple of integers, not"

KINDS: list[tuple[str, dict[str, Any], str]] = [
    ("max_pool", {"kernel": 2.5}, f"kernel {INTEGERS} 2.5"),
    ("min_pool", {"kernel": "22"}, f"kernel {INTEGERS} '22'"),
    ("avg_pool", {"kernel": np.array([2, 2])}, f"kernel {INTEGERS} array([2, 2])"),
    ("gem_pool", {"kernel": np.eye(9)}, f"kernel {INTEGERS} an object of type ndarray"),
    ("median_pool", {"kernel": (2, None)}, f"kernel {INTEGERS} (2, None)"),
    ("mode_pool", {"kernel": 2, "stride": ""}, f"stride {INTEGERS} ''"),
    ("max_pool", {"kernel": 2, "padding": None}, f"padding {INTEGERS} None"),
    ("max_pool", {"kernel": 2, "dilation": True}, f"dilation {INTEGERS} True"),
    ("max_pool", {"kernel": 2, "axes": (0.0, 1)}, f"axes {INTEGERS} (0.0, 1)"),
    ("max_pool", {"kernel": 2, "axes": "01"}, f"axes {INTEGERS} '01'"),
    ("max_pool", {"kernel": 2, "out": [1]}, "out must be an array, not [1]"),
    ("avg_pool", {"kernel": 2, "divisor_override": [2]}, "divisor_override must be an integer, n"),
    ("gem_pool", {"kernel": 2, "power": "3"}, "power must be a number, not '3'"),
    ("gem_pool", {"kernel": 2, "power": True}, "power must be a number, not True"),
    ("mode_pool", {"kernel": 2, "channel_axis": 1.0}, "channel_axis must be an integer, not 1.0"),
    ("adaptive_pool", {"size": (None, 2.0)}, f"size {INTEGERS} (None, 2.0)"),
    ("adaptive_pool", {"size": "22"}, f"size {INTEGERS} '22'"),
    ("adaptive_pool", {"size": 1, "operation": "gem", "power": None}, "power must be a number, n"),
    ("max_pool2d", {"kernel_size": None}, f"kernel_size {INTEGERS} None"),
    ("max_pool2d", {"kernel_size": 2, "stride": 2.0}, f"stride {INTEGERS} 2.0"),
    ("avg_pool2d", {"kernel_size": 2, "padding": "1"}, f"padding {INTEGERS} '1'"),
    ("lp_pool2d", {"norm_type": "2", "kernel_size": 2}, "norm_type must be a number, not '2'"),
    ("lp_pool2d", {"norm_type": 2, "kernel_size": 2.0}, f"kernel_size {INTEGERS} 2.0"),
    ("lp_pool2d", {"norm_type": 2, "kernel_size": 2, "ceil_mode": 1}, "ceil_mode must be True or"),
    ("adaptive_avg_pool2d", {"output_size": np.array([2, 2])}, "output_size must be an integer, n"),
    (
        "fractional_max_pool2d",
        {"kernel_size": 2, "output_size": "3"},
        f"output_size {INTEGERS} '3'",
    ),
    ("fractional_max_pool2d", {"kernel_size": 2, "output_size": 3, "rng": 3}, "rng must be a nump"),
    ("fractional_max_pool2d", {"kernel_size": 2, "output_ratio": ("a", 1)}, "output_ratio must be"),
]
"""Calls by name on X, and how the one line of their TypeError begins."""

VALUES: list[tuple[str, dict[str, Any], type[Exception], str]] = [
    ("max_pool", {"kernel": ()}, WindowError, "kernel has 0 numbers; give 1 or 2"),
    ("mode_pool", {"kernel": 2, "channel_axis": 7}, PoolingError, "channel_axis 7 does not suit"),
    ("adaptive_pool", {"size": (1, 2, 3)}, WindowError, "size has 3 numbers; give 1 or 2"),
    ("fractional_max_pool2d", {"kernel_size": 2, "output_ratio": (nan, 0.5)}, WindowError,
        "output_ratio (nan, 0.5) is not finite; use numbers from 0 to 1"),
    ("fractional_max_pool2d", {"kernel_size": 2, "output_ratio": 0.5}, WindowError,
        "output_ratio 0.5 does not suit; give 2 numbers"),
]  # fmt: skip


def call(name: str, arguments: dict[str, Any]) -> Any:
    if hasattr(functional, name):
        return getattr(functional, name)(X, **arguments)
    return getattr(poolcli, name)(X, **arguments)


@pytest.mark.parametrize(("name", "arguments", "message"), KINDS)
def test_wrong_kind_is_told_by_the_name_of_the_argument(
    name: str, arguments: dict[str, Any], message: str
) -> None:
    with pytest.raises(TypeError, match=f"^{re.escape(message)}") as raised:
        call(name, arguments)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(("name", "arguments", "error", "message"), VALUES)
def test_wrong_value_is_told_by_the_name_of_the_argument(
    name: str, arguments: dict[str, Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=f"^{re.escape(message)}"):
        call(name, arguments)


@pytest.mark.parametrize("size", [5, "ab", (6, 6.5), (6, None)])
def test_output_size_of_unpooling_is_told_by_its_name(size: Any) -> None:
    message = re.escape(f"output_size must be a tuple of 2 integers, not {size!r}")
    for unpool in (poolcli.max_unpool, functional.max_unpool2d):
        with pytest.raises(TypeError, match=f"^{message}$"):
            unpool(POOLED, INDICES, 2, output_size=size)


@pytest.mark.parametrize("size", [[6, 6], (6, 6), np.array([6, 6]), (2, 3, 6, 6)])
def test_output_size_of_unpooling_may_be_any_sequence(size: Any) -> None:
    assert functional.max_unpool2d(POOLED, INDICES, 2, output_size=size).shape == X.shape


@pytest.mark.parametrize("x", [np.zeros(6), 5.0, None, "abc"])
def test_input_with_too_few_axes_is_told_the_shape_it_needs(x: Any) -> None:
    with pytest.raises(PoolingError, match=r"^input of shape \(.*\) has too few axes; use \("):
        functional.max_pool2d(x, 2)


@pytest.mark.parametrize("pool", [poolcli.max_pool, functional.max_pool2d])
def test_ragged_lists_are_not_an_array(pool: Any) -> None:
    with pytest.raises(PoolingError, match=r"^input cannot be made an array; use nested sequences"):
        pool([[1, 2], [3]], 2)


def test_lists_are_arrays() -> None:
    assert poolcli.max_pool([[1, 2], [3, 4]], 2).tolist() == [[4]]
    assert functional.avg_pool1d([[1.0, 3.0]], 2).tolist() == [[2.0]]


def test_source_is_sliced_by_functional_too() -> None:
    class Sliced:
        shape, dtype = X.shape, X.dtype

        def __getitem__(self, key: tuple[slice, ...]) -> Any:
            return X[key]

    assert functional.max_pool2d(Sliced(), 2).shape == (2, 3, 3, 3)
    assert functional.lp_pool2d(Sliced(), 2, 2).shape == (2, 3, 3, 3)
    assert functional.fractional_max_pool2d(Sliced(), 2, 3).shape == (2, 3, 3, 3)
