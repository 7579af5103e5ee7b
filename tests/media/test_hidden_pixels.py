"""A picture is taken for opaque only if every pixel is, and alpha takes part in every option."""

import numpy as np
import pytest
from PIL import Image

from tests.commands import Run
from tests.pictures import read

ROWS = 70
GREY, RED = (90, 90, 90, 255), (255, 0, 0, 0)


@pytest.mark.parametrize("row", [0, 31, 32, 63, 64, 69])
@pytest.mark.parametrize("column", [0, 5])
def test_one_hidden_pixel_in_any_row_has_no_vote(run: Run, row: int, column: int) -> None:
    x = np.full((ROWS, 6, 4), GREY, np.uint8)
    x[row, column] = RED
    Image.fromarray(x).save("in.png")
    assert run("max", "in.png", "out.png", "-k", 2).err == ""
    assert (read("out.png")[1] == GREY).all()


def test_a_single_half_transparent_row_weighs_half(run: Run) -> None:
    """Alpha 85 and 255: the colours weigh one to three."""
    x = np.full((ROWS, 2, 4), (200, 200, 200, 255), np.uint8)
    x[69] = (0, 0, 0, 85)
    Image.fromarray(x).save("in.png")
    assert run("avg", "in.png", "out.png", "-k", 2).err == ""
    got = read("out.png")[1][:, 0].tolist()
    assert got == [[200, 200, 200, 255]] * 34 + [[150, 150, 150, 170]]


FOUR = np.array([[10, 20], [30, 40]], np.uint8)
"""Whose mean is 25, and whose third power mean is the third root of 25 000, 29.2."""


def pooled_grey(run: Run, alpha: int, *words: str | int) -> list[list[list[int]]]:
    """`FOUR` with one alpha, pooled."""
    Image.fromarray(np.dstack([FOUR, np.full_like(FOUR, alpha)]), "LA").save("in.png")
    assert run(*words[:1], "in.png", "out.png", *words[1:]).err == ""
    result: list[list[list[int]]] = read("out.png")[1].tolist()
    return result


@pytest.mark.parametrize("alpha", [255, 128])
@pytest.mark.parametrize("divisor", [8, 2])
def test_a_divisor_divides_alpha_and_no_colour(run: Run, alpha: int, divisor: int) -> None:
    want = min(255, (4 * alpha + divisor // 2) // divisor)
    assert pooled_grey(run, alpha, "avg", "-k", 2, "--divisor", divisor) == [[[25, want]]]


@pytest.mark.parametrize("alpha", [255, 99])
def test_padding_makes_corners_transparent_and_no_darker(run: Run, alpha: int) -> None:
    """Of a 3×3 window at a corner 4 taps are pixels and 5 are padding."""
    words = ("-k", 3, "-s", 3, "-p", 1)
    assert pooled_grey(run, alpha, "avg", *words) == [[[25, (8 * alpha + 9) // 18]]]
    assert pooled_grey(run, alpha, "avg", *words, "--exclude-pad") == [[[25, alpha]]]
    third = round(alpha * (4 / 9) ** (1 / 3))
    assert pooled_grey(run, alpha, "gem", *words) == [[[29, third]]]
    assert pooled_grey(run, alpha, "gem", *words, "--exclude-pad") == [[[29, alpha]]]
