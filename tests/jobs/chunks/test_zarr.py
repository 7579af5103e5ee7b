"""Zarr arrays pooled into Zarr and .npy: of any format and chunks, equal to the whole in memory."""

import json
import os
import shutil
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import poolcli
from poolcli import avg_pool, max_pool, median_pool, mode_pool
from poolcli.jobs.boxes import running
from tests.commands import Run
from tests.jobs.chunks.stores import KINDS, NO_ZARR, ome_store, planes, read, store
from tests.oracle import Array

zarr = pytest.importorskip("zarr", reason=NO_ZARR)

CELLS = [
    ("max", ["-k", 2], {"kernel": 2}),
    ("min", ["-k", "3x2", "--ceil"], {"kernel": (3, 2), "ceil_mode": True}),
    ("avg", ["-k", 3, "-s", 2, "-p", 1], {"kernel": 3, "stride": 2, "padding": 1}),
    ("median", ["-k", 5, "-s", 3, "-p", 2], {"kernel": 5, "stride": 3, "padding": 2}),
    ("mode", ["-k", 2], {"kernel": 2}),
]


def pooled(name: str, x: Array, **options: Any) -> Array:
    """The same, of the whole array in memory."""

    if name == "mode":
        options["channel_axis"] = 0
    function = getattr(poolcli, f"{name}_pool")
    values: Array = function(x, **options)
    return values


