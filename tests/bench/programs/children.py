"""Whole commands: run, timed and weighed from outside."""

import json
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from shutil import which
from statistics import median
from time import perf_counter

from tests.bench.environment import child_environment

__all__ = ["Command", "Usage", "poolcli", "pooling", "run", "script", "turns"]

_HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Usage:
    """Seconds on the wall and of the processor, bytes of memory at most; why it failed."""

    wall: float
    cpu: float
    peak: int
    error: str = ""


@dataclass(frozen=True, slots=True)
class Command:
    """A command, or several one after another, that do a job."""

    name: str
    steps: tuple[tuple[str, ...], ...]
    one_thread: bool = False


def poolcli(name: str, *words: str | Path) -> Command:
    """poolcli as a user starts it."""
    program = which("poolcli", path=str(Path(sys.executable).parent)) or which("poolcli")
    start = (program,) if program else (sys.executable, "-m", "poolcli")
    return Command(name, ((*start, *map(str, words)),))


def pooling(
    name: str, kind: str, source: Path, destination: str | Path, suffix: str, *words: str
) -> Command:
    """poolcli with 2×2 windows, writing JPEG as the peers do."""
    quality = ("--quality", "75") if suffix == ".jpg" else ()
    return poolcli(name, kind, source, destination, "-k", "2", *quality, *words)


def script(name: str, *words: str | Path, one_thread: bool = False) -> Command:
    """A peer's script, one of those in scripts.py."""
    steps = (sys.executable, str(_HERE / "scripts.py"), *map(str, words))
    return Command(name, (steps,), one_thread)


def run(command: Command) -> Usage:
    """Run a command, with its steps added up."""
    wall, cpu, peak = 0.0, 0.0, 0
    for step in command.steps:
        launched = subprocess.run(
            [sys.executable, "-I", "-S", str(_HERE / "launch.py"), *step],
            env=child_environment(one_thread=command.one_thread),
            capture_output=True,
            text=True,
            check=False,
        )
        if launched.returncode:
            return Usage(wall, cpu, peak, f"cannot start {step[0]}")
        took = json.loads(launched.stdout)
        wall, cpu, peak = wall + took["wall"], cpu + took["cpu"], max(peak, took["peak"])
        if took["code"]:
            lines = launched.stderr.strip().splitlines() or ["without a word"]
            return Usage(wall, cpu, peak, f"exit {took['code']}: {lines[-1]}")
    return Usage(wall, cpu, peak)


def turns(
    commands: Iterable[Command], rounds: tuple[int, int], seconds: float = 60.0
) -> Mapping[str, Usage]:
    """Medians over rounds in which everybody has a turn; who fails has had his only one.

    As many rounds, between the two numbers, as fit into the seconds.
    """
    waiting = list(commands)
    taken: dict[str, list[Usage]] = {command.name: [] for command in waiting}
    began = perf_counter()
    for done in range(rounds[1]):
        spent = perf_counter() - began
        if done >= rounds[0] and spent * (done + 1) / done > seconds:
            break
        for command in waiting:
            if not taken[command.name] or not taken[command.name][-1].error:
                taken[command.name].append(run(command))
    return {name: _middle(usages) for name, usages in taken.items()}


def _middle(usages: Sequence[Usage]) -> Usage:
    if usages[-1].error:
        return usages[-1]
    return Usage(
        median(usage.wall for usage in usages),
        median(usage.cpu for usage in usages),
        max(usage.peak for usage in usages),
    )
