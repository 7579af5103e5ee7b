"""SOURCES... DEST as cp has it, and every clash found before a pixel is read."""

import os
import sys
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from poolcli.errors import PathError
from poolcli.jobs.operation import Operation
from poolcli.jobs.plan import Plan, Task
from poolcli.jobs.plan import plan as plan_
from poolcli.jobs.walk import Selection, walk
from poolcli.media.options import Writing
from tests.commands import posix

MAX = Operation("max", (2, 2))


def plan(
    *words: str, extension: str | None = None, indices: Path | None = None, **options: Any
) -> Plan:
    template = Task(MAX, Path(), Path(), indices, writing=Writing(format=extension))
    return plan_(template, words[:-1], words[-1], **options)


def pairs(made: Plan) -> dict[str, str]:
    return {task.source.as_posix(): task.destination.as_posix() for task, _ in made.tasks()}


def touch(*names: str) -> None:
    for name in names:
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_bytes(b"x")


@pytest.fixture(autouse=True)
def _files(here: Path) -> None:
    assert here.samefile(".")
    touch("p/a.png", "p/b/c.JPG", "p/b/d/e.tif", "p/notes.txt", "p/.hidden.png", "p/.git/f.png")
    touch("p/b/x.npy", "one.png")


TREE = {"p/a.png": "a.png", "p/b/c.JPG": "b/c.JPG", "p/b/d/e.tif": "b/d/e.tif"}
TREE |= {"p/b/x.npy": "b/x.npy"}


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
        ({"include": ("nothing",)}, []),
    ],
)
def test_selection(options: dict[str, Any], wanted: list[str]) -> None:
    made = plan("p", "out", selection=Selection(**options))
    assert list(pairs(made).values()) == [f"out/{name}" for name in wanted]


def test_files_into_a_folder() -> None:
    for words in (("one.png", "p/a.png", "out"), ("p/a.png", "one.png", "out/")):
        assert pairs(plan(*words)) == {"one.png": "out/one.png", "p/a.png": "out/a.png"}
    made = plan("one.png", "out/")
    assert (pairs(made), made.folder) == ({"one.png": "out/one.png"}, None)
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
    with pytest.raises(PathError, match=r"^-f xyz: extension '.xyz' stands for no format"):
        plan("p", "out", extension="xyz")
    touch("p/q.psd")
    errors = {task.source.name: error for task, error in plan("p", "out").tasks()}
    assert errors.pop("q.psd") == (
        "extension '.psd' can be read but not written; use -f png, for example"
    )
    assert set(errors.values()) == {None}
    assert {error for _, error in plan("p", "out", extension="png").tasks()} == {None}


BOTH = "^{} and {} would both become {}; rename one, or pool them into two folders$"


def test_clashes() -> None:
    touch("j/a.jpg", "j/a.png", "u/A.png", "u/a.png", "l/x/1.png", "r/x/1.png", "r/x/2.png")
    touch("f/a.png", "g/a.png/b.png", "n/e\u0301.png", "n/\u00e9.png")
    for words, extension, told in (
        (("j", "out"), "png", BOTH.format("j/a.jpg", "j/a.png", "out/a.png")),
        (("l", "r", "out"), None, BOTH.format("l/x/1.png", "r/x/1.png", "out/x/1.png")),
        (("one.png", "p/../one.png", "out"), None, BOTH.format("one.png", "p/../one.png", ".*")),
        (("f", "g", "out"), None, "^f/a.png would become out/a.png, which must be a folder for g/"),
    ):
        with pytest.raises(PathError, match=told):
            plan(*words, extension=extension)
    if len(list(Path("u").iterdir())) == 2:  # not on disks that know no case
        with pytest.raises(PathError, match=BOTH.format("u/A.png", "u/a.png", "out/a.png")):
            plan("u", "out")
    if len(list(Path("n").iterdir())) == 2:
        with pytest.raises(PathError, match="would both become"):
            plan("n", "out")
    assert plan("j", "out").size == 2
    assert not Path("out").exists()


@posix
def test_clash_by_links() -> None:
    """Two names in DEST that are one file, or one folder."""
    touch("out/a.png", "x/b/1.png", "x/c/1.png")
    Path("out/b.png").symlink_to("a.png")
    Path("out/b").mkdir()
    Path("out/c").symlink_to("b")
    touch("q/a.png", "q/b.png")
    for source in ("q", "x"):
        with pytest.raises(PathError, match="would both become"):
            plan(source, "out")


