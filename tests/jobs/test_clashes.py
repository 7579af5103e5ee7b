"""Two files in one place, and files that would be replaced: found before a pixel is read."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from poolcli.errors import PathError
from poolcli.jobs.operation import Operation
from poolcli.jobs.paths import clashes
from poolcli.jobs.plan import Task, plan_run
from poolcli.media.twin_names import Alike, names_alike
from tests.commands import posix
from tests.plans import plan, plant, touch


@pytest.fixture(autouse=True)
def _files(here: Path) -> None:
    assert here.samefile(".")
    plant()


@pytest.fixture(autouse=True)
def disk(monkeypatch: pytest.MonkeyPatch) -> Callable[[bool, bool], None]:
    """Set which names the disk of the destination takes for one; at first, the most."""

    def change(case: bool, form: bool) -> None:
        monkeypatch.setattr(clashes, "names_alike", lambda _: Alike(case, form))

    change(True, True)
    return change


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


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a", "A"),
        ("ä", "Ä"),
        ("a\u0308", "Ä"),
        ("straße", "STRASSE"),
        ("σίσυφος", "ΣΊΣΥΦΟΣ"),
        ("ﬁ\u0301n", "FÍN"),  # composed only after folding
        ("α\u0345\u0301", "ᾴ"),  # composed only before it
    ],
    ids=ascii,
)
def test_names_that_are_one_on_some_disks_clash(one: str, other: str) -> None:
    """As files of two folders, for a disk may be too simple to hold both in one; and as folders."""
    touch(f"v/{one}.png", f"w/{other}.png", f"x/{one}/1.png", f"y/{other}/1.png")
    for words, name in ((("v", "w", "out"), ""), (("x", "y", "out"), "/1")):
        first, second = (f"{words[0]}/{one}{name}.png", f"{words[1]}/{other}{name}.png")
        with pytest.raises(PathError) as raised:
            plan(*words)
        told = str(raised.value)
        assert " would both become out/" in told
        assert set(told.partition(" would")[0].split(" and ")) == {first, second}


@pytest.mark.parametrize("case", [True, False])
@pytest.mark.parametrize("form", [True, False])
@pytest.mark.parametrize(
    ("one", "other", "differ"),
    [
        ("a", "A", ("case",)),
        ("ä", "a\u0308", ("form",)),
        ("Ä", "a\u0308", ("case", "form")),
        ("straße", "STRASSE", ("case",)),
    ],
    ids=ascii,
)
def test_disk_decides_whether_two_names_are_one(
    disk: Callable[[bool, bool], None],
    one: str, other: str, differ: tuple[str, ...], case: bool, form: bool,
) -> None:  # fmt: skip
    disk(case, form)
    touch(f"v/{one}.png", f"w/{other}.png", f"x/{one}.png", f"y/{other}.png/b.png")
    is_one = {"case": case, "form": form}
    for words in (("v", "w", "out"), ("x", "y", "out")):
        if all(is_one[name] for name in differ):
            with pytest.raises(PathError, match="would "):
                plan(*words)
        else:
            assert plan(*words).size == 2


def test_disk_is_asked_only_about_twins(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def ask(folder: str) -> Alike:
        asked.append(folder)
        return Alike(False, False)

    monkeypatch.setattr(clashes, "names_alike", ask)
    touch("v/a.png", "w/b.png", "x/A.png")
    assert plan("v", "w", "out").size == 2
    with pytest.raises(PathError, match="would both become"):
        plan("v", "v/a.png", "v/../v/a.png", "out")
    assert asked == []
    assert plan("v", "x", "out/deep").size == 2
    assert asked == ["out/deep"]


def test_disk_that_cannot_be_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    def ask(_: str) -> Alike:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(clashes, "names_alike", ask)
    touch("v/a.png", "x/A.png")
    with pytest.raises(PathError, match=r"file system of out cannot be asked: read-only file sys"):
        plan("v", "x", "out")


@pytest.mark.parametrize("insensitive", ["", "case", "form", "case form"])
def test_asking_a_disk(here: Path, monkeypatch: pytest.MonkeyPatch, insensitive: str) -> None:
    """By one name made and the other looked for; nothing stays."""
    before, made = sorted(here.iterdir()), []

    def lexists(twin: str) -> bool:
        (other,) = set(here.iterdir()) - set(before)
        made.append(other.name)
        key = Alike("case" in insensitive, "form" in insensitive).key
        return key(twin) == key(str(other))

    monkeypatch.setattr(os.path, "lexists", lexists)
    answer = names_alike("no/such/folder")
    assert answer == Alike("case" in insensitive, "form" in insensitive)
    assert sorted(here.iterdir()) == before
    assert len(made) == 2


def test_this_disk_says_of_itself_what_is_so(here: Path) -> None:
    touch("z/a", "z/A", "n/e\u0301", "n/\u00e9")
    answer = names_alike(str(here))
    assert answer.case == (len(list(Path("z").iterdir())) == 1)
    assert answer.form == (len(list(Path("n").iterdir())) == 1)


@pytest.mark.parametrize(("one", "other"), [("a", "ä"), ("o", "ø"), ("ss", "s"), ("i", "1")])
def test_names_that_are_two_on_every_disk_do_not_clash(one: str, other: str) -> None:
    touch(f"v/{one}.png", f"w/{other}.png")
    assert plan("v", "w", "out").size == 2


@pytest.mark.parametrize("below", ["b.png", "c/b.png", "c/d/e/b.png"])
def test_a_file_and_a_folder_of_one_name_clash_however_deep_and_whatever_their_case(
    below: str,
) -> None:
    touch("v/É.png", f"w/é.png/{below}")
    with pytest.raises(PathError, match=r"^v/É.png would become out/É.png, which must be a folder"):
        plan("v", "w", "out")


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
        got = [
            Path(str(task.destination)).relative_to(folder / "d").as_posix()
            for task, _ in made.tasks()
        ]
        assert got == sorted(wanted)
        assert made.passed_over == len(there) - len(wanted)


def test_what_is_written_beside_is_nothing_else(tmp_path: Path) -> None:
    photo = tmp_path / "a.png"
    photo.write_bytes(b"")
    (tmp_path / "link").hardlink_to(photo)
    clashes: list[tuple[dict[str, Any], str]] = [
        ({"indices": photo}, "--indices and SOURCE"),
        ({"winners": tmp_path / "b.png"}, "--winners and DEST"),
        ({"indices": tmp_path / "c", "winners": tmp_path / "c"}, "--winners and --indices"),
        ({"indices": tmp_path / "link"}, "--indices and SOURCE"),
    ]
    for words, clash in clashes:
        task = Task(Operation("max", (2, 2)), Path(), Path(), **words)
        with pytest.raises(PathError, match=f"{clash} are both"):
            plan_run(task, [str(photo)], str(tmp_path / "b.png"))
