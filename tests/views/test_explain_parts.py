"""poolcli explain on a part of a picture, against what the pooling commands write."""

import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from PIL import Image

from poolcli.errors import WindowError
from poolcli.jobs.operation import Operation
from poolcli.jobs.perform import pool_file
from poolcli.studies.explanation import Explanation
from poolcli.studies.number_map import read_map
from poolcli.studies.shown_part import choose_part, default_area
from poolcli.views.arithmetic import arithmetic
from poolcli.views.cell_grid import input_grid, result_grid
from poolcli.views.wording import number_text
from tests.commands import Run
from tests.oracle import Array
from tests.pictures import Photo

NAMES = ["max", "min", "avg", "median", "mode", "gem"]
MODES = {"L": 1, "LA": 2, "RGB": 3, "RGBA": 4, "P": 1}


def picture(mode: str, height: int, width: int, seed: int) -> Array:
    """Write a picture of few values, so that ties and invisible pixels come up; as (H, W, C)."""
    values = np.random.default_rng(seed).choice(
        np.array([0, 3, 9, 200], "u1"), (height, width, MODES[mode])
    )
    image = Image.fromarray(values[..., 0] if MODES[mode] == 1 else values)
    if mode == "P":
        image = Image.frombytes("P", values.shape[1::-1], values[..., 0].tobytes())
        image.putpalette(bytes(range(256)) * 3)
    image.save("in.png")
    return values


pairs = st.tuples(st.integers(1, 4), st.integers(1, 4))