OWN = "would be replaced by its own pooled version; give another destination, or --in-place$"


@posix
def test_own_destination() -> None:
    Path("link").symlink_to("p")
    Path("hard").mkdir()
    Path("hard/a.png").hardlink_to("p/a.png")
    Path("soft").mkdir()
    Path("soft/a.png").symlink_to("../p/a.png")
    for folder in ("p", "p/", "./p/.", "link", "hard", "soft"):
        with pytest.raises(PathError, match=rf"^p/a.png {OWN}"):
            plan("p", folder)
        assert plan("p", folder, in_place=True).size == 4
    with pytest.raises(PathError, match=rf"^one.png {OWN}"):
        plan("one.png", ".")


def test_destination_that_is_another_source() -> None:
    touch("t/t/a.png", "t/a.png")
    with pytest.raises(
        PathError, match=r"^t/a.png would be replaced by t/t/a.png, pooled; give an"
    ):
        plan("t", ".")


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
        (("one.png", "o.xyz"), "^o.xyz: extension '.xyz' stands for no format"),
    ):
        with pytest.raises(PathError, match=told):
            plan(*words)
    assert plan("p", "o.png/").folder == "o.png/"
    with pytest.raises(PathError, match=r"^--indices takes one source"):
        plan("p", "out", indices=Path("i.npz"))


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
    follow = Selection(follow=True)
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
    got = {task.source.as_posix(): error for task, error in plan("p", "out").tasks()}
    assert got == {"p/a.png": None, "p/b": "permission denied; check who may read the file and "
                   "write to the folder"}  # fmt: skip


def test_deep_tree() -> None:
    deep = "/".join(["d"] * 300)
    touch(f"deep/{deep}/a.png")
    assert [found.relative for found in walk("deep", Selection())] == [f"{deep}/a.png"]


@settings(max_examples=40, deadline=None)
@given(st.sets(st.from_regex(r"([ab]/){0,3}[xyXY]\.(png|jpg|txt)", fullmatch=True), max_size=12))
def test_each_source_once_or_a_clash(
    tmp_path_factory: pytest.TempPathFactory, some: set[str]
) -> None:
    folder = tmp_path_factory.mktemp("tree")
    for name in some:
        (folder / "s" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "s" / name).write_bytes(b"")
    (folder / "s").mkdir(exist_ok=True)
    there = {path.relative_to(folder / "s").as_posix() for path in (folder / "s").rglob("*.???")}
    wanted = {name for name in there if not name.endswith("txt")}
    alike = len({name.lower() for name in wanted}) < len(wanted)
    try:
        made = plan(str(folder / "s"), str(folder / "d"))
    except PathError:
        assert alike
    else:
        assert not alike
        got = [task.destination.relative_to(folder / "d").as_posix() for task, _ in made.tasks()]
        assert got == sorted(wanted)
        assert made.passed_over == len(there) - len(wanted)


def test_memory_of_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """5000 files are planned in 5 MB: so 100 000 in 100."""
    from poolcli.jobs import plan as module
    from poolcli.jobs.walk import Found

    def many(*_: object) -> Any:
        return (Found(f"folder-{n // 1000:04}/photograph-{n:06}.png") for n in range(5000))

    monkeypatch.setattr(module, "walk", many)
    tracemalloc.start()
    made = plan("p", "out")
    count = sum(1 for _ in made.tasks())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 5000
    assert peak < 5e6


def test_what_is_written_beside_is_nothing_else(tmp_path: Path) -> None:
    photo = tmp_path / "a.png"
    photo.write_bytes(b"")
    clashes: list[tuple[dict[str, Any], str]] = [
        ({"indices": photo}, "--indices and SOURCE"),
        ({"winners": tmp_path / "b.png"}, "--winners and DEST"),
        ({"indices": tmp_path / "c", "winners": tmp_path / "c"}, "--winners and --indices"),
    ]
    for words, clash in clashes:
        task = Task(Operation("max", (2, 2)), Path(), Path(), **words)
        with pytest.raises(PathError, match=f"{clash} are both"):
            plan_(task, [str(photo)], str(tmp_path / "b.png"))
