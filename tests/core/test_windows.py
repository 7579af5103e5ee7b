"""The geometry of one axis: PyTorch 2.13's rules in numbers, then against counted positions."""

import re
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from poolcli.core.geometry.arguments import per_axis
from poolcli.core.geometry.windows import Spans, Window, windows
from poolcli.errors import WindowError
from tests import oracle


@pytest.mark.parametrize(
    ("window", "length", "size"),
    [
        (Window(6, 2), 201, 98),
        (Window(6, 2), 250, 123),
        (Window(2, 2), 28, 14),
        (Window(2, 2), 5, 2),
        (Window(2, 2, ceil_mode=True), 5, 3),
        (Window(3, 2), 6, 2),
        (Window(3, 2, ceil_mode=True), 6, 3),
        (Window(3, 1, 1, 2), 9, 7),
        # A last window begins before L + p: at 5 - 1 it would begin where the input of 4 ends.
        (Window(2, 5, 1, ceil_mode=True), 4, 1),
        (Window(2, 5, 1, ceil_mode=True), 5, 2),
        (Window(1, 3, ceil_mode=True), 6, 2),
        # A window may be larger than the input by less than a stride.
        (Window(7, 2, ceil_mode=True), 6, 1),
        (Window(5, 5, ceil_mode=True), 2, 1),
        (Window(3, 3, ceil_mode=True), 2, 1),
        (Window(7, 1, 1), 6, 2),
        # Two taps around an input that neither of them is in.
        (Window(2, 1, 1, 4), 3, 1),
        (Window(2, 4, 1, 5, ceil_mode=True), 1, 1),
    ],
)
def test_size(window: Window, length: int, size: int) -> None:
    assert window.size(length) == size


@pytest.mark.parametrize(
    ("window", "length", "message"),
    [
        (Window(7, 7), 6, r"^kernel 7 is larger than the input of 6$"),
        (Window(7, 1, ceil_mode=True), 6, r"^kernel 7 is larger than the input of 6$"),
        (Window(8, 2, ceil_mode=True), 6, r"^kernel 8 is larger than the input of 6$"),
        (Window(2, 2), 0, r"^kernel 2 is larger than the input of 0$"),
        (Window(2, 2, 1), 0, r"^kernel 2 is larger than the input of 0 with 1 of padding on each"),
        (Window(3, 1, 1, 3), 4, r"^kernel 3 \(spread over 7 by dilation\) is larger than the inp"),
        (Window(2**31, 1), 4, r"^kernel 2147483648 is larger than the input of 4$"),
    ],
)
def test_no_window_fits(window: Window, length: int, message: str) -> None:
    with pytest.raises(WindowError, match=message):
        window.size(length)


@pytest.mark.parametrize(
    ("numbers", "message"),
    [
        ((0, 1), r"^kernel 0 is too small; use 1 or more$"),
        ((-2, 1), r"^kernel -2 is too small"),
        ((2, 0), r"^stride 0 is too small; use 1 or more$"),
        ((2, -1), r"^stride -1 is too small"),
        ((2, 1, 0, 0), r"^dilation 0 is too small; use 1 or more$"),
        ((2, 1, -1), r"^padding -1 is not between 0 and half the kernel \(1 for kernel 2\)"),
        ((1, 1, 1), r"^padding 1 is not between 0 and half the kernel \(0 for kernel 1\)"),
        # Half of the kernel itself, however far dilation spreads it.
        (
            (3, 1, 2, 2),
            r"^padding 2 is not between 0 and half the kernel \(1 for kernel 3\); use a",
        ),
    ],
)
def test_window_out_of_range(numbers: tuple[Any, ...], message: str) -> None:
    with pytest.raises(WindowError, match=message):
        Window(*numbers)


