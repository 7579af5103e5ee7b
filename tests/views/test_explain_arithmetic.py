"""What poolcli explain works out of a window, against what the poolings give."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from poolcli.core.pooling import max_pool, min_pool
from poolcli.jobs.operation import Operation
from poolcli.studies.explanation import Explanation
from poolcli.studies.number_map import NumberMap
from poolcli.views.arithmetic import arithmetic
from poolcli.views.wording import number_text


def test_place_of_a_median_is_an_english_ordinal() -> None:
    for size, place in {(1, 3): "2nd of 3", (5, 5): "13th of 25", (6, 7): "21st of 42"}.items():
        values = np.arange(size[0] * size[1], dtype=float).reshape(size)
        told = arithmetic(Explanation(NumberMap.of(values), Operation("median", size)), (0, 0))[0]
        assert f"median ({place}) is " in told


windows = st.tuples(st.integers(1, 4), st.integers(1, 4), st.integers(0, 2), st.integers(1, 2))


@settings(max_examples=40)
@given(windows, st.integers(4, 6), st.integers(4, 7), st.booleans(), st.integers(0, 99))
def test_winners_are_those_of_the_indices(
    window: tuple[int, int, int, int], height: int, width: int, ceil_mode: bool, seed: int
) -> None:
    kernel, stride, padding, dilation = window
    padding = min(padding, kernel // 2)
    if dilation * (kernel - 1) + 1 > min(height, width) + 2 * padding:
        return
    values = np.random.default_rng(seed).integers(0, 4, (height, width))
    for name, pool in (("max", max_pool), ("min", min_pool)):
        operation = Operation(
            name, (kernel,) * 2, (stride,) * 2, (padding,) * 2, (dilation,) * 2, ceil_mode
        )
        explanation = Explanation(NumberMap.of(values), operation)
        _, indices = pool(
            values, kernel, stride, padding, dilation, ceil_mode=ceil_mode, return_indices=True
        )
        for at in explanation.places():
            winner = explanation.winner(at)
            found = -1 if winner is None else winner[0] * width + winner[1]
            assert found == indices[at]


@settings(max_examples=40)
@given(windows, st.sampled_from(["avg", "median", "mode"]), st.booleans(), st.integers(0, 99))
def test_arithmetic_tells_the_result(
    window: tuple[int, int, int, int], name: str, ceil_mode: bool, seed: int
) -> None:
    kernel, stride, padding, dilation = window
    values = np.random.default_rng(seed).integers(0, 9, (7, 8))
    operation = Operation(
        name,
        (kernel,) * 2,
        (stride,) * 2,
        (min(padding, kernel // 2),) * 2,
        (dilation,) * 2,
        ceil_mode,
    )
    explanation = Explanation(NumberMap.of(values), operation)
    for at in explanation.places():
        if not len(explanation.values(at)):
            continue
        sentence = arithmetic(explanation, at)[0].partition(", found")[0]
        assert sentence.endswith(f" {number_text(explanation.result[at])}")
        if name == "avg":
            exact = sum(map(int, explanation.values(at))) / explanation.divisor(at)
            assert int(explanation.result[at]) == int(exact + 0.5)
