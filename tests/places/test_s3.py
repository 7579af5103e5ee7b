"""Files, folders and patterns of an S3 store, pooled from it and to it."""

import json
import signal
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from poolcli.errors import FileError
from poolcli.jobs.perform import pool_file
from poolcli.media.files import TEMPORARY_PREFIX, path_from
from poolcli.media.places import writing
from poolcli.media.replacing import atomic_write
from tests.commands import HANG, Run, Word, posix, shell
from tests.folders import fill, names, started
from tests.pictures import noise
from tests.places import stores
from tests.places.stores import NO_EXTRA, NO_MOTO, SECRET, Store

pytest.importorskip("s3fs", reason=NO_EXTRA)
pytest.importorskip("moto", reason=NO_MOTO)


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
    server.requests()
    return server


# Runs of several files are commands of their own here: the process that workers are forked from has
# the environment of the first run of this one, and with it the credentials.


def png(size: int = 8) -> bytes:
    Image.fromarray(noise((size, size, 3))).save("one.png")
    return Path("one.png").read_bytes()


def test_a_folder_pooled_from_and_to_a_store_equals_the_local_one(
    run: Run, store: Store, here: Path
) -> None:
    fill(here / "photos", 6)
    store.put_folder(here / "photos", "tree")
    store.put("tree/notes.txt", b"-")
    store.put("tree/.hidden/a.png", png())
    assert run("max", "photos", "local", "-k", 2, "-q").code == 0
    done = shell("max", "s3://bucket/tree", "s3://bucket/pooled/", "-k", 2, "-j", 2)
    assert (done.code, SECRET in done.out + done.err) == (0, False)
    assert "6 done, 0 skipped, 0 failed in " in done.err
    assert done.err.endswith(" (1 other file passed over, 1 hidden)\n")
    assert done.out.splitlines()[0] == "s3://bucket/pooled/00000.png: 3×8×8 → 3×4×4"
    local = {name: (here / "local" / name).read_bytes() for name in names(here / "local")}
    assert store.content("pooled") == local


def test_a_file_is_read_and_written_by_three_requests(store: Store) -> None:
    store.put("one/a.png", png())
    store.requests()
    pool_file("max", "s3://bucket/one/a.png", "s3://bucket/one/b.png", kernel=2)
    told = [line.partition("?")[0] for line in store.requests()]
    assert told == [
        "HEAD /bucket/one/a.png",
        "GET /bucket/one/a.png",
        "PUT /bucket/one/b.png",
    ]


def test_many_objects_are_listed_by_few_requests(run: Run, store: Store) -> None:
    store.fill("many", 2500)
    store.put("many/deep/a.png", png())
    store.requests()
    done = run("max", "s3://bucket/many/", "out", "-k", 2, "-n")
    assert (done.code, done.out) == (0, "out/deep/a.png: 3×8×8 → 3×4×4\n")
    assert done.err.endswith(" (2500 other files passed over)\n")
    assert len([line for line in store.requests() if "list-type" in line]) == 3


def test_patterns_match_objects_in_order(run: Run, store: Store) -> None:
    for name in ("b.png", "a.png", "c.txt", "[x].png"):
        store.put(f"some/{name}", png())
    done = run("max", "s3://bucket/some/[ab].png", "out/", "-k", 2, "-n")
    assert [line.partition(":")[0] for line in done.out.splitlines()] == [
        "out/a.png",
        "out/b.png",
    ]
    assert run("max", "s3://bucket/some/[x].png", "x.png", "-k", 2).code == 0
    none = run("max", "s3://bucket/some/*.gif", "out/", "-k", 2)
    assert none.code == 2
    assert none.failure == (
        "no object matches s3://bucket/some/*.gif; check the pattern, in quotes"
    )


