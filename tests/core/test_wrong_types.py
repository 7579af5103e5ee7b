"""Wrong types are refused, although what equals them was right and may be known already."""

from typing import Any

import numpy as np
import pytest

from poolcli.core.adaptive import adaptive_pool
from poolcli.core.averaging import gem_pool
from poolcli.core.ranking import median_pool, mode_pool
from tests.cases import POOLINGS

RIGHT: dict[str, Any] = {
    "kernel": 2, "stride": 1, "padding": 0, "dilation": 1, "axes": (0, 1),
}  # fmt: skip


@pytest.mark.parametrize("pool", [*POOLINGS, gem_pool, median_pool, mode_pool])
@pytest.mark.parametrize(
    "wrong",
    [
        {"axes": (0.0, 1)},
        {"axes": (0, 1.0)},
        {"kernel": 2.0},
        {"kernel": (2, 2.0)},
        {"stride": 1.0},
        {"stride": True},
        {"padding": 0.0},
        {"padding": False},
        {"dilation": 1.0},
        {"dilation": True},
    ],
    ids=str,
)
def test_what_equals_a_number_that_was_right_is_refused(pool: Any, wrong: dict[str, Any]) -> None:
    x = np.zeros((4, 4), np.uint8)
    assert pool(x, **RIGHT).shape == (3, 3)
    with pytest.raises(TypeError, match=r"as an integer|must be an integer"):
        pool(x, **RIGHT | wrong)
    assert pool(x, **RIGHT).shape == (3, 3)


@pytest.mark.parametrize("wrong", [{"axes": (0.0, 1)}, {"size": 2.0}, {"size": (2, True)}], ids=str)
def test_what_equals_a_size_that_was_right_is_refused(wrong: dict[str, Any]) -> None:
    x = np.zeros((4, 4), np.uint8)
    right: dict[str, Any] = {"size": 2, "axes": (0, 1)}
    assert adaptive_pool(x, **right).shape == (2, 2)
    with pytest.raises(TypeError, match=r"as an integer|must be an integer"):
        adaptive_pool(x, **right | wrong)