@st.composite
def operations(draw: st.DrawFn) -> Operation:
    """Draw any operation with any window."""
    name = draw(st.sampled_from(NAMES))
    if draw(st.integers(0, 4)) == 0:
        return Operation(name, size=draw(pairs))
    kernel = draw(pairs)
    padding = tuple(draw(st.integers(0, length // 2)) for length in kernel)
    return Operation(
        name,
        kernel,
        draw(pairs),
        padding,
        draw(st.tuples(st.integers(1, 2), st.integers(1, 3))),
        draw(st.booleans()),
        count_include_pad=draw(st.booleans()),
    )


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    operations(),
    st.sampled_from(list(MODES)),
    st.tuples(st.integers(3, 14), st.integers(3, 14)),
    st.tuples(st.integers(0, 13), st.integers(0, 13)),
    pairs,
    st.integers(0, 999),
)
def test_what_is_drawn_is_what_the_command_writes(
    here: Path,
    operation: Operation,
    mode: str,
    size: tuple[int, int],
    at: tuple[int, int],
    area: tuple[int, int],
    seed: int,
) -> None:
    assert here.samefile(".")
    values = picture(mode, *size, seed)
    assume(at[0] < size[0] and at[1] < size[1])
    assume(mode != "P" or operation.name == "mode")
    try:
        pool_file(operation, "in.png", "out.png")
    except (WindowError, ValueError):
        assume(False)
    with Image.open("out.png") as image:
        pooled = np.asarray(image).reshape(image.height, image.width, -1)
    channel = seed % MODES[mode]
    explanation = Explanation(
        read_map(Path("in.png"), channel, whole_pixels=operation.name == "mode"), operation
    )
    part = choose_part(explanation, at, area)
    assert explanation.size == pooled.shape[:2]
    places = list(part.places())
    picked = places[seed % len(places)]

    result = result_grid(explanation, part, picked)
    for row, line in zip(result.rows, result.cells, strict=True):
        for column, cell in zip(result.columns, line, strict=True):
            assert cell.text == number_text(pooled[int(row), int(column), channel])
    grid = input_grid(explanation, part, picked)
    for row, line in zip(grid.rows, grid.cells, strict=True):
        for column, cell in zip(grid.columns, line, strict=True):
            outside = cell.kind in ("padding", "overhang")
            assert outside is (row == "" or column == "")
            if not outside:
                assert cell.text == number_text(values[int(row), int(column), channel])
    told = arithmetic(explanation, picked)[0].partition(", found")[0]
    if operation.name == "mode" and MODES[mode] > 1:
        pixel = ", ".join(map(number_text, pooled[picked]))
        assert told.endswith((f" ({pixel})", "outside the map, so the result is 0"))
    else:
        assert told.endswith(f" {number_text(pooled[picked][channel])}")


@pytest.mark.parametrize(
    ("words", "rows", "columns"),
    [
        ("-k 2 --at 5,8 --area 2x4", [4, 5], [8, 9, 10, 11]),
        ("-k 2 --at 5,8 --area 3x5", [4, 5], [8, 9, 10, 11]),
        ("-k 3 -s 1 -p 1 --at 5,8 --area 1x2", [4, 5, 6], [7, 8, 9, 10]),
        ("-k 3 -s 1 -p 1 --at 0,8 --area 1x1", [-1, 0, 1], [7, 8, 9]),
        ("-k 3 -s 2 -p 1 --at 14,18 --area 9x9", [13, 14, 15], [17, 18, 19, 20]),
        ("-k 2 -s 5 --at 3,3 --area 2x2", [5, 6], [5, 6]),
        ("-k 2 --ceil --at 14,18 --area 2x2", [14, 15], [18, 19]),
        ("--size 3x3 --at 7,9 --area 5x8", [5, 6, 7, 8, 9], [6, 7, 8, 9, 10, 11, 12, 13]),
        ("-k 9 --at 3,4 --area 2x3", [3, 4], [4, 5, 6]),
        ("--global --at 12,18 --area 9x9", [12, 13, 14], [18, 19]),
    ],
)
def test_rows_and_columns_around_a_position(
    run: Run, photo: Photo, words: str, rows: list[int], columns: list[int]
) -> None:
    """A picture of 15×20: the windows are those of the whole, and neighbours are real."""
    photo("L").save("in.png")
    done = run("explain", "in.png", *words.split())
    assert done.err == ""
    lines = done.out.splitlines()
    real = [number for number in columns if 0 <= number < 20]
    head = lines[3].split()[: len(real)]
    assert head == [str(number) for number in real]
    assert f"rows {max(0, rows[0])} to {min(14, rows[-1])}, columns {real[0]} to {real[-1]}\n" in (
        done.out
    )
    frame = done.out[: done.out.index("window")]
    assert ("░" in frame or "╳" in frame) is (rows[0] < 0 or rows[-1] > 14 or columns[-1] > 19)


def test_window_goes_by_its_place_in_the_result(run: Run, photo: Photo) -> None:
    photo("L").save("in.png")
    assert run("avg", "in.png", "out.png", "-k", 2).code == 0
    with Image.open("out.png") as image:
        value = image.getpixel((8, 6))
    out = run("explain", "in.png", "avg", "--window", "6,8").out
    assert out.startswith(
        "Average pooling, kernel 2, stride 2: 15×20 → 7×10\nin.png, grey, rows 12 to 14, "
    )
    assert re.search(rf"window 6,8: .* {value}\n", out)
    words = ("explain", "in.png", "--at", "4,4", "--area", "2x4", "--window")
    assert "window 2,3: max(" in run(*words, "2,3").out
    assert run(*words, "0,0").failure == (
        "--window 0,0 is not among the windows drawn; use 2,2 to 2,3, or another --at or --area"
    )


def test_global_of_a_picture_is_that_of_the_whole(run: Run) -> None:
    x = np.zeros((40, 60), "u1")
    x[39, 59] = 9
    Image.fromarray(x).save("in.png")
    out = run("explain", "in.png", "max", "--global").out
    assert out.startswith(
        "Max pooling, global: 40×60 → 1×1\nin.png, grey, rows 0 to 7, columns 0 to 11\n"
    )
    assert "2378 more) = 9, found at row 39, column 59\n" in out.replace("\n  ", " ")
    assert "window 0,0 is drawn in part: it spans rows 0 to 39 and columns 0 to 59\n" in out
    frame = out[: out.index("window")]
    assert ("┏" in frame, "┗━━━━━━━━" in frame, "┡" in frame) == (True, False, False)


def test_mode_of_a_palette_picture_counts_indices(run: Run) -> None:
    image = Image.frombytes("P", (2, 2), bytes([7, 7, 7, 2]))
    image.putpalette([9] * 768)
    image.save("in.png")
    out = run("explain", "in.png", "mode").out
    assert "in.png, palette index, rows 0 to 1, columns 0 to 1\n" in out
    assert "7 3 times, 2 once; the commonest is 7, found at row 0, column 0\n" in out
    assert "in.png, red, " in run("explain", "in.png", "max").out


def test_mode_compares_whole_pixels(run: Run) -> None:
    """Red alone would be 5; the commonest pixel has red 1. An array goes by its channels too."""
    x = np.array([[[5, 0, 0], [1, 2, 3]], [[5, 4, 4], [1, 2, 3]]], "u1")
    Image.fromarray(x).save("in.png")
    np.save("in.npy", x.transpose(2, 0, 1))
    np.save("last.npy", x)
    for words in (["in.png"], ["in.npy"], ["last.npy", "--layout", "hwc"]):
        out = run("explain", "mode", *words).out.replace("\n  ", " ")
        assert "(1, 2, 3) twice, (5, 0, 0) once, (5, 4, 4) once; the commonest is (1, 2, 3)" in out
        assert "found at row 0, column 1\n" in out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("avg", "(10·100 + 20·200) / 300 = 5000 / 300 = 16.67, rounded half up to 17"),
        ("max", "max(10, 20) = 20, found at row 0, column 1"),
        ("min", "min(10, 20) = 10, found at row 0, column 0"),
        ("median", "sorted 10 20; the lower median (1st of 2) is 10, found at row 0, column 0"),
        ("gem --power 2", "((10^2·100 + 20^2·200) / 300)^(1/2) = 17.32, rounded half up to 17"),
        ("avg --channel 1", "(100 + 200 + 0 + 0) / 4 = 300 / 4 = 75"),
        ("avg --alpha channel", "(10 + 20 + 99 + 3) / 4 = 132 / 4 = 33"),
    ],
)
def test_invisible_pixels_have_no_vote(run: Run, words: str, told: str) -> None:
    Image.fromarray(np.array([[[10, 100], [20, 200]], [[99, 0], [3, 0]]], "u1")).save("in.png")
    out = run("explain", "in.png", *words.split()).out
    assert f"window 0,0: {told}\n" in out.replace("\n  ", " ")
    colour = "channel" not in words
    assert ("2 of 4 taps invisible (alpha 0): no vote\n" in out) is colour
    assert (":99::" in out.replace(" ", "")) is colour


