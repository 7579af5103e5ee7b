"""Several machines or containers that write to one folder."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from poolcli.jobs.stale_files import remove_leftovers
from poolcli.media import files
from poolcli.media.files import process_space, temporary_name
from tests.commands import HANG, Run, posix
from tests.folders import command, fill, leftovers, wrong
from tests.namespaces import in_namespace, needs_namespaces

HALF_WRITTEN = """
import sys, pathlib
from poolcli.media.replacing import atomic_write
with atomic_write(pathlib.Path("out/late.bin")) as file:
    file.write(b"half")
    file.flush()
    print("begun", flush=True)
    sys.stdin.readline()
    file.write(b" and half")
"""
"""A program that has its temporary file open until it is told to go on."""


def foreign(age: float, process: int = 1) -> Path:
    """A temporary file of another machine, last written so many seconds ago."""
    path = Path("out", f".poolcli-{process}-{'0' * 8}0123abcd.tmp")
    path.write_bytes(b"half")
    os.utime(path, (path.stat().st_mtime - age,) * 2)
    return path


@posix
def test_files_of_another_container_are_left_for_a_day(here: Path) -> None:
    """A process there may have the number of one that is dead here."""
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait(HANG)
    Path("out").mkdir()
    ours = Path("out", temporary_name().replace(f"-{os.getpid()}-", f"-{dead.pid}-"))
    ours.write_bytes(b"half")
    new, quiet, _old = (foreign(age, dead.pid + i) for i, age in enumerate((0, 3600, 90_000)))
    assert remove_leftovers(here / "out", of=dead.pid) == (1, 2)
    assert not ours.exists()
    assert remove_leftovers(here / "out") == (1, 1)
    assert leftovers(here) == sorted(map(str, (new, quiet)))
    new.unlink()
    quiet.unlink()


@pytest.mark.parametrize("destination", ["out", "out/one.png"])
def test_files_of_a_machine_that_is_perhaps_dead_are_told_of(
    destination: str, here: Path, run: Run
) -> None:
    fill(here / "p", 1)
    Path("out").mkdir()
    quiet = [foreign(3600, process) for process in (1, 2)]
    source = "p" if destination == "out" else "p/00000.png"
    done = run("max", source, destination, "-k", 2)
    assert done.code == 0
    assert done.err.splitlines()[0] == (
        "poolcli: note: out: 2 temporary files of another machine or container, not written to for "
        "ten minutes; remove what no run there needs, or let a run remove it after a day"
    )
    assert run("max", source, destination, "-k", 2, "-q").err == ""
    for path in quiet:
        path.unlink()


@needs_namespaces
def test_two_containers_pool_into_one_folder(here: Path) -> None:
    """Neither removes the file that the other one is writing, whose process it cannot see."""
    fill(here / "p", 4)
    Path("out").mkdir()
    writer = in_namespace([sys.executable, "-c", HALF_WRITTEN], stdin=subprocess.PIPE)
    assert writer.stdout is not None
    assert writer.stdout.readline() == "begun\n"
    (temporary,) = leftovers(here)
    number = int(temporary.split("-")[1])
    assert number > 60, "a process of this number would be alive in the other container"
    other = in_namespace(command("max", "p", "out", "-k", 2), before=0)
    assert other.communicate(timeout=HANG)[1] != ""
    assert other.returncode == 0
    assert leftovers(here) == [temporary]
    writer.communicate("go on\n", timeout=HANG)
    assert writer.returncode == 0
    assert Path("out/late.bin").read_bytes() == b"half and half"
    assert wrong(here / "p", here / "out") == []


def test_machine_without_containers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "uname", raising=False)
    monkeypatch.setattr(files, "_PROCESSES", "/nowhere")
    monkeypatch.setattr(files, "_START", "/nowhere")
    seen = set()
    for name in ("ONE", "OTHER"):
        monkeypatch.setenv("COMPUTERNAME", name)
        seen.add(process_space.__wrapped__())
    assert len(seen) == 2
    assert all(len(one) == 8 for one in seen)


def test_machines_of_one_name_are_told_apart_by_their_start(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = set()
    for name in ("one", "other"):
        (here / name).write_text(name)
        monkeypatch.setattr(files, "_START", str(here / name))
        seen.add(process_space.__wrapped__())
    assert len(seen) == 2
