"""SOURCES... DEST as cp has it."""

import os
import sys
import tracemalloc
from pathlib import Path
from typing import Any

import pytest

from poolcli.errors import PathError
from poolcli.jobs.paths.walk import FileFilter, walk
from poolcli.jobs.plan import RunPlan
from tests.commands import posix
from tests.plans import NOT_HIDDEN, TREE, pairs, plan, plant, slashed, touch


@pytest.fixture(autouse=True)
def _files(here: Path) -> None:
    assert here.samefile(".")
    plant()


@pytest.mark.parametrize("there", [True, False])
@pytest.mark.parametrize(
    "words", [("p", "out"), ("p/", "out/"), ("./p", "./out"), ("p", "q/../out")]
)
def test_a_tree(words: tuple[str, str], there: bool) -> None:
    Path("q").mkdir()
    if there:
        Path("out").mkdir()
    made = plan(*words)
    got = {os.path.normpath(a): os.path.normpath(b) for a, b in pairs(made).items()}
    assert got == {os.path.normpath(a): os.path.normpath(f"out/{b}") for a, b in TREE.items()}
    assert list(pairs(made).values()) == sorted(pairs(made).values())
    assert (made.passed_over, made.size) == (1, 4)
    assert Path("out").exists() is there


def destinations(made: RunPlan) -> list[str]:
    return [slashed(task.destination) for task, _ in made.tasks()]


def test_tasks_are_in_the_order_of_their_destinations() -> None:
    """Whatever folder they come from, and in whatever order those are given."""
    touch("r/z.png", "r/b/c.png", "q/y.png", "q/b/d.png", "q/b.png")
    wanted = ["out/b.png", "out/b/c.png", "out/b/d.png", "out/y.png", "out/z.png"]
    for words in (("r", "q", "out"), ("q", "r", "out")):
        assert destinations(plan(*words)) == wanted
    assert destinations(plan("r/z.png", "q", "one.png", "out")) == [
        "out/b.png", "out/b/d.png", "out/one.png", "out/y.png", "out/z.png"
    ]  # fmt: skip


def test_another_format_may_change_the_order() -> None:
    touch("s/x.bmp", "s/x.c.bmp")
    assert destinations(plan("s", "out")) == ["out/x.bmp", "out/x.c.bmp"]
    assert destinations(plan("s", "out", extension="png")) == ["out/x.c.png", "out/x.png"]


@pytest.mark.parametrize(
    ("options", "wanted"),
    [
        ({"recursive": False}, ["a.png"]),
        ({"include": ("*.png",)}, ["a.png"]),
        ({"include": ("b/*",)}, ["b/c.JPG", "b/d/e.tif", "b/x.npy"]),
        ({"exclude": ("d",)}, ["a.png", "b/c.JPG", "b/x.npy"]),
        ({"exclude": ("b/d",)}, ["a.png", "b/c.JPG", "b/x.npy"]),
        ({"exclude": ("*.png", "*.npy")}, ["b/c.JPG", "b/d/e.tif"]),
        ({"include": ("*.png", "*.tif"), "exclude": ("a*",)}, ["b/d/e.tif"]),
        ({"exclude": ("*",)}, []),
        ({"hidden": True}, [".git/f.png", ".hidden.png", "a.png", *NOT_HIDDEN]),
        ({"hidden": True, "exclude": (".git",)}, [".hidden.png", "a.png", *NOT_HIDDEN]),
    ],
)
def test_selection(options: dict[str, Any], wanted: list[str]) -> None:
    made = plan("p", "out", selection=FileFilter(**options))
    assert list(pairs(made).values()) == [f"out/{name}" for name in wanted]


def test_selection_of_files_that_are_named_themselves() -> None:
    made = plan("one.png", "p/a.png", "p/b", "out", selection=FileFilter(exclude=("o*", "d")))
    assert list(pairs(made)) == ["p/a.png", "p/b/c.JPG", "p/b/x.npy"]


def test_formats_of_which_only_headers_are_read_are_passed_over() -> None:
    touch("s/a.png", "s/b.mpg", "s/c.h5", "s/d.bufr", "s/e.grib", "s/f.pdf")
    made = plan("s", "out")
    assert (pairs(made), made.passed_over) == ({"s/a.png": "out/a.png"}, 5)


def test_files_into_a_folder() -> None:
    for words in (("one.png", "p/a.png", "out"), ("p/a.png", "one.png", "out/")):
        assert pairs(plan(*words)) == {"one.png": "out/one.png", "p/a.png": "out/a.png"}
    made = plan("one.png", "out/")
    assert (pairs(made), made.folder) == ({"one.png": "out/one.png"}, None)
    assert made.size == 1
    assert pairs(plan("one.png", "p")) == {"one.png": "p/one.png"}
    assert pairs(plan("one.png", "one.png", "missing.png", "out")) == {
        "one.png": "out/one.png", "missing.png": "out/missing.png"
    }  # fmt: skip
    assert pairs(plan("one.png", "out", listed=True)) == {"one.png": "out/one.png"}
    assert pairs(plan("notes.txt", "one.png", "out"))["notes.txt"] == "out/notes.txt"


