"""A picture is taken for opaque only if every pixel is, and alpha takes part in every option."""

from math import floor, inf

import numpy as np
import pytest
from PIL import Image

from poolcli.jobs.operation import Operation
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
    Image.fromarray(np.dstack([FOUR, np.full_like(FOUR, alpha)])).save("in.png")
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


COLOURS, ALPHAS = [10, 200, 90, 255, 40, 1], [255, 51, 102, 0, 204, 0]


@pytest.mark.parametrize("power", [0.5, 2, 3, 99, 101, 150, 1000, -0.5, -1, -99, -101, -1000])
def test_powers_of_visible_colours_are_weighed_by_alpha(run: Run, power: float) -> None:
    """By what is neither 0 nor 1: beyond some power it is done by logarithms."""
    x = np.array([COLOURS, ALPHAS], np.uint8).T.reshape(2, 3, 2)
    Image.fromarray(x).save("in.png")
    assert run("gem", "in.png", "out.png", "-k", "2x3", f"--power={power}").err == ""
    base = 200 if power > 0 else 10
    seen = [(c, a) for c, a in zip(COLOURS, ALPHAS, strict=True) if a]
    shares = [a * (c / base) ** power for c, a in seen]
    want = base * (sum(shares) / sum(ALPHAS)) ** (1 / power)
    assert read("out.png")[1][0, 0, 0] == floor(want + 0.5)


@pytest.mark.parametrize(("power", "colour", "alpha"), [(inf, 200, 255), (-inf, 10, 0)])
def test_infinite_powers_are_the_extremes_of_what_is_visible(
    run: Run, power: float, colour: int, alpha: int
) -> None:
    x = np.array([COLOURS, ALPHAS], np.uint8).T.reshape(2, 3, 2)
    Image.fromarray(x).save("in.png")
    assert run("gem", "in.png", "out.png", "-k", "2x3", f"--power={power}").err == ""
    assert read("out.png")[1].tolist() == [[[colour, alpha]]]


@pytest.mark.parametrize(("name", "colour", "hidden"), [("max", 0, 9), ("min", 255, 9)])
def test_the_worst_colour_is_found_where_it_is_seen(name: str, colour: int, hidden: int) -> None:
    """Black, or white, after an invisible pixel; and -1 where nothing is seen."""
    x = np.array([[[hidden, 0], [colour, 7], [hidden, 0], [hidden, 0]]], np.uint8)
    values, indices = Operation(name, (1, 2)).apply(x, alpha=True, return_indices=True)
    assert values[0, :, 0].tolist() == [colour, 0]
    assert indices[0, :, 0].tolist() == [1, -1]
    assert indices[0, :, 1].tolist() == ([1, 2] if name == "max" else [0, 2])


@pytest.mark.parametrize("size", [181, 182, 256])
def test_sums_of_large_windows_are_exact(run: Run, size: int) -> None:
    """From 33 026 taps on, twice the sum of colours by alpha is more than 32 bits hold."""
    x = np.full((size, size, 2), 255, np.uint8)
    x[:2, 0] = (0, 0), (0, 255)
    Image.fromarray(x).save("in.png")
    assert run("avg", "in.png", "out.png", "--global").err == ""
    assert read("out.png")[1].tolist() == [[[255, 255]]]
    x[: size // 2, :, 0] = 0
    Image.fromarray(x).save("in.png")
    assert run("avg", "in.png", "out.png", "--global").err == ""
    seen = size * size - 1
    white = (size - size // 2) * size
    assert read("out.png")[1][0, 0, 0] == (2 * 255 * white + seen) // (2 * seen)
