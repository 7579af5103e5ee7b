"""Boxes of a pooling's output, from just the part of the input that they need."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from poolcli.core.dispatch import pool
from poolcli.core.geometry.boxes import boxes, needed, part_of
from poolcli.core.geometry.plan import Plan, plan_adaptive, plan_sliding
from poolcli.core.operations import OPERATIONS, result_dtype
from tests.pictures import noise


def parts(plan: Plan, size: tuple[int, ...], name: str, **options: Any) -> Any:
    """The whole result, put together from its boxes."""
    out = np.zeros(plan.shape, result_dtype(name, plan.x.dtype))
    for box in boxes(plan.shape, size):
        out[box] = pool(part_of(plan, box, plan.x[needed(plan, box)]), name, **options)
    return out


def test_the_part_that_a_box_needs() -> None:
    plan = plan_sliding(np.zeros((9, 20)), None, (3, 4), (2, 3), (1, 2), (1, 2), True)
    assert needed(plan, (slice(0, 1), slice(0, 1))) == (slice(0, 2), slice(0, 5))
    assert needed(plan, (slice(2, 4), slice(3, 5))) == (slice(3, 8), slice(7, 17))
    assert needed(plan, (slice(4, 5), slice(5, 7))) == (slice(7, 9), slice(13, 20))


@pytest.mark.parametrize("name", OPERATIONS)
@pytest.mark.parametrize("ceil_mode", [False, True])
def test_boxes_make_up_the_whole(name: str, ceil_mode: bool) -> None:
    x = noise((23, 31, 3))
    for kernel, stride, padding, dilation in [
        (2, 2, 0, 1),
        (5, 2, 2, 1),
        (4, 3, 2, 2),
        (3, 5, 1, 1),
    ]:
        plan = plan_sliding(x, (0, 1), kernel, stride, padding, dilation, ceil_mode)
        whole = pool(plan, name, channel_axis=2)
        np.testing.assert_array_equal(parts(plan, (3, 4, 3), name, channel_axis=2), whole)


@pytest.mark.parametrize("include_pad", [True, False])
def test_means_at_borders_are_divided_as_in_the_whole(include_pad: bool) -> None:
    x = np.full((4, 5), 12, "u1")
    plan = plan_sliding(x, None, 3, 2, 1, 1, True)
    got = parts(plan, (1, 1), "avg", count_include_pad=include_pad)
    # Below, the padding ends one row after the input, and ceil mode's overhang never counts.
    padded = [[5, 8, 5], [8, 12, 8], [4, 6, 4]]
    assert got.tolist() == (padded if include_pad else [[12] * 3] * 3)


@given(data=st.data())
def test_any_box_of_an_adaptive_pooling(data: st.DataObject) -> None:
    lengths = data.draw(st.tuples(st.integers(1, 30), st.integers(1, 30)))
    sizes = data.draw(st.tuples(st.integers(1, 12), st.integers(1, 12)))
    x = noise(lengths, "i2")
    plan = plan_adaptive(x, None, sizes)
    box = data.draw(st.tuples(st.integers(1, 12), st.integers(1, 12)))
    np.testing.assert_array_equal(parts(plan, box, "avg"), pool(plan, "avg"))


@given(data=st.data())
def test_any_box_of_a_sliding_pooling(data: st.DataObject) -> None:
    kernel = data.draw(st.integers(1, 6))
    stride, dilation = data.draw(st.tuples(st.integers(1, 5), st.integers(1, 3)))
    padding, ceil_mode = data.draw(st.integers(0, kernel // 2)), data.draw(st.booleans())
    length = data.draw(st.integers(dilation * (kernel - 1) + 1, 40))
    include_pad = data.draw(st.booleans())
    plan = plan_sliding(noise((length, 2), "u2"), 0, kernel, stride, padding, dilation, ceil_mode)
    for name in ("avg", "median"):
        options: dict[str, Any] = {"count_include_pad": include_pad}
        got = parts(plan, (data.draw(st.integers(1, 7)), 2), name, **options)
        np.testing.assert_array_equal(got, pool(plan, name, **options))
