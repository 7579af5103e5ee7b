"""poolcli explain: the tutorials' figures in the terminal and as files, read back."""

from pathlib import Path

import numpy as np
import pytest

from poolcli.jobs.operation import Operation
from poolcli.studies.explanation import Explanation
from poolcli.studies.number_map import classic_map
from poolcli.views.wording import number_text
from tests.commands import Outcome, Run, Shell, Word
from tests.pictures import Photo, read

CLASSIC = """Max pooling, kernel 2, stride 2: 4×4 → 2×2

     0  1   2  3
   ┏━━━━━━┱──────┐     ┏━━━┱───┐
0  ┃ 1  3 ┃ 2  1 │     ┃ 6 ┃ 5 │
1  ┃ 4 [6]┃[5] 0 │     ┡━━━╃───┤
   ┡━━━━━━╃──────┤  →  │ 9 │ 7 │
2  │ 3  3 │ 1  2 │     └───┴───┘
3  │ 1 [9]│ 2 [7]│
   └──────┴──────┘

window 0,0: max(1, 3, 4, 6) = 6, found at row 1, column 1

[ ] winner
"""


def test_the_classic_map(run: Run) -> None:
    assert run("explain") == Outcome(0, CLASSIC, "")
    assert run("explain", "max", "-k", 2, "-s", 2) == Outcome(0, CLASSIC, "")


def test_the_classic_map_in_ascii(shell: Shell) -> None:
    done = shell("explain", env={"PYTHONIOENCODING": "ascii"})
    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines()[3:9] == [
        "   +------+------+     +---+---+",
        "0  | 1  3 | 2  1 |     | 6 | 5 |",
        "1  | 4 [6]|[5] 0 |     +---+---+",
        "   +------+------+ ->  | 9 | 7 |",
        "2  | 3  3 | 1  2 |     +---+---+",
        "3  | 1 [9]| 2 [7]|",
    ]


@pytest.mark.parametrize(
    ("words", "result", "told"),
    [
        ("max", [[6, 5], [9, 7]], "max(1, 3, 4, 6) = 6, found at row 1, column 1"),
        ("min", [[1, 0], [1, 1]], "min(1, 3, 4, 6) = 1, found at row 0, column 0"),
        ("avg", [[3.5, 2], [4, 3]], "(1 + 3 + 4 + 6) / 4 = 14 / 4 = 3.5"),
        ("avg --divisor 2", [[7, 4], [8, 6]], "(1 + 3 + 4 + 6) / 2 = 14 / 2 = 7"),
        (
            "median",
            [[3, 1], [3, 2]],
            "sorted 1 3 4 6; the lower median (2nd of 4) is 3, found at row 0, column 1",
        ),
        (
            "mode --window 1,0",
            [[1, 2], [3, 2]],
            "3 twice, 1 once, 9 once; the commonest is 3, found at row 2, column 0",
        ),
        ("gem --power 2", [[3.94, 2.74], [5, 3.81]], "((1^2 + 3^2 + 4^2 + 6^2) / 4)^(1/2) = 3.94"),
        ("avg --global", [[3.125]], "/ 16 = 50 / 16 = 3.125"),
        ("max --size 2", [[6, 5], [9, 7]], "max(1, 3, 4, 6) = 6, found at row 1, column 1"),
    ],
)
def test_every_operation(run: Run, words: str, result: list[list[float]], told: str) -> None:
    name, *options = words.split()
    done = run("explain", name, *options)
    assert (done.code, done.err) == (0, "")
    flat = " ".join(done.out.split())
    assert told in flat
    for value in np.ravel(result):
        assert f" {number_text(value)} " in done.out


def test_every_operation_differs_on_the_classic_map() -> None:
    for at in ((0, 0), (0, 1), (1, 0), (1, 1)):
        results = [
            float(Explanation(classic_map(), Operation(name, (2, 2))).result[at])
            for name in ("max", "avg", "min", "median")
        ]
        assert len(set(results)) == 4


FIVE = "1 2 3 4 5; 6 7 8 9 1; 2 3 4 5 6; 7 8 9 1 2; 3 4 5 6 7"


