"""--cluster: folders and arrays pooled by the workers of a cluster, some of which die."""

import json
import os
import random
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.commands import HANG, Run, Shell
from tests.folders import end, fill, leftovers, names, started, wrong
from tests.jobs.cluster.arrays import make_stack
from tests.jobs.cluster.clusters import Cluster, cluster, needs_cluster

pytestmark = needs_cluster


@pytest.fixture(scope="module")
def three(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A cluster of three workers; a batch fails over which one worker dies, to save time."""
    failures = {"DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "0"}
    with cluster(tmp_path_factory.mktemp("cluster"), **failures) as made:
        made.add_workers(3, nannies=True)
        yield made


def told(report: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in report.read_text().splitlines()]


def content(folder: Path) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in names(folder)}


def wait_for_files(folder: Path, count: int, running: "subprocess.Popen[str]") -> None:
    until = time.monotonic() + HANG
    while running.poll() is None and len(names(folder)) < count:
        assert time.monotonic() < until
        time.sleep(0.01)


def test_same_tree_lines_and_report_as_by_local_workers(
    three: Cluster, shell: Shell, here: Path
) -> None:
    fill(here / "p", 60)
    Path("p/a/00007.png").write_bytes(b"no picture")
    local = shell("avg", "p", "out", "-k", 2, "--report", "local.jsonl")
    Path("out").rename("local")
    done = shell("avg", "p", "out", "-k", 2, "--report", "r.jsonl", "--cluster", three.file)
    assert (done.code, done.out) == (1, local.out)
    assert done.err.split(" in ")[0] == local.err.split(" in ")[0]
    assert content(here / "out") == content(here / "local")
    left_out = {"seconds"}
    lines = [
        sorted(
            sorted((key, str(value)) for key, value in line.items() if key not in left_out)
            for line in told(here / report)
        )
        for report in ("local.jsonl", "r.jsonl")
    ]
    assert lines[0] == lines[1]


def test_killed_workers_cost_nothing(three: Cluster, here: Path) -> None:
    count, dice = 240, random.Random(1)
    fill(here / "p", count)
    words = ("max", "p", "out", "-k", 2, "--report", "r.jsonl", "--cluster", three.address)
    running = started(*words)
    for files in (40, 120):
        wait_for_files(here / "out", files, running)
        assert running.poll() is None, running.communicate()
        end([dice.choice(three.workers())])
    out, err = running.communicate(timeout=HANG)
    assert running.returncode == 0
    assert err.splitlines()[-1].startswith(f"{count} done, 0 skipped, 0 failed in ")
    lines = out.splitlines()
    assert lines == sorted(lines)
    assert wrong(here / "p", here / "out") == []
    assert leftovers(here) == []
    assert set(Counter(line["destination"] for line in told(here / "r.jsonl")).values()) == {1}
    assert len(lines) == len(told(here / "r.jsonl")) == count


def test_a_file_that_kills_workers_is_blamed_alone(
    three: Cluster, shell: Shell, here: Path
) -> None:
    fill(here / "p", 40)
    Path("p/a/poison.png").write_bytes(Path("p/00000.png").read_bytes())
    done = shell("max", "p", "out", "-k", 2, "--cluster", three.file)
    assert done.code == 1
    assert done.err.splitlines()[-2:-1] == [
        "poolcli: p/a/poison.png: its workers died again and again; out of memory, or a damaged "
        "file, perhaps"
    ]
    assert done.err.splitlines()[-1].startswith("40 done, 0 skipped, 1 failed in ")
    assert wrong(here / "p", here / "out") == ["a/poison.png"]
    assert leftovers(here) == []


def test_ctrl_c_and_gone_on(three: Cluster, shell: Shell, here: Path) -> None:
    fill(here / "p", 100)
    for name in names(here / "p"):
        Path("p", name).rename(Path("p", name).with_stem(f"slow{Path(name).stem}"))
    words = ("max", "p", "out", "-k", 2, "--cluster", three.file, "--resume", "r.jsonl")
    running = started(*words)
    wait_for_files(here / "out", 20, running)
    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=HANG)
    assert running.returncode == 130
    done = out.count("\n")
    assert len(told(here / "r.jsonl")) == done < 100
    assert err == (
        f"{done} done, {100 - done} left; run the same command with --resume r.jsonl to continue\n"
    )
    again = shell(*words)
    assert again.code == 0
    assert again.err.splitlines()[-1].startswith(f"{100 - done} done, {done} skipped, 0 failed in ")
    assert wrong(here / "p", here / "out") == []
    assert os.listdir("out")  # noqa: PTH208


needs_zarr = pytest.mark.skipif(find_spec("zarr") is None, reason="zarr is not installed")


@needs_zarr
@pytest.mark.parametrize(
    "words",
    [
        ("median", "-k", 2, "a.npy"),
        ("pyramid", "avg", "--axes", "zyx", "--chunk", 32, "--levels", 4, "a.npy"),
    ],
)
def test_boxes_of_an_array_with_a_worker_killed(
    three: Cluster, run: Run, here: Path, words: tuple[str, ...]
) -> None:
    make_stack(here / "a.npy", 16, 128)
    Path("local").mkdir()
    assert run(*words, "local/a.ome.zarr").code == 0
    running = started(*words, "out/a.ome.zarr", "--cluster", three.file)
    wait_for_files(here / "out", 5, running)
    with suppress(ProcessLookupError):
        end(three.workers()[:1])
    out, err = running.communicate(timeout=HANG)
    assert running.returncode == 0, err
    assert out.startswith("out/a.ome.zarr: ")
    assert content(here / "out") == content(here / "local")


def test_what_several_processes_cannot_make(run: Run, here: Path) -> None:
    make_stack(here / "a.npy", 1, 8)
    for words in (["max", "a.npy", "b.npy", "-k", 2], ["pyramid", "max", "a.npy", "a.ome.tif"]):
        done = run(*words, "--cluster", "127.0.0.1:1")
        assert (done.code, done.failure) == (
            2,
            "--cluster shares out the files of a folder, or one .zarr, .npy or .tif that becomes a "
            ".zarr; leave it out for other files",
        )


def test_missing_array(run: Run, here: Path) -> None:
    done = run("max", "a.npy", "b.zarr", "-k", 2, "--cluster", "127.0.0.1:1")
    assert (done.code, done.failure) == (1, "a.npy: no such file or folder; check the name")
    assert names(here) == []
