"""poolcli explain on .csv files, in the dialects that spreadsheets and libraries write."""

from pathlib import Path

import numpy as np
import pytest

from poolcli.media.number_maps import parse_map, read_csv_map
from tests.commands import Run
from tests.oracle import Array

nan = np.nan


def table(content: bytes | str) -> Array:
    Path("map.csv").write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_csv_map(Path("map.csv")).values


@pytest.mark.parametrize(
    ("content", "want"),
    [
        ("1,2\n3,4\n", [[1, 2], [3, 4]]),
        ("1, 2\r\n3 ,4", [[1, 2], [3, 4]]),
        ("1;2\n3;4", [[1, 2], [3, 4]]),
        ("1\t2\n3\t4", [[1, 2], [3, 4]]),
        ("1 2\n 3   4 \n", [[1, 2], [3, 4]]),
        ("1.5e+00 -2\n3 4\n", [[1.5, -2], [3, 4]]),
        ("1,5;2,5\n-3;,5", [[1.5, 2.5], [-3, 0.5]]),
        ("1,5\t2,5e-1\n3\t4", [[1.5, 0.25], [3, 4]]),
        ('"1,5";"2"\n"3";4', [[1.5, 2], [3, 4]]),
        ('"1","2.5"\n3,"4"', [[1, 2.5], [3, 4]]),
        ("1\n2\n", [[1], [2]]),
        ("sep=;\n1;2\n", [[1, 2]]),
        ("# two columns\n1 2\n", [[1, 2]]),
        ("\n1,2\n\n3,4\n", [[1, 2], [3, 4]]),
        ("\ufeff1,\N{MINUS SIGN}2", [[1, -2]]),
        ("1\t2\n3\t4".encode("utf-16"), [[1, 2], [3, 4]]),
    ],
)
def test_dialect(here: Path, content: bytes | str, want: list[list[float]]) -> None:
    assert here.samefile(".")
    assert table(content).tolist() == want


@pytest.mark.parametrize(
    ("content", "want"),
    [
        ("1,,3\n4,5,6", [[1, nan, 3], [4, 5, 6]]),
        (",2\n3,\n", [[nan, 2], [3, nan]]),
        ("1;;3\n;;", [[1, nan, 3], [nan, nan, nan]]),
        ("1\t\t3", [[1, nan, 3]]),
        ('"",2\n" ",4', [[nan, 2], [nan, 4]]),
        ("nan,2", [[nan, 2]]),
    ],
)
def test_empty_cell_is_nan_and_its_column_stays(
    here: Path, content: str, want: list[list[float]]
) -> None:
    assert here.samefile(".")
    np.testing.assert_equal(table(content), np.array(want))


def test_nothing_between_commas_of_a_matrix_is_nan(run: Run) -> None:
    np.testing.assert_equal(parse_map("1, ,3; 2 9 4"), np.array([[1, nan, 3], [2, 9, 4]]))
    out = run("explain", "avg", "--matrix", "1,,3;4,5,6").out
    assert "window 0,0: (1 + nan + 4 + 5) / 4 = nan / 4 = nan\n" in out
    out = run("explain", "max", "--matrix", "1,,3;4,5,6").out
    assert "max(1, nan, 4, 5) = nan, found at row 0, column 1\n" in out
    out = run("explain", "median", "--matrix", "1,,3;4,5,6").out
    assert "one of 1 nan 4 5 is nan, and so is the median, found at row 0" in out
    out = run("explain", "mode", "--matrix", ",;4,5").out
    assert "nan twice, 4 once, 5 once; the commonest is nan, found at row 0" in out


def test_header_row_is_left_out_with_a_note(run: Run, here: Path) -> None:
    for content in ("left;right\n1,5;2\n3;4\n", '"left","right"\n1.5,2\n3,4\n'):
        (here / "map.csv").write_text(content)
        done = run("explain", "map.csv")
        assert done.err == "poolcli: note: map.csv: header row left out: left, right\n"
        assert "max(1.5, 2, 3, 4) = 4, found at row 1, column 1" in done.out


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("a,b\n1,2\n3,4x\n", "row 3, column 2: '4x' is not a number; give one, or leave the"),
        ("x,1\ny,2\n", "row 1, column 1: 'x' is not a number"),
        ("1,2\na,b\n", "row 2, column 1: 'a' is not a number"),
        ("\n1,2\n\n3\n", "row 2 has 2 cells and row 4 has 1 cell; give rows of equal length"),
        ('"1,5","2"\n', "row 1, column 1: '1,5' is not a number"),
        ("1,5 2,5\n", "row 1, column 2: '5 2' is not a number"),
        ("1.234,5;2\n", "row 1, column 1: '1.234,5' is not a number"),
        ("1,5;2\n3;4.5\n", "row 1, column 1: '1,5' has a comma and '4.5' in row 2, column 2 a"),
        ("1_000,2\n", "row 1, column 1: '1_000' is not a number"),
        ('1,"2\n3,4\n', "row 2: unexpected end of data; close every quotation mark"),
        (",,\n,,\n", "holds no numbers; give rows of numbers, as in 1 3; 2 9"),
        ("a,b\n", "row 1, column 1: 'a' is not a number"),
    ],
)
def test_complaint_names_row_and_column(run: Run, here: Path, content: str, complaint: str) -> None:
    (here / "map.csv").write_text(content)
    assert run("explain", "map.csv").failure.startswith(f"map.csv: {complaint}")
