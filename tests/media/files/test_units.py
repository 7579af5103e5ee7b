"""Files that belong together: all take their places, or none."""

import os
from pathlib import Path

import pytest

from poolcli.errors import PathError
from poolcli.media.replacing import FileUnit, atomic_write
from tests.commands import posix


def write(path: Path, unit: FileUnit | None, data: bytes = b"new") -> None:
    with atomic_write(path, unit=unit) as file:
        file.write(data)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_each_waits_for_the_others(here: Path) -> None:
    (here / "a").write_bytes(b"old")
    with FileUnit() as unit:
        write(here / "b", unit)
        write(here / "a", unit)
        assert (here / "a").read_bytes() == b"old"
        assert not (here / "b").exists()
        assert [complete.path.name for complete in unit] == ["b", "a"]
        for complete in unit:
            with complete.reopen() as file:
                assert file.read() == b"new"
            complete.place()
    assert {name: (here / name).read_bytes() for name in names(here)} == {"a": b"new", "b": b"new"}


@pytest.mark.parametrize("error", [OSError, KeyboardInterrupt])
def test_error_leaves_all_as_they_were(here: Path, error: type[BaseException]) -> None:
    (here / "a").write_bytes(b"old")

    def fail() -> None:
        with FileUnit() as unit:
            write(here / "a", unit)
            write(here / "b", unit)
            raise error("at last")

    with pytest.raises(error, match="at last"):
        fail()
    assert (names(here), (here / "a").read_bytes()) == (["a"], b"old")


def test_what_waits_knows_the_state_it_will_have(here: Path) -> None:
    with FileUnit() as unit:
        write(here / "a", unit)
        (complete,) = unit
        status = complete.status()
        complete.place()
    now = (here / "a").stat()
    assert status is not None
    assert now.st_size == 3
    assert (status.st_size, status.st_mtime_ns) == (now.st_size, now.st_mtime_ns)


@posix
def test_pipe_gets_nothing_before_all_are_complete(here: Path) -> None:
    reader, writer = os.pipe()
    with FileUnit() as unit:
        write(Path(f"/dev/fd/{writer}"), unit)
        os.set_blocking(reader, False)
        with pytest.raises(BlockingIOError):
            os.read(reader, 9)
        (complete,) = unit
        with complete.reopen() as file:
            assert (complete.status(), file.read()) == (None, b"new")
        complete.place()
        assert os.read(reader, 9) == b"new"
    os.close(reader)
    os.close(writer)
    assert names(here) == []


@posix
@pytest.mark.parametrize("was", ["nothing", "a file", "a link"])
def test_link_put_in_the_way_is_not_followed(here: Path, was: str) -> None:
    (here / "source").write_bytes(b"precious")
    (here / "other").write_bytes(b"other")
    if was == "a file":
        (here / "a").write_bytes(b"old")
    elif was == "a link":
        (here / "a").symlink_to("other")

    def swap() -> None:
        with atomic_write(here / "a") as file:
            file.write(b"new")
            (here / "a").unlink(missing_ok=True)
            (here / "a").symlink_to("source")

    with pytest.raises(PathError, match=r"^leads to .*source now, and led to .* before; look who"):
        swap()
    assert (here / "source").read_bytes() == b"precious"
    assert (here / "other").read_bytes() == b"other"


@posix
@pytest.mark.parametrize("held", [True, False])
@pytest.mark.parametrize("by", ["a link", "another"])
def test_folder_swapped_meanwhile_is_not_written_to(
    here: Path, monkeypatch: pytest.MonkeyPatch, by: str, held: bool
) -> None:
    """Nor is anything left in the one that was moved, where the system lets a folder be held."""
    if not held:
        monkeypatch.setattr(os, "supports_dir_fd", set())
    for folder in ("out", "in"):
        (here / folder).mkdir()
    (here / "in" / "a").write_bytes(b"precious")

    def swap() -> None:
        with atomic_write(here / "out" / "a") as file:
            file.write(b"new")
            (here / "out").rename(here / "moved")
            if by == "a link":
                (here / "out").symlink_to("in")
            else:
                (here / "in").rename(here / "out")

    with pytest.raises((PathError, FileNotFoundError)):
        swap()
    assert (here / "out" / "a").read_bytes() == b"precious"
    left = list((here / "moved").iterdir())
    assert len(left) == (not held)
    for temporary in left:
        temporary.unlink()


@posix
def test_link_put_in_the_way_before_writing_began(here: Path) -> None:
    (here / "source").write_bytes(b"precious")
    (here / "a").symlink_to("source")
    planned = {here / "a": Path(os.path.realpath(here)) / "a"}

    def place() -> None:
        with FileUnit(leads_to=planned) as unit:
            write(here / "a", unit)
            for complete in unit:
                complete.place()

    with pytest.raises(PathError, match="leads to"):
        place()
    assert (here / "source").read_bytes() == b"precious"