def test_what_is_there_is_skipped_by_one_listing(run: Run, store: Store) -> None:
    store.put("from/a.png", png())
    store.put("from/b.png", png())
    store.put("there/b.png", b"old")
    store.requests()
    words: list[Word] = ["max", "s3://bucket/from/", "s3://bucket/there/", "-k", 2, "-j", 1]
    done = shell(*words, "--skip-existing")
    assert "1 done, 1 skipped, 0 failed" in done.err
    assert not [line for line in store.requests() if line == "HEAD /bucket/there/b.png"]
    assert store.content("there")["b.png"] == b"old"
    done = run(*words, "--no-clobber", "-n")
    assert done.code == 1
    assert "s3://bucket/there/b.png: exists, and --no-clobber is given" in done.err


def test_a_run_is_resumed_by_sizes_and_tags(run: Run, store: Store) -> None:
    for name in ("a", "b", "c"):
        store.put(f"src/{name}.png", png())
    words: list[Word] = ["max", "s3://bucket/src/", "s3://bucket/dst/", "-k", 2, "-j", 1]
    assert shell(*words, "--report", "log.jsonl").code == 0
    told = json.loads(Path("log.jsonl").read_text().splitlines()[0])
    assert told["source"] == "s3://bucket/src/a.png"
    assert told["source_size"] == len(png())
    assert told["source_etag"]
    assert "0 done, 3 skipped" in run(*words, "--resume", "log.jsonl").err
    other = bytearray(png())
    other[-5] ^= 1  # as large as before, perhaps in the same second
    store.put("src/b.png", bytes(other))
    store.files.rm_file("bucket/dst/c.png")
    done = run(*words, "--resume", "log.jsonl", "-n")
    assert "1 skipped" in done.err
    assert [line.partition(": ")[0] for line in done.out.splitlines()] == [
        f"s3://bucket/dst/{name}.png" for name in "bc"
    ]


def test_an_error_while_encoding_publishes_nothing(store: Store, here: Path) -> None:
    store.put("whole/old.png", b"old")

    def fail(name: str) -> None:
        with atomic_write(path_from(f"s3://bucket/whole/{name}")) as file:
            file.write(b"a part")
            raise RuntimeError

    for name in ("old.png", "new.png"):
        with pytest.raises(RuntimeError):
            fail(name)
    assert store.content("whole") == {"old.png": b"old"}
    assert [path.name for path in here.iterdir()] == []


