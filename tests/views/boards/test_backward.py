"""poolcli explain --backward: the gradient of the map, as by hand, by the oracle and by PyTorch."""

import json
from typing import Any

import numpy as np
import pytest

from poolcli import functional
from poolcli.jobs.operation import Operation
from poolcli.studies.explanation import Explanation
from poolcli.studies.gradients import Gradient
from poolcli.studies.number_map import NumberMap, classic_map
from poolcli.studies.shown_part import choose_part
from tests.cases import random
from tests.commands import Run, Word
from tests.oracle import Array


def gradient(run: Run, *words: Any) -> Any:
    """The gradient of the map that is told as JSON."""
    done = run("explain", *words, "--backward", "--json")
    assert (done.code, done.err) == (0, "")
    return json.loads(done.out)["map_gradient"]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("max --gradient 1,2;3,4", [[0, 0, 0, 0], [0, 1, 2, 0], [0, 0, 0, 0], [0, 3, 0, 4]]),
        ("min --gradient 1,2;3,4", [[1, 0, 0, 0], [0, 0, 0, 2], [0, 0, 4, 0], [3, 0, 0, 0]]),
        ("max -k 3 -s 1", [[0, 0, 0, 0], [0, 2, 0, 0], [0, 0, 0, 0], [0, 2, 0, 0]]),
        ("avg --gradient 4,8;0,2",
         [[1, 1, 2, 2], [1, 1, 2, 2], [0, 0, 0.5, 0.5], [0, 0, 0.5, 0.5]]),
        ("avg -k 2 -s 1 --divisor 1", [[1, 2, 2, 1], [2, 4, 4, 2], [2, 4, 4, 2], [1, 2, 2, 1]]),
        ("avg -k 2 -p 1", [[0.25] * 4] * 4),
        ("avg -k 2 -p 1 --exclude-pad",
         [[1, 0.5, 0.5, 1], [0.5, 0.25, 0.25, 0.5], [0.5, 0.25, 0.25, 0.5], [1, 0.5, 0.5, 1]]),
        ("avg --global --gradient 8", [[0.5] * 4] * 4),
        ("sum -k 2 -d 2 -s 1 --gradient 1,2;3,4",
         [[1, 2, 1, 2], [3, 4, 3, 4], [1, 2, 1, 2], [3, 4, 3, 4]]),
    ],
)  # fmt: skip
def test_gradients_of_the_classic_map(run: Run, words: str, expected: list[list[float]]) -> None:
    assert gradient(run, *words.split()) == expected


WINDOWS = [(3, 2, 1, 1, False), ((2, 3), 1, 0, 1, False), (3, 2, 1, 1, True)]


@pytest.mark.parametrize(
    ("name", "kernel", "stride", "padding", "dilation", "ceil"),
    [
        *(("max", *window) for window in (*WINDOWS, (2, 1, 1, 2, False))),
        *(("avg", *window) for window in WINDOWS),
    ],
)
def test_gradients_are_those_of_the_functional_form(
    name: str, kernel: Any, stride: int, padding: int, dilation: int, ceil: bool
) -> None:
    x = random((7, 9), "f8", 5)
    operation = Operation(name, kernel, stride, padding, dilation, ceil)
    explanation = Explanation(NumberMap.of(x), operation)
    given = random(explanation.size, "f8", 6)
    part = choose_part(explanation, (0, 0), (7, 9))
    got = inner(Gradient(explanation, given).over(part), part.positions, (7, 9))
    numbers = (kernel, stride, padding, dilation, ceil)
    if name == "max":
        expected = functional.max_pool2d_backward(given[None], x[None], *numbers)[0]
    else:
        expected = functional.avg_pool2d_backward(
            given[None], x[None], kernel, stride, padding, ceil
        )[0]
    assert np.allclose(got, expected, rtol=1e-12, atol=0)


def inner(values: Array, positions: tuple[range, range], shape: tuple[int, int]) -> Array:
    rows, columns = (
        [number for number, position in enumerate(span) if 0 <= position < length]
        for span, length in zip(positions, shape, strict=True)
    )
    return values[np.ix_(rows, columns)]