def test_format() -> None:
    made = plan("p", "out", extension="JPG")
    assert sorted(pairs(made).values()) == [
        "out/a.jpg",
        "out/b/c.jpg",
        "out/b/d/e.jpg",
        "out/b/x.jpg",
    ]
    assert pairs(plan("one.png", "out/", extension=".webp")) == {"one.png": "out/one.webp"}
    assert pairs(plan("one.png", "out.dat", extension="webp")) == {"one.png": "out.dat"}
    with pytest.raises(PathError, match=r"^-f xyz: extension '.xyz' does not name a format"):
        plan("p", "out", extension="xyz")
    touch("p/q.psd")
    errors = {task.source.name: error for task, error in plan("p", "out").tasks()}
    assert errors.pop("q.psd") == (
        "extension '.psd' can be read but not written; use -f png, for example"
    )
    assert set(errors.values()) == {None}
    assert {error for _, error in plan("p", "out", extension="png").tasks()} == {None}


def test_destination_inside_a_source() -> None:
    touch("p/out/a.png", "p/b/out/z.png")
    for words in (("p", "p/out"), ("p", "./p/b/../out/")):
        assert sorted(pairs(plan(*words))) == sorted([*TREE, "p/b/out/z.png"])
    assert plan("p", "p/new").size == 6


def test_words_that_do_not_fit() -> None:
    for words, told in (
        (("p", "one.png"), "^one.png is not a folder, which several files need; name another$"),
        (("one.png", "p/a.png", "one.png"), "^one.png is not a folder"),
        (
            ("p", "o.png"),
            "^o.png looks like a file, and several files need a folder; use o.png/ if",
        ),
        (("-", "one.png", "out"), "^- is standard input, which cannot be one of several sources"),
        (("p", "-"), "^- is standard output, which takes one picture; name a folder$"),
        (("-", "p"), "^p is a folder, and standard input has no name; name a file$"),
        (("-", "new/"), "^new/ is a folder, and standard input has no name; name a file$"),
        (("one.png", "o.xyz"), "^o.xyz: extension '.xyz' does not name a format"),
    ):
        with pytest.raises(PathError, match=told):
            plan(*words)
    assert plan("p", "o.png/").folder == "o.png/"
    with pytest.raises(PathError, match=r"^--indices takes one source"):
        plan("p", "out", indices=Path("i.npz"))
    with pytest.raises(PathError, match=r"^--winners takes one source"):
        plan("p", "out", winners=Path("w.png"))


def test_standard_input_and_output() -> None:
    for words in (("-", "o.png"), ("one.png", "-"), ("-", "-")):
        made = plan(*words)
        assert (made.template.source, made.template.destination) == tuple(map(Path, words))
    touch("./-")
    made = plan("./-", "o.png")
    assert made.template.source == Path("-").absolute()
    assert plan("p/a.png", "./-", extension="png").template.destination == Path("-").absolute()


@posix
def test_links() -> None:
    Path("p/file.png").symlink_to("../one.png")
    Path("p/nowhere.png").symlink_to("missing.png")
    Path("p/round").symlink_to(".")
    Path("p/b/up").symlink_to("..")
    Path("p/other").symlink_to("../o")
    touch("o/z.png")
    os.mkfifo("p/pipe.png")
    some = {*TREE, "p/file.png", "p/nowhere.png"}
    assert set(pairs(plan("p", "out"))) == some
    follow = FileFilter(follow=True)
    assert set(pairs(plan("p", "out", selection=follow))) == some | {"p/other/z.png"}
    Path("entry").symlink_to("p")
    assert plan("entry", "out").size == 6


@pytest.mark.skipif(sys.platform != "linux", reason="other systems take Unicode only")
def test_names_of_all_kinds() -> None:
    odd = [
        "-k.png",
        "a b.png",
        "a\nb.png",
        os.fsdecode(b"\xff\xe9.png"),
        "[x].png",
        "é猫.png",
        "%s.png",
    ]
    touch(*(f"odd/{name}" for name in odd))
    assert sorted(task.source.name for task, _ in plan("odd", "out").tasks()) == sorted(odd)


@posix
def test_folder_that_cannot_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    scan = os.scandir

    def refuse(path: str) -> Any:
        if str(path).endswith("b/"):
            raise PermissionError(13, "Permission denied")
        return scan(path)

    monkeypatch.setattr(os, "scandir", refuse)
    touch("q/b/z.png")
    assert plan("p", "q", "out").size == 3, "what cannot be read clashes with nothing"
    got = {slashed(task.source): error for task, error in plan("p", "out").tasks()}
    assert got == {"p/a.png": None, "p/b": "permission denied; check who may read the file and "
                   "write to the folder"}  # fmt: skip


def test_deep_tree() -> None:
    deep = "/".join(["d"] * 300)
    touch(f"deep/{deep}/a.png")
    assert list(walk("deep", FileFilter())) == [(f"{deep}/a.png", None, False)]


def test_memory_of_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """5000 files are planned in 5 MB: so 100 000 in 100."""
    from poolcli.jobs.paths import kinds as module

    def many(*_: object) -> Any:
        return ((f"folder-{n // 1000:04}/photograph-{n:06}.png", None, False) for n in range(5000))

    monkeypatch.setattr(module, "walk", many)
    tracemalloc.start()
    made = plan("p", "out")
    count = sum(1 for _ in made.tasks())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 5000
    assert peak < 5e6
