"""The connection to a Dask cluster, each of whose failures is told in a sentence, and soon."""

import json
import threading
import warnings
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from time import monotonic, sleep
from typing import Any, Self, TypeVar

from poolcli.errors import PathError, PoolingError
from poolcli.jobs.cluster.extra import library
from poolcli.jobs.cluster.preflight import Fitness, asked, fitness
from poolcli.jobs.result import reason
from poolcli.media.file_names import shown

__all__ = ["Connection", "scheduler_address"]

Value = TypeVar("Value")

_CONNECTING = 5.0
_FIRST_WORKER = 3.0
_ANSWER = 8.0
"""Seconds to wait for one that should answer at once, and may be busy."""

_AGAIN, _PAUSE = 4, 0.5
"""Times that workers are asked once more, and seconds between them."""


class Connection:
    """A client of a cluster, to be used in a ``with`` block.

    Parameters
    ----------
    place : str
        Address of the scheduler, or the file that it writes it to.
    paths : mapping of str to str
        Absolute paths that workers must see, and what the user calls them.
    debug : bool
        As in `library`.

    Attributes
    ----------
    address : str
    client : distributed.Client
    distributed : module
    fitness : Fitness
        The outcome of the preflight.

    Raises
    ------
    PoolingError
        If the cluster cannot do the work.
    """

    def __init__(self, place: str, paths: Mapping[str, str], *, debug: bool = False) -> None:
        self.distributed = library(debug=debug)
        self.address, self._paths = scheduler_address(place), dict(paths)
        self.client = self._connected()
        self._known: set[str] = set()
        self.fitness = Fitness((), True)

    def __enter__(self) -> Self:
        try:
            self._await_worker()
            self.check()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the cluster, which forgets what it has not begun."""
        with suppress(Exception):
            self.client.close(timeout=0.5)

    def _connected(self) -> Any:
        # What is not a Dask scheduler may let a client wait for ever, whatever its timeout is.
        made = _within(_CONNECTING + 1, self._client)
        if made is not None and not isinstance(made, Exception):
            return made
        said = "it does not speak as one" if made is None else _first_line(made)
        raise PoolingError(
            f"no Dask scheduler answers at {self.address} ({said}); start one with dask scheduler, "
            "or look at the address that it prints"
        )

    def _client(self) -> Any:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # versions are compared in words of our own
            return self.distributed.Client(
                self.address, timeout=_CONNECTING, set_as_default=False, name="poolcli"
            )

    def _await_worker(self) -> None:
        until = monotonic() + _FIRST_WORKER
        while not self.workers():
            if monotonic() > until:
                raise PoolingError(
                    f"the cluster at {self.address} has no workers; start some with dask worker "
                    f"{self.address} --nthreads 1, and run the command again"
                )
            sleep(0.1)

    def workers(self) -> list[str]:
        """Ask for the addresses of all workers.

        Raises
        ------
        PoolingError
            If the scheduler is lost.
        """
        self.refuse_lost()
        try:
            found = self.client.sync(self.client.scheduler.ncores, callback_timeout=_ANSWER)
        except Exception as error:  # of many kinds, if the scheduler dies at this very moment
            raise self._lost() from error
        return list(found)

    def refuse_lost(self) -> None:
        """Raise the sentence that tells that the scheduler is lost, if it is."""
        if self.client.status != "running":
            raise self._lost()

    def _lost(self) -> PoolingError:
        return PoolingError(
            f"the scheduler at {self.address} was lost; start it and its workers anew"
        )

    def check(self) -> None:
        """Ask all workers whether they can do the work.

        Raises
        ------
        PoolingError
            In a sentence that names one that cannot.
        """
        answers = self.run(*asked(self._paths))
        for _ in range(_AGAIN):
            if answers and not any(isinstance(one, Exception) for one in answers.values()):
                break
            sleep(_PAUSE)  # whoever died while it was asked is not there any more
            answers = self.run(*asked(self._paths))
        self._learn(answers)

    def check_new(self, workers: Sequence[str]) -> None:
        """Ask those of these workers that have joined since; who has died meanwhile does not count.

        Raises
        ------
        PoolingError
            As `check`.
        """
        if new := [address for address in workers if address not in self._known]:
            told = self._run(*asked(self._paths), workers=new) or {}
            self._learn({one: said for one, said in told.items() if isinstance(said, dict)})

    def _learn(self, answers: Mapping[str, Any]) -> None:
        found = fitness(answers, self._paths)
        notes = dict.fromkeys((*self.fitness.notes, *found.notes))
        same = self.fitness.same_places and found.same_places
        self.fitness = Fitness(tuple(notes), same)
        self._known |= set(answers)

    def run(self, function: Any, *arguments: Any) -> dict[str, Any]:
        """Call a function on all workers beside their work.

        Returns
        -------
        dict
            By the worker's address: the value, or the exception in its place.

        Raises
        ------
        PoolingError
            If they do not answer soon.
        """
        told = self._run(function, *arguments)
        if told is None:
            self.refuse_lost()
            raise PoolingError(
                f"the workers of the cluster at {self.address} do not answer; start them anew"
            )
        return told

    def _run(
        self, function: Any, *arguments: Any, workers: Sequence[str] | None = None
    ) -> dict[str, Any] | None:
        def ask() -> dict[str, Any]:
            return dict(self.client.run(function, *arguments, workers=workers, on_error="return"))

        told = _within(_ANSWER, ask)
        return None if isinstance(told, Exception) else told


def _within(seconds: float, work: Callable[[], Value]) -> Value | Exception | None:
    """Call a function that may never return; return its error if it fails, None if it is late."""
    found: list[Value | Exception] = []

    def attempt() -> None:
        try:
            found.append(work())
        except Exception as error:  # of many kinds: of names, of sockets, of the handshake
            found.append(error)

    thread = threading.Thread(target=attempt, daemon=True)
    thread.start()
    thread.join(seconds)
    return found[0] if found else None


def scheduler_address(place: str) -> str:
    """Find the address of a scheduler in a file, unless it is one.

    Raises
    ------
    PathError
        If there is none.
    """
    path = Path(place)
    if "://" in place or not (place.endswith(".json") or path.is_file()):
        return place if "://" in place else f"tcp://{place}"
    try:
        return str(json.loads(path.read_text("utf-8"))["address"])
    except OSError as error:
        raise PathError(f"{shown(path)}: {reason(error)}") from error
    except (ValueError, KeyError, TypeError) as error:
        raise PathError(
            f"{shown(path)} holds no address of a scheduler; name the file that dask scheduler "
            "--scheduler-file has written"
        ) from error


def _first_line(error: Exception) -> str:
    return (str(error).strip().split("\n")[0] or type(error).__name__)[:200].rstrip(". ")
