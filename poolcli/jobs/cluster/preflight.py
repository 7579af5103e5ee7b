"""Fitness of workers for the work: their versions, and the folders that they see."""

import inspect
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from poolcli.errors import PoolingError
from poolcli.jobs.cluster import questions
from poolcli.media.file_names import shown

__all__ = ["Fitness", "asked", "fitness"]

_PACKAGES = ["numpy", "pillow", "tifffile", "imagecodecs", "zarr", "pillow-heif", "distributed"]

_EXPRESSION = "(exec(text, space), space['answer'](packages, paths))[1]"


class Fitness(NamedTuple):
    """The outcome of a preflight.

    Attributes
    ----------
    notes : tuple of str
        Differences that may show in results.
    same_places : bool
        Whether all workers find the paths by the same real paths as this process.
    """

    notes: tuple[str, ...]
    same_places: bool


def asked(paths: Iterable[str]) -> tuple[Any, ...]:
    """Make the function and the arguments by which a worker is asked about itself.

    The function is ``eval``, which every Python has.
    """
    words = {"packages": _PACKAGES, "paths": list(paths)}
    space: dict[str, object] = {"__name__": "questions"}
    return eval, _EXPRESSION, {"text": inspect.getsource(questions), "space": space, **words}


def fitness(answers: Mapping[str, Any], paths: Mapping[str, str]) -> Fitness:
    """Compare the answers of workers with this process's own.

    Parameters
    ----------
    answers : mapping
        By the worker's address: its answer, or the exception in its place.
    paths : mapping of str to str
        Absolute paths that workers must see, and what the user calls them.

    Raises
    ------
    PoolingError
        In one sentence, if a worker cannot do the work.

    Examples
    --------
    >>> own = questions.answer(_PACKAGES, ["/"])
    >>> fitness({"tcp://10.0.0.5:40000": own}, {"/": "out"})
    Fitness(notes=(), same_places=True)
    >>> blind = own | {"places": {"/": None}, "host": "node5"}
    >>> fitness({"tcp://10.0.0.5:40000": blind}, {"/": "out"})
    Traceback (most recent call last):
    poolcli.errors.PoolingError: worker tcp://10.0.0.5:40000 on node5 does not see out; mount it \
there by the same name, for workers read and write files themselves
    """
    own = questions.answer(_PACKAGES, list(paths))
    notes: dict[str, list[str]] = {}
    same = True
    for address, told in answers.items():
        if isinstance(told, BaseException):
            text = " ".join(str(told).split())[:200] or type(told).__name__
            raise PoolingError(f"worker {address} does not answer ({text}); start it anew")
        worker = f"worker {address} on {told['host']}"
        _refuse_unfit(worker, told, own, paths)
        for line in _differences(told["versions"], own["versions"]):
            notes.setdefault(line, []).append(worker)
        same = same and told["places"] == own["places"]
    return Fitness(tuple(_note(line, who) for line, who in notes.items()), same)


def _refuse_unfit(worker: str, told: Any, own: Any, paths: Mapping[str, str]) -> None:
    version, ours = told["versions"]["poolcli"], own["versions"]["poolcli"]
    if version is None:
        raise PoolingError(
            f"{worker} has no poolcli; install poolcli {ours} in the environment of all workers"
        )
    if version != ours:
        raise PoolingError(
            f"{worker} has poolcli {version}, and {ours} is here; install the same version on both"
        )
    for path, place in told["places"].items():
        if place is None:
            raise PoolingError(
                f"{worker} does not see {shown(paths[path])}; mount it there by the same name, for "
                "workers read and write files themselves"
            )


def _differences(theirs: Any, ours: Any) -> list[str]:
    lines = []
    for name, version in ours.items():
        if theirs[name] == version or version is None:
            continue
        if name == "Python" and theirs[name].split(".")[:2] == version.split(".")[:2]:
            continue
        has = f"has {name} {theirs[name]}" if theirs[name] else f"lacks {name}"
        lines.append(f"{has}, and {version} is here: results may differ")
    return lines


def _note(line: str, workers: list[str]) -> str:
    more = f" (as {len(workers) - 1} more)" if len(workers) > 1 else ""
    return f"{workers[0]} {line}{more}"
