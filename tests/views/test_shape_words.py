"""The window of poolcli shape in words and options, and tables of axes that differ."""

import pytest

from tests.commands import Run


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ("-k 3", "-k 3"),
        ("-k 3 -s 3", "-k 3"),
        ("-k 3 -s 2", "-k 3 -s 2"),
        ("-k 3x2 -s 3x2", "-k 3x2"),
        ("-k 3x2 -s 2", "-k 3x2 -s 2"),
        ("-k 4 -s 1 -p 2 -d 3", "-k 4 -s 1 -p 2 -d 3"),
        ("-k 4 -p 1x0 -d 1x2 --ceil", "-k 4 -p 1x0 -d 1x2 --ceil"),
        ("--size 4", "--size 4"),
        ("--size 4x5", "--size 4x5"),
        ("--global", "--global"),
    ],
)
def test_a_window_is_told_as_the_options_that_make_it(run: Run, options: str, told: str) -> None:
    lines = run("shape", "3x64x48", *options.split(), "then", "-k", 1).out.splitlines()
    assert lines[3].lstrip().startswith(f"{told}  ")


def test_axes_that_differ_are_told_apart(run: Run) -> None:
    lines = run("shape", "1x60x60", "-k", "3x2", "-s", "2x3", "then", "-k", "2x4").out.splitlines()
    first, second = (" ".join(line.split()) for line in lines[3:])
    assert first == "-k 3x2 -s 2x3 1×29×20 3×2 2×3 1 row and 20 columns unused"
    assert second == "-k 2x4 1×14×5 5×11 4×12 1 row unused"


def test_axes_that_are_alike_are_told_once(run: Run) -> None:
    out = run("shape", "1x60x60", "-k", 3, "-s", 2).out
    assert out.count("⌊(60 + 2·0 − 1·(3−1) − 1) / 2⌋ + 1 = 29") == 1
    assert "height and width" in out
    out = run("shape", "1x60x59", "-k", 3, "-s", 2).out
    assert [line.split()[0] for line in out.splitlines()[1:]] == ["height", "width"]
