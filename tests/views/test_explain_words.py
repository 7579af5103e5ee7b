"""The sentences of poolcli explain: of long windows, of signs, of ties, of parts of a file."""

import re
from itertools import product
from math import inf, nan
from typing import Any

import numpy as np
import pytest

from poolcli.jobs.operation import Operation
from poolcli.studies.explanation import Explanation
from poolcli.studies.number_map import NumberMap
from poolcli.studies.shown_part import default_area
from poolcli.views.arithmetic import arithmetic
from tests.commands import Run
from tests.pictures import Photo, read


def told(values: Any, name: str, at: tuple[int, int] = (0, 0), **numbers: Any) -> list[str]:
    """The lines about one window; of the whole map, unless there is a kernel."""
    x = np.asarray(values)
    numbers = numbers if "kernel" in numbers else {"kernel": x.shape, **numbers}
    return arithmetic(Explanation(NumberMap.of(x), Operation(name, **numbers)), at)


def test_up_to_24_taps_are_written_out_and_of_more_the_first_ones() -> None:
    all_of_them = ", ".join(map(str, range(24)))
    assert told(np.arange(24).reshape(4, 6), "max")[0].startswith(
        f"window 0,0: max({all_of_them}) = 23, found at"
    )
    some = ", ".join(map(str, range(22)))
    assert f"max({some}, … 8 more) = 29" in told(np.arange(30).reshape(5, 6), "max")[0]


@pytest.mark.parametrize(
    ("values", "divisor", "end"),
    [
        ([[1, 2]], None, "(1 + 2) / 2 = 3 / 2 = 1.5, rounded half up to 2"),
        ([[1, 3]], None, "(1 + 3) / 2 = 4 / 2 = 2"),
        ([[200, 200]], 1, "(200 + 200) / 1 = 400 / 1 = 400, clipped to 255"),
        ([[200, 200]], -1, "(200 + 200) / -1 = 400 / -1 = −400, clipped to 0"),
    ],
)
def test_what_is_rounded_and_what_is_clipped(values: Any, divisor: Any, end: str) -> None:
    x = np.array(values, np.uint8)
    assert told(x, "avg", divisor_override=divisor)[0].endswith(end)


def test_negative_terms_of_a_sum_stand_in_brackets() -> None:
    assert "((−1) + 3 + (−0.5)) / 3 = 1.5 / 3 = 0.5" in told([[-1.0, 3, -0.5]], "avg")[0]
    assert "max(−1, 3, −0.5) = 3" in told([[-1.0, 3, -0.5]], "max")[0]


@pytest.mark.parametrize(
    ("count", "place"),
    [(1, "1st"), (3, "2nd"), (5, "3rd"), (23, "12th"), (41, "21st"), (221, "111th")],
)
def test_the_place_of_a_median(count: int, place: str) -> None:
    assert f"the median ({place} of {count}) is " in told([range(count)], "median")[0]


def test_the_commonest_and_ties() -> None:
    assert told([[5, 1, 5]], "mode")[0].startswith(
        "window 0,0: 5 twice, 1 once; the commonest is 5"
    )
    assert "2 once, 1 once; tied, so the first one wins: 2" in told([[2, 1]], "mode")[0]
    eight, nine = (told([range(count)], "mode")[0] for count in (8, 9))
    assert "7 once; tied" in eight
    assert "6 once, …; tied" in nine


@pytest.mark.parametrize(
    ("values", "power", "end"),
    [
        ([[2, 4]], inf, " = 4"),
        ([[2, 4]], -inf, " = 2"),
        ([[0, 4]], -1.0, " = 0"),
        ([[3, 4]], 2.0, " = 3.54, rounded half up to 4"),
        ([[-1.0, 3.0]], 2.5, " = nan"),
        ([[-3.0, 3.0]], 3.0, " = 0"),
        ([[1e300, 1e300]], 900.0, " = 1e+300"),
    ],
)
def test_powers_of_all_kinds(values: Any, power: float, end: str) -> None:
    assert told(values, "gem", power=power)[0].endswith(end)


def test_the_last_nan_is_the_winner() -> None:
    x = np.array([[nan, 1], [nan, 2]])
    for name in ("max", "min", "median"):
        assert Explanation(NumberMap.of(x), Operation(name, 2)).winner((0, 0)) == (1, 0)


