"""Clusters that cannot do the work, or no longer: a sentence each, and soon."""

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.commands import HANG, Run, Shell
from tests.folders import fill, leftovers, names, started
from tests.jobs.cluster.clusters import Cluster, cluster, needs_cluster

pytestmark = needs_cluster


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A scheduler without workers."""
    with cluster(tmp_path_factory.mktemp("cluster")) as made:
        yield made


def test_no_workers(bare: Cluster, shell: Shell, here: Path) -> None:
    fill(here / "p", 1)
    began = time.monotonic()
    done = shell("max", "p", "deep/out", "-k", 2, "--cluster", bare.file)
    assert done.code == 1
    assert done.failure == (
        f"the cluster at {bare.address} has no workers; start some with dask worker "
        f"{bare.address} --nthreads 1, and run the command again"
    )
    assert time.monotonic() - began < HANG
    assert not Path("deep").exists()


def test_worker_without_poolcli(bare: Cluster, shell: Shell, here: Path) -> None:
    fill(here / "p", 1)
    worker = bare.add_workers(poolcli=False)
    done = shell("max", "p", "out", "-k", 2, "--cluster", bare.file)
    worker.kill()
    worker.wait()
    assert re.fullmatch(
        r"worker tcp://127.0.0.1:\d+ on \S+ has no poolcli; install poolcli \S+ in the environment "
        "of all workers",
        done.failure,
    )
    assert names(here) == ["p/00000.png"]


def test_lost_scheduler(tmp_path: Path, here: Path) -> None:
    fill(here / "p", 200)
    for name in names(here / "p"):
        Path("p", name).rename(Path("p", name).with_stem(f"slow{Path(name).stem}"))
    (here / "cluster").mkdir()
    with cluster(here / "cluster") as own:
        own.add_workers()
        running = started("max", "p", "out", "-k", 2, "--cluster", own.file, "--report", "r.jsonl")
        while running.poll() is None and not Path("r.jsonl").exists():
            time.sleep(0.01)
        while running.poll() is None and Path("r.jsonl").read_text().count("\n") < 4:
            time.sleep(0.01)
        own.scheduler.kill()
        out, err = running.communicate(timeout=HANG)
        done = out.count("\n")
        assert running.returncode == 1
        assert err == (
            f"poolcli: the scheduler at {own.address} was lost; start it and its workers anew; "
            f"{done} done, {200 - done} left; run the same command with --resume r.jsonl to "
            "continue\n"
        )
    assert Path("r.jsonl").read_text().count("\n") == done
    for name in leftovers(here / "out"):  # of the worker, which did not survive its scheduler
        Path("out", name).unlink()
    assert tmp_path == here


def test_no_scheduler(shell: Shell, here: Path) -> None:
    fill(here / "p", 1)
    done = shell("max", "p", "out", "-k", 2, "--cluster", "127.0.0.1:1")
    assert done.code == 1
    assert re.fullmatch(
        r"no Dask scheduler answers at tcp://127.0.0.1:1 \(.*\); start one with dask scheduler, or "
        "look at the address that it prints",
        done.failure,
    )
    assert names(here) == ["p/00000.png"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (None, "s.json: no such file or folder; check the name"),
        ("{}", "s.json holds no address of a scheduler; name the file that dask scheduler "
         "--scheduler-file has written"),
        ("[", "s.json holds no address of a scheduler; name the file that dask scheduler "
         "--scheduler-file has written"),
    ],
)  # fmt: skip
def test_files_without_an_address(run: Run, here: Path, text: str | None, told: str) -> None:
    from poolcli.errors import PathError
    from poolcli.jobs.cluster.connection import scheduler_address

    if text is not None:
        Path("s.json").write_text(text)
    with pytest.raises(PathError) as raised:
        scheduler_address("s.json")
    assert str(raised.value) == told
    assert run
    assert here


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["-j", 2], "-j starts workers, and a cluster has its own; leave one out"),
        (["--in-place"], "--in-place does not go with --cluster: what a worker was doing when it "
         "died is done again, and would be pooled twice; name a destination"),
    ],
)  # fmt: skip
def test_options_that_a_cluster_does_not_take(
    run: Run, here: Path, words: list[str], told: str
) -> None:
    fill(here / "p", 1)
    done = run("max", "p", "out", "-k", 2, "--cluster", "127.0.0.1:1", *words)
    assert (done.code, done.failure) == (2, told)