def test_ceil_mode_on_and_off(run: Run) -> None:
    off = run("explain", "--matrix", FIVE, "-k", 3).out
    assert off.startswith("Max pooling, kernel 3, stride 3: 5×5 → 1×1\n")
    assert "2 rows and 2 columns unused: in no window\n" in off
    assert "╳" not in off
    on = run("explain", "--matrix", FIVE, "-k", 3, "--ceil", "--window", "1,1").out
    assert on.startswith("Max pooling, kernel 3, stride 3, ceil mode: 5×5 → 2×2\n")
    grid, _, rest = on.partition("\n\nwindow")
    assert grid.count("╳") == 11
    assert "1,1: max(1, 2, 6, 7) = 7, found at row 4, column 4" in rest
    assert "5 of 9 taps in the overhang: ignored\n" in rest


def test_holes_of_dilation(run: Run) -> None:
    out = run("explain", "--matrix", FIVE, "-k", 2, "-d", 3, "-s", 1).out
    assert out.startswith("Max pooling, kernel 2, stride 1, dilation 3: 5×5 → 2×2\n")
    assert " 1 ~2~~3~ 4 " in out
    assert "~6~~7~~8~~9~" in out
    assert "window 0,0: max(1, 4, 7, 1) = 7, found at row 3, column 0\n" in out
    assert "4 windows begin at rows 0, 1 and at columns 0, 1\n" in out
    assert "~ ~ dilation hole" in out


@pytest.mark.parametrize(
    ("words", "told", "note"),
    [
        ("max", "max(2, 9, 1, 3) = 9", "ignored"),
        ("avg", "(2 + 9 + 1 + 3) / 9 = 15 / 9 = 1.67", "counted as zeros"),
        ("avg --exclude-pad", "(2 + 9 + 1 + 3) / 4 = 15 / 4 = 3.75", "not counted"),
        ("avg --divisor 5", "(2 + 9 + 1 + 3) / 5 = 15 / 5 = 3", "adding nothing to the sum"),
    ],
)
def test_padding(run: Run, words: str, told: str, note: str) -> None:
    done = run("explain", *words.split(), "--matrix", "2 9; 1 3", "-k", 3, "-p", 1, "-s", 1)
    drawn = done.out.split("window 0,0")[0]
    assert (drawn.count("░0░"), drawn.count(" ░ ")) == ((12, 0) if words == "avg" else (0, 12))
    assert told in done.out
    assert f"5 of 9 taps in the padding: {note}\n" in done.out


def test_overlapping_windows(run: Run) -> None:
    out = run("explain", "median", "-k", 3, "-s", 1, "--window", "1,1").out
    assert "     ▾   ▾\n" in out
    assert "1▸ " in out
    assert "[ ] winner   ( ) winner of another window\n" in out
    line = run("explain", "--matrix", "1 2 3", "-k", "1x2", "-s", 1).out
    assert "2 windows begin at row 0 and at columns 0, 1\n" in line


def test_window_without_any_tap(run: Run) -> None:
    words: list[Word] = ["--matrix", "5", "-k", 2, "-p", 1, "-d", 2, "-s", 1]
    out = run("explain", *words).out
    assert "window 0,0: every tap lies outside the map, so the result is −∞\n" in out


def test_sources(run: Run, photo: Photo, here: Path) -> None:
    (here / "map.csv").write_text("1,2.5\n-3,4\n", encoding="utf-8-sig")
    np.save("map.npy", np.arange(24).reshape(2, 3, 4))
    photo("RGB", (40, 30)).save("photo.png")
    assert "max(1, 2.5, −3, 4) = 4" in run("explain", "map.csv").out
    second = run("explain", "map.npy", "min", "--channel", 1).out
    assert "map.npy, channel 1, rows 0 to 2, columns 0 to 3\n" in second
    assert "min(12, 13, 16, 17) = 12, found at row 0, column 0" in second
    assert "1 row unused: in no window" in second
    pixels = read("photo.png")[1]
    words: list[Word] = [
        "explain",
        "photo.png",
        "avg",
        "--at",
        "20,10",
        "--area",
        "2x4",
        "--channel",
        1,
    ]
    third = run(*words, "--window", "10,6").out
    four = [int(value) for value in pixels[20:22, 12:14, 1].ravel()]
    assert "photo.png, green, rows 20 to 21, columns 10 to 13\n" in third
    assert f"({' + '.join(map(str, four))}) / 4 = {sum(four)} / 4" in third


