"""Levels of an OME-Zarr that are looked at."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.commands import Run
from tests.jobs.chunks.stores import NO_ZARR, ome_store, planes, store

pytest.importorskip("zarr", reason=NO_ZARR)


def test_a_level_is_shown(run: Run, here: Path) -> None:
    levels = [planes((3, 20, 30), "u1"), planes((3, 10, 15), "u1")]
    ome_store(here / "in.zarr", levels, "0.5")
    for number, shape in enumerate(([3, 20, 30], [3, 10, 15])):
        told = json.loads(run("show", "in.zarr", "--level", number, "--json").out)
        assert (told["shape"], told["mode"]) == (shape, "RGB")
    assert "has no level 2; use --level 0 to 1" in run("show", "in.zarr", "--level", 2).failure


def test_a_level_is_compared(run: Run, here: Path) -> None:
    ome_store(here / "in.zarr", [planes((3, 60, 80), "u1"), planes((3, 30, 40), "u1")], "0.4")
    assert run("compare", "in.zarr", "sheet.png", "-k", 2, "--level", 1).code == 0
    with Image.open("sheet.png") as image:
        assert image.mode == "RGB"


def test_of_many_planes_the_first_is_taken(run: Run, here: Path) -> None:
    from poolcli.media.options import Reading
    from poolcli.studies.first_frame import read_first_frame

    x = planes((5, 7, 9), "u1")
    store(here / "in.zarr", x, chunks=(1, 7, 9), dimension_names=("z", "y", "x"))
    frame = read_first_frame(here / "in.zarr", Reading())
    np.testing.assert_array_equal(frame.pixels[..., 0], x[0])
    assert frame.notes == ("the first of 5 along axis z was taken",)
    done = run("show", "in.zarr", "--max-pixels", 60)
    assert "in.zarr: has 63 pixels, above the limit of 60; use a higher --level" in done.failure


def test_a_picture_has_no_levels(run: Run, source: Path) -> None:
    done = run("show", source, "--level", 1)
    assert done.failure == "in.png: has no levels, as an OME-Zarr has; leave --level out"
