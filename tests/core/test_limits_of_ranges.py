"""Numbers at the ends of their range: wide means, signed medians, sums beyond the floats."""

from typing import Any

import numpy as np
import pytest

from poolcli.core.averaging import avg_pool
from poolcli.core.pooling import max_pool
from poolcli.core.ranking import median_pool
from tests.core.test_pooling import same

TOP = 2**64 - 1


@pytest.mark.parametrize(
    ("row", "mean"),
    [
        ([TOP, TOP], TOP),
        ([TOP, TOP - 2], TOP - 1),
        ([TOP, TOP - 1], TOP),  # half goes up
        ([TOP - 1, TOP - 2], TOP - 1),
        ([TOP - 2**32 + 1, TOP - 2**32 + 1], TOP - 2**32 + 1),  # all of the upper half, none below
        ([TOP - 2**32, TOP - 2**32], TOP - 2**32),
        ([TOP, 0], 2**63),
        ([2**63, 2**63 - 1], 2**63),
        ([2**32 - 1, 2**32], 2**32),
        ([0, 0], 0),
    ],
)
def test_unsigned_means_up_to_the_largest_are_exact(row: list[int], mean: int) -> None:
    assert same(avg_pool(np.array([row], np.uint64), (1, 2)), [[mean]], np.uint64)


LOW, HIGH = -(2**63), 2**63 - 1


@pytest.mark.parametrize(
    ("row", "mean"),
    [
        ([HIGH, HIGH - 1], HIGH),
        ([HIGH, HIGH - 2], HIGH - 1),
        ([LOW, LOW], LOW),
        ([LOW, LOW + 1], LOW + 1),  # half goes up below 0 too
        ([LOW, LOW + 2], LOW + 1),
        ([LOW, HIGH], 0),
        ([LOW + 1, HIGH - 1], 0),
        ([LOW, HIGH - 2], -1),
        ([-(2**32), -(2**32) - 1], -(2**32)),
    ],
)
def test_signed_means_at_both_ends_are_exact(row: list[int], mean: int) -> None:
    assert same(avg_pool(np.array([row], np.int64), (1, 2)), [[mean]], np.int64)


@pytest.mark.parametrize(
    ("dtype", "row", "divisor", "mean"),
    [
        (np.uint64, [TOP, 1], 1, TOP),
        (np.uint64, [TOP, 0], 1, TOP),
        (np.uint64, [TOP - 1, 0], 1, TOP - 1),
        (np.uint64, [TOP, TOP], -1, 0),
        (np.uint64, [1, 0], -3, 0),
        (np.uint64, [1, 1], -4, 0),
        (np.int64, [HIGH, 1], 1, HIGH),
        (np.int64, [HIGH, 0], 1, HIGH),
        (np.int64, [LOW, -1], 1, LOW),
        (np.int64, [LOW, 0], 1, LOW),
        (np.int64, [LOW, 0], -1, HIGH),
        (np.int64, [HIGH, 0], -1, LOW + 1),
        (np.int64, [HIGH, 1], -1, LOW),
    ],
)
def test_sums_past_the_range_are_clipped_and_no_others(
    dtype: Any, row: list[int], divisor: int, mean: int
) -> None:
    got = avg_pool(np.array([row], dtype), (1, 2), divisor_override=divisor)
    assert same(got, [[mean]], dtype)


@pytest.mark.parametrize("kernel", [(9, 9), (3, 3)])
@pytest.mark.parametrize("dtype", ["i1", ">i2", "<i4", "i8"])
def test_medians_know_negative_values(dtype: str, kernel: tuple[int, int]) -> None:
    """More taps than a network has, and few: in order -1 … 0 … 1, with 0 in the middle."""
    count = kernel[0] * kernel[1]
    row = np.repeat([1, -1, 0], [count // 4, count // 3, count - count // 4 - count // 3])
    x = row.reshape(kernel).astype(dtype)
    assert same(median_pool(x, kernel), [[0]], dtype)


@pytest.mark.parametrize("kernel", [2, 5, 9])
def test_medians_of_every_signed_byte_are_its_own(kernel: int) -> None:
    """A window of one value has it as its median, the lowest and the highest too."""
    x = np.repeat(np.repeat(np.arange(-128, 128, dtype=np.int8), kernel)[None], kernel, axis=0)
    assert same(median_pool(x, kernel), [np.arange(-128, 128)], np.int8)


@pytest.mark.parametrize("dtype", ["f", "d"])
def test_sums_beyond_the_floats_do_not_spoil_the_mean(dtype: str) -> None:
    end = np.finfo(dtype).max
    x = np.full((4, 4), -end, dtype)
    assert (avg_pool(x, 2) == -end).all()
    part = avg_pool(x, 3, 1, 1, count_include_pad=False)
    assert np.abs(part / -end - 1).max() <= 4 * np.finfo(dtype).eps
    x[0, 0], x[0, 1], x[1, 0], x[1, 1] = end, end, 1, -end
    assert avg_pool(x, 2)[0, 0] == end / 4
    ends = np.array([[np.inf, np.nan], [end, end]], dtype)
    assert avg_pool(ends, (2, 1)).tolist()[0][0] == np.inf
    assert np.isnan(avg_pool(ends, (2, 1))[0, 1])
    assert avg_pool(np.full((2, 2), end, dtype), 2, divisor_override=2)[0, 0] == np.inf


@pytest.mark.parametrize("k", [100, 1000, 10**6])
@pytest.mark.parametrize("dtype", ["B", "f", "d"])
def test_kernels_far_longer_than_the_input_take_no_memory(k: int, dtype: str) -> None:
    """In ceil mode and with padding; one window of a million squared would be 7 TiB."""
    x = np.arange(40, dtype=dtype).reshape(10, 4)
    for numbers in ((k, k), (k, k, k // 2)):
        values, indices = max_pool(x, *numbers, ceil_mode=True, return_indices=True)
        assert (values == 39).all()
        assert (indices == 39).all()
        assert max_pool(x, *numbers, ceil_mode=True).tolist() == values.tolist()
    assert avg_pool(x, k, k, ceil_mode=True).tolist() == [[20 if dtype == "B" else 19.5]]
    assert median_pool(x, k, k, ceil_mode=True).tolist() == [[19]]


@pytest.mark.parametrize(
    ("shape", "kernel", "stride"),
    [((4, 4, 0), 1, 1), ((12, 14, 0), 4, 1), ((12, 14, 0), 2, 2), ((9, 9, 0, 1), 3, 1)],
)
def test_medians_of_nothing_are_nothing(shape: tuple[int, ...], kernel: int, stride: int) -> None:
    x = np.zeros(shape)
    pooled = median_pool(x, kernel, stride, axes=(0, 1))
    assert pooled.shape == max_pool(x, kernel, stride, axes=(0, 1)).shape