def test_a_corner_in_padding_and_overhang_is_overhang() -> None:
    """Rows end in a window's overhang, columns begin in its padding."""
    x = np.ones((4, 3))
    operation = Operation("avg", 3, 2, 1, ceil_mode=True)
    explanation = Explanation(NumberMap.of(x), operation)
    assert [explanation.kind(row, -1) for row in (-1, 0, 3, 4, 5)] == [
        "padding", "padding", "padding", "padding", "overhang",
    ]  # fmt: skip
    lines = arithmetic(explanation, (2, 0))
    assert [line.partition(":")[0] for line in lines[1:]] == [
        "4 of 9 taps in the padding", "3 of 9 taps in the overhang",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("operation", "area"),
    [
        (Operation("max", 3, 2), (9, 13)),
        (Operation("max", 3, 1, 1), (8, 12)),
        (Operation("max", (2, 5), (4, 5), dilation=(3, 1)), (12, 15)),
        (Operation("max", size=(20, 3)), (15, 12)),
    ],
)
def test_three_windows_or_more_are_shown_and_nothing_unused(
    operation: Operation, area: tuple[int, int]
) -> None:
    assert default_area(Explanation(NumberMap.of(np.zeros((100, 100))), operation)) == area
    assert default_area(Explanation(NumberMap.of(np.zeros((99, 99))), Operation("max", 20))) == (
        20, 20,
    )  # fmt: skip
    if operation.size is None:
        down, across = operation.stages(area)
        assert (down.unused, across.unused) == (0, 0) or operation.dilation != (1, 1)
        assert min(down.size, across.size) >= 3
    assert default_area(Explanation(NumberMap.of(np.zeros((12, 16))), operation)) == (12, 16)


def test_places_are_those_in_the_whole_file(run: Run, photo: Photo) -> None:
    """Of a part that begins at row 100: its rulers, its windows, its winner."""
    photo("L", (1200, 120)).point(lambda value: value % 8).save("in.png")
    words = ["explain", "in.png", "max", "-k", "2", "-s", "1", "--at", "100,1007", "--area", "3x9"]
    lines = run(*words).out.splitlines()
    assert lines[3].split() == [str(column) for column in range(1007, 1016)]
    rows = [line[:3] for line in lines if line[:3].isdigit()]
    assert rows == ["100", "101", "102", "100", "101"]
    flat = " ".join(" ".join(lines).split())
    starts = "rows 100, 101 and at columns 1007, 1008, 1009, 1010, …, 1014"
    assert f" windows begin at {starts}" in flat
    winner = re.search(r"found at row (\d+), column (\d+)", flat)
    assert winner is not None
    assert (winner[1], winner[2]) in product(("100", "101"), ("1007", "1008"))


def test_what_is_in_no_window_is_written_but_not_coloured(run: Run) -> None:
    out = run("explain", "--matrix", "1 2 3; 4 5 6; 7 8 9", "-k", 2).out
    assert "1 row and 1 column unused: in no window" in out
    for number in "36789":
        assert f" {number} " in out
    assert "│ 3 │" not in out


@pytest.mark.parametrize("suffix", ["csv", "tsv", "txt", "CSV"])
def test_numbers_of_a_text_by_its_name(run: Run, here: Any, suffix: str) -> None:
    (here / f"map.{suffix}").write_text("1\t3\n5\t9\n" if suffix != "csv" else "1,3\n5,9\n")
    assert "max(1, 3, 5, 9) = 9" in run("explain", f"map.{suffix}").out


@pytest.mark.parametrize(
    ("mode", "names"),
    [
        ("L", ["grey"]),
        ("LA", ["grey", "alpha"]),
        ("RGBA", ["red", "green", "blue", "alpha"]),
        ("CMYK", ["cyan", "magenta", "yellow", "black"]),
        ("LAB", ["channel 0", "channel 1", "channel 2"]),
    ],
)
def test_a_channel_is_called_by_its_name(
    run: Run, photo: Photo, mode: str, names: list[str]
) -> None:
    photo(mode).save("in.tif")
    for number, name in enumerate(names):
        out = run("explain", "in.tif", "-k", 2, "--channel", number).out
        assert f"in.tif, {name}, rows 0 to" in " ".join(out.split())
        first = read("in.tif")[1][0, 0, number]
        assert f"window 0,0: max({first}, " in out
