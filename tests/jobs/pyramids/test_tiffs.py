"""Pyramids of TIFFs, whose axes and sizes of pixels are told."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from poolcli import avg_pool, max_pool
from tests.commands import Run
from tests.jobs.chunks.stores import NO_ZARR, planes, read

zarr = pytest.importorskip("zarr", reason=NO_ZARR)

tifffile = pytest.importorskip("tifffile", reason="the extra [tiff] is not installed")
pytest.importorskip("imagecodecs", reason="the extra [tiff] is not installed")

OME: dict[str, Any] = {
    "axes": "TCYX",
    "PhysicalSizeX": 0.5,
    "PhysicalSizeY": 0.25,
    "PhysicalSizeYUnit": "mm",
}


def ome_tiff(path: Path) -> Any:
    x = planes((2, 3, 101, 67))
    tifffile.imwrite(path, x, tile=(32, 32), photometric="minisblack", metadata=OME)
    return x


def test_axes_and_sizes_of_an_ome_tiff(run: Run, here: Path) -> None:
    x = ome_tiff(here / "in.ome.tif")
    words = ("in.ome.tif", "out.ome.zarr", "--levels", 3, "--chunk", 32, "--json")
    done = run("pyramid", "avg", *words)
    assert (done.code, json.loads(done.out)["axes"]) == (0, "tcyx")
    for number in range(3):
        wanted = avg_pool(x, 2**number, ceil_mode=True)
        np.testing.assert_array_equal(read(here / "out.ome.zarr" / str(number)), wanted)
    (one,) = zarr.open_group("out.ome.zarr", mode="r").attrs["ome"]["multiscales"]
    assert [axis.get("unit") for axis in one["axes"]] == [None, None, "millimeter", "micrometer"]
    assert one["datasets"][2]["coordinateTransformations"] == [
        {"type": "scale", "scale": [1.0, 1.0, 1.0, 2.0]},
        {"type": "translation", "translation": [0.0, 0.0, 0.375, 0.75]},
    ]


def test_channels_of_a_deep_tiff_come_first(run: Run, here: Path) -> None:
    x = planes()
    tifffile.imwrite("in.tif", np.moveaxis(x, 0, -1), tile=(32, 32), photometric="rgb")
    assert run("pyramid", "max", "in.tif", "out.ome.zarr", "--levels", 2).code == 0
    wanted = max_pool(x, 2, ceil_mode=True)
    np.testing.assert_array_equal(read(here / "out.ome.zarr" / "1"), wanted)


def test_a_plane_of_a_stack(run: Run, here: Path) -> None:
    x = ome_tiff(here / "in.ome.tif")
    words = ("in.ome.tif", "out.ome.zarr", "--frame", 4, "--levels", 2)
    assert run("pyramid", "max", *words).code == 0
    np.testing.assert_array_equal(read(here / "out.ome.zarr" / "0"), x[1, 1])


def test_pages_that_belong_together_in_no_stated_way(run: Run, here: Path) -> None:
    with tifffile.TiffWriter(here / "in.tif") as tif:
        for page in planes((2, 9, 9)):
            tif.write(page, photometric="minisblack", metadata=None)
    done = run("pyramid", "max", "in.tif", "out.ome.zarr")
    assert done.failure == "in.tif: has several frames; use --frame N to take one"


def test_a_tiff_into_a_zarr(run: Run, here: Path) -> None:
    x = ome_tiff(here / "in.ome.tif")
    assert run("max", "in.ome.tif", "out.zarr", "-k", 2).code == 0
    np.testing.assert_array_equal(read(here / "out.zarr"), max_pool(x, 2))
    names = zarr.open_array("out.zarr", mode="r").metadata.dimension_names
    assert names == ("t", "c", "y", "x")
