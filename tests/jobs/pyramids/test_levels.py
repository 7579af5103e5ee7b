"""Every level of a pyramid equals windows over level 0, by brute force, whatever the passes."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from poolcli.jobs.pyramids import building
from tests import oracle
from tests.commands import Run
from tests.jobs.chunks.stores import NO_ZARR, planes, read, store
from tests.jobs.pyramids.brute import METHODS, brute, level_of_some, some
from tests.pictures import pixels

zarr = pytest.importorskip("zarr", reason=NO_ZARR)


@pytest.mark.usefixtures("small_blocks")
@pytest.mark.parametrize("version", ["0.4", "0.5"])
@pytest.mark.parametrize("dtype", ["u1", "i2", "u4", "f4"])
@pytest.mark.parametrize("name", METHODS)
def test_every_level_equals_windows_of_level_0(
    run: Run, here: Path, name: str, dtype: str, version: str
) -> None:
    x = some(dtype)
    store(here / "in.zarr", x, "v2" if version == "0.4" else "sharded", chunks=(1, 16, 24))
    words = ("--min-size", 2, "--chunk", 16, "--ome", version, "-j", 2)
    done = run("pyramid", name, "in.zarr", "out.ome.zarr", *words)
    line = "out.ome.zarr: 6 levels, 2×37×53 → … → 2×2×2\n"
    assert (done.code, done.out, done.err) == (0, line, "")
    np.testing.assert_array_equal(read(here / "out.ome.zarr" / "0"), x)
    for number in range(1, 6):
        got = read(here / "out.ome.zarr" / str(number))
        wanted = level_of_some(name, dtype, 2**number)
        if name == "avg" and dtype == "f4":
            np.testing.assert_allclose(got, wanted, rtol=1e-5, atol=1e-6)
        else:
            np.testing.assert_array_equal(got, wanted)


@pytest.mark.parametrize("name", METHODS)
def test_the_passes_do_not_change_the_levels(
    run: Run, here: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    x = some("u1")
    np.save("in.npy", x)
    words = ("pyramid", name, "in.npy")
    assert run(*words, "one.ome.zarr", "--min-size", 2).code == 0
    monkeypatch.setattr(building, "_BLOCK_BYTES", 1)
    assert run(*words, "many.ome.zarr", "--min-size", 2, "--chunk", 16, "-j", 2).code == 0
    assert run(*words, "shards.ome.zarr", "--min-size", 2, "--chunk", 16, "--shards", 32).code == 0
    for number in range(6):
        one = read(here / "one.ome.zarr" / str(number))
        for other in ("many", "shards"):
            np.testing.assert_array_equal(read(here / f"{other}.ome.zarr" / str(number)), one)
    level = zarr.open_array("shards.ome.zarr/0", mode="r")
    assert (level.chunks, level.shards) == ((1, 16, 16), (1, 32, 32))


@pytest.mark.usefixtures("small_blocks")
def test_from_previous_rounds_at_every_level(run: Run, here: Path) -> None:
    x = np.array([[[0, 1, 0, 0], [0, 1, 0, 1]]], "u1")
    np.save("in.npy", x)
    words = ("pyramid", "avg", "in.npy", "out.ome.zarr", "--levels", 3, "--chunk", 16)
    assert run(*words, "--from", "previous").code == 0
    assert read(here / "out.ome.zarr" / "2").tolist() == [[[1]]]  # (½ + ¼, each rounded) rounded
    assert run(*words, "--overwrite").code == 0
    assert read(here / "out.ome.zarr" / "2").tolist() == [[[0]]]  # 3 / 8


@pytest.mark.usefixtures("small_blocks")
def test_factors_of_a_volume(run: Run, here: Path) -> None:
    x = planes((9, 37, 53))
    np.save("in.npy", x)
    words = ("--axes", "zyx", "-k", "2x3x2", "--levels", 3, "--chunk", 16)
    assert run("pyramid", "avg", "in.npy", "out.ome.zarr", *words).code == 0
    for number in (1, 2):
        kernels = (2**number, 3**number, 2**number)
        wanted = oracle.avg_pool(x, (0, 1, 2), kernels, kernels, 0, 1, True).astype(int)
        np.testing.assert_array_equal(read(here / "out.ome.zarr" / str(number)), wanted)


def test_channels_of_a_picture_come_first(run: Run, here: Path, source: Path) -> None:
    with Image.open(source) as image:
        x = np.moveaxis(pixels(image), -1, 0)
    assert run("pyramid", "mode", source, "out.ome.zarr", "--levels", 3).code == 0
    np.testing.assert_array_equal(read(here / "out.ome.zarr" / "0"), x)
    np.testing.assert_array_equal(read(here / "out.ome.zarr" / "2"), brute("mode", x, 4))


def test_channels_last_are_moved(run: Run, here: Path) -> None:
    x = some("u1")
    np.save("in.npy", np.moveaxis(x, 0, -1))
    words = ("in.npy", "out.ome.zarr", "--layout", "hwc", "--levels", 2)
    assert run("pyramid", "median", *words).code == 0
    np.testing.assert_array_equal(read(here / "out.ome.zarr" / "1"), brute("median", x, 2))


def test_labels_of_a_palette_stay_numbers(run: Run, here: Path) -> None:
    image = Image.fromarray(
        np.array([[3, 3, 1, 0, 0], [3, 2, 1, 1, 0], [2, 2, 1, 1, 0]], "u1"), "P"
    )
    image.putpalette([0, 0, 0, 9, 9, 9, 50, 0, 0, 0, 70, 0])
    image.save("in.png")
    done = run("pyramid", "mode", "in.png", "out.ome.zarr", "--levels", 2)
    assert "the palette's numbers were kept" in done.err
    assert read(here / "out.ome.zarr" / "1").tolist() == [[3, 1, 0], [2, 1, 0]]
