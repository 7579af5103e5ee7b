"""Levels of a pyramid that `shape` tells: those that `pyramid` makes."""

import json

import pytest

from tests.commands import Outcome, Run


def test_the_levels_of_a_shape(run: Run) -> None:
    assert run("shape", "3x1000x601", "pyramid") == Outcome(
        0,
        "3 levels, 3×1000×601 → … → 3×250×151, 1.31 times the values of level 0\n"
        "  level  shape       window\n"
        "  0      3×1000×601  1\n"
        "  1      3×500×301   2\n"
        "  2      3×250×151   4\n",
        "",
    )


@pytest.mark.parametrize(
    ("words", "shapes"),
    [
        ("5x7 pyramid --levels 2", [[5, 7], [3, 4]]),
        ("--min-size 2 5x7 pyramid", [[5, 7], [3, 4], [2, 2]]),
        ("4x9x9 pyramid -k 2x3x3 --min-size 1", [[4, 9, 9], [2, 3, 3], [1, 1, 1]]),
        ("2x1x1x4x9x9 pyramid -k 3 --levels 2", [[2, 1, 1, 4, 9, 9], [2, 1, 1, 4, 3, 3]]),
        ("7x9 pyramid -k 1x2 --levels 2", [[7, 9], [7, 5]]),
    ],
)
def test_options_of_the_levels(run: Run, words: str, shapes: list[list[int]]) -> None:
    told = json.loads(run("shape", *words.split(), "--json").out)
    assert [level["shape"] for level in told["levels"]] == shapes


@pytest.mark.parametrize(
    ("words", "said", "code"),
    [
        ("5 pyramid", "a pyramid has rows and columns; give a shape of two axes or more", 2),
        ("5x5 pyramid -k 2x2x2", "the shape has 2 axes of space, yx; give 2 factors or less", 2),
        ("5x5 pyramid --levels 9", "9 levels are too many: level 3 has one pixel", 1),
        ("pyramid", "Missing argument 'SHAPE'", 2),
        ("5x5 pyramid -s 2", "No such option", 2),
    ],
)
def test_wrong_levels_are_told(run: Run, words: str, said: str, code: int) -> None:
    done = run("shape", *words.split())
    assert (done.code, said.lower() in done.err.lower()) == (code, True), done.err
