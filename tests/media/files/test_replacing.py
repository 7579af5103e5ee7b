"""Replacing a file as a whole or not at all, whatever goes wrong and whatever the target is."""

import errno
import os
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from poolcli.media.files import descriptor_of, same_file
from poolcli.media.replacing import atomic_write
from tests.commands import HANG, posix, with_small_files, without_privileges

pytestmark = posix

WRITE = """
import sys
from pathlib import Path
from poolcli.media.replacing import atomic_write
with atomic_write(Path(sys.argv[1])) as file:
    file.write(bytes(5000))
"""


@pytest.fixture
def umask() -> Iterator[Callable[[int], int]]:
    before = os.umask(0o022)
    yield os.umask
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def write(path: Path, data: bytes = b"new") -> None:
    with atomic_write(path) as file:
        file.write(data)


def test_new_and_old(here: Path) -> None:
    for data in (b"first", b"2nd"):
        write(here / "a", data)
        assert (here / "a").read_bytes() == data
    assert names(here) == ["a"]


def test_target_is_untouched_until_the_end(here: Path) -> None:
    (here / "a").write_bytes(b"old")
    with atomic_write(here / "a") as file:
        file.write(b"new" * 100_000)
        file.flush()
        assert (here / "a").read_bytes() == b"old"
        assert len(names(here)) == 2
    assert (here / "a").read_bytes() == b"new" * 100_000


def test_seek_and_read_back(here: Path) -> None:
    """As writers of TIFF and GIF do."""
    with atomic_write(here / "a") as file:
        file.write(b"....tail")
        file.seek(0)
        file.write(b"head")
        file.seek(0)
        assert file.read() == b"headtail"
    assert (here / "a").read_bytes() == b"headtail"


@pytest.mark.parametrize("error", [RuntimeError, OSError, KeyboardInterrupt, SystemExit])
@pytest.mark.parametrize("old", [None, b"old"])
def test_error_in_the_block(here: Path, error: type[BaseException], old: bytes | None) -> None:
    if old is not None:
        (here / "a").write_bytes(old)

    def fail() -> None:
        with atomic_write(here / "a") as file:
            file.write(b"half")
            raise error("in the middle")

    with pytest.raises(error, match="in the middle"):
        fail()
    assert names(here) == ([] if old is None else ["a"])
    assert old is None or (here / "a").read_bytes() == old


def test_no_folder(here: Path) -> None:
    (here / "file").write_bytes(b"")
    with pytest.raises(FileNotFoundError):
        write(here / "missing" / "a")
    with pytest.raises(NotADirectoryError):
        write(here / "file" / "a")
    with pytest.raises(IsADirectoryError):
        write(here)
    assert names(here) == ["file"]


