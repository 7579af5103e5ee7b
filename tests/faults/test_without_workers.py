"""Folder runs where workers cannot be started, and what killed runs leave of theirs."""

import os
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from poolcli.jobs.stale_files import mark_sockets, remove_dead_sockets
from poolcli.media.files import process_space
from tests.commands import Shell, posix
from tests.folders import fill, wrong

linux = pytest.mark.skipif(sys.platform != "linux", reason="workers have no socket elsewhere")


def dead_process() -> int:
    done = subprocess.run(
        [sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, check=True
    )
    return int(done.stdout)


@linux
def test_a_long_temporary_folder(here: Path, shell: Shell) -> None:
    fill(Path("p"), 5)
    Path("x" * 130).mkdir()
    done = shell("max", "p", "out", "-k", 2, env={"TMPDIR": str(here / ("x" * 130))})
    assert done.code == 0
    note, count = done.err.splitlines()
    assert note.startswith("poolcli: note: no worker can be started (AF_UNIX path too long)")
    assert count.startswith("5 done, 0 skipped, 0 failed")
    assert wrong(Path("p"), Path("out")) == []
    quiet = shell("max", "p", "out", "-k", 2, "-q", env={"TMPDIR": str(here / ("x" * 130))})
    assert (quiet.code, quiet.err) == (0, "")


@linux
def test_no_temporary_folder_at_all(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from poolcli.cli.main import main
    from poolcli.jobs import workers

    def refuse(*_: object) -> None:
        raise FileNotFoundError(2, "No usable temporary directory found in []")

    fill(here / "p", 5)
    Path(here, "p/a/bad.png").write_bytes(b"junk")
    monkeypatch.setattr(workers, "mark_sockets", refuse)
    assert main(["max", "p", "out", "-k", "2", "--report", "r.jsonl"]) == 1
    err = capsys.readouterr().err
    assert "no worker can be started ([Errno 2] No usable temporary directory" in err
    assert "5 done, 0 skipped, 1 failed" in err
    assert len(Path("r.jsonl").read_text().splitlines()) == 6


@posix
@pytest.mark.parametrize("extra", [[], ["--dry-run"]])
def test_a_pipe_in_the_destination_blocks_nobody(
    here: Path, shell: Shell, extra: list[str]
) -> None:
    fill(Path("p"), 1)
    Path("out").mkdir()
    os.mkfifo("out/00000.png")
    assert here
    done = shell("max", "p", "out", "-k", 2, *extra)
    assert done.code == 1
    assert "out/00000.png: exists and is a pipe or a device" in done.err
    assert stat.S_ISFIFO(Path("out/00000.png").stat().st_mode)


@posix
def test_sockets_of_killed_runs_are_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    dead, space = dead_process(), process_space()
    for name, files in {
        "pymp-ours": [f"poolcli-{space}-{dead}", "listener-a"],
        "pymp-alive": [f"poolcli-{space}-{os.getpid()}", "listener-a"],
        "pymp-both": [
            f"poolcli-{space}-{dead}",
            f"poolcli-{space}-{os.getpid()}",
        ],
        "pymp-others": ["listener-a"],
        "pymp-more": [f"poolcli-{space}-{dead}", "somebody's.txt"],
        "pymp-name": ["poolcli-x"],
        "pymp-elsewhere": [f"poolcli-other-{dead}"],
        "other": [f"poolcli-{space}-{dead}"],
    }.items():
        (tmp_path / name).mkdir()
        for file in files:
            (tmp_path / name / file).touch()
    (tmp_path / "pymp-link").symlink_to(tmp_path / "other")
    assert remove_dead_sockets() == 1
    left = {path.name for path in tmp_path.iterdir()}
    assert "pymp-ours" not in left
    assert len(left) == 8


@linux
def test_a_killed_run_is_cleaned_up_after(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = here / "t"
    place.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    monkeypatch.setattr("poolcli.jobs.stale_files.os.getpid", dead_process)
    from multiprocessing import process

    monkeypatch.setitem(
        vars(process.current_process())["_config"], "tempdir", str(place / "pymp-a")
    )
    (place / "pymp-a").mkdir()
    mark_sockets()
    assert remove_dead_sockets() == 1
    assert list(place.iterdir()) == []
