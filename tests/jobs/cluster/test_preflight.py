"""Preflight: what differs between this process and the workers is one sentence that names one."""

from typing import Any

import pytest

from poolcli.errors import PoolingError
from poolcli.jobs.cluster.preflight import asked, fitness

PATHS = {"/": "out"}
ONE, OTHER = "tcp://10.0.0.5:40000", "tcp://10.0.0.6:40000"


def told(**versions: str | None) -> dict[str, Any]:
    """The answer of a worker like this process, but for these versions."""
    function, *arguments = asked(PATHS)
    answer = function(*arguments)
    assert answer["places"] == {"/": "/"}
    return {**answer, "host": "node5", "versions": {**answer["versions"], **versions}}


@pytest.mark.parametrize(
    ("version", "words"),
    [
        (None, r"node5 has no poolcli; install poolcli \S+ in the environment of all workers"),
        ("0.0.1", r"node5 has poolcli 0\.0\.1, and \S+ is here; install the same version on both"),
    ],
)
def test_other_poolcli(version: str | None, words: str) -> None:
    with pytest.raises(PoolingError, match=f"^worker {OTHER} on {words}$"):
        fitness({ONE: told(), OTHER: told(poolcli=version)}, PATHS)


def test_unseen_folder() -> None:
    answer = told() | {"places": {"/": None}}
    with pytest.raises(PoolingError, match=f"^worker {ONE} on node5 does not see out; mount it "):
        fitness({ONE: answer}, PATHS)


def test_worker_that_raises() -> None:
    with pytest.raises(PoolingError, match=f"^worker {ONE} does not answer .broken\\); start it "):
        fitness({ONE: OSError("broken\n")}, PATHS)


def test_other_libraries_are_noted_once_for_all_workers() -> None:
    answer = told(pillow="1.0", numpy=None)
    found = fitness({ONE: answer, OTHER: answer}, PATHS)
    here = answer["versions"] | told()["versions"]
    assert found.notes == (
        f"worker {ONE} on node5 lacks numpy, and {here['numpy']} is here: results may differ "
        "(as 1 more)",
        f"worker {ONE} on node5 has pillow 1.0, and {here['pillow']} is here: results may differ "
        "(as 1 more)",
    )
    assert found.same_places


def test_patches_of_python_do_not_differ() -> None:
    own = told()["versions"]["Python"]
    assert fitness({ONE: told(Python=own + "9")}, PATHS).notes == ()
    (note,) = fitness({ONE: told(Python="3.99.1")}, PATHS).notes
    assert note == f"worker {ONE} on node5 has Python 3.99.1, and {own} is here: results may differ"


def test_links_of_another_machine() -> None:
    assert not fitness({ONE: told() | {"places": {"/": "/mnt"}}}, PATHS).same_places
