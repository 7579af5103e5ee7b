"""--shard of one array, and of a pyramid: parts that together are the whole."""

import json
from pathlib import Path

import numpy as np
import pytest

from poolcli.jobs.boxes import running
from poolcli.jobs.pyramids import building
from tests.commands import Run
from tests.jobs.chunks.stores import NO_ZARR, content, planes, store
from tests.jobs.pyramids.stopping import stop_at

pytest.importorskip("zarr", reason=NO_ZARR)


@pytest.fixture(autouse=True)
def small_boxes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "_MOST_BYTES", 1 << 11)
    monkeypatch.setattr(building, "_BLOCK_BYTES", 1)


def part(run: Run, which: str, *others: str | int) -> str:
    """Make a part of out.zarr, and return what is said of it."""
    done = run("max", "in.zarr", "out.zarr", "-k", 2, "--shard", which, *others)
    assert (done.code, done.err) == (0, "")
    return done.out


@pytest.mark.parametrize("kind", ["v2", "v3", "sharded"])
def test_parts_in_any_order_are_the_whole(
    run: Run, here: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    store(here / "in.zarr", planes((1, 67, 101)), kind)
    assert run("max", "in.zarr", "whole.zarr", "-k", 2).code == 0
    told = "out.zarr: part {} done; {} to come\n".format
    assert part(run, "2/3") == told("2/3", "1/3 and 3/3")
    assert part(run, "3/3") == told("3/3", "1/3")
    with monkeypatch.context() as patch:
        patch.delattr("poolcli.core.parts.pool_part")  # what is done is not done again
        assert part(run, "3/3") == told("3/3", "1/3")
    assert not (here / "out.zarr").exists()
    assert part(run, "1/3") == "out.zarr: 1×67×101 → 1×33×50 (1 row and 1 column unused)\n"
    assert content(here / "out.zarr") == content(here / "whole.zarr")


def test_more_parts_than_boxes(run: Run, here: Path) -> None:
    store(here / "in.zarr", planes((1, 16, 24)))
    for number in (6, 5, 4, 3, 2):
        told = part(run, f"{number}/6")
    assert told == "out.zarr: part 2/6 done; 1/6 to come\n"
    assert part(run, "1/6", "-q") == ""
    assert run("max", "in.zarr", "whole.zarr", "-k", 2).code == 0
    assert content(here / "out.zarr") == content(here / "whole.zarr")


def test_an_array_that_exists_is_replaced_by_the_last_part(run: Run, here: Path) -> None:
    store(here / "in.zarr", planes((1, 67, 101)))
    assert run("min", "in.zarr", "out.zarr", "-k", 2).code == 0
    before = content(here / "out.zarr")
    assert part(run, "1/2").endswith("part 1/2 done; 2/2 to come\n")
    assert content(here / "out.zarr") == before
    part(run, "2/2")
    assert run("max", "in.zarr", "whole.zarr", "-k", 2).code == 0
    assert content(here / "out.zarr") == content(here / "whole.zarr") != before


def test_a_report_does_not_take_a_part_for_the_whole(run: Run, here: Path) -> None:
    store(here / "in.zarr", planes((1, 67, 101)))
    part(run, "1/2", "--resume", "1.jsonl")
    (told,) = map(json.loads, Path("1.jsonl").read_text().splitlines())
    assert told["skipped"] == "part 1/2 done; 2/2 to come"
    part(run, "2/2", "--resume", "2.jsonl")
    (told,) = map(json.loads, Path("2.jsonl").read_text().splitlines())
    assert (told["skipped"], told["error"]) == (None, None)


@pytest.mark.parametrize("name", ["max", "avg", "median"])
def test_parts_of_a_pyramid_of_many_passes(
    run: Run, here: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """The one that ends last makes the further levels, and another goes on if it dies."""
    np.save("in.npy", planes((1, 67, 101)))
    words, end = ("pyramid", name, "in.npy"), ("--chunk", 16, "--min-size", 8, "-j", 1)
    assert run(*words, "whole.ome.zarr", *end).code == 0
    shares = [(*words, "out.ome.zarr", *end, "--shard", f"{n}/3") for n in (1, 2, 3)]
    done = run(*shares[1])
    assert done.out == "out.ome.zarr: part 2/3 done; 1/3 and 3/3 to come\n"
    done = run(*shares[0], "--json")
    assert json.loads(done.out)["skipped"] == "part 1/3 done; 3/3 to come"
    own = len(Path(".poolcli-out.ome.zarr.parts/boxes-2-of-3.jsonl").read_text().splitlines()) - 1
    with monkeypatch.context() as patch:
        stop_at(patch, own + 2)  # in the second pass
        assert run(*shares[2]).code == 130
    assert not (here / "out.ome.zarr").exists()
    assert run(*shares[1], "--resume").out.startswith("out.ome.zarr: 5 levels, ")
    wanted, got = content(here / "whole.ome.zarr"), content(here / "out.ome.zarr")
    assert got.pop("zarr.json") == wanted.pop("zarr.json").replace(b'"whole"', b'"out"')
    assert got == wanted