@pytest.mark.parametrize("old", [False, True])
@pytest.mark.parametrize(
    ("reason", "prepare"),
    [("PermissionError", without_privileges), ("File too large", with_small_files)],
)
def test_no_permission_and_no_room(
    here: Path, reason: str, prepare: Callable[[], None], old: bool
) -> None:
    folder = here / "folder"
    folder.mkdir()
    if old:
        (folder / "a").write_bytes(b"old")
    if prepare is without_privileges:
        folder.chmod(0o555)
    done = subprocess.run(
        [sys.executable, "-c", WRITE, folder / "a"],
        preexec_fn=prepare,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert reason in done.stderr
    assert "ignored" not in done.stderr
    assert names(folder) == (["a"] if old else [])
    assert not old or (folder / "a").read_bytes() == b"old"


def test_full_disk(here: Path) -> None:
    """A real one, of 16 KiB, where this may be mounted."""
    script = (
        'mount -t tmpfs -o size=16k none "$1" || exit 77; cd "$1"; echo old > a; '
        '"$2" -c "$3" b 2>&1; "$2" -c "${3/5000/50000}" a 2>&1; cat a; ls -A'
    )
    try:
        done = subprocess.run(
            ["unshare", "-rm", "bash", "-c", script, "-", here, sys.executable, WRITE],
            capture_output=True,
            text=True,
            check=False,
        )
    except FileNotFoundError:
        pytest.skip("no unshare here")
    if done.returncode == 77 or "unshare" in done.stderr:
        pytest.skip("may not mount a file system here")
    assert done.stdout.count("Traceback") == 1
    assert done.stdout.splitlines()[-4:] == [
        "OSError: [Errno 28] No space left on device",
        "old",
        "a",
        "b",
    ]


@pytest.mark.parametrize("mask", [0o022, 0o077, 0o002])
def test_permissions_of_a_new_file(here: Path, umask: Callable[[int], int], mask: int) -> None:
    umask(mask)
    write(here / "a")
    assert mode(here / "a") == 0o666 & ~mask


@pytest.mark.parametrize("kept", [0o600, 0o640, 0o666, 0o755, 0o444])
def test_permissions_of_an_old_file(here: Path, umask: Callable[[int], int], kept: int) -> None:
    umask(0o022)
    (here / "a").write_bytes(b"old")
    (here / "a").chmod(kept)
    write(here / "a")
    assert mode(here / "a") == kept
    assert (here / "a").read_bytes() == b"new"


@pytest.mark.parametrize("exists", [True, False])
def test_through_a_link(here: Path, exists: bool) -> None:
    (here / "there").mkdir()
    (here / "link").symlink_to("there/a")
    if exists:
        (here / "there" / "a").write_bytes(b"old")
    write(here / "link")
    assert (here / "link").readlink() == Path("there/a")
    assert (here / "there" / "a").read_bytes() == b"new"
    assert names(here) == ["link", "there"]
    assert names(here / "there") == ["a"]


def test_hard_links_are_parted(here: Path) -> None:
    """As with any program that writes a new file: the other name keeps the old contents."""
    (here / "a").write_bytes(b"old")
    (here / "b").hardlink_to(here / "a")
    write(here / "a")
    assert (here / "a").read_bytes() == b"new"
    assert (here / "b").read_bytes() == b"old"


def test_device(here: Path) -> None:
    """A device of the test's own: a wrong `atomic_write` run by root would replace /dev/null."""
    try:
        os.mknod(here / "null", stat.S_IFCHR | 0o666, os.makedev(1, 3))
        (here / "null").write_bytes(b"")
    except (OSError, AttributeError):
        pytest.skip("may not make a device here")
    (here / "a").symlink_to("null")
    write(here / "a")
    write(here / "null")
    with pytest.raises(FileNotFoundError, match="another"), atomic_write(here / "a"):
        raise FileNotFoundError("another")
    assert stat.S_ISCHR((here / "null").stat().st_mode)
    assert names(here) == ["a", "null"]


def test_named_pipe(here: Path) -> None:
    """Gets everything, or (after an error) nothing."""
    os.mkfifo(here / "pipe")
    got: list[bytes] = []
    reader = Thread(target=lambda: got.append((here / "pipe").read_bytes()))
    reader.start()
    with pytest.raises(TypeError, match="bytes"):
        write(here / "pipe", "no bytes")  # type: ignore[arg-type]
    write(here / "pipe", b"whole")
    reader.join(HANG)
    assert got == [b"whole"]
    assert stat.S_ISFIFO((here / "pipe").stat().st_mode)


@pytest.mark.parametrize("sync", [True, False])
def test_content_is_on_the_disk_before_the_name(
    here: Path, monkeypatch: pytest.MonkeyPatch, sync: bool
) -> None:
    done: list[str] = []

    def fsync(descriptor: int) -> None:
        done.append(f"{os.fstat(descriptor).st_size} bytes flushed")

    before = os.replace

    def replace(*names: Any, **folders: Any) -> None:
        done.append("replaced")
        before(*names, **folders)

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(os, "replace", replace)
    with atomic_write(here / "a", sync=sync) as file:
        file.write(b"whole")
    assert done == ["5 bytes flushed"] * sync + ["replaced"]
    assert (here / "a").read_bytes() == b"whole"


def test_disk_that_fails_keeps_the_old_file(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fsync(_: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    (here / "a").write_bytes(b"old")
    monkeypatch.setattr(os, "fsync", fsync)
    with pytest.raises(OSError, match="Input/output"):
        write(here / "a")
    assert names(here) == ["a"]
    assert (here / "a").read_bytes() == b"old"


@pytest.mark.parametrize("place", ["/dev/fd/{}", "/proc/self/fd/{}", "/proc/thread-self/fd/{}"])
def test_open_file_is_written_where_it_stands(here: Path, place: str) -> None:
    """Never replaced: others that have it open would go on with what is no longer there."""
    with (here / "a").open("wb+") as file:
        path = Path(place.format(file.fileno()))
        if not path.exists():
            pytest.skip(f"the system has no {path.parent}")
        file.write(b"head ")
        file.flush()
        assert descriptor_of(path) == file.fileno()
        write(path)
        (here / "link").symlink_to(path)
        write(here / "link", b" twice")
        file.seek(0)
        assert file.read() == b"head new twice"
    assert names(here) == ["a", "link"]


def test_open_file_of_another_process_is_refused(here: Path) -> None:
    """It would go on writing to what is no longer there, or over what we wrote."""
    if not Path("/proc/self/fd").exists():
        pytest.skip("the system has no /proc")
    (here / "a").write_bytes(b"old")
    with (here / "a").open() as file:
        words = [sys.executable, "-c", WRITE, f"/proc/{os.getpid()}/fd/{file.fileno()}"]
        done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert "is an open file of another process; name the file itself" in done.stderr
    assert ((here / "a").read_bytes(), names(here)) == (b"old", ["a"])


def test_pipe_by_its_descriptor(here: Path) -> None:
    reader, writer = os.pipe()
    write(Path(f"/dev/fd/{writer}"), b"whole")
    os.close(writer)  # ours: what `write` had must be closed by now
    with os.fdopen(reader, "rb") as file:
        assert file.read() == b"whole"
    assert names(here) == []


@pytest.mark.parametrize("name", ["1", "fd/1", "self/fd/1", "dangling", "circle"])
def test_other_names_are_no_descriptors(here: Path, name: str) -> None:
    (here / "self/fd").mkdir(parents=True)
    (here / "dangling").symlink_to("1")
    (here / "circle").symlink_to("circle")
    assert descriptor_of(here / name) is None


def test_same_file(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (here / "folder").mkdir()
    for name in ("a", "b"):
        (here / name).write_bytes(b"equal")
    (here / "soft").symlink_to("a")
    (here / "hard").hardlink_to(here / "a")
    (here / "dangling").symlink_to("missing")
    one = here / "a"
    monkeypatch.chdir(here / "folder")
    for other in (one, here / "soft", here / "hard", Path("../a"), here / "folder" / ".." / "a"):
        assert same_file(one, other)
        assert same_file(other, one)
    for other in (here / "b", here / "missing", here / "dangling", here / "a" / "a", here):
        assert not same_file(one, other)
        assert not same_file(other, one)
    assert not same_file(here / "missing", here / "missing")
