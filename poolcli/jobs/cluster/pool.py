"""Work handed to a cluster in batches, any of whose workers may die without harm."""

import os
import pickle
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from time import monotonic, sleep
from typing import Any, Generic, NamedTuple, TypeVar

from poolcli.errors import PoolingError
from poolcli.jobs.cluster.batch_size import BatchSize
from poolcli.jobs.cluster.connection import Connection
from poolcli.jobs.cluster.watch import Watch
from poolcli.jobs.cluster.work import perform_batch
from poolcli.jobs.result import reason

__all__ = ["ClusterPool"]

Work = TypeVar("Work")
Answer = TypeVar("Answer")

_AT_HAND = 3
"""Batches for each worker: those that wait are there before the one in work is done."""

_POLL = 0.005

_SILENCE = 5.0
"""Seconds without an answer, after which the scheduler is asked what is in work."""

_DEATHS = "its workers died again and again; out of memory, or a damaged file, perhaps"


class _Batch(NamedTuple):
    future: Any
    things: list[tuple[int, Any]]
    alone: bool


class ClusterPool(Generic[Work, Answer]):
    """The workers of a cluster, behind the interface of `WorkerPool`.

    A batch over which workers have died again and again is handed out anew thing by thing. (Half
    by half would cost more: each part with the culprit kills as many workers as the batch did.)
    What dies with a worker need not be what killed it, so a thing is blamed only if workers die
    over it while nothing else is in work.

    Parameters
    ----------
    connection : Connection
    do : callable
        Turns a list of things into one of answers, on a worker; all must be picklable.
    on_failure : callable
        Turns a thing, and the reason why a worker could not do it, into an answer.
    count : int
        Number of things that will be given at most.
    note : callable
        Takes a sentence for the user.
    """

    def __init__(
        self,
        connection: Connection,
        do: Callable[[list[Work]], list[Answer]],
        on_failure: Callable[[Work, str], Answer],
        count: int,
        note: Callable[[str], object] = lambda _: None,
    ) -> None:
        self._connection, self._do, self._on_failure = connection, do, on_failure
        self._size, self._watch = BatchSize(count), Watch(connection, note)
        self._filling: list[tuple[int, Work]] = []
        self._singly: deque[tuple[int, Work]] = deque()
        self._alone: deque[tuple[int, Work]] = deque()
        self._flying: dict[str, _Batch] = {}
        self._count, self._died = 0, False
        self._mark, self._heard = os.urandom(4).hex(), monotonic()
        self._ready = connection.distributed.as_completed(
            loop=connection.client.loop, with_results=True, raise_errors=False
        )

    @property
    def lost_workers(self) -> bool:
        """Tell whether any worker has left, or died over a batch."""
        self._watch.look_again()
        return self._watch.left or self._died

    @property
    def ahead(self) -> int:
        """Number of things that may be given before the first of them is answered."""
        return 2 * self._most() * self._size.largest

    def is_idle(self) -> bool:
        """Tell whether all that was given is answered."""
        return not (self._flying or self._filling or self._singly or self._alone)

    def has_room(self) -> bool:
        """Tell whether another thing would be begun soon."""
        return not (self._singly or self._alone) and len(self._flying) < self._most()

    def _most(self) -> int:
        return _AT_HAND * max(1, len(self._watch.workers))

    def give(self, number: int, thing: Work) -> None:
        """Hand a thing to the cluster, together with others."""
        self._filling.append((number, thing))
        if len(self._filling) >= self._size.next(max(1, len(self._watch.workers))):
            self._submit_filling()

    def answers(self, seconds: float) -> Iterator[tuple[int, Answer]]:
        """Yield answers as they come, after waiting at most this long for the first.

        Raises
        ------
        PoolingError
            If the scheduler is lost, no worker is left for long, or one that joined is unfit.
        """
        self._submit_filling()
        self._submit_suspects()
        until = monotonic() + seconds
        while not self._ready.has_ready():
            self._watch.check()
            if (now := monotonic()) - self._heard > _SILENCE:
                self._heard = now
                self._hand_out_lost()
            if now > until:
                return
            sleep(_POLL)
        yield from self._collected()

    def stop(self) -> Iterator[tuple[int, Answer]]:
        """Forget what is not done, and yield the answers that were complete."""
        self._watch.stop()
        with suppress(PoolingError):
            yield from self._collected()
        futures = [batch.future for batch in self._flying.values()]
        self._flying.clear()
        self._singly.clear()
        self._alone.clear()
        self._filling.clear()
        for future in futures:
            future.release()  # the cluster forgets what nobody wants

    def _submit_filling(self) -> None:
        if self._filling:
            self._size.taken(len(self._filling))
            self._submit(self._filling)
            self._filling = []

    def _submit_suspects(self) -> None:
        while self._singly and len(self._flying) < self._most():
            self._submit([self._singly.popleft()])
        if self._alone and not self._flying:
            self._submit([self._alone.popleft()], alone=True)

    def _submit(self, things: list[tuple[int, Work]], *, alone: bool = False) -> None:
        self._connection.refuse_lost()
        self._count += 1
        payload = pickle.dumps((self._do, [thing for _, thing in things]))
        future = self._connection.client.submit(
            perform_batch, payload, key=f"poolcli-{self._mark}-{self._count}", pure=False
        )
        self._flying[future.key] = _Batch(future, things, alone)
        self._ready.add(future)

    def _hand_out_lost(self) -> None:
        """Hand out anew what no worker has in work: an answer may die with the worker that has it.

        To do a batch twice is harmless.
        """
        with suppress(Exception):  # the scheduler is busy, or lost: another look tells
            lists = self._connection.client.processing().values()
            busy = {key for keys in lists for key in keys}
            for key, batch in list(self._flying.items()):
                if key not in busy:
                    del self._flying[key]
                    batch.future.release()
                    self._submit(batch.things, alone=batch.alone)

    def _collected(self) -> Iterator[tuple[int, Answer]]:
        while self._ready.has_ready():
            future, result = next(self._ready)
            self._heard = monotonic()
            batch = self._flying.pop(future.key, None)
            if batch is not None:
                yield from self._answered(batch, result)

    def _answered(self, batch: _Batch, result: Any) -> Iterator[tuple[int, Answer]]:
        status = batch.future.status
        if status == "finished":
            answers, seconds = pickle.loads(result)
            self._size.learn(len(answers), seconds)
            for (number, _), answer in zip(batch.things, answers, strict=True):
                yield number, answer
            return
        if status != "error":  # cancelled, or lost: then the result is not one
            self._connection.refuse_lost()
            raise PoolingError(
                f"the scheduler at {self._connection.address} has dropped the work, as one that "
                "was started anew does, or somebody has cancelled it"
            )
        error = result[1]
        self._died = self._died or type(error).__name__ == "KilledWorker"
        if type(error).__name__ != "KilledWorker":
            self._connection.check()  # the true reason, if a worker is unfit
            for number, thing in batch.things:
                yield number, self._on_failure(thing, reason(error))
        elif len(batch.things) > 1:
            self._singly.extend(batch.things)
        elif not batch.alone:
            self._alone.extend(batch.things)
        else:
            ((number, thing),) = batch.things
            yield number, self._on_failure(thing, _DEATHS)
