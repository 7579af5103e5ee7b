"""Arrays in a store: Zarr to Zarr, pyramids, large TIFFs by ranges, and .npy."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from poolcli.errors import PictureError
from poolcli.jobs.boxes import uploading
from poolcli.media.files import TEMPORARY_PREFIX, open_seekable, path_from
from poolcli.media.places import reading
from tests.commands import Run, Word
from tests.pictures import noise
from tests.places import stores
from tests.places.stores import NO_EXTRA, NO_MOTO, Store

pytest.importorskip("s3fs", reason=NO_EXTRA)
pytest.importorskip("moto", reason=NO_MOTO)

# zarr keeps connections of its own open until garbage is collected.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
pytest.importorskip("zarr", reason="the extra [zarr] is not installed")


@pytest.fixture(scope="module")
def server() -> Iterator[Store]:
    """The server of this module."""
    with stores.started() as store:
        yield store


@pytest.fixture
def store(server: Store, monkeypatch: pytest.MonkeyPatch, here: Path) -> Store:
    """The server, which fsspec finds by the environment; temporary files are made in ``here``."""
    stores.forgotten(monkeypatch, server.environment)
    monkeypatch.setattr("tempfile.tempdir", str(here))
    return server


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_a_zarr_and_its_pyramid_equal_the_local_ones(run: Run, store: Store, here: Path) -> None:
    np.save("x.npy", noise((3, 60, 40)))
    for place in ("", "s3://bucket/"):
        assert run("max", "x.npy", f"{place}x.zarr", "-k", 1).code == 0
        words: list[Word] = ["--min-size", 20, "--chunk", 64, "--axes", "cyx"]
        made = run("pyramid", "avg", f"{place}x.zarr", f"{place}x.ome.zarr", *words)
        assert (made.code, made.err) == (0, "")
        half = run("max", f"{place}x.ome.zarr", f"{place}half.zarr", "-k", 2, "--level", 1)
        assert half.out == f"{place}half.zarr: 3×30×20 → 3×15×10\n"
        assert run("max", f"{place}x.ome.zarr/0", f"{place}flat.npy", "-k", 2).code == 0
    for name in ("x.zarr", "x.ome.zarr", "half.zarr"):
        assert store.content(name) == files(here / name)
    assert store.files.cat_file("bucket/flat.npy") == Path("flat.npy").read_bytes()
    assert run("show", "s3://bucket/x.ome.zarr", "--level", 1, "--json").code == 0


def test_an_array_in_a_store_is_not_replaced(run: Run, store: Store) -> None:
    np.save("x.npy", noise((20, 20)))
    assert run("max", "x.npy", "s3://bucket/kept.zarr", "-k", 2).code == 0
    before = store.content("kept.zarr")
    done = run("max", "x.npy", "s3://bucket/kept.zarr", "-k", 4)
    assert (done.code, done.failure) == (
        1,
        "s3://bucket/kept.zarr: exists, and many objects cannot be replaced as a whole; "
        "remove it, or give another destination",
    )
    assert store.content("kept.zarr") == before
    store.put("others.zarr/c/9/9", b"of something else")
    done = run("max", "x.npy", "s3://bucket/others.zarr", "-k", 2)
    assert (done.code, "holds other objects, as c/9/9" in done.failure) == (1, True)


def test_an_upload_that_fails_shows_no_array_and_is_resumed(
    run: Run, store: Store, monkeypatch: pytest.MonkeyPatch, here: Path
) -> None:
    np.save("x.npy", noise((64, 64)))
    words: list[Word] = [
        "pyramid",
        "max",
        "x.npy",
        "s3://bucket/cut.ome.zarr",
        "--chunk",
        16,
        "--levels",
        2,
    ]
    with monkeypatch.context() as patch:

        def failing(*_: object) -> None:
            raise OSError(5, "Input/output error")

        patch.setattr(uploading, "put", failing)
        assert run(*words).code == 1
    assert store.content("cut.ome.zarr")
    missing = run("max", "s3://bucket/cut.ome.zarr", "o.npy", "-k", 2)
    assert (missing.code, "no such file or folder" in missing.failure) == (1, True)
    assert run(*words, "--resume").code == 0
    assert run("pyramid", "max", "x.npy", "cut.ome.zarr", *words[4:]).code == 0
    assert store.content("cut.ome.zarr") == files(here / "cut.ome.zarr")
    assert [one.name for one in here.iterdir() if one.name.startswith(TEMPORARY_PREFIX)] == []


def test_a_large_tiff_is_pooled_by_ranges(
    run: Run, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    tifffile = pytest.importorskip("tifffile", reason="the extra [tiff] is not installed")
    pytest.importorskip("imagecodecs", reason="the extra [tiff] is not installed")
    monkeypatch.setattr(reading, "_WHOLE", 1000)
    monkeypatch.setattr(reading, "_BLOCK", 1 << 16)
    tifffile.imwrite("x.ome.tif", noise((4, 256, 256)), metadata={"axes": "ZYX"}, tile=(64, 64))
    store.put("x.ome.tif", Path("x.ome.tif").read_bytes())
    store.requests()
    assert run("max", "s3://bucket/x.ome.tif", "s3://bucket/y.ome.tif", "-k", 2).code == 0
    told = [line for line in store.requests() if line.startswith("GET /bucket/x.ome.tif")]
    assert 4 <= len(told) <= 12
    assert run("max", "x.ome.tif", "y.ome.tif", "-k", 2).code == 0
    assert store.files.cat_file("bucket/y.ome.tif") == Path("y.ome.tif").read_bytes()
    assert run("max", "s3://bucket/x.ome.tif", "s3://bucket/z.zarr", "-k", 2).code == 0


def test_a_large_object_that_is_replaced_while_it_is_read_is_refused(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "_WHOLE", 10)
    store.put("changing.tif", b"II*\0" + bytes(100))

    def read() -> None:
        with open_seekable(path_from("s3://bucket/changing.tif")) as file:
            file.read(4)
            store.put("changing.tif", b"II*\0" + bytes(101))

    with pytest.raises(PictureError, match="was replaced while it was read; run the command again"):
        read()


def test_an_array_file_is_copied_to_be_read_in_any_order(run: Run, store: Store) -> None:
    x = noise((5, 40, 3), "u2")
    np.save("x.npy", np.asfortranarray(x))
    store.put("x.npy", Path("x.npy").read_bytes())
    done = run("max", "s3://bucket/x.npy", "s3://bucket/y.npy", "-k", 1, "--layout", "hwc")
    assert done.code == 0
    store.files.get_file("bucket/y.npy", "y.npy")
    np.testing.assert_array_equal(np.load("y.npy"), x)
