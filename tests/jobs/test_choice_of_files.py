"""Runs over hidden files, lists that keep their tree, patterns without a match, and twins."""

from pathlib import Path

from PIL import Image

from poolcli.media.twin_names import names_alike
from tests.commands import Run, posix
from tests.folders import fill, names, wrong


def test_count_of_hidden_pictures(run: Run, here: Path) -> None:
    fill(here / "p", 3)
    (here / "p/a").rename(here / "p/.a")
    (here / "p/00000.png").rename(here / "p/.00000.png")
    fill(here / "p", 1)
    assert run("max", "p", "out", "-k", 2).err.endswith(" s (3 hidden)\n")
    assert run("max", "p", "all", "-k", 2, "--hidden").err.startswith("4 done, ")
    assert names(here / "all") == [".00000.png", ".a/00001.png", ".a/b/00002.png", "00000.png"]


def test_include_that_matches_nothing(run: Run, here: Path) -> None:
    fill(here / "p", 3)
    done = run("max", "p", "out", "-k", 2, "--include", "*.PNG")
    assert done.code == 1
    assert done.failure == "no picture in p matches --include *.PNG; use another pattern"
    assert not Path("out").exists()


def test_list_of_files_keeps_its_tree(run: Run, here: Path) -> None:
    made = fill(here / "p", 3)
    Path("list").write_text("".join(f"p/{name}\n" for name in made))
    done = run("max", "out", "-k", 2, "--files-from", "list", "--parents")
    assert done.code == 0
    assert names(here / "out") == [f"p/{name}" for name in made]
    assert wrong(here / "p", here / "out/p") == []


@posix
def test_twins_are_two_files_where_the_disk_has_both(run: Run, here: Path) -> None:
    for name in ("v/a.png", "w/A.png", "v/\u00e9.png", "w/e\u0301.png"):
        Path(name).parent.mkdir(exist_ok=True)
        Image.new("L", (4, 4)).save(name)
    done = run("max", "v", "w", "out", "-k", 2)
    if names_alike(str(here)) == (False, False):
        assert names(here / "out") == ["A.png", "a.png", "e\u0301.png", "\u00e9.png"]
    else:
        assert "would both become" in done.failure
    assert sorted(path.name for path in here.iterdir())[-2:] == ["v", "w"]
