"""poolcli shape: the tutorials' shapes, formulas, chains; the chain's integers by counting."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from poolcli.core.geometry.receptive_field import chain, overhang
from poolcli.core.geometry.windows import Spans, Window, adaptive
from poolcli.errors import WindowError
from poolcli.jobs.operation import Operation
from tests.commands import Outcome, Run, Shell


def test_the_spaceship(run: Run) -> None:
    assert run("shape", "3x201x250", "-k", 6, "-s", 2) == Outcome(
        0,
        "3×201×250 → 3×98×123 (1 row unused)\n"
        "  height  ⌊(201 + 2·0 − 1·(6−1) − 1) / 2⌋ + 1 = 98\n"
        "  width   ⌊(250 + 2·0 − 1·(6−1) − 1) / 2⌋ + 1 = 123\n",
        "",
    )


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ("5x5 -k 3", "5×5 → 1×1 (2 rows and 2 columns unused)"),
        ("5x5 -k 3 --ceil", "5×5 → 2×2 (the last window overhangs by 1 row and 1 column)"),
        ("1x1x28x28 -k 2", "1×1×28×28 → 1×1×14×14"),
        ("4x3x4x4 --global", "4×3×4×4 → 4×3×1×1"),
        ("[4,3,4,4] --size 1", "4×3×4×4 → 4×3×1×1"),
        ("torch.Size([4,3,4,4]) --global", "4×3×4×4 → 4×3×1×1"),
        ("3,64,64 --size 7x5", "3×64×64 → 3×7×5"),
        ("10 -k 3", "10 → 3 (1 value unused)"),
        ("2x10 -k 1x4 -p 0x2 -s 1x3", "2×10 → 2×4"),
        ("9x9 -k 3 -d 2 -s 1", "9×9 → 5×5"),
        ("1x2x3x8x8 -k 8", "1×2×3×8×8 → 1×2×3×1×1"),
        ("3×201×250 -k 6 -s 2", "3×201×250 → 3×98×123 (1 row unused)"),
        ("9x9 -k 1 -s 4", "9×9 → 3×3 (6 rows and 6 columns unused)"),
    ],
)
def test_first_line(run: Run, words: str, line: str) -> None:
    done = run("shape", *words.split())
    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines()[0] == line


def test_formulas(run: Run) -> None:
    ceil = run("shape", "5x5", "-k", 3, "--ceil").out
    assert "  height and width  ⌈(5 + 2·0 − 1·(3−1) − 1) / 3⌉ + 1 = 2\n" in ceil
    dropped = run("shape", 100, "-k", 3, "-s", 4, "--ceil").out
    assert "  length  ⌈(100 + 2·0 − 1·(3−1) − 1) / 4⌉ + 1 − 1 = 25, as one more " in dropped
    shared = run("shape", "3x200x200", "--size", 7).out
    assert "window o of 7 is ⌊o·200 / 7⌋ … ⌈(o+1)·200 / 7⌉ − 1: 29 or 30 long\n" in shared


def test_chain_as_a_table(run: Run) -> None:
    words = "3x224x224 -k 3 -s 2 -p 1 then -k 2 then --size 7 then --global"
    assert run("shape", *words.split()) == Outcome(
        0,
        "3×224×224 → 3×112×112 → 3×56×56 → 3×7×7 → 3×1×1\n"
        "  window          shape      receptive field  jump\n"
        "                  3×224×224  1                1\n"
        "  -k 3 -s 2 -p 1  3×112×112  3                2\n"
        "  -k 2            3×56×56    5                4\n"
        "  --size 7        3×7×7      33               32\n"
        "  --global        3×1×1      225              224\n",
        "",
    )


def test_json(run: Run) -> None:
    done = run("shape", "3x201x250", "-k", 6, "-s", 2, "--json", "then", "-k", 3, "--ceil")
    told = json.loads(done.out)
    assert told["input_shape"] == [3, 201, 250]
    assert told["output_shape"] == [3, 33, 41]
    first, second = told["steps"]
    assert first["unused"] == [1, 0]
    assert first["formula"][0].endswith("= 98")
    assert second["window"] == "-k 3 --ceil"
    assert second["overhang"] == [1, 0]
    assert second["receptive_field"] == [10, 10]
    assert second["jump"] == [6, 6]


def test_stream_that_is_not_unicode(shell: Shell) -> None:
    done = shell("shape", "3x201x250", "-k", 6, "-s", 2, env={"PYTHONIOENCODING": "ascii"})
    assert done.out.splitlines()[:2] == [
        "3x201x250 -> 3x98x123 (1 row unused)",
        "  height  floor((201 + 2*0 - 1*(6-1) - 1) / 2) + 1 = 98",
    ]


@pytest.mark.parametrize(
    ("words", "code", "complaint"),
    [
        (
            "photo.png -k 2",
            2,
            "'photo.png' is not a shape; use 3x201x250 (channels, height, width)",
        ),
        ("3x4 -k 9", 1, "kernel 9 is taller than the image (3 rows); use -k 3 or less, or"),
        ("3 -k 9", 1, "kernel 9 is larger than the input of 3"),
        ("9x9 -k 3 then -k 4", 1, "kernel 4 is taller than the image (3 rows)"),
        ("9x9", 2, "Missing option '-k'"),
        ("9x9 -k 2 then", 2, "Missing option '-k'"),
        ("9x9 -k 2 then -q", 2, "No such option '-q'"),
        ("9x9 --global --size 7", 2, "--global is --size 1x1, and --size 7x7 is another size"),
        ("9 -k 2x3", 2, "--kernel 2x3 has two numbers, but the shape has one axis;"),
        ("9x0 -k 2", 1, "kernel 2 is wider than the image (0 columns)"),
    ],
)
def test_wrong_words(run: Run, words: str, code: int, complaint: str) -> None:
    done = run("shape", *words.split())
    assert done.code == code
    assert complaint in done.failure


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("1 28 28", "1×28×28 → 1×14×14"),
        (" 3  28 \t 28 ", "3×28×28 → 3×14×14"),
        ("3 x 28 X 28", "3×28×28 → 3×14×14"),
        ("3X28X28", "3×28×28 → 3×14×14"),
        ("3, 28, 28", "3×28×28 → 3×14×14"),
        ("torch.Size([3, 28, 28])", "3×28×28 → 3×14×14"),
        ("(28,)", "28 → 14"),
        ("[ 28 ]", "28 → 14"),
    ],
)
def test_blanks_are_between_lengths(run: Run, text: str, told: str) -> None:
    """Left out, they would make 12828 of three lengths."""
    assert run("shape", text, "-k", 2).out.splitlines()[0] == told


@pytest.mark.parametrize("text", ["", " ", "1,,28", "1 x", "x28", "1 - 28", "1.5 28"])
def test_what_is_not_lengths_is_refused(run: Run, text: str) -> None:
    assert "is not a shape; use 3x201x250" in run("shape", text, "-k", 2).failure


def test_large_shapes_take_no_time(run: Run) -> None:
    assert run("shape", "999999999x999999999", "-k", 3, "-s", 2).out.startswith(
        "999999999×999999999 → 499999999×499999999\n"
    )


numbers = st.tuples(
    st.integers(1, 60), st.integers(1, 7), st.integers(1, 9), st.integers(0, 3), st.integers(1, 3)
)


@given(numbers, st.booleans())
def test_unused_and_overhang_by_counting(
    case: tuple[int, int, int, int, int], ceil_mode: bool
) -> None:
    length, kernel, stride, padding, dilation = case
    window = Window(kernel, stride, min(padding, kernel // 2), dilation, ceil_mode)
    try:
        size = window.size(length)
    except WindowError:
        return
    taps = {window.start(o) + j * dilation for o in range(size) for j in range(kernel)}
    assert window.unused(length) == length - len(taps & set(range(length)))
    assert overhang(window, length) == max(0, max(taps) - (length + window.padding) + 1)


@given(st.lists(st.tuples(*[st.integers(1, 4)] * 3), min_size=1, max_size=3))
def test_receptive_field_and_jump_by_counting(layers: list[tuple[int, int, int]]) -> None:
    made = [Window(kernel, stride, 0, dilation) for kernel, stride, dilation in layers]
    steps = chain(10_000, [lambda _, window=window: window for window in made])  # type: ignore[misc]

    def reached(depth: int, position: int) -> set[int]:
        if depth < 0:
            return {position}
        window = made[depth]
        taps = range(window.start(position), window.stop(position), window.dilation)
        return {place for tap in taps for place in reached(depth - 1, tap)}

    for depth, step in enumerate(steps):
        first, second = reached(depth, 0), reached(depth, 1)
        assert step.receptive_field == max(first) - min(first) + 1
        assert step.jump == min(second) - min(first)


def test_windows_without_stride_have_no_jump() -> None:
    first, second = chain(7, [lambda length: adaptive(length, 3), lambda _: Window(2, 1)])
    assert isinstance(first.window, Spans)
    assert (first.receptive_field, first.jump, first.overhang) == (3, None, 0)
    assert (second.receptive_field, second.jump) == (None, None)


def test_the_same_shapes_as_pooling(run: Run) -> None:
    for size in range(1, 6):
        pooled = Operation("max", size=(size, 3)).apply(np.zeros((2, 11, 7)), axes=(-2, -1))
        line = run("shape", "2x11x7", "--size", f"{size}x3").out.splitlines()[0]
        assert line == "2×11×7 → " + "×".join(map(str, pooled.shape))
