"""Hidden sources, patterns that leave nothing, and paths kept below the destination."""

from pathlib import Path
from typing import Any

import pytest

from poolcli.errors import PathError, PictureError
from poolcli.jobs.paths.walk import FileFilter
from tests.plans import NOT_HIDDEN, pairs, plan, plant, touch


@pytest.fixture(autouse=True)
def _files(here: Path) -> None:
    assert here.samefile(".")
    plant()


@pytest.mark.parametrize(
    ("options", "hidden"),
    [
        ({}, 2),
        ({"hidden": True}, 0),
        ({"exclude": (".git",)}, 1),
        ({"include": ("*.JPG",)}, 0),
        ({"recursive": False}, 1),
    ],
)
def test_hidden_pictures_are_counted(options: dict[str, Any], hidden: int) -> None:
    touch("p/.git/config", "p/.DS_Store")
    assert plan("p", "out", selection=FileFilter(**options)).hidden == hidden


def test_hidden_source_that_is_named_is_taken() -> None:
    assert list(pairs(plan("p/.git", "p/.hidden.png", "out")).values()) == [
        "out/.hidden.png", "out/f.png"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("p", "out"), "^no picture in p matches --include nothing or --include no.*; use another"),
        (("p", "one.png", "out"), "^no picture in the 2 sources matches"),
        (("one.png", "out.png"), "^no picture in one.png matches"),
    ],
)
def test_include_that_matches_nothing_is_an_error(words: tuple[str, ...], told: str) -> None:
    with pytest.raises(PictureError, match=told):
        plan(*words, selection=FileFilter(include=("nothing", "no*")))


def test_file_left_out_by_exclude_is_an_error() -> None:
    with pytest.raises(PictureError, match=r"^one\.png is left out by --exclude"):
        plan("one.png", "out.png", selection=FileFilter(exclude=("one*",)))


@pytest.mark.parametrize(
    ("source", "destination"),
    [
        ("p/a.png", "out/p/a.png"),
        ("./p//b/./c.JPG", "out/p/b/c.JPG"),
        ("one.png", "out/one.png"),
        ("./one.png", "out/one.png"),
        ("p/.hidden.png", "out/p/.hidden.png"),
        (".dot/a.png", "out/.dot/a.png"),
    ],
)
def test_parents_keep_the_path(source: str, destination: str) -> None:
    touch(".dot/a.png")
    made = plan(source, "out", parents=True)
    ((task, error),) = made.tasks()
    assert (task.source, task.destination, error) == (Path(source), Path(destination), None)
    assert made.makes_folders


def test_parents_keep_whole_trees_and_absolute_paths(here: Path) -> None:
    made = plan("./p/b/", str(here / "one.png"), "out", parents=True, listed=True)
    below = here.relative_to(here.anchor).as_posix()
    wanted = {f"p/{name}": f"out/p/{name}" for name in NOT_HIDDEN}
    wanted[(here / "one.png").as_posix()] = f"out/{below}/one.png"
    assert pairs(made) == wanted


def test_parents_filter_by_the_path() -> None:
    some = FileFilter(exclude=("p/b/*",))
    assert pairs(plan("p/b/x.npy", "p/a.png", "out", parents=True, selection=some)) == {
        "p/a.png": "out/p/a.png"
    }


@pytest.mark.parametrize("source", ["../one.png", "p/../one.png", "p/b/.."])
def test_parents_never_lead_out_of_the_destination(source: str) -> None:
    with pytest.raises(PathError, match=r"leads out of DEST with --parents; give it without \.\."):
        plan(source, "out", parents=True)