def test_largest_padding_is_half_the_kernel() -> None:
    assert [Window(k, 1, k // 2).size(9) for k in (1, 2, 3, 4)] == [9, 10, 9, 10]


def test_extent_and_trivial() -> None:
    assert [Window(3, 1, 0, d).extent for d in (1, 2, 3)] == [3, 5, 7]
    assert [w.trivial for w in (Window(1, 1), Window(1, 2), Window(2, 1))] == [True, False, False]


def test_what_a_window_covers() -> None:
    window = Window(4, 3, 2)
    assert [(window.start(o), window.stop(o)) for o in range(3)] == [(-2, 2), (1, 5), (4, 8)]


@pytest.mark.parametrize(
    ("window", "length", "with_pad", "without_pad"),
    [
        (Window(3, 2, 1, ceil_mode=True), 4, [3, 3, 2], [2, 3, 1]),
        # The last window covers 4 … 7 but is cut at 7, where the padding of 5 + 2 ends.
        (Window(4, 3, 2, ceil_mode=True), 5, [4, 4, 3], [2, 4, 1]),
        (Window(4, 4, 1, ceil_mode=True), 4, [4, 2], [3, 1]),
        (Window(2, 2, ceil_mode=True), 3, [2, 1], [2, 1]),
        (Window(5, 5, ceil_mode=True), 2, [2], [2]),
        (Window(2, 1, 1, 2), 6, [2, 2, 2, 2, 2, 2], [1, 2, 2, 2, 2, 1]),
        (Window(2, 1, 1, 4), 3, [2], [0]),
    ],
)
def test_counts(window: Window, length: int, with_pad: list[int], without_pad: list[int]) -> None:
    order = range(window.size(length))
    assert [window.count_taps(o, length, include_pad=True) for o in order] == with_pad
    assert [window.count_taps(o, length, include_pad=False) for o in order] == without_pad


@pytest.mark.parametrize(
    ("window", "length", "unused"),
    [
        (Window(2, 2), 4, 0),
        (Window(2, 2), 5, 1),
        (Window(2, 2, ceil_mode=True), 5, 0),
        (Window(2, 3), 8, 2),
        (Window(3, 1, 0, 2), 5, 2),
        (Window(2, 1, 1, 4), 3, 3),
    ],
)
def test_unused(window: Window, length: int, unused: int) -> None:
    assert window.unused(length) == unused


@pytest.mark.parametrize(
    ("spans", "length", "unused"),
    [
        (Spans((0, 3), (3, 6)), 6, 0),
        (Spans((0, 2), (4, 6)), 6, 0),
        (Spans((0, 8), (2, 10)), 10, 6),
        (Spans((1,), (3,)), 5, 3),
        (Spans((), ()), 4, 4),
    ],
)
def test_positions_between_irregular_windows_are_unused(
    spans: Spans, length: int, unused: int
) -> None:
    assert spans.unused(length) == unused


@st.composite
def any_window(draw: st.DrawFn) -> Window:
    kernel = draw(st.integers(1, 8))
    padding, stride, dilation = st.integers(0, kernel // 2), st.integers(1, 8), st.integers(1, 4)
    return Window(kernel, draw(stride), draw(padding), draw(dilation), draw(st.booleans()))


@settings(max_examples=700, deadline=None, derandomize=True)
@given(any_window(), st.integers(1, 24))
def test_against_counted_positions(window: Window, length: int) -> None:
    w = window
    every = oracle.positions(length, w.kernel, w.stride, w.padding, w.dilation, w.ceil_mode)
    if not every:
        with pytest.raises(WindowError, match="larger than the input"):
            window.size(length)
        return
    real = [[i for i in taps if 0 <= i < length] for taps in every]
    padded = [[i for i in taps if -w.padding <= i < length + w.padding] for taps in every]
    order = range(len(every))
    assert window.size(length) == len(every)
    assert [window.start(o) for o in order] == [taps[0] for taps in every]
    assert [window.stop(o) for o in order] == [taps[-1] + 1 for taps in every]
    for include_pad, counted in ((False, real), (True, padded)):
        counts = [window.count_taps(o, length, include_pad=include_pad) for o in order]
        assert counts == [len(taps) for taps in counted]
    assert list(range(*window.inside(length, len(every)))) == [
        o for o in order if len(real[o]) == w.kernel
    ]
    assert window.unused(length) == length - len({i for taps in real for i in taps})


@pytest.mark.parametrize("value", [2, [2], (2,), np.int64(2), [np.uint8(2)], [2, 2, 2]])
def test_per_axis(value: Any) -> None:
    assert per_axis("kernel", value, 3) == (2, 2, 2)


@pytest.mark.parametrize("value", [[], [2, 2], [2, 2, 2, 2]])
def test_per_axis_of_another_length(value: list[int]) -> None:
    with pytest.raises(WindowError, match=rf"^kernel has {len(value)} numbers; give 1 or 3$"):
        per_axis("kernel", value, 3)


@pytest.mark.parametrize("value", [True, [1, False, 1]])
def test_bool_is_no_integer(value: Any) -> None:
    message = re.escape(f"stride must be an integer or a tuple of integers, not {value}")
    with pytest.raises(TypeError, match=f"^{message}$"):
        per_axis("stride", value, 3)


@pytest.mark.parametrize(
    "value", [2.0, [2, 2.5, 2], "222", None, np.bool_(True), np.array([2, 2, 2]), {2}]
)
def test_only_integers(value: Any) -> None:
    with pytest.raises(TypeError, match=r"^kernel must be an integer or a tuple of integers, not "):
        per_axis("kernel", value, 3)


@pytest.mark.parametrize("stride", [None, (), []])
def test_stride_is_the_kernel_unless_given(stride: Any) -> None:
    assert windows(2, (3, 2), stride) == (Window(3, 3), Window(2, 2))


def test_windows() -> None:
    two = windows(2, 3, (1, 2), [1], (2, 1), ceil_mode=True)
    assert two == (Window(3, 1, 1, 2, True), Window(3, 2, 1, 1, True))


@pytest.mark.parametrize("name", ["kernel", "stride", "padding", "dilation"])
def test_windows_name_the_number_that_does_not_suit(name: str) -> None:
    numbers: dict[str, Any] = {"kernel": 2, name: (1, 1, 1)}
    with pytest.raises(WindowError, match=rf"^{name} has 3 numbers; give 1 or 2$"):
        windows(2, **numbers)
