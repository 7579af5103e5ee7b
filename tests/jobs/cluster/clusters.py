"""Real schedulers and workers, started and ended by the tests."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from itertools import chain
from pathlib import Path

import pytest

from tests.commands import HANG
from tests.folders import children, end

__all__ = ["Cluster", "cluster", "needs_cluster"]

needs_cluster = pytest.mark.skipif(
    find_spec("distributed") is None or sys.platform != "linux",
    reason="distributed is not installed, or its workers cannot be looked for in /proc",
)

_HERE = Path(__file__).parent

_WITHOUT_POOLCLI = """
import sys
class Without:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "poolcli":
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, Without())
from distributed.cli.dask_worker import main
main()
"""


class Cluster:
    """A scheduler, and the workers that were started for it."""

    def __init__(self, folder: Path, settings: Mapping[str, str]) -> None:
        self.folder, self.file = folder, folder / "scheduler.json"
        self._log = folder / "log.txt"
        self._env = {**os.environ, **settings}
        self._running: list[subprocess.Popen[bytes]] = []
        self.scheduler = self._start(
            ["-m", "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0"],
            ["--no-dashboard", "--scheduler-file", str(self.file)],
        )
        try:
            self._wait(lambda: bool(self.address))
        except BaseException:
            self.stop()
            raise

    @property
    def address(self) -> str:
        """The scheduler's address, once it has written it."""
        try:
            return str(json.loads(self.file.read_text())["address"])
        except (OSError, ValueError):
            return ""

    def add_workers(
        self, count: int = 1, *, nannies: bool = False, poolcli: bool = True
    ) -> "subprocess.Popen[bytes]":
        """Start workers; nannies start another one for each that dies."""
        words = ["-m", "distributed.cli.dask_worker"] if poolcli else ["-c", _WITHOUT_POOLCLI]
        joined = self._joined()
        started = self._start(
            words,
            ["--scheduler-file", str(self.file), "--nworkers", str(count), "--nthreads", "1"],
            ["--host", "127.0.0.1", "--no-dashboard", "--local-directory", str(self.folder)],
            ["--preload", str(_HERE / "poison.py")] if poolcli else [],
            [] if nannies else ["--no-nanny"],
        )
        self._wait(lambda: self._joined() >= joined + count)
        return started

    def workers(self) -> list[int]:
        """Process numbers of workers that are started by nannies."""
        return [
            child
            for process in self._running
            for child in children(process.pid)
            if b"spawn_main" in _words(child)
        ]

    def stop(self) -> None:
        """End everything."""
        for process in reversed(self._running):
            for one in (*children(process.pid), process.pid):
                with suppress(ProcessLookupError):
                    end([one])
            process.wait()

    def _start(self, *words: list[str]) -> "subprocess.Popen[bytes]":
        with self._log.open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, *chain(*words)],
                env=self._env,
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        self._running.append(process)
        return process

    def _joined(self) -> int:
        return self._log.read_bytes().count(b"Registered to:") if self._log.exists() else 0

    def _wait(self, done: Callable[[], bool]) -> None:
        until = time.monotonic() + HANG
        while not done():
            assert time.monotonic() < until, self._log.read_text()
            assert all(process.poll() is None for process in self._running), self._log.read_text()
            time.sleep(0.02)


def _words(process: int) -> bytes:
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes()
    except OSError:
        return b""


@contextmanager
def cluster(folder: Path, **settings: str) -> Iterator[Cluster]:
    """Start a scheduler, with these variables of the environment."""
    made = Cluster(folder, settings)
    try:
        yield made
    finally:
        made.stop()
