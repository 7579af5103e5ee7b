"""Missing values in what explain, compare and show tell."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, TiffImagePlugin

from poolcli.jobs.operation import Operation
from poolcli.studies.explanation import Explanation
from poolcli.studies.first_frame import FirstFrame
from poolcli.studies.number_map import NumberMap
from poolcli.views.arithmetic import arithmetic
from poolcli.views.drawing.to_rgb import to_rgb
from tests.commands import Run


@pytest.mark.parametrize(
    ("words", "lines"),
    [
        ("avg --skip 6", ["(1 + 3 + 4) / 3 = 8 / 3 = 2.67", "1 of 4 taps missing: no vote"]),
        ("max --skip 6", ["max(1, 3, 4) = 4, found at row 1, column 0", "1 of 4 taps missing"]),
        ("median --skip 1 --min-valid 0.75", ["sorted 3 4 6; the median (2nd of 3) is 4, found"]),
        ("min --skip 1 --min-valid 0.8", ["3 of 4 values are there, and a share of 0.8 has to be"]),
        ("mode --skip 1", ["3 once, 4 once, 6 once; tied, so the first one wins: 3, found at"]),
        ("avg --skip 3 -p 1", ["every value", "1 of 4", "3 of 4 taps in the padding: counted"]),
        ("sum --skip 1", ["3 + 4 + 6 = 13", "1 of 4 taps missing: no vote"]),
    ],
)
def test_missing_values_are_left_out_of_the_arithmetic(
    run: Run, words: str, lines: list[str]
) -> None:
    matrix = "3 9; 9 9" if "-p" in words else "1 3 2 1; 4 6 5 0"
    told = run("explain", *words.split(), "--matrix", matrix).out
    text = " ".join(told[told.index("window 0,0:") :].split())
    for line in lines:
        assert line in text


@pytest.mark.parametrize("name", ["avg", "median", "mode"])
def test_background_is_missing(name: str) -> None:
    explanation = Explanation(
        NumberMap.of(np.array([[0, 0], [0, 5]])), Operation(name, 2, sparse=True)
    )
    assert explanation.result.tolist() == [[5]]
    first, second = arithmetic(explanation, (0, 0))
    assert " 5" in first
    assert second == "3 of 4 taps missing: no vote"


def test_missing_values_are_marked_and_never_win(run: Run) -> None:
    out = run("explain", "max", "--skip", 6, "--matrix", "6 3; 1 2").out
    assert ":6:" in out
    assert out.endswith("[ ] winner   : : missing\n")
    told = json.loads(run("explain", "max", "--skip", 6, "--matrix", "6 6; 6 6", "--json").out)
    assert (told["windows"][0]["winner"], told["skip"]) == (None, 6)
    run("explain", "max", "--skip", 6, "--matrix", "6 3; 1 2", "--save", "a.svg")
    assert ">missing<" in Path("a.svg").read_text(encoding="utf-8")


def test_what_a_file_states_is_missing_as_it_is_when_pooled(run: Run) -> None:
    tags = TiffImagePlugin.ImageFileDirectory_v2()
    tags[42113] = "-9999"
    x = np.array([[-9999, 2], [4, 6]], np.float32)
    Image.fromarray(x).save("a.tif", tiffinfo=tags)
    note = "poolcli: note: a.tif: its no-data value -9999 had no vote; --skip none lets it count\n"
    told = run("explain", "a.tif", "avg")
    assert "(2 + 4 + 6) / 3 = 12 / 3 = 4" in told.out
    assert told.err == note
    assert "/ 4 = " in run("explain", "a.tif", "avg", "--skip", "none").out
    told = run("compare", "a.tif", "b.png", "-k", 1, "--json")
    assert told.err == note
    assert json.loads(told.out)["poolings"][0]["skip"] is None


def test_a_stated_value_takes_no_part_of_the_scale() -> None:
    x = np.array([[[-9999], [2], [4]]], np.float32)
    assert to_rgb(FirstFrame(x, "F", stated_nodata="-9999"))[0, :, 0].tolist() == [0, 0, 255]


def test_alpha_tells_what_is_missing_alone(run: Run) -> None:
    Image.new("RGBA", (2, 2), (5, 6, 7, 0)).save("a.png")
    for words in (("explain", "a.png", "avg"), ("compare", "a.png", "b.png", "-k", 1)):
        assert "use --alpha channel to skip a value" in run(*words, "--skip", 5).failure


def test_only_files_state_values(run: Run) -> None:
    assert "for files that state such a value" in run("explain", "--skip", "nodata").failure
