"""Results as JSON: what was done, with all parameters, and null for what is not known."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.commands import Run
from tests.folders import fill


def records(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_json(here: Path, run: Run) -> None:
    fill(here / "p", 3)
    (here / "p/bad.png").write_bytes(b"no picture")
    done = run("max", "p", "out", "-k", 3, "--json")
    told = records(done.out)
    assert [each["source"] for each in told] == [
        "p/00000.png",
        "p/a/00001.png",
        "p/a/b/00002.png",
        "p/bad.png",
    ]
    seconds = told[0].pop("seconds")
    assert seconds >= 0
    assert told[0] == {
        "source": "p/00000.png", "destination": "out/00000.png", "operation": "max",
        "kernel": [3, 3], "stride": [3, 3], "padding": [0, 0], "dilation": [1, 1],
        "ceil_mode": False, "size": None, "count_include_pad": None, "divisor_override": None,
        "power": None, "axes": None, "quantile": None, "skip": None, "min_valid": None,
        "sparse": None,
        "input_shape": [3, 8, 8], "output_shape": [3, 2, 2], "unused": [2, 2], "frames": 1,
        "dtype": "uint8", "notes": [], "skipped": None, "error": None,
    }  # fmt: skip
    assert told[3]["error"] == "p/bad.png: is not a picture in a format that can be read"
    again = run("max", "p", "out", "-k", 3, "--json", "--skip-existing", "-q")
    assert [each["skipped"] for each in records(again.out)] == ["exists"] * 3 + [None]
    assert again.err == "poolcli: p/bad.png: is not a picture in a format that can be read\n"
    single = run("max", "p/bad.png", "o.png", "-k", 3, "--json")
    assert (single.code, records(single.out)[0]["error"]) == (1, told[3]["error"])
    assert single.err == f"poolcli: {told[3]['error']}\n"


@pytest.mark.parametrize(
    ("words", "known"),
    [
        ("avg -k 3x2 -s 2 -p 1 -d 1 --ceil --exclude-pad --divisor 5", {
            "kernel": [3, 2], "stride": [2, 2], "padding": [1, 1], "dilation": [1, 1],
            "ceil_mode": True, "count_include_pad": False, "divisor_override": 5,
            "sparse": False,
        }),
        ("gem --size 2x3 --power inf", {
            "size": [2, 3], "count_include_pad": True, "power": "inf",
        }),
        ("median --global --sparse --min-valid 0.5", {
            "size": [1, 1], "sparse": True, "min_valid": 0.5,
        }),
        ("min --global --skip nan", {"size": [1, 1], "skip": "nan"}),
    ],
)  # fmt: skip
def test_json_tells_the_parameters(run: Run, here: Path, words: str, known: dict[str, Any]) -> None:
    fill(here / "p", 1)
    name, *options = words.split()
    (told,) = records(run(name, "p", "out", *options, "--json").out)
    asked = list(told)[list(told).index("kernel") : list(told).index("input_shape")]
    assert {key: told[key] for key in asked if told[key] is not None} == known


def test_json_is_null_where_nothing_is_known(run: Run, here: Path) -> None:
    fill(here / "p", 1)
    (told,) = records(run("max", "p", "out", "-k", 2, "--json", "-n").out)
    assert (told["input_shape"], told["output_shape"]) == ([3, 8, 8], [3, 4, 4])
    assert [key for key in ("dtype", "frames", "seconds") if told[key] is not None] == []
    told = records(run("max", "missing.png", "o.png", "-k", 2, "--json").out)[0]
    unknown = ("input_shape", "output_shape", "unused", "frames", "dtype", "seconds")
    assert [told[key] for key in unknown] == [None] * 6
