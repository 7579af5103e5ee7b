"""Clocks for calls in this process, by turns."""

import gc
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from time import perf_counter, process_time
from typing import Any

__all__ = ["Timing", "by_turns", "once"]

_SHORTEST = 0.01


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds of the processor and on the wall for one call, in the middle; and the best."""

    cpu: float
    wall: float
    best: float
    runs: int = 1


def once(run: Callable[[], Any], calls: int = 1) -> tuple[Any, Timing]:
    """Run, and give the (last) result too."""
    result = None
    cpu, wall = process_time(), perf_counter()
    for _ in range(calls):
        result = run()
    wall, cpu = perf_counter() - wall, process_time() - cpu
    return result, Timing(cpu / calls, wall / calls, cpu / calls)


def by_turns(
    runs: Mapping[str, Callable[[], Any]], seconds: float, rounds: tuple[int, int] = (3, 9)
) -> dict[str, Timing]:
    """Medians over rounds A B C, A B C …, as many as fit into the seconds.

    What is too short for the clock is called several times in a row.
    """
    calls: dict[str, int] = {}
    for name, run in runs.items():
        _, warm = once(run)
        if warm.wall < _SHORTEST:
            _, warm = once(run, 3)
        calls[name] = max(1, round(_SHORTEST / max(warm.wall, 1e-7)))
    taken: dict[str, list[Timing]] = {name: [] for name in runs}
    began = perf_counter()
    gc.collect()
    for done in range(rounds[1]):
        spent = perf_counter() - began
        if done >= rounds[0] and spent * (done + 1) / done > seconds:
            break
        for name, run in runs.items():
            taken[name].append(once(run, calls[name])[1])
    return {name: _middle(each) for name, each in taken.items()}


def _middle(timings: Sequence[Timing]) -> Timing:
    cpu, wall = (median(values) for values in zip(*((t.cpu, t.wall) for t in timings), strict=True))
    return Timing(cpu, wall, min(t.cpu for t in timings), len(timings))
