"""Owner, permissions and attributes of a file that is replaced."""

import errno
import os
import stat
from pathlib import Path

import pytest

from poolcli.media import attributes
from poolcli.media.attributes import keep_attributes
from poolcli.media.replacing import FileUnit, atomic_write
from tests.commands import posix

pytestmark = posix


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def refuse(*_: object) -> None:
    raise OSError(errno.EPERM, "Operation not permitted")


def of_another(path: Path, bits: int) -> os.stat_result:
    """The status of a file that belongs to somebody else."""
    real = path.stat()
    return os.stat_result(
        (stat.S_IFREG | bits, *real[1:4], real.st_uid + 1, real.st_gid + 1, *real[6:])
    )


def notes_of(path: Path, bits: int) -> tuple[list[str], int]:
    """Notes on what ``b`` cannot have of ``path``, and its permissions then."""
    with (path.parent / "b").open("wb") as file:
        os.fchmod(file.fileno(), 0o600)
        notes = keep_attributes(file.fileno(), path, of_another(path, bits))
    return notes, mode(path.parent / "b")


@pytest.mark.parametrize("kept", [0o600, 0o644])
def test_nobody_else_reads_a_file_before_it_is_known_who_may(here: Path, kept: int) -> None:
    (here / "a").write_bytes(b"old")
    (here / "a").chmod(kept)
    with atomic_write(here / "a") as file:
        file.write(b"new")
        (temporary,) = here.glob(".poolcli-*")
        assert mode(temporary) == 0o600
    assert (mode(here / "a"), (here / "a").read_bytes()) == (kept, b"new")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root gives away")
def test_owner_is_kept(here: Path) -> None:
    (here / "a").write_bytes(b"old")
    os.chown(here / "a", 65534, 65533)
    (here / "a").chmod(0o4640)
    with atomic_write(here / "a") as file:
        file.write(b"new")
    status = (here / "a").stat()
    assert (status.st_uid, status.st_gid, mode(here / "a")) == (65534, 65533, 0o4640)


@pytest.mark.parametrize(
    ("bits", "left"),
    [(0o640, 0o600), (0o660, 0o600), (0o664, 0o644), (0o604, 0o604), (0o4755, 0o755)],
)
def test_another_group_may_do_what_all_may(
    here: Path, monkeypatch: pytest.MonkeyPatch, bits: int, left: int
) -> None:
    (here / "a").write_bytes(b"old")
    monkeypatch.setattr(os, "fchown", refuse)
    status = of_another(here / "a", bits)
    user, group = status.st_uid, status.st_gid
    told = f"a was replaced without its owner (user {user}), its group ({group})"
    assert notes_of(here / "a", bits) == ([told], left)


def test_group_that_is_kept_may_do_what_it_might(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As of a file that somebody else in the group owned."""
    (here / "a").write_bytes(b"old")
    real = (here / "a").stat()
    status = os.stat_result((stat.S_IFREG | 0o4660, *real[1:4], real.st_uid + 1, *real[5:]))
    monkeypatch.setattr(os, "fchown", refuse)
    with (here / "b").open("wb") as file:
        notes = keep_attributes(file.fileno(), here / "a", status)
    assert notes == [f"a was replaced without its owner (user {status.st_uid})"]
    assert mode(here / "b") == 0o660


def test_access_list_of_another_owner_is_left_out(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (here / "a").write_bytes(b"old")
    monkeypatch.setattr(os, "fchown", refuse)
    found = {"system.posix_acl_access": b"list"}
    monkeypatch.setattr(attributes, "_attributes", lambda _: found)
    (note,) = notes_of(here / "a", 0o600)[0]
    assert note.endswith("), its access list")


def test_system_without_owners_and_attributes(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (here / "a").write_bytes(b"old")
    for name in ("fchown", "listxattr"):
        monkeypatch.delattr(os, name, raising=False)
    assert notes_of(here / "a", 0o640) == ([], 0o640)


@pytest.fixture
def labelled(here: Path) -> Path:
    """A file with an extended attribute."""
    (here / "a").write_bytes(b"old")
    try:
        os.setxattr(here / "a", "user.note", b"mine")
    except (AttributeError, OSError):
        pytest.skip("the system or the disk has no extended attributes")
    return here / "a"


def test_extended_attributes_are_kept(labelled: Path) -> None:
    with atomic_write(labelled) as file:
        file.write(b"new")
    assert (os.getxattr(labelled, "user.note"), labelled.read_bytes()) == (b"mine", b"new")


def test_attribute_that_cannot_be_set_is_noted(
    labelled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "setxattr", refuse)
    with FileUnit() as unit:
        with atomic_write(labelled, unit=unit) as file:
            file.write(b"new")
        assert unit.notes == ["a was replaced without its attribute user.note"]


def test_disk_without_attributes(labelled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def unsupported(*_: object) -> None:
        raise OSError(errno.ENOTSUP, "Operation not supported")

    monkeypatch.setattr(os, "listxattr", unsupported)
    with atomic_write(labelled) as file:
        file.write(b"new")
    assert labelled.read_bytes() == b"new"


def test_hash_that_the_system_made_of_the_old_content_is_left_out(
    labelled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "listxattr", lambda _: ["security.ima", "user.note"])
    assert attributes._attributes(labelled) == {"user.note": b"mine"}