def test_an_error_while_putting_publishes_nothing(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.put("kept/a.png", png())
    store.put("kept/out.png", b"old")

    def broken(*_: object) -> None:
        raise ConnectionResetError("connection was reset")

    monkeypatch.setattr(store.files, "pipe_file", broken)
    with pytest.raises(FileError, match=r"^s3://bucket/kept/out.png: cannot be reached"):
        pool_file("max", "s3://bucket/kept/a.png", "s3://bucket/kept/out.png", kernel=2)
    assert store.content("kept")["out.png"] == b"old"


def _passed_on(listening: socket.socket, port: int, process: "subprocess.Popen[str]") -> bool:
    """Pass a request on, with its answer; of an object only the first bytes, and end the sender."""
    connection, _ = listening.accept()
    with connection, socket.create_connection(("127.0.0.1", port), HANG) as on:
        connection.settimeout(HANG)
        part = connection.recv(5000)
        on.sendall(part)
        if not part.startswith(b"PUT"):
            connection.sendall(on.recv(5000))
            return False
        process.kill()
        assert process.wait() == -signal.SIGKILL
        on.shutdown(socket.SHUT_WR)
        on.recv(1000)
        return True


@posix
def test_a_kill_during_the_upload_publishes_nothing(
    run: Run, store: Store, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the two is one who passes on the first bytes of an object, and no more."""
    store.put("killed.npy", b"old")
    np.save("big.npy", noise((400, 400)))
    with socket.create_server(("127.0.0.1", 0)) as listening:
        variables = stores.environment(listening.getsockname()[1])
        monkeypatch.setenv("AWS_ENDPOINT_URL", variables["AWS_ENDPOINT_URL"])
        monkeypatch.setenv("TMPDIR", str(here))
        process = started("max", "big.npy", "s3://bucket/killed.npy", "-k", 1)
        for _ in range(10):
            if _passed_on(listening, store.port, process):
                break
    process.communicate()
    assert store.files.cat_file("bucket/killed.npy") == b"old"
    left = [path for path in here.iterdir() if path.name.startswith(TEMPORARY_PREFIX)]
    assert len(left) == 1
    monkeypatch.setenv("AWS_ENDPOINT_URL", store.environment["AWS_ENDPOINT_URL"])
    assert run("max", "big.npy", "s3://bucket/killed.npy", "-k", 1).code == 0
    assert [path for path in left if path.exists()] == []


@pytest.mark.usefixtures("store")
def test_missing_things_are_named(run: Run, source: Path) -> None:
    for words, said in (
        (["s3://bucket/no.png", "o.png"], "s3://bucket/no.png: no such file or folder"),
        (["s3://other/no.png", "o.png"], "s3://other/no.png: no such bucket; check the name"),
        ([source, "s3://other/o.png"], "s3://other/o.png: no such bucket; check the name"),
    ):
        done = run("max", *words, "-k", 2)
        assert (done.code, done.failure[: len(said)]) == (1, said)
    done = run("max", "s3://bucket/nothing/", "out/", "-k", 2)
    assert done.code == 1
    assert "s3://bucket/nothing: holds no objects; check the name\n" in done.err


@pytest.mark.usefixtures("store")
def test_missing_credentials_are_told(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    without = {"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""}
    stores.forgotten(monkeypatch, without)
    done = run("max", "s3://bucket/a.png", "o.png", "-k", 2)
    assert done.code == 1
    assert done.failure == (
        "s3://bucket/a.png: no credentials were found, or not all; give them as fsspec takes "
        "them, from the environment or its configuration"
    )


def test_names_that_lead_out_of_a_folder_are_refused(run: Run, store: Store) -> None:
    for name in ("a.png", "d//e.png"):
        store.put(f"odd/{name}", png())
    done = run("max", "s3://bucket/odd/", "inside/out", "-k", 2, "-n")
    assert done.code == 1
    assert done.err.count("leads elsewhere as a file; pool it by itself") == 1
    assert done.out == "inside/out/a.png: 3×8×8 → 3×4×4\n"


def test_a_source_is_not_replaced(run: Run, store: Store) -> None:
    store.put("same/a.png", png())
    for destination in ("s3://bucket/same/a.png", "s3a://bucket/same/", "s3://bucket/same"):
        done = run("max", "s3://bucket/same/a.png", destination, "-k", 2)
        assert (done.code, "would be replaced by its own" in done.failure) == (2, True)
    done = run("max", "s3://bucket/same/", "s3://bucket/same/", "-k", 2, "--in-place")
    assert (done.code, "replaces local files alone" in done.failure) == (2, True)
    assert store.content("same")["a.png"] == png()


def test_files_beside_a_picture_and_pipes(run: Run, store: Store, source: Path) -> None:
    pooled, where = "s3://bucket/beside/p.png", "s3://bucket/beside/at.npz"
    assert run("max", source, pooled, "-k", 2, "--indices", where).code == 0
    assert run("unpool", pooled, where, "s3://bucket/beside/back.png").code == 0
    assert sorted(store.content("beside")) == ["at.npz", "back.png", "p.png"]
    assert run("show", "s3://bucket/beside/back.png", "--json").code == 0


def test_a_large_file_is_put_from_disk(
    run: Run, store: Store, monkeypatch: pytest.MonkeyPatch, source: Path
) -> None:
    monkeypatch.setattr(writing, "_WHOLE", 10)
    assert run("max", source, "s3://bucket/large.png", "-k", 2).code == 0
    assert run("max", source, "local.png", "-k", 2).code == 0
    assert store.files.cat_file("bucket/large.png") == Path("local.png").read_bytes()