@pytest.mark.parametrize("columns", [40, 60, 80, 120])
def test_width_of_the_terminal(
    source: Path, run: Run, monkeypatch: pytest.MonkeyPatch, columns: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    done = run("explain", source, "-k", 3, "-s", 2)
    assert max(map(len, done.out.splitlines())) <= columns


COLOURED = {"FORCE_COLOR": "1", "COLORTERM": "truecolor", "TERM": "xterm-256color"}


def test_colours(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def out(**env: str) -> str:
        with monkeypatch.context() as coloured:
            for name, value in (COLOURED | env).items():
                coloured.setenv(name, value)
            return run("explain").out

    assert "\x1b[1;38;2;26;26;26;48;2;255;176;0m[6]" in out()
    assert "\x1b[30;46m 2 " in out(COLORTERM="", TERM="xterm")
    # rich keeps bold and dim without colours; neither tells anything.
    assert "8;2;" not in out(NO_COLOR="1")
    assert "8;2;" not in out(TERM="dumb")
    assert "\x1b" not in run("explain").out


@pytest.mark.parametrize(
    ("words", "code", "complaint"),
    [
        ("max avg", 2, "max and avg are two operations; give one"),
        (
            "a.png b.png",
            2,
            "a.png and b.png are too many sources; give one, and an operation: max,",
        ),
        ("a.png --matrix 1", 2, "a.png and --matrix are too many sources; give one, and an"),
        ("missing.png", 1, "missing.png: no such file or folder; check the name"),
        ("missing.npy", 1, "missing.npy: no such file or folder; check the name"),
        (
            "--matrix 1,2;3",
            2,
            "--matrix row 1 has 2 cells and row 2 has 1 cell; give rows of equal",
        ),
        ("--matrix 1,x", 2, "--matrix row 1, column 2: 'x' is not a number"),
        ("--window 5,0", 2, "--window 5,0 is not among the 2×2 windows; use 0,0 to 1,1"),
        ("--window 5", 2, "'5' is not a position; use ROW,COL, as in 0,3"),
        ("--at 4,0", 1, "row 4, column 0 is outside 4 rows and 4 columns; use 0,0 to 3,3"),
        ("-k 5", 1, "kernel 5 is taller than the image (4 rows)"),
        ("-k 2 -p 2", 2, "padding 2 is not between 0 and half the kernel"),
        ("max --divisor 2", 2, "--divisor is for avg, not for max; leave it out"),
        ("min --exclude-pad", 2, "--exclude-pad is for avg and gem, not for min; leave it out"),
        (
            "--save f.tif",
            2,
            "f.tif: a figure is .svg, .png or .html, and a film .gif, .webp or .png",
        ),
        ("--save no/f.svg", 1, "no/f.svg: no such file or folder; check the name"),
    ],
)
def test_wrong_words(run: Run, words: str, code: int, complaint: str) -> None:
    done = run("explain", *words.split())
    assert done.code == code
    assert complaint in done.failure


def test_files_that_hold_no_map(run: Run, photo: Photo, here: Path) -> None:
    photo("RGB").save("photo.png")
    photo("L").save("grey.png")
    np.save("line.npy", np.arange(3))
    np.save("complex.npy", np.ones((2, 2), "c8"))
    for name, content in {"a": b"1,2\n3\n", "b": b"", "c": b"1,two\n", "d": b"\xff\xfe1"}.items():
        (here / f"{name}.csv").write_bytes(content)
    for words, complaint in {
        "photo.png --channel 3": "photo.png: has 3 channels; use --channel 0 to 2",
        "grey.png --channel 1": "grey.png: has 1 channel; use --channel 0",
        "line.npy": "line.npy: has shape (3,); use an array of 2 or more axes",
        "complex.npy": "complex.npy: holds complex64; use integers, booleans or floats",
        "a.csv": "a.csv: row 1 has 2 cells and row 2 has 1 cell; give rows of equal length",
        "b.csv": "b.csv: holds no numbers; give rows of numbers, as in 1 3; 2 9",
        "c.csv": "c.csv: row 1, column 2: 'two' is not a number; "
        "give one, or leave the cell empty for nan",
        "d.csv": "d.csv: is not UTF-8 text; give numbers separated by commas",
    }.items():
        assert run("explain", *words.split()) == Outcome(1, "", f"poolcli: {complaint}\n")
