"""Links that were there, or are put in the way of a run: what nobody named is not replaced."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from poolcli.errors import FileError
from poolcli.jobs import pool_one
from poolcli.jobs.operation import Operation
from poolcli.jobs.paths.targets import find_targets
from poolcli.jobs.perform import perform
from poolcli.jobs.plan import Task, plan_run
from tests.commands import Run, posix
from tests.folders import fill, names

pytestmark = posix

MAX = Task(Operation("max", (2, 2)), Path(), Path())


@pytest.fixture(autouse=True)
def _files(here: Path) -> None:
    fill(here / "in", 2)
    fill(here / "other", 2)


def contents(folder: str) -> dict[str, bytes]:
    return {name: (Path(folder) / name).read_bytes() for name in names(Path(folder))}


def test_in_place_leaves_what_links_lead_out_to(run: Run) -> None:
    Path("in/link.png").symlink_to("../other/00000.png")
    before = contents("other")
    done = run("max", "in", "in", "-k", 2, "--in-place")
    assert done.code == 1
    real = Path.cwd().resolve()
    assert done.err.splitlines()[0] == (
        f"poolcli: in/link.png: leads to {real}/other/00000.png, and --in-place replaces nothing "
        f"outside {real}/in; name the folder that it is in"
    )
    assert "2 done, 0 skipped, 1 failed" in done.err
    assert contents("other") == before
    assert Path("in/link.png").is_symlink()


def test_in_place_leaves_folders_that_links_lead_out_to(run: Run) -> None:
    Path("in/sub").symlink_to("../other")
    before = contents("other")
    done = run("max", "in", "in", "-k", 2, "--in-place", "--follow")
    assert (done.code, contents("other")) == (1, before)
    assert done.err.count("replaces nothing outside") == 2


def test_in_place_through_a_link_to_the_folder_itself(run: Run) -> None:
    Path("link").symlink_to("in")
    assert run("max", "link", "link", "-k", 2, "--in-place").code == 0


def test_file_named_by_its_link_is_replaced_where_it_is(run: Run) -> None:
    Path("link.png").symlink_to("other/00000.png")
    before = contents("other")
    assert run("max", "link.png", "link.png", "-k", 2, "--in-place").code == 0
    assert contents("other")["00000.png"] != before["00000.png"]
    assert Path("link.png").readlink() == Path("other/00000.png")


def test_links_in_the_destination_are_followed_otherwise(run: Run) -> None:
    fill(Path("real"), 3)
    Path("out").mkdir()
    Path("out/00000.png").symlink_to("../real/00000.png")
    Path("out/a").symlink_to("../real/a")
    before = contents("real")
    assert run("max", "in", "out", "-k", 2).code == 0
    changed = {name for name, data in contents("real").items() if data != before[name]}
    assert changed == {"00000.png", "a/00001.png"}
    assert Path("out/00000.png").is_symlink()


def test_targets() -> None:
    Path("out/b").mkdir(parents=True)
    Path("out/a").symlink_to("../other")
    Path("out/b/1.png").symlink_to("../../other/00000.png")
    found = ["a/1.png", "b/1.png", "b/2.png", "c.png"]
    targets = find_targets(found, "out")
    real = os.path.realpath(".")
    assert [targets.of(name).removeprefix(real) for name in found] == [
        "/other/1.png", "/other/00000.png", "/out/b/2.png", "/out/c.png"
    ]  # fmt: skip
    assert len(targets.links) == 2
    refused = [name for name in found if find_targets(found, "out", leave=False).refusal(name)]
    assert refused == ["a/1.png", "b/1.png"]


def tasks(**options: bool) -> list[Task]:
    return [task for task, _ in plan_run(MAX, ["in"], "out", **options).tasks()]  # type: ignore[arg-type]


def to_a_link() -> None:
    Path("out/00000.png").symlink_to("../other/00000.png")


def to_a_linked_folder() -> None:
    Path("out").rename("moved")
    Path("out").symlink_to("in")


@pytest.mark.parametrize("swap", [to_a_link, to_a_linked_folder])
def test_swapped_after_the_plan_was_made(swap: Callable[[], None]) -> None:
    first = tasks()[0]
    Path("out").mkdir()
    swap()
    before = contents("in"), contents("other")
    with pytest.raises(FileError, match=r"^out/00000.png: leads to .* now, and led to .* before"):
        perform(first)
    assert (contents("in"), contents("other")) == before


def test_source_moved_to_the_destination_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    """No link at all, and still the only copy of the source that would be replaced."""
    before = contents("in")["00000.png"]
    keep = pool_one._pool_picture

    def moving(task: Task, *rest: object) -> object:
        summary = keep(task, *rest)  # type: ignore[arg-type]
        Path(str(task.source)).rename(str(task.destination))
        return summary

    monkeypatch.setattr(pool_one, "_pool_picture", moving)
    task = MAX._replace(source=Path("in/00000.png"), destination=Path("moved.png"))
    with pytest.raises(FileError, match=r"^moved.png: is the source now, and was not before"):
        perform(task)
    assert Path("moved.png").read_bytes() == before


def test_winners_through_a_dangling_link_to_the_destination(run: Run) -> None:
    Path("w.png").symlink_to("o.png")
    done = run("max", "in/00000.png", "o.png", "-k", 2, "--winners", "w.png")
    assert (done.code, done.failure) == (
        2, "--winners and DEST are both w.png; give another name"
    )  # fmt: skip
    Path("i.npz").symlink_to("w2.png")
    done = run("max", "in/00000.png", "o.png", "-k", 2, "--winners", "w2.png", "--indices", "i.npz")
    assert done.failure == "--winners and --indices are both w2.png; give another name"
    assert not Path("o.png").exists()
