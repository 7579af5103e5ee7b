"""The look at who works: what joins unfit, and nobody left."""

import time
from collections.abc import Callable, Sequence
from typing import Any, cast

import pytest

from poolcli.errors import PoolingError
from poolcli.jobs.cluster import watch
from poolcli.jobs.cluster.connection import Connection
from poolcli.jobs.cluster.watch import Watch
from tests.commands import HANG


class Connected:
    """A connection to a cluster whose workers come and go."""

    address = "tcp://10.0.0.1:8786"

    def __init__(self) -> None:
        self.now = ["one"]
        self.unfit: str | None = None

    def workers(self) -> list[str]:
        return self.now

    def check_new(self, workers: Sequence[str]) -> None:
        if self.unfit in workers:
            raise PoolingError(f"worker {self.unfit} has no poolcli")

    def refuse_lost(self) -> None:
        """Do nothing: it is there."""


@pytest.fixture
def connected(monkeypatch: pytest.MonkeyPatch) -> Connected:
    monkeypatch.setattr(watch, "_INTERVAL", 0.001)
    monkeypatch.setattr(watch, "_QUIET", 0.0)
    return Connected()


def wait_until(true: Callable[[], bool]) -> None:
    until = time.monotonic() + HANG
    while not true():
        assert time.monotonic() < until
        time.sleep(0.001)


def watching(connected: Connected, notes: list[str]) -> Watch:
    return Watch(cast(Connection, cast(Any, connected)), notes.append)


def test_nobody_left_is_told_once_and_ends_a_run_at_last(
    connected: Connected, monkeypatch: pytest.MonkeyPatch
) -> None:
    notes: list[str] = []
    look = watching(connected, notes)
    look.check()
    assert (notes, look.left) == ([], False)
    for _ in range(2):
        connected.now = []
        wait_until(lambda: not look.workers)
        look.check()
        look.check()
        connected.now = ["two"]
        wait_until(lambda: bool(look.workers))
        look.check()
    told = "the cluster at tcp://10.0.0.1:8786 has no workers left; waiting for one to join"
    assert notes == [told, told]
    assert look.left
    connected.now = []
    wait_until(lambda: not look.workers)
    monkeypatch.setattr(watch, "_PATIENCE", 0.0)
    with pytest.raises(PoolingError, match=r"^the cluster at \S+ has had no workers for five min"):
        look.check()
    look.stop()


def test_unfit_worker_that_joins_ends_the_run(connected: Connected) -> None:
    look = watching(connected, [])
    connected.unfit = "two"
    connected.now = ["one", "two"]

    def look_on() -> None:
        until = time.monotonic() + HANG
        while time.monotonic() < until:
            look.check()

    with pytest.raises(PoolingError, match=r"^worker two has no poolcli$"):
        look_on()
    look.stop()