def test_windows_that_are_not_drawn_count_too() -> None:
    explanation = Explanation(NumberMap.of(np.ones((9, 9))), Operation("avg", 3, 1))
    part = choose_part(explanation, (4, 4), (3, 3))
    assert (part.windows, part.positions) == ((range(4, 5),) * 2, (range(4, 7),) * 2)
    got = Gradient(explanation, np.ones((7, 7))).over(part)
    assert got.round(12).tolist() == np.outer([3, 3, 3], [3, 3, 3]).__truediv__(9).tolist()


def test_what_is_said_of_one_window(run: Run) -> None:
    words = ("explain", "avg", "-k", 3, "-s", 1, "-p", 1, "--backward", "--window", "0,0")
    out = " ".join(run(*words).out.split())
    assert "its gradient is shared out, 1 / 9 = 0.11 to each of its 4 values" in out
    assert "5 shares on the padding: lost" in out
    assert "row 1, column 1 gets the gradients of 9 windows: 0.11 + 0.11" in out
    out = " ".join(run("explain", "-k", 3, "-s", 1, "--gradient", "1 2; 3 4").out.split())
    assert "window 0,0: its gradient 1 goes to its winner, the 6 at row 1, column 1" in out
    assert "row 1, column 1 gets the gradients of 2 windows: 1 + 2 = 3" in out
    alone = run("explain", "--matrix", "5", "-k", 2, "-p", 1, "-d", 2, "-s", 1, "--backward").out
    assert "window 0,0: no value won, so its gradient 1 is lost\n" in alone


def test_a_film_adds_gradients_up_as_it_goes() -> None:
    from poolcli.views.boards.backward import Backward

    telling = Backward(Explanation(classic_map(), Operation("avg", 3, 1)))
    part = choose_part(telling.explanation, (0, 0), (4, 4))
    centres = [
        telling.board(part, (1, 1), list(part.places())[:number])
        .strips[1]
        .panels[0]
        .grid.cells[1][1]
        for number in range(5)
    ]
    assert [cell.text for cell in centres] == ["0", "0.11", "0.22", "0.33", "0.44"]


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (
            "mode --backward",
            1,
            "the gradient of mode is neither a winner's nor shared out; use max",
        ),
        ("--gradient 1,2,3", 1, "the gradient is 1×3 and the result 2×2; use 2×2 numbers"),
        ("--gradient x", 2, "--gradient row 1, column 1: 'x' is not a number"),
        ("unpool --backward", 2, "unpool and --backward are two views; give one"),
        ("unpool avg", 1, "unpool undoes max and min, not avg; use one of them"),
        ("stride --ceil -k 2", 1, "a convolution has a kernel, and neither --size nor --ceil"),
        ("--matrix 1|2 -k 1 --backward", 1, "a stack of maps has no backward view"),
    ],
)
def test_what_has_no_such_view_is_refused(run: Run, words: str, code: int, told: str) -> None:
    done = run("explain", *words.split())
    assert (done.code, done.failure.startswith(told)) == (code, True), done.failure


def test_missing_values_get_no_gradient(run: Run) -> None:
    words: list[Word] = ["--matrix", "1 9 4; 3 5 9; 9 9 2", "-k", 2, "-s", 1, "--skip", 9]
    assert gradient(run, "avg", *words, "--gradient", "3 3; 2 1") == [
        [1, 0, 1.5], [2, 4, 0], [0, 0, 0.5]
    ]  # fmt: skip
    assert gradient(run, "max", *words) == [[0, 0, 0], [0, 4, 0], [0, 0, 0]]
    lacking = run("explain", "avg", *words, "--min-valid", "0.9", "--backward").out
    assert "window 0,0: too few values are there, so its gradient 1 is lost\n" in lacking
    stack: list[Word] = ["--matrix", "1 9; 3 9 | 9 2; 9 4", "--skip", 9]
    assert "(1 + 3 + 2 + 4) / 4 = 10 / 4 = 2.5" in run("explain", "avg", *stack).out
    assert "4 of 8 taps missing: no vote" in run("explain", "avg", *stack).out
