"""Every cell: poolcli's time, and how many times as long each peer takes."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

from tests.bench.kernels.cells import Array, Cell, all_cells, sample
from tests.bench.kernels.peers import Arrays, Job, Peer, installed
from tests.bench.kernels.peers.ours import missing_name, ours
from tests.bench.kernels.reference import check_by_definition, differing
from tests.bench.timing import Timing, by_turns, once

__all__ = ["CellResult", "PeerResult", "measure_all"]

_TRIAL = 375, 500


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a cell may take, in seconds.

    Attributes
    ----------
    rounds : float
        For the rounds in which everybody takes turns.
    slow, too_slow : float
        From here on one run of a peer is enough, and from here on it is left out.
    """

    rounds: float
    slow: float
    too_slow: float


USUAL = Patience(4.0, 2.0, 20.0)
QUICK = Patience(0.1, 0.04, 0.3)


@dataclass(frozen=True, slots=True)
class PeerResult:
    """One peer in one cell.

    Attributes
    ----------
    timing : Timing, optional
        None if the peer was left out; ``predicted`` says how long it would have taken.
    differing : float
        The share of samples that are not ours.
    """

    name: str
    timing: Timing | None = None
    differing: float = 0.0
    predicted: float | None = None
    error: str = ""


@dataclass(slots=True)
class CellResult:
    """One cell: ours and all the others, or why there is nothing."""

    cell: Cell
    ours: Timing | None = None
    peers: list[PeerResult] = field(default_factory=list)
    note: str = ""

    def fastest(self, *, exact: bool) -> PeerResult | None:
        """The peer to beat, among those who are exact or among those who are not."""
        timed = [p for p in self.peers if p.timing and (p.differing == 0) == exact]
        return min(timed, key=lambda p: p.timing.cpu if p.timing else 0.0, default=None)

    def ratio(self, peer: PeerResult | None) -> float | None:
        """How many times as long as ours a peer takes."""
        if peer is None or peer.timing is None or self.ours is None:
            return None
        return peer.timing.cpu / self.ours.cpu


def measure_all(
    *, quick: bool, match: str, too_slow: float | None, tell: Callable[[CellResult], None]
) -> tuple[list[CellResult], list[str]]:
    """Measure the cells whose label has ``match`` in it, telling each; and name absent peers.

    Ctrl-C ends it with what there is so far.
    """
    peers, missing = installed()
    patience = QUICK if quick else USUAL
    if too_slow is not None:
        patience = replace(patience, slow=min(patience.slow, too_slow / 4), too_slow=too_slow)
    results: list[CellResult] = []
    with suppress(KeyboardInterrupt):
        for cell in all_cells(quick=quick):
            if match in cell.label:
                results.append(_measure(cell, peers, patience))
                tell(results[-1])
    return results, missing


def _measure(cell: Cell, peers: Sequence[Peer], patience: Patience) -> CellResult:
    name = missing_name(cell)
    if name:
        return CellResult(cell, note=f"skipped: there is no {name} yet")
    x = sample(cell)
    try:
        predicted = _predicted(cell, Peer("poolcli", ours), USUAL.too_slow)
        if predicted > USUAL.too_slow:
            return CellResult(cell, note=f"skipped: poolcli would take some {predicted:.0f} s")
        own = ours(cell, x)
        output, timing = once(own.run)
        expected = own.read(output)
        check_by_definition(cell, x, expected)
        timing = _settled(own.run, timing, patience)
    except (TypeError, ValueError) as error:
        return CellResult(cell, note=f"skipped: poolcli does not take it ({error})")
    except ArithmeticError as error:
        return CellResult(cell, note=f"WRONG: {error}")
    result = CellResult(cell)
    turns: dict[str, Callable[[], Any]] = {}
    if timing.cpu > patience.slow:
        result.ours = timing
    else:
        turns["poolcli"] = own.run
    shares: dict[str, float] = {}
    for peer in peers:
        outcome, job = _first_run(cell, peer, x, expected, patience)
        if job is not None and outcome is not None and outcome.timing is None:
            turns[peer.name], shares[peer.name] = job.run, outcome.differing
        elif outcome is not None:
            result.peers.append(outcome)
    timings = by_turns(turns, patience.rounds)
    result.ours = timings.pop("poolcli", result.ours)
    result.peers += [PeerResult(name, timing, shares[name]) for name, timing in timings.items()]
    return result


def _first_run(
    cell: Cell, peer: Peer, x: Array, expected: Arrays, patience: Patience
) -> tuple[PeerResult | None, Job | None]:
    """Let a peer do the job once: its result compared, and its time if once is enough."""
    try:
        predicted = _predicted(cell, peer, patience.too_slow)
        if predicted > patience.too_slow:
            return PeerResult(peer.name, predicted=predicted), None
        job = peer.make(cell, x)
        if job is None:
            return None, None
        output, timing = once(job.run)
        share = differing(cell, expected, job.read(output))
        timing = _settled(job.run, timing, patience)
    except Exception as error:  # whatever a library may raise
        return PeerResult(peer.name, error=f"{type(error).__name__}: {error}"), None
    return PeerResult(peer.name, timing if timing.cpu > patience.slow else None, share), job


def _settled(run: Callable[[], Any], first: Timing, patience: Patience) -> Timing:
    """What a run takes; one that seems slow may have waited for memory, and has another try."""
    if first.cpu <= patience.slow:
        return first
    return min(first, once(run)[1], key=lambda timing: timing.cpu)


def _predicted(cell: Cell, peer: Peer, too_slow: float) -> float:
    """Seconds, by as many windows as a small image has."""
    small = cell.cut(*_TRIAL)
    if cell.size is not None or small == cell:
        return 0.0
    job = peer.make(small, sample(small))
    if job is None:
        return 0.0
    (high, wide), (rows, columns) = cell.output, small.output
    times = (high * wide) / (rows * columns)
    _, first = once(job.run)
    if first.cpu < 0.02 or first.cpu * times > 10 * too_slow:
        return first.cpu * times
    _, again = once(job.run)  # the first call of all may have had to set things up
    return min(first.cpu, again.cpu) * times