def test_winner_is_visible(run: Run) -> None:
    Image.fromarray(np.array([[[20, 0], [10, 9]], [[20, 7], [10, 0]]], "u1")).save("in.png")
    assert "max(10, 20) = 20, found at row 1, column 0\n" in run("explain", "in.png").out
    assert "min(10, 20) = 10, found at row 0, column 1\n" in run("explain", "in.png", "min").out


def test_nothing_visible(run: Run) -> None:
    Image.fromarray(np.array([[[10, 0], [20, 0]]] * 2, "u1")).save("in.png")
    for name in ("max", "min", "avg", "median", "gem"):
        out = run("explain", "in.png", name).out
        assert "window 0,0: nothing is visible, so the result is 0\n" in out
    out = run("explain", "in.png", "mode").out.replace("\n  ", " ")
    assert "(0, 0) 4 times; the commonest is (0, 0), found at row 0, column 0\n" in out


def test_area_that_fits_whatever_the_window(here: Path) -> None:
    assert here.samefile(".")
    picture("L", 60, 70, 0)
    whole = read_map(Path("in.png"))
    for operation, area in {
        Operation("max", 2): (8, 12),
        Operation("max", 6, 2): (10, 12),
        Operation("max", 9): (18, 27),
        Operation("max", 20): (20, 20),
        Operation("max", 50): (8, 12),
        Operation("max", 3, 1, 1): (8, 12),
        Operation("max", size=1): (8, 12),
        Operation("max", size=20): (9, 14),
        Operation("max", 40, padding=20): (8, 12),
    }.items():
        assert default_area(Explanation(whole, operation)) == area


@pytest.mark.parametrize(
    "words", ["-k 40 -p 20", "-k 40", "-k 24 -s 1 -p 12", "--size 2x2", "-k 2"]
)
def test_drawing_fits_the_terminal_and_holds_the_window(run: Run, words: str) -> None:
    """Wide numbers leave room for few columns; a window that is asked for is drawn all the same."""
    values = np.arange(80 * 200, dtype="u2").reshape(80, 200) + 20000
    Image.fromarray(values).save("in.png")
    for place in ("0,0", "0,1", "1,1"):
        out = run("explain", "in.png", *words.split(), "--window", place).out
        assert f"window {place}: max(2" in out
        assert max(map(len, out.splitlines())) <= 80


def test_array_whose_width_looks_like_channels(run: Run) -> None:
    np.save("in.npy", np.zeros((5, 4, 3)))
    note = "poolcli: note: in.npy: the last axis of (5, 4, 3) was taken for the width; use --layout"
    assert run("explain", "in.npy").err.startswith(note)
    assert run("explain", "in.npy", "--layout", "hwc").err == ""
