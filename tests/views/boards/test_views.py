"""poolcli explain unpool, explain stride, a single row, and a stack of maps."""

import json

import numpy as np
import pytest

from poolcli import functional
from poolcli.jobs.operation import Operation
from poolcli.studies.shown_part import choose_part
from poolcli.studies.stack import Stack
from poolcli.views.boards.figure import board_figure
from poolcli.views.boards.stacked import Stacked
from poolcli.views.drawing.scene import Label
from poolcli.views.films.walk import walk_film
from tests.cases import random
from tests.commands import Run

STACK = "1 3 2 5; 4 6 0 1 | 7 1 8 2; 3 9 5 4"


def test_unpool_puts_values_back_to_their_places(run: Run) -> None:
    done = run("explain", "unpool")
    assert done.out.startswith("Max unpooling, kernel 2, stride 2: 2×2 → 4×4\n")
    assert "window 0,0: 6 goes back to row 1, column 1, where it was found; all else is 0" in (
        " ".join(done.out.split())
    )
    told = json.loads(run("explain", "unpool", "--json").out)
    assert told["unpooled"] == [[0, 0, 0, 0], [0, 6, 5, 0], [0, 0, 0, 0], [0, 9, 0, 7]]
    told = json.loads(run("explain", "min", "unpool", "-k", 3, "-s", 1, "-p", 1, "--json").out)
    assert told["unpooled"] == [[1, 0, 0, 0], [0, 0, 0, 0], [0, 0, 1, 0], [1, 0, 0, 0]]


@pytest.mark.parametrize("words", ["-k 2", "-k 3 -s 1 -p 1", "-k 2 -s 1 -d 2"])
def test_a_convolution_with_equal_weights_is_average_pooling(run: Run, words: str) -> None:
    told = json.loads(run("explain", "stride", *words.split(), "--json").out)
    pooled = json.loads(run("explain", "avg", *words.split(), "--json").out)["result"]
    assert np.allclose(told["convolved"], pooled, rtol=1e-12)
    assert told["operation"] == "max"


def test_stride_shows_both_ways_of_shrinking(run: Run) -> None:
    out = " ".join(run("explain", "stride").out.split())
    assert "window 0,0: max(1, 3, 4, 6) = 6" in out
    assert "window 0,0, convolved: (1 + 3 + 4 + 6) · 1/4 = 3.5" in out
    assert "│ 1/4 1/4 │" in out


ROW = """Max pooling, kernel 2, stride 2: 4 → 2

     0  1   2  3       ┏━━━┱───┐
   ┏━━━━━━┱──────┐     ┃ 3 ┃ 5 │
0  ┃ 1 [3]┃ 2 [5]│  →  ┗━━━┹───┘
   ┗━━━━━━┹──────┘

window 0,0: max(1, 3) = 3, found at row 0, column 1

[ ] winner
"""


def test_a_single_row_is_pooled_along_it(run: Run) -> None:
    assert run("explain", "--matrix", "1 3 2 5").out == ROW
    told = json.loads(
        run("explain", "avg", "--matrix", "1 3 2 5", "-k3", "-s1", "-p1", "--json").out
    )
    expected = functional.avg_pool1d(np.array([[1.0, 3, 2, 5]]), 3, 1, 1)
    assert np.allclose(told["result"], expected)
    assert run("explain", "--matrix", "1 3 2 5", "--size", "2").out.startswith(
        "Max pooling, to size 2: 4 → 2\n"
    )


def test_a_picture_of_one_row_is_pooled_as_its_file_is(run: Run) -> None:
    np.save("row.npy", np.array([[1, 3, 2, 5]]))
    assert "kernel 2 is taller than the image (1 rows)" in run("explain", "row.npy").failure


def test_a_stack_is_pooled_in_three_dimensions(run: Run) -> None:
    done = run("explain", "--matrix", STACK)
    assert done.out.startswith("Max pooling, kernel 2, stride 2: 2×2×4 → 1×1×2\n")
    assert "max(1, 3, 4, 6, 7, 1, 3, 9) = 9, found at plane 1, row 1, column 1" in (
        " ".join(done.out.split())
    )
    told = json.loads(run("explain", "--matrix", STACK, "--json").out)
    assert told["result"] == [[[9, 8]]]
    assert [window["winner"] for window in told["windows"]] == [[1, 1, 1], [1, 0, 2]]
    words = ("explain", "avg", "--matrix", STACK, "-k", "2x1x2", "-s", 1, "--window", "0,1,2")
    assert "window 0,1,2: (0 + 1 + 5 + 4) / 4 = 10 / 4 = 2.5\n" in run(*words).out


@pytest.mark.parametrize("name", ["max", "min", "avg", "median"])
def test_every_window_of_a_stack_tells_its_own_result(name: str) -> None:
    x = random((4, 5, 6), "f8", 8)
    stack = Stack(x, Operation(name, 3, 2, 1, ceil_mode=True, axes="ZYX"))
    telling = Stacked(stack)
    part = choose_part(telling.explanation, (0, 0), (5, 6))
    for at in telling.spots(part):
        values, found = stack.planes[0].values(at), stack.planes[0].found_at(at)
        if name == "avg":
            assert np.isclose(values.sum() / stack.planes[0].divisor(at), stack.result[at])
        else:
            assert found is not None
            assert x[found] == stack.result[at]
            assert x[found] in values


def test_a_film_of_a_stack_goes_through_all_planes() -> None:
    stack = Stack(np.arange(12.0).reshape(3, 2, 2), Operation("max", 2, 1, axes="ZYX"))
    telling = Stacked(stack)
    part = choose_part(telling.explanation, (0, 0), (2, 2))
    assert len(walk_film(telling, part).shots) == 4
    scene = board_figure(telling.board(part, (1, 0, 0)))
    captions = [item.text for item in scene.items if isinstance(item, Label) and item.bold]
    assert captions[1:] == [
        "plane 0", "plane 1", "11", "plane 2", "result, plane 0", "result, plane 1"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (
            ["--matrix", "1 2 | 3"],
            "--matrix plane 0 is 1×2 and plane 1 1×1; give planes of one size",
        ),
        (["--matrix", STACK, "--window", "0,0"], "'0,0' is not a position; use PLANE,ROW,COL"),
        (["--matrix", STACK, "--window", "1,0,0"], "--window 1,0,0 is not among the 1×1×2 windows"),
        (["--matrix", "|".join("12" * 9)], "18 planes are too many to draw; use 16 or fewer"),
    ],
)
def test_wrong_stacks(run: Run, words: list[str], told: str) -> None:
    done = run("explain", *words)
    assert done.code in (1, 2)
    assert told in done.failure


@pytest.mark.parametrize("words", ["unpool", "--backward", "avg --backward", "stride"])
def test_windows_that_are_drawn_in_part(run: Run, words: str) -> None:
    """The largest value is at row 59, column 59, of which only the first ones are drawn."""
    np.save("large.npy", np.arange(3600.0).reshape(60, 60))
    done = run("explain", "large.npy", *words.split(), "-k", 60, "--area", "4x4", "--json")
    assert (done.code, done.err) == (0, "")
    told = json.loads(done.out)
    assert told["output_shape"] == [1, 1]
    assert run("explain", "large.npy", *words.split(), "-k", 60, "--area", "4x4").code == 0
