"""Running poolcli as a user does, and what a user sees of it."""

import ctypes
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from os import PathLike, environ
from typing import Any, Protocol, TypeAlias

import pytest

Word: TypeAlias = str | int | PathLike[str]

HANG = 600
"""Seconds after which what a test waits for has surely come to a stand, on the slowest machine."""


@dataclass(frozen=True)
class Outcome:
    """An exit code and what was printed."""

    code: int
    out: str
    err: str

    @property
    def failure(self) -> str:
        """What is behind ``poolcli: `` on the one line that an error is."""
        assert self.out == ""
        assert "Traceback" not in self.err
        assert self.err.count("\n") == 1
        assert self.err.endswith("\n")
        assert self.err.startswith("poolcli: ")
        return self.err.removeprefix("poolcli: ").removesuffix("\n")


class Run(Protocol):
    """``run("max", source, destination, "-k", 2)``."""

    def __call__(self, *words: Word) -> Outcome: ...


class Shell(Protocol):
    """``shell("max", source, destination, "-k", 2, preexec_fn=without_privileges)``."""

    def __call__(
        self, *words: Word, env: Mapping[str, str] | None = None, **options: Any
    ) -> Outcome: ...


posix = pytest.mark.skipif(sys.platform == "win32", reason="links, modes and signals of POSIX")
unicode_names = pytest.mark.skipif(
    sys.getfilesystemencoding() != "utf-8", reason="no file can be named beyond ASCII here"
)


def shell(*words: Word, env: Mapping[str, str] | None = None, **options: Any) -> Outcome:
    """Run the real command in a process of its own; ``options`` are those of `subprocess.run`."""
    done = subprocess.run(
        [sys.executable, "-m", "poolcli", *map(str, words)],
        stdin=subprocess.DEVNULL,
        env={**environ, **(env or {})},
        timeout=HANG,
        check=False,
        **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options},
    )
    out, err = (
        (said or b"").decode("utf-8", "surrogateescape") for said in (done.stdout, done.stderr)
    )
    return Outcome(done.returncode, out, err)


def without_privileges() -> None:
    """For ``preexec_fn``: make permissions bind root too (Linux; they bind all others anyway)."""
    for capability in (1, 2):  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
        ctypes.CDLL(None).prctl(24, capability, 0, 0, 0)  # PR_CAPBSET_DROP


def with_small_files() -> None:
    """For ``preexec_fn``: let no file grow beyond 1000 bytes, as on a disk that fills up."""
    import resource

    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
