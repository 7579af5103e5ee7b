"""A look at who works in a cluster, every second and beside the work."""

import threading
from collections.abc import Callable
from contextlib import suppress
from time import monotonic

from poolcli.errors import PoolingError
from poolcli.jobs.cluster.connection import Connection

__all__ = ["Watch"]

_INTERVAL = 1.0

_QUIET = 5.0
"""Seconds without any worker, after which the user is told."""

_PATIENCE = 300.0
"""Seconds without any worker, after which the run ends."""


class Watch:
    """A thread that asks the scheduler for its workers, and asks those that join about themselves.

    Neither may answer for a while, or ever; whoever waits for files meanwhile must not.

    Parameters
    ----------
    connection : Connection
    note : callable
        Takes a sentence for the user; called by `check`.

    Attributes
    ----------
    workers : set of str
        Addresses of those that work now.
    left : bool
        Whether any has left.
    """

    def __init__(self, connection: Connection, note: Callable[[str], object]) -> None:
        self._connection, self._note = connection, note
        self.workers, self.left = set(connection.workers()), False
        self._seen, self._told = monotonic(), False
        self._error: PoolingError | None = None
        self._ended = threading.Event()
        threading.Thread(target=self._look, daemon=True).start()

    def stop(self) -> None:
        """Look no more."""
        self._ended.set()

    def look_again(self) -> None:
        """Look at once, as at the end: who left within the last second counts, too."""
        with suppress(PoolingError):
            self.left = self.left or not self.workers <= set(self._connection.workers())

    def check(self) -> None:
        """Raise what was found amiss, and tell if there is nobody left to work.

        Raises
        ------
        PoolingError
            If the scheduler is lost, a worker that joined is unfit, or there is none for long.
        """
        self._connection.refuse_lost()
        if self._error is not None:
            raise self._error
        if self.workers:
            self._seen, self._told = monotonic(), False
            return
        address, seconds = self._connection.address, monotonic() - self._seen
        if seconds > _PATIENCE:
            raise PoolingError(f"the cluster at {address} has had no workers for five minutes")
        if seconds > _QUIET and not self._told:
            self._told = True
            self._note(f"the cluster at {address} has no workers left; waiting for one to join")

    def _look(self) -> None:
        while not self._ended.wait(_INTERVAL):
            try:
                workers = set(self._connection.workers())
                self._connection.check_new(sorted(workers))
            except PoolingError as error:
                self._error = error
                return
            self.left = self.left or not self.workers <= workers
            self.workers = workers