@pytest.fixture(autouse=True)
def small_boxes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let boxes be a few chunks, so that there are many in a small array."""
    monkeypatch.setattr(running, "_MOST_BYTES", 1 << 12)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("name", "words", "options"), CELLS)
def test_an_array_of_any_format_equals_the_whole(
    run: Run, here: Path, kind: str, name: str, words: list[Any], options: dict[str, Any]
) -> None:
    x = planes() if name != "mode" else planes() % 3
    store(here / "in.zarr", x, kind)
    done = run(name, "in.zarr", "out.zarr", *words)
    assert (done.code, done.err) == (0, "")
    out = zarr.open_array("out.zarr", mode="r")
    np.testing.assert_array_equal(out[:], pooled(name, x, **options))
    assert (out.metadata.zarr_format, out.dtype) == (KINDS[kind]["zarr_format"], x.dtype)
    assert out.shards is not None if kind == "sharded" else out.shards is None


def test_the_line_and_the_record_are_those_of_any_file(run: Run, here: Path) -> None:
    store(here / "in.zarr", planes())
    line = "out.zarr: 3×101×67 → 3×50×33 (1 row and 1 column unused)\n"
    assert run("max", "in.zarr/", "out.zarr", "-k", 2).out == line
    told = json.loads(run("max", "in.zarr", "out.zarr", "-k", 2, "--json", "--dry-run").out)
    assert (told["input_shape"], told["output_shape"]) == ([3, 101, 67], [3, 50, 33])


@pytest.mark.parametrize("kind", KINDS)
def test_a_zarr_into_an_npy_and_back(run: Run, here: Path, kind: str) -> None:
    x = planes()
    store(here / "in.zarr", x, kind)
    assert run("max", "in.zarr", "out.npy", "-k", 2).code == 0
    np.testing.assert_array_equal(np.load("out.npy"), max_pool(x, 2))
    np.save("in.npy", x)
    assert run("median", "in.npy", "out.zarr", "-k", 3).code == 0
    np.testing.assert_array_equal(read(here / "out.zarr"), median_pool(x, 3))


@pytest.mark.parametrize("version", ["0.4", "0.5"])
def test_a_level_of_an_ome_zarr_and_its_place(run: Run, here: Path, version: str) -> None:
    levels = [planes(), planes((3, 51, 34))]
    ome_store(here / "in.zarr", levels, version)
    assert run("avg", "in.zarr", "out.zarr", "-k", 4, "--level", 1).code == 0
    np.testing.assert_array_equal(read(here / "out.zarr" / "0"), avg_pool(levels[1], 4))
    attributes = dict(zarr.open_group("out.zarr", mode="r").attrs)
    (one,) = attributes.get("ome", attributes)["multiscales"]
    # Four pixels of 1 micrometre; the centre of the first four is 1.5 pixels on from the first.
    assert one["datasets"] == [
        {
            "path": "0",
            "coordinateTransformations": [
                {"type": "scale", "scale": [1.0, 4.0, 4.0]},
                {"type": "translation", "translation": [0.0, 11.5, 11.5]},
            ],
        }
    ]
    assert [axis["name"] for axis in one["axes"]] == ["c", "y", "x"]


def test_axes_are_found_by_their_names(run: Run, here: Path) -> None:
    x = np.moveaxis(planes(), 0, -1)
    store(here / "in.zarr", x, chunks=(16, 24, 3), dimension_names=("y", "x", "c"))
    assert run("mode", "in.zarr", "out.zarr", "-k", 2).code == 0
    wanted = mode_pool(x, 2, axes=(0, 1), channel_axis=2)
    np.testing.assert_array_equal(read(here / "out.zarr"), wanted)
    assert zarr.open_array("out.zarr", mode="r").metadata.dimension_names == ("y", "x", "c")


def test_attributes_and_the_fill_value_of_an_array_are_kept(run: Run, here: Path) -> None:
    store(here / "in.zarr", planes(), attributes={"lens": "40x"}, fill_value=7)
    assert run("max", "in.zarr", "out.zarr", "-k", 2).code == 0
    out = zarr.open_array("out.zarr", mode="r")
    assert (dict(out.attrs), out.fill_value) == ({"lens": "40x"}, 7)


def test_chunks_that_are_not_stored_are_of_the_fill_value(run: Run, here: Path) -> None:
    made = zarr.create_array("in.zarr", shape=(50, 50), dtype="i4", chunks=(16, 16), fill_value=-3)
    made[:16, :16] = 5
    assert run("avg", "in.zarr", "out.zarr", "-k", 2).code == 0
    wanted = np.full((25, 25), -3)
    wanted[:8, :8] = 5
    np.testing.assert_array_equal(read(here / "out.zarr"), wanted)


def test_an_old_array_gives_way_and_nothing_else_does(run: Run, here: Path) -> None:
    x = planes()
    store(here / "in.zarr", x)
    store(here / "out.zarr", planes((1, 9, 9)))
    assert run("max", "in.zarr", "out.zarr", "-k", 2).code == 0
    np.testing.assert_array_equal(read(here / "out.zarr"), max_pool(x, 2))
    (here / "photos.zarr").mkdir()
    (here / "photos.zarr" / "dog.jpg").write_bytes(b"dog")
    done = run("max", "in.zarr", "photos.zarr", "-k", 2)
    wanted = "photos.zarr: exists and is not a Zarr; give another destination"
    assert (done.code, done.failure) == (1, wanted)
    assert (here / "photos.zarr" / "dog.jpg").read_bytes() == b"dog"


def test_a_destination_inside_the_source_is_refused(run: Run, here: Path) -> None:
    ome_store(here / "in.zarr", [planes()], "0.5")
    inside = run("max", "in.zarr", "in.zarr/new.zarr", "-k", 2)
    assert "lie in one another" in inside.failure
    around = run("max", "in.zarr/s0", "in.zarr", "-k", 2)
    assert "lie in one another" in around.failure
    assert read(here / "in.zarr" / "s0").shape == (3, 101, 67)


def test_wrong_uses_are_told_in_a_sentence(run: Run, here: Path) -> None:
    store(here / "in.zarr", planes())
    (here / "empty.zarr").mkdir()
    zarr.create_group("group.zarr")
    store(here / "group.zarr" / "first", planes((1, 9, 9)))
    ome_store(here / "ome.zarr", [planes()], "0.5")
    ome_store(here / "bad.zarr", [planes()], "0.5", datasets=[{"path": 3, "x": 1}, 7])
    cells: list[tuple[list[Any], str]] = [
        (["none.zarr", "a.zarr"], "none.zarr: no such file or folder; check the name"),
        (["empty.zarr", "a.zarr"], "empty.zarr: is not a Zarr array or group"),
        (
            ["in.zarr", "a.png"],
            "in.zarr: arrays in chunks are pooled from .zarr, .npy or .tif into",
        ),
        (["in.zarr", "a.zarr", "--level", 1], "in.zarr: is a plain array, which has no level 1"),
        (["ome.zarr", "a.zarr", "--level", 1], "ome.zarr: has no level 1; use --level 0 to 0"),
        (["bad.zarr", "a.zarr"], "bad.zarr: has multiscales metadata that is damaged"),
        (["group.zarr", "a.zarr"], f"name an array in it: group.zarr{os.sep}first"),
        (["in.zarr", "a.zarr", "--indices", "i.npz"], "keep no --indices or --winners"),
        (["in.zarr", "a.zarr", "--profile", "srgb"], "have no colours; leave --linear and"),
    ]
    for words, said in cells:
        done = run("max", *words, "-k", 2)
        assert (done.code, said in done.failure) == (1, True), done.err
    assert sorted(path.name for path in here.iterdir() if path.name.startswith("a.")) == []
    assert run("max", "in.png", "a.png", "-k", 2, "--level", 1).code == 2


def test_a_chunk_that_is_damaged_costs_one_line(run: Run, here: Path) -> None:
    store(here / "in.zarr", planes())
    (here / "in.zarr" / "c" / "2" / "3" / "1").write_bytes(b"not zstd")
    done = run("max", "in.zarr", "out.zarr", "-k", 2)
    assert (done.code, "in.zarr: array 'in.zarr' cannot be decoded: " in done.failure) == (1, True)
    assert not (here / "out.zarr").exists()
    shutil.rmtree(here / ".poolcli-out.zarr.unfinished", ignore_errors=True)


def test_without_the_extra_its_name_is_told(
    run: Run, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store(here / "in.zarr", planes())
    monkeypatch.setitem(sys.modules, "zarr", None)
    done = run("max", "in.zarr", "out.zarr", "-k", 2)
    wanted = "in.zarr: is a Zarr, which needs an extra; pip install '.[zarr]'"
    assert (done.code, done.failure) == (1, wanted)


def test_named_axes_and_the_dtype_of_sums(run: Run, here: Path) -> None:
    x = planes((5, 37, 53), "u1")
    store(here / "in.zarr", x, chunks=(2, 16, 24), dimension_names=("z", "y", "x"))
    assert run("sum", "in.zarr", "out.zarr", "--axes", "ZYX", "-k", "2x3x4").code == 0
    wanted = poolcli.sum_pool(x, (2, 3, 4), axes=(0, 1, 2))
    out = read(here / "out.zarr")
    np.testing.assert_array_equal(out, wanted)
    assert out.dtype == wanted.dtype
    np.save("in.npy", x)
    assert run("max", "in.npy", "of.zarr", "--axes", "ZYX", "-k", 2).code == 0
    np.testing.assert_array_equal(read(here / "of.zarr"), max_pool(x, 2, axes=(0, 1, 2)))
    assert (
        "has axes ZYX, and --axes names TYX"
        in run("max", "in.zarr", "b.zarr", "--axes", "TYX", "-k", 2).failure
    )


def test_values_without_a_vote(run: Run, here: Path) -> None:
    x = planes((2, 37, 53), "u1") % 4
    store(here / "in.zarr", x)
    assert run("avg", "in.zarr", "out.zarr", "-k", 3, "-s", 2, "-p", 1, "--skip", 0).code == 0
    wanted = poolcli.avg_pool(x, 3, 2, 1, skip=0)
    np.testing.assert_array_equal(read(here / "out.zarr"), wanted)
