"""Places in a store of this process's own memory: no server, no network."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from poolcli.errors import FileError
from poolcli.jobs.perform import pool_file
from poolcli.jobs.result import record
from poolcli.media.files import path_from
from poolcli.media.places import filesystem, reading, writing
from poolcli.media.places.remote_path import RemotePath
from tests.commands import Run
from tests.pictures import noise
from tests.places.stores import NO_EXTRA

fsspec = pytest.importorskip("fsspec", reason=NO_EXTRA)


@pytest.fixture
def memory(monkeypatch: pytest.MonkeyPatch, here: Path) -> Iterator[Any]:
    """The file system, which is empty before and after; temporary files are made in ``here``."""
    monkeypatch.setattr("tempfile.tempdir", str(here))
    files = fsspec.filesystem("memory")
    files.store.clear()
    filesystem._filesystem.cache_clear()
    filesystem.forget()
    yield files
    files.store.clear()


def test_a_picture_and_an_array_are_pooled(memory: Any, source: Path) -> None:
    memory.pipe_file("memory://in/a.png", source.read_bytes())
    result = pool_file("max", "memory://in/a.png", "memory://out/b.png", kernel=2)
    assert result.output_shape == (3, 7, 10)
    assert record(result)["destination"] == "memory://out/b.png"
    assert result.destination_size == len(memory.cat_file("memory://out/b.png"))
    pool_file("max", source, "local.png", kernel=2)
    assert memory.cat_file("memory://out/b.png") == Path("local.png").read_bytes()


@pytest.mark.parametrize("order", ["C", "F"])
def test_arrays_are_copied_to_be_read_in_any_order(
    memory: Any, monkeypatch: pytest.MonkeyPatch, order: Any
) -> None:
    x = noise((5, 40, 3), "u2")
    np.save("x.npy", np.asarray(x, order=order))
    memory.pipe_file("memory://x.npy", Path("x.npy").read_bytes())
    for whole in (1 << 20, 10):
        monkeypatch.setattr(reading, "_WHOLE", whole)
        monkeypatch.setattr(writing, "_WHOLE", whole)
        pool_file("max", "memory://x.npy", "memory://y.npy", kernel=1)
        memory.get_file("memory://y.npy", "y.npy")
        np.testing.assert_array_equal(np.load("y.npy"), x)


def test_an_empty_object_and_a_missing_one_are_told_apart(memory: Any) -> None:
    memory.pipe_file("memory://empty.png", b"")
    with pytest.raises(FileError, match=r"^memory://empty.png: is empty \(0 bytes\)"):
        pool_file("max", "memory://empty.png", "o.png", kernel=2)
    with pytest.raises(FileError, match=r"^memory://no.png: no such file or folder"):
        pool_file("max", "memory://no.png", "o.png", kernel=2)


def test_objects_too_large_for_memory_are_refused(
    memory: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "_WHOLE", 10)
    monkeypatch.setattr(reading, "_MOST_BYTES", 20)
    memory.pipe_file("memory://large.png", bytes(30))
    with pytest.raises(FileError, match="has more than 20 bytes; save it in a local file"):
        pool_file("max", "memory://large.png", "o.png", kernel=2)


def test_what_was_listed_is_not_asked_again(memory: Any) -> None:
    memory.pipe_file("memory://tree/a.png", b"1234")
    filesystem.remember("memory://tree")
    memory.store.clear()
    path = path_from("memory://tree/a.png")
    assert isinstance(path, RemotePath)
    assert path.stat().st_size == 4
    assert not (path.parent / "b.png").exists()
    filesystem.wrote("memory://tree/b.png", 7)
    assert (path.parent / "b.png").stat().st_size == 7
    assert (path.parent / "b.png").stat().st_size == 7
    filesystem.forget()
    assert not path.exists()


@pytest.mark.parametrize(
    "told",
    [
        datetime(2026, 1, 2, tzinfo=UTC),
        1767312000.0,
        "2026-01-02T00:00:00Z",
        "Fri, 02 Jan 2026 00:00:00 GMT",
    ],
)
def test_stores_tell_times_in_many_ways(told: Any) -> None:
    info = {"type": "file", "size": 1, "updated": told, "etag": "x"}
    assert filesystem._status_of(info) == filesystem.Status(1, 1767312000 * 10**9, etag="x")


def test_a_folder_run_does_not_write_to_memory(run: Run, memory: Any, source: Path) -> None:
    done = run("max", source, source, "memory://out/", "-k", 2)
    assert (done.code, "memory:// ends with each process" in done.failure) == (2, True)
    assert memory.store == {}
