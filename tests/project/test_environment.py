"""The tests' own ground: they see one environment, and ask programs who they are."""

import os
import sys
from pathlib import Path

import pytest

from tests import programs
from tests.commands import posix
from tests.environment import STANDARD, unwanted

ODD = {"NO_COLOR": "1", "PILLOW_BLOCK_SIZE": "16m", "PYTHONHASHSEED": "1", "LC_ALL": "C"}


def test_variables_of_whoever_runs_the_tests_are_not_seen() -> None:
    assert unwanted() == []
    assert {name: os.environ.get(name) for name in STANDARD} == STANDARD
    assert os.environ.get("PATH")


@pytest.mark.parametrize("name", ODD)
def test_variables_that_change_results_are_unwanted(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, ODD[name])
    assert unwanted() == [name]


@posix
@pytest.mark.parametrize(
    ("text", "skipped"), [("Version: ImageMagick 6.9", False), ("a program of my own", True)]
)
def test_a_program_is_known_by_what_it_says(
    here: Path, monkeypatch: pytest.MonkeyPatch, text: str, skipped: bool
) -> None:
    (here / "convert").write_text(f"#!{sys.executable}\nprint({text!r})\n")
    (here / "convert").chmod(0o755)
    monkeypatch.setenv("PATH", str(here))
    mark = programs.needs("ImageMagick", "convert", "-version", "^Version: ImageMagick ")
    assert mark.args == (skipped,)


def test_a_program_that_is_not_there_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert programs.needs("Netpbm", "pnmtopng", "-version", "Netpbm").args == (True,)
