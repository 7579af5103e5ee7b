"""TIFF, Zarr and .npy pooled into one another: values, axes and scale."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import poolcli
from poolcli import max_pool
from poolcli.jobs.boxes import running
from tests.commands import Run
from tests.jobs.chunks.stopping import stop
from tests.jobs.chunks.stores import KINDS, NO_ZARR, ome_store, planes, read, store

zarr = pytest.importorskip("zarr", reason=NO_ZARR)
tifffile = pytest.importorskip("tifffile", reason="the extra [tiff] is not installed")
pytest.importorskip("imagecodecs", reason="the extra [tiff] is not installed")


@pytest.fixture(autouse=True)
def small_boxes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "_MOST_BYTES", 1 << 12)


def series(path: str) -> tuple[str, Any, Any]:
    """Axes, values and the tile of a TIFF."""
    with tifffile.TiffFile(path) as tif:
        (one,) = tif.series
        return one.axes, one.asarray(), one.keyframe.tile


@pytest.mark.parametrize("kind", KINDS)
def test_a_zarr_into_a_tiff_and_back(run: Run, here: Path, kind: str) -> None:
    x = planes((3, 201, 167))
    store(
        here / "in.zarr",
        x,
        kind,
        chunks=(1, 64, 80),
        **({"shards": (1, 128, 160)} if kind == "sharded" else {}),
    )
    done = run("max", "in.zarr", "out.tif", "-k", 2)
    assert (done.code, done.out) == (
        0,
        "out.tif: 3×201×167 → 3×100×83 (1 row and 1 column unused)\n",
    )
    axes, values, tile = series("out.tif")
    assert (axes, tile) == ("CYX", (64, 80))
    np.testing.assert_array_equal(values, max_pool(x, 2))
    assert run("min", "out.tif", "back.zarr", "-k", 3).code == 0
    np.testing.assert_array_equal(read(here / "back.zarr"), poolcli.min_pool(max_pool(x, 2), 3))
    assert run("min", "out.tif", "back.npy", "-k", 3).code == 0
    np.testing.assert_array_equal(np.load("back.npy"), poolcli.min_pool(max_pool(x, 2), 3))


@pytest.mark.parametrize("version", ["0.4", "0.5"])
def test_scale_and_axes_of_an_ome_zarr(run: Run, here: Path, version: str) -> None:
    ome_store(here / "in.zarr", [planes()], version)
    assert run("avg", "in.zarr", "out.ome.tif", "-k", 4).code == 0
    axes, values, _ = series("out.ome.tif")
    assert axes == "CYX"
    np.testing.assert_array_equal(values, poolcli.avg_pool(planes(), 4))
    with tifffile.TiffFile("out.ome.tif") as tif:
        text = tif.ome_metadata
    # Four pixels of 0.5 micrometres; the centre of the first four is 1.5 pixels from the first.
    for word in (
        'PhysicalSizeX="2"',
        'PhysicalSizeXUnit="µm"',
        'PositionY="10.75"',
        'Name="cells"',
    ):
        assert word in text
    assert run("max", "out.ome.tif", "back.zarr", "-k", 1, "--json").code == 0
    assert run("pyramid", "max", "out.ome.tif", "back.ome.zarr", "--levels", 1).code == 0
    (one,) = zarr.open_group("back.ome.zarr", mode="r").attrs["ome"]["multiscales"]
    assert one["datasets"][0]["coordinateTransformations"] == [
        {"type": "scale", "scale": [1.0, 2.0, 2.0]}
    ]
    assert [axis.get("unit") for axis in one["axes"]] == [None, "micrometer", "micrometer"]


def test_units_and_time_make_the_round_trip(run: Run, here: Path) -> None:
    told = [
        {"name": "t", "type": "time", "unit": "millisecond"},
        {"name": "y", "type": "space", "unit": "angstrom"},
        {"name": "x", "type": "space"},
    ]
    ome_store(here / "in.zarr", [planes()], "0.5", axes=told)
    assert run("pyramid", "max", "in.zarr", "a.ome.tif", "--levels", 2).code == 0
    assert run("pyramid", "max", "a.ome.tif", "b.ome.zarr", "--levels", 2).code == 0
    (one,) = zarr.open_group("b.ome.zarr", mode="r").attrs["ome"]["multiscales"]
    assert one["axes"] == told
    assert one["datasets"][0]["coordinateTransformations"][0]["scale"] == [1.0, 0.5, 0.5]


def test_an_array_that_is_not_a_picture_into_a_tiff(run: Run) -> None:
    x = planes((2, 5, 61, 47), "u2").astype("f8")
    np.save("in.npy", x)
    assert run("avg", "in.npy", "out.tif", "-k", 2).code == 0
    axes, values, _ = series("out.tif")
    assert axes == "TCYX"
    np.testing.assert_array_equal(values, poolcli.avg_pool(x, 2))
    assert run("max", "in.npy", "deep.ome.tif", "--axes", "ZYX", "-k", 2, "--dry-run").code == 0
    assert run("max", "in.npy", "deep.ome.tif", "--axes", "ZYX", "-k", 2).code == 0
    axes, values, _ = series("deep.ome.tif")
    assert axes == "CZYX"
    np.testing.assert_array_equal(values, max_pool(x, 2, axes=(1, 2, 3)))
    np.save("last.npy", np.moveaxis(x[0], 0, -1))
    assert run("max", "last.npy", "last.tif", "-k", 2, "--layout", "hwc").code == 0
    np.testing.assert_array_equal(series("last.tif")[1], max_pool(x[0], 2))
    np.save("six.npy", np.zeros((1, 1, 1, 1, 9, 9)))
    assert "has 6 axes, and a TIFF names 5" in run("max", "six.npy", "a.tif", "-k", 2).failure


def test_pixels_stay_together(run: Run, here: Path) -> None:
    x = np.moveaxis(planes(dtype="u1"), 0, -1) % 3
    store(here / "in.zarr", x, chunks=(16, 24, 3), dimension_names=("y", "x", "c"))
    assert run("mode", "in.zarr", "out.tif", "-k", 2).code == 0
    axes, values, _ = series("out.tif")
    assert axes == "YXS"
    np.testing.assert_array_equal(values, poolcli.mode_pool(x, 2, axes=(0, 1), channel_axis=2))


def test_an_interrupted_tiff_is_taken_up_again(
    run: Run, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    options: Any = {"chunks": (1, 128, 128), "attributes": {"lens": "40x"}}
    store(here / "in.zarr", planes((3, 601, 567)), **options)
    words = ("max", "in.zarr", "out.tif", "-k", 2, "-j", 1)
    assert "its attributes have no place in a TIFF" in run(*words).err
    wanted = (here / "out.tif").read_bytes()
    (here / "out.tif").unlink()
    with monkeypatch.context() as patch:
        stop(patch, 3, KeyboardInterrupt())
        done = run(*words)
    assert (done.code, "interrupted; 2 of " in done.err) == (130, True)
    assert not (here / "out.tif").exists()
    assert run(*words, "--resume", "r.jsonl").code == 0
    assert (here / "out.tif").read_bytes() == wanted
