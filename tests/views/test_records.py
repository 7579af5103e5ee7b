"""Studies as JSON: the numbers that the drawings show."""

import json
from pathlib import Path
from typing import Any

from poolcli.studies.number_map import CLASSIC
from tests.commands import Run
from tests.pictures import photo, read


def told(run: Run, *words: str | int) -> dict[str, Any]:
    done = run(*words)
    assert (done.code, done.err, done.out.count("\n")) == (0, "", 1)
    found: dict[str, Any] = json.loads(done.out)
    return found


def test_explanation_tells_map_windows_and_results(run: Run) -> None:
    found = told(run, "explain", "--json")
    assert found["map"] == {"row": 0, "column": 0, "values": [list(row) for row in CLASSIC]}
    assert found["result"] == [[6, 5], [9, 7]]
    assert found["windows"][1] == {
        "window": [0, 1], "rows": [0, 1], "columns": [2, 3], "result": 5, "winner": [1, 2]
    }  # fmt: skip
    assert (found["source"], found["operation"], found["kernel"]) == (None, "max", [2, 2])
    assert (found["input_shape"], found["output_shape"]) == ([4, 4], [2, 2])


def test_explanation_tells_padding_dilation_and_means(run: Run) -> None:
    words = ("-k", 2, "-s", 3, "-p", 1, "-d", 2)
    found = told(run, "explain", "avg", "--matrix", "1 2 3; 4 5 6; 7 8 9", *words, "--json")
    assert found["windows"] == [
        {"window": [0, 0], "rows": [-1, 1], "columns": [-1, 1], "result": 1.25, "winner": None}
    ]
    assert found["map"] == {"row": 1, "column": 1, "values": [[5]]}


def test_explanation_of_what_json_has_no_number_for(run: Run) -> None:
    found = told(run, "explain", "--matrix", "1 nan; -inf 3", "-k", "1x2", "--json")
    assert found["map"]["values"] == [[1, "nan"], ["-inf", 3]]
    assert found["result"] == [["nan"], [3]]


def test_explanation_and_figure(run: Run) -> None:
    assert told(run, "explain", "avg", "--save", "f.svg", "--json")["result"] == [[3.5, 2], [4, 3]]
    assert Path("f.svg").exists()


def test_explanation_of_a_part_of_a_picture(run: Run) -> None:
    photo("RGB", (40, 30)).save("a.png")
    words = ("a.png", "--channel", 1, "--at", "10,20", "--area", "4x4")
    found = told(run, "explain", *words, "--json")
    pixels = read("a.png")[1][10:14, 20:24, 1]
    assert found["map"] == {"row": 10, "column": 20, "values": pixels.tolist()}
    assert found["result"] == pixels.reshape(2, 2, 2, 2).max((1, 3)).tolist()
    row, column = found["windows"][3]["winner"]
    assert pixels[row - 10, column - 20] == found["windows"][3]["result"]
    assert found["source"] == "a.png"


def test_comparison_tells_every_pooling(run: Run) -> None:
    photo("RGB", (40, 30)).save("a.png")
    words = ("a.png", "sheet.png", "--kernels", "2,4x5", "--ops", "max,gem")
    found = told(run, "compare", *words, "--json")
    assert [
        (one["operation"], one["kernel"], one["power"], one["output_shape"])
        for one in found["poolings"]
    ] == [
        ("max", [2, 2], None, [3, 15, 20]),
        ("gem", [2, 2], 3.0, [3, 15, 20]),
        ("max", [4, 5], None, [3, 7, 8]),
        ("gem", [4, 5], 3.0, [3, 7, 8]),
    ]
    assert (found["source"], found["destination"]) == ("a.png", "sheet.png")
    assert found["input_shape"] == [3, 30, 40]
    assert found["output_shape"][1:] == list(read("sheet.png")[1].shape[:2])


def test_show_tells_the_shape_and_draws_nothing(run: Run) -> None:
    photo("LA", (4, 3)).save("a.png")
    assert told(run, "show", "a.png", "--json") == {
        "source": "a.png", "shape": [2, 3, 4], "mode": "LA", "dtype": "uint8"
    }  # fmt: skip
