"""Several machines or containers that write to one folder."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from poolcli.jobs.stale_files import remove_leftovers
from poolcli.media import files
from poolcli.media.files import process_space, temporary_name
from tests.commands import HANG, posix
from tests.folders import leftovers


@posix
def test_files_of_another_container_are_left_for_a_day(here: Path) -> None:
    """A process there may have the number of one that is dead here."""
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait(HANG)
    ours = temporary_name().replace(f"-{os.getpid()}-", f"-{dead.pid}-")
    foreign, old = (ours.replace(process_space(), space) for space in ("0" * 8, "1" * 8))
    for name in (ours, foreign, old):
        Path(name).write_bytes(b"half")
    os.utime(old, (1, 1))
    assert remove_leftovers(here, of=dead.pid) == 1
    assert leftovers(here) == sorted([foreign, old])
    assert remove_leftovers(here) == 1
    assert leftovers(here) == [foreign]
    Path(foreign).unlink()


def test_machine_without_containers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "uname", raising=False)
    monkeypatch.setattr(files, "_PROCESSES", "/nowhere")
    seen = set()
    for name in ("ONE", "OTHER"):
        monkeypatch.setenv("COMPUTERNAME", name)
        seen.add(process_space.__wrapped__())
    assert len(seen) == 2
    assert all(len(one) == 8 for one in seen)
