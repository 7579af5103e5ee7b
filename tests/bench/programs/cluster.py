"""A folder of small pictures on a Dask cluster: the cost of a file beside its pooling; memory."""

import os
import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.bench.pictures import photograph
from tests.bench.programs.children import Command, Usage, poolcli, turns
from tests.bench.report import Table
from tests.jobs.cluster.clusters import Cluster, cluster

__all__ = ["on_cluster"]

_WORKERS = (1, 2, 3)
_BATCHES = (1, 16, 64, 256)

_WITH_BATCHES = """
from poolcli.jobs.cluster.batch_size import BatchSize
from poolcli.__main__ import run
BatchSize.next = lambda self, workers: {0}
BatchSize.largest = {0}
run()
"""


def on_cluster(folder: Path, *, quick: bool) -> list[Table]:
    """max 2/2 of pictures of 40×40 by local workers and by a cluster's, and of very many."""
    pictures = folder / "in"
    _fill(pictures, 300 if quick else 3000)
    return [_overhead(folder, pictures, quick=quick), _memory(folder, 2000 if quick else 100_000)]


def _fill(folder: Path, count: int) -> None:
    """Fill folders of a thousand."""
    tile = photograph(1, 40, 40)
    for number in range(count):
        path = folder / f"{number // 1000:03}" / f"{number:06}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        if number % 1000:
            os.link(path.with_name(f"{number // 1000 * 1000:06}.png"), path)
        else:
            tile.save(path)


def _overhead(folder: Path, pictures: Path, *, quick: bool) -> Table:
    count = sum(1 for path in pictures.rglob("*") if path.is_file())
    rounds = (1, 1) if quick else (2, 3)
    words = ("max", pictures, folder / "out", "-k", "2", "-q", "--no-sync")
    table = Table(
        f"Cluster: max 2/2 of {count} pictures, 40×40 PNG",
        ("", "s", "ms a file", "CPU of the client, ms a file", ""),
        notes=["Whole commands with their start-up; the CPU of local workers is the command's."],
    )
    local = [poolcli(f"local, -j {size}", *words, "-j", str(size)) for size in _WORKERS]
    _add(table, turns(local, rounds), count)
    for size in _WORKERS:
        with _cluster(folder, size) as made:
            entrants = [poolcli(_of_workers(size), *words, "--cluster", made.address)]
            if size == _WORKERS[-1]:
                entrants += [_batches(each, *words, "--cluster", made.address) for each in _BATCHES]
            _add(table, turns(entrants, rounds), count)
    return table


def _of_workers(size: int) -> str:
    return f"cluster of {size} worker{'s' if size > 1 else ''}"


def _batches(size: int, *words: str | Path) -> Command:
    start = (sys.executable, "-c", _WITH_BATCHES.format(size))
    return Command(f"of {_WORKERS[-1]}, batches of {size}", ((*start, *map(str, words)),))


def _add(table: Table, usages: Mapping[str, Usage], count: int) -> None:
    for name, usage in usages.items():
        if usage.error:
            table.rows.append([name, None, None, None, usage.error[:120]])
            continue
        each = 1e3 / count
        table.rows.append([name, usage.wall, usage.wall * each, usage.cpu * each, ""])


def _memory(folder: Path, count: int) -> Table:
    pictures = folder / "many"
    _fill(pictures, count)
    words = ("max", pictures, folder / "many-out", "-k", "2", "-q", "--no-sync")
    table = Table(
        f"Cluster: memory of {count} pictures, three workers",
        ("", "peak MB", "s", "CPU s", ""),
    )
    plan = poolcli("planned: --dry-run of a shard of none", *words, "-n", "--shard", "1/1000000")
    with _cluster(folder, _WORKERS[-1]) as made:
        run = poolcli("the client", *words, "--cluster", made.address)
        for name, usage in turns([plan, run], (1, 1)).items():
            table.rows.append([name, usage.peak / 1e6, usage.wall, usage.cpu, usage.error[:120]])
        table.rows.append(["the scheduler", *_of_process(made.scheduler.pid), ""])
        for worker in made.workers():
            table.rows.append(["a worker", *_of_process(worker), ""])
    return table


def _of_process(process: int) -> tuple[float, None, float]:
    """Peak of its memory in MB, nothing, and seconds of the processor."""
    status = Path(f"/proc/{process}/status").read_text()
    peak = re.search(r"VmHWM:\s+(\d+) kB", status)
    times = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[11:13]
    assert peak is not None
    return int(peak[1]) * 1024 / 1e6, None, sum(map(int, times)) / os.sysconf("SC_CLK_TCK")


@contextmanager
def _cluster(folder: Path, workers: int) -> Iterator[Cluster]:
    place = folder / f"cluster-{workers}"
    place.mkdir(exist_ok=True)
    with cluster(place) as made:
        made.add_workers(workers, nannies=True)
        yield made
