"""Plans of small trees, for the tests of where every file goes."""

from pathlib import Path
from typing import Any

from poolcli.jobs.operation import Operation
from poolcli.jobs.plan import RunPlan, Task, plan_run
from poolcli.media.options import Writing
from poolcli.media.places.remote_path import Place

__all__ = ["NOT_HIDDEN", "TREE", "pairs", "plan", "plant", "touch"]

MAX = Operation("max", (2, 2))


def plan(
    *words: str,
    extension: str | None = None,
    indices: Path | None = None,
    winners: Path | None = None,
    **options: Any,
) -> RunPlan:
    template = Task(MAX, Path(), Path(), indices, winners, writing=Writing(format=extension))
    return plan_run(template, words[:-1], words[-1], **options)


def slashed(place: Place) -> str:
    """A path with / between its parts, on any system."""
    return Path(str(place)).as_posix()


def pairs(made: RunPlan) -> dict[str, str]:
    return {slashed(task.source): slashed(task.destination) for task, _ in made.tasks()}


def touch(*names: str) -> None:
    for name in names:
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_bytes(b"x")


def plant() -> None:
    """Names of pictures in the folder ``p``, of a text and of hidden files; and one beside."""
    touch("p/a.png", "p/b/c.JPG", "p/b/d/e.tif", "p/notes.txt", "p/.hidden.png", "p/.git/f.png")
    touch("p/b/x.npy", "one.png")


TREE = {"p/a.png": "a.png", "p/b/c.JPG": "b/c.JPG", "p/b/d/e.tif": "b/d/e.tif"}
TREE |= {"p/b/x.npy": "b/x.npy"}
"""What of that goes where."""

NOT_HIDDEN = ["b/c.JPG", "b/d/e.tif", "b/x.npy"]
"""What of that is in folders."""
