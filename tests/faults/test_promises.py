"""The numbers in the README's promises are those of the code."""

from pathlib import Path

import pytest

from poolcli.cli import file_list
from poolcli.jobs import journal, limits
from poolcli.media import files, indices_file, number_maps
from poolcli.media.options import MAX_PIXELS
from poolcli.media.pillow.reading import frame_reader
from poolcli.studies import shown_part

TEXT = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
PROMISES = TEXT.partition("## What poolcli promises")[2].partition("\n## ")[0]


@pytest.mark.parametrize(
    ("row", "numbers"),
    [
        ("pixels of a picture", [frame_reader._MIN_FRAME_PIXELS, f"{MAX_PIXELS:,}"]),
        ("rows and columns together", [f"{limits._MOST_ROWS:,}"]),
        (
            "values that `explain` draws",
            [f"{shown_part._MOST_DRAWN:,}", f"{shown_part._MOST_READ:,}"],
        ),
        ("names in `--files-from`", [f"{file_list._MOST_NAMES:,}", f"{file_list._MOST_BYTES:,}"]),
        ("bytes of a `.csv`", [f"{number_maps._MAX_BYTES:,}", f"{journal._LONGEST:,}"]),
        ("bytes of a `.csv`", [f"{files.MOST_PIPED_BYTES:,}"]),
    ],
)
def test_a_limit_is_as_told(row: str, numbers: list[object]) -> None:
    (line,) = [line for line in PROMISES.splitlines() if line.startswith(f"| {row}")]
    for number in numbers:
        assert str(number) in line


def test_four_times_is_four_times() -> None:
    assert (indices_file._MOST_CHANNELS, limits._AROUND) == (4, 4)
    assert PROMISES.count("four times") == 2
