"""--shard I/N: parts of a run that together are the whole of it."""

import json
from collections import Counter
from pathlib import Path

import pytest

from poolcli.jobs.paths.shards import Shard
from tests.commands import Run
from tests.folders import fill, names, wrong


@pytest.mark.parametrize("parts", [1, 3])
def test_all_shards_together_are_the_whole_run(run: Run, here: Path, parts: int) -> None:
    made = fill(here / "p", 40)
    told = Counter[str]()
    for part in range(1, parts + 1):
        report = Path(f"{part}.jsonl")
        done = run("max", "p", "out", "-k", 2, "--shard", f"{part}/{parts}", "--report", report)
        assert done.code == 0
        lines = [json.loads(line) for line in report.read_text().splitlines()]
        told.update(line["destination"] for line in lines)
        assert done.err.startswith(f"{len(lines)} done, 0 skipped, 0 failed in ")
        assert done.err.endswith(f" s (shard {part}/{parts} of 40 files)\n")
    assert told == Counter(str(Path("out", name)) for name in made), "each file once"
    assert wrong(here / "p", here / "out") == []


def test_a_file_stays_in_its_shard_whatever_is_added_and_written(run: Run, here: Path) -> None:
    fill(here / "p", 12)
    run("max", "p", "few", "-k", 2, "--shard", "2/3")
    fill(here / "p", 40)
    run("max", "p", "many", "-k", 2, "--shard", "2/3")
    run("max", "p", "webp", "-k", 2, "--shard", "2/3", "-f", "webp", "--lossless")
    few, many = set(names(here / "few")), set(names(here / "many"))
    assert few
    assert few == {name for name in many if Path(name).stem < "00012"}
    assert {name.replace(".webp", ".png") for name in names(here / "webp")} == many


def test_names_are_in_the_same_shard_on_every_machine() -> None:
    """Other hashes would let machines of two versions do some files twice, and some never."""
    files = ["a.png", "b/c.png", "\u00e4.png", "\udce4.png", "00001.jpg", "00002.jpg", "00003.jpg"]
    shards = [next(i for i in (1, 2, 3, 4) if Shard(i, 4).holds(name)) for name in files]
    assert shards == [3, 3, 1, 3, 2, 3, 2]


def test_shards_of_numbered_names_are_about_equal() -> None:
    for parts in (2, 7, 8):
        files = [f"scan/{number:06}.png" for number in range(4000)]
        counts = Counter(
            i for name in files for i in range(1, parts + 1) if Shard(i, parts).holds(name)
        )
        assert sum(counts.values()) == 4000
        assert min(counts.values()) > 0.85 * 4000 / parts


def test_a_shard_of_nothing_is_done(run: Run, here: Path) -> None:
    fill(here / "p", 1)
    counts = []
    for part in range(1, 4):
        done = run("max", "p", "out", "-k", 2, "--shard", f"{part}/3")
        assert done.code == 0
        counts.append(int(done.err.split()[0]))
    assert sorted(counts) == [0, 0, 1]


def test_clashes_are_found_in_every_shard(run: Run, here: Path) -> None:
    """Else one machine would replace what another has written."""
    fill(here / "p", 1)
    fill(here / "p", 1, suffix=".bmp")
    for part in (1, 2):
        done = run("max", "p", "out", "-k", 2, "-f", "png", "--shard", f"{part}/2")
        assert done.code == 2
        assert "would both become" in done.failure


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("0/4", "'0/4' is not a shard, which count from 1; use 1/4, 2/4, 3/4 and 4/4"),
        ("5/4", "'5/4' is not a shard, which count from 1; use 1/4, 2/4, 3/4 and 4/4"),
        ("0/1", "'0/1' is not a shard, which count from 1; use 1/1"),
        ("0/100", "'0/100' is not a shard, which count from 1; use 1/100 to 100/100"),
        ("/4", "'/4' is not a shard; use I/N, as in 1/4 for the first of 4"),
        ("2", "'2' is not a shard; use I/N, as in 1/4 for the first of 4"),
        ("1/0", "'1/0' is not a shard; use I/N, as in 1/4 for the first of 4"),
        ("-1/4", "'-1/4' is not a shard; use I/N, as in 1/4 for the first of 4"),
    ],
)
def test_words_that_are_not_shards(run: Run, here: Path, word: str, told: str) -> None:
    fill(here / "p", 1)
    done = run("max", "p", "out", "-k", 2, "--shard", word)
    assert (done.code, done.failure) == (2, f"Invalid value for '--shard': {told}")


def test_one_picture_has_no_shards(run: Run, source: Path) -> None:
    done = run("max", source, "out.png", "-k", 2, "--shard", "1/2")
    assert (done.code, done.failure) == (
        2, "--shard shares out the files of a folder, or the boxes of one .zarr, .npy or .tif that "
        "becomes a .zarr in a folder; leave it out for other files",
    )  # fmt: skip
