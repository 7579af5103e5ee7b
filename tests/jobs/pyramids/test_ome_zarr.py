"""The OME-Zarr that a pyramid is: its metadata to the half pixel, and what validators say."""

import json
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from poolcli.cli.commands.pyramid import pyramid_command
from poolcli.jobs.pyramids.task import METHODS
from tests.commands import Run
from tests.jobs.chunks.stores import NO_ZARR, ome_store, planes, store
from tests.pictures import photo

zarr = pytest.importorskip("zarr", reason=NO_ZARR)


def multiscales(path: Path) -> dict[str, Any]:
    attributes = dict(zarr.open_group(str(path), mode="r").attrs)
    inside = attributes.get("ome", attributes)
    (one,) = inside["multiscales"]
    assert isinstance(one, dict)
    return {**one, "version": one.get("version", inside.get("version"))}


def places(one: dict[str, Any]) -> list[tuple[list[float], list[float]]]:
    """Scale and translation of every level."""
    told = []
    for each in one["datasets"]:
        by_type = {one["type"]: one[one["type"]] for one in each["coordinateTransformations"]}
        count = len(by_type["scale"])
        told.append((by_type["scale"], by_type.get("translation", [0.0] * count)))
    return told


@pytest.mark.parametrize("version", ["0.4", "0.5"])
def test_metadata_is_right_to_the_half_pixel(run: Run, here: Path, version: str) -> None:
    np.save("in.npy", planes())
    words = ("in.npy", "cells.ome.zarr", "--levels", 4, "--ome", version)
    assert run("pyramid", "max", *words).code == 0
    one = multiscales(here / "cells.ome.zarr")
    assert (one["version"], one["name"], one["type"]) == (version, "cells", "max pooling")
    assert one["metadata"]["method"] == "poolcli pyramid max"
    assert [each["path"] for each in one["datasets"]] == ["0", "1", "2", "3"]
    # The first window of 8 has its centre between pixels 3 and 4 of level 0.
    assert places(one) == [
        ([1.0, 1.0, 1.0], [0.0, 0.0, 0.0]),
        ([1.0, 2.0, 2.0], [0.0, 0.5, 0.5]),
        ([1.0, 4.0, 4.0], [0.0, 1.5, 1.5]),
        ([1.0, 8.0, 8.0], [0.0, 3.5, 3.5]),
    ]
    assert one["axes"] == [
        {"name": "c", "type": "channel"},
        {"name": "y", "type": "space"},
        {"name": "x", "type": "space"},
    ]
    array = zarr.open_array("cells.ome.zarr/3", mode="r")
    assert array.shape == (3, 13, 9)
    names = ("c", "y", "x") if version == "0.5" else None
    assert getattr(array.metadata, "dimension_names", None) == names


def test_a_pyramid_of_a_level_keeps_its_place_and_its_units(run: Run, here: Path) -> None:
    ome_store(here / "in.zarr", [planes(), planes((3, 51, 34))], "0.4")
    words = ("in.zarr", "out.ome.zarr", "--level", 1, "--levels", 2)
    assert run("pyramid", "avg", *words).code == 0
    one = multiscales(here / "out.ome.zarr")
    assert places(one) == [
        ([1.0, 1.0, 1.0], [0.0, 10.0, 10.0]),
        ([1.0, 2.0, 2.0], [0.0, 10.5, 10.5]),
    ]
    assert one["axes"][1] == {"name": "y", "type": "space", "unit": "micrometer"}


@pytest.mark.parametrize("version", ["0.4", "0.5"])
@pytest.mark.parametrize("axes", ["yx", "cyx", "zyx", "tcyx", "tczyx"])
def test_validators_take_it(run: Run, version: str, axes: str) -> None:
    models = pytest.importorskip("ome_zarr_models", reason="ome-zarr-models is not installed")
    yaozarrs = pytest.importorskip("yaozarrs", reason="yaozarrs is not installed")
    np.save("in.npy", planes((2, 1, 2, 37, 53)[-len(axes) :]))
    words = ("in.npy", "out.ome.zarr", "--axes", axes, "--levels", 3, "--chunk", 16)
    assert run("pyramid", "max", *words, "--ome", version).code == 0
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        group = models.open_ome_zarr(zarr.open_group("out.ome.zarr", mode="r"))
        assert version.replace(".", "") in type(group).__module__
        yaozarrs.validate_zarr_store("out.ome.zarr")


def test_the_record_of_a_pyramid(run: Run, here: Path) -> None:
    store(here / "in.zarr", planes())
    done = run("pyramid", "min", "in.zarr", "out.ome.zarr", "--min-size", 60, "--json")
    told = json.loads(done.out)
    assert (told["axes"], told["dtype"], told["operation"]) == ("cyx", "uint16", "min")
    assert told["shapes"] == [[3, 101, 67], [3, 51, 34]]


def test_the_help_names_the_methods() -> None:
    operation = pyramid_command.params[0]
    assert tuple(getattr(operation.type, "choices", ())) == METHODS


def test_wrong_uses_are_told_in_a_sentence(run: Run, here: Path) -> None:
    store(here / "in.zarr", planes())
    np.save("deep.npy", planes((2, 1, 1, 2, 9, 9)))
    frames = [photo("L"), photo("L").rotate(180)]
    frames[0].save("two.tif", save_all=True, append_images=frames[1:])
    Image.new("RGBA", (9, 9)).save("clear.png")
    (here / "old.ome.zarr").mkdir()
    cells: list[tuple[list[Any], str]] = [
        (["in.zarr", "a.png"], "a.png: is not the name of a pyramid"),
        (["in.zarr", "old.ome.zarr"], "old.ome.zarr: exists; use --overwrite to replace it"),
        (["in.zarr", "a.zarr", "--axes", "yx"], "in.zarr: has shape (3, 101, 67), whose axes 'yx'"),
        (["deep.npy", "a.zarr"], "deep.npy: has shape (2, 1, 1, 2, 9, 9), whose axes '?'"),
        (["in.zarr", "a.zarr", "-k", "2x2x2"], "in.zarr: has 2 axes of space"),
        (["in.zarr", "a.zarr", "-k", 1], "in.zarr: a pyramid of factors 1 never shrinks"),
        (["in.zarr", "a.zarr", "--levels", 9], "in.zarr: 9 levels are too many"),
        (["in.zarr", "a.zarr", "--shards", 700], "a.zarr: has shards of 700x700"),
        (["in.zarr", "a.zarr", "--shards", 512, "--ome", "0.4"], "version 0.4 has no shards"),
        (["none.png", "a.zarr"], "none.png: no such file or folder; check the name"),
    ]
    for words, said in cells:
        done = run("pyramid", "max", *words)
        assert (done.code, said in done.failure) == (1, True), done.err
    for words in (["--axes"], ["--shards", "1x2x3"], ["-k", "0"], ["-k", "a"]):
        assert run("pyramid", "max", "in.zarr", "a.zarr", *words).code == 2
    assert run("pyramid", "gem", "in.zarr", "a.zarr").code == 2
    assert not (here / "a.zarr").exists()
    assert "its alpha was pooled" in run("pyramid", "max", "clear.png", "b.zarr").err


def test_an_old_pyramid_is_replaced_as_a_whole(run: Run, here: Path) -> None:
    store(here / "in.zarr", planes())
    words = ("pyramid", "max", "in.zarr", "out.ome.zarr")
    assert run(*words, "--levels", 4).code == 0
    assert run(*words, "--levels", 2, "--overwrite").code == 0
    assert sorted(path.name for path in (here / "out.ome.zarr").iterdir()) == [
        "0",
        "1",
        "zarr.json",
    ]
