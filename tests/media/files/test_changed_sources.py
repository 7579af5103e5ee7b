"""Sources that change while they are read: one content or an error, never a mixture."""

import os
from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Literal, TypeAlias

import numpy as np
import pytest

from poolcli.errors import PictureError
from poolcli.media.arrays import open_array
from poolcli.media.files import open_seekable, open_unchanged
from tests.commands import posix
from tests.oracle import Array
from tests.pictures import same

Order: TypeAlias = Literal["C", "F"]


def touch(path: Path) -> None:
    os.utime(path, ns=(1, 1))


def append(path: Path) -> None:
    with path.open("ab") as file:
        file.write(b"more")


def swap(path: Path) -> None:
    path.with_name("new").write_bytes(path.read_bytes())
    path.with_name("new").replace(path)


def read_while(path: Path, change: Callable[[Path], object]) -> bytes:
    with open_seekable(path) as file:
        change(path)
        return file.read()


@pytest.mark.parametrize("change", [touch, append])
def test_changed_source(here: Path, change: Callable[[Path], object]) -> None:
    (here / "a").write_bytes(b"old")
    with pytest.raises(PictureError, match=r"^was changed while it was read; run the command"):
        read_while(here / "a", change)


@posix
def test_replaced_source(here: Path) -> None:
    (here / "a").write_bytes(b"old")
    with pytest.raises(PictureError, match=r"^was replaced while it was read; run the command"):
        read_while(here / "a", swap)


@posix
def test_source_that_was_removed_is_what_it_was(here: Path) -> None:
    (here / "a").write_bytes(b"old")
    assert read_while(here / "a", Path.unlink) == b"old"


def test_unchanged_source(here: Path) -> None:
    (here / "a").write_bytes(b"old")
    assert read_while(here / "a", Path.stat) == b"old"
    with open_unchanged(here / "a") as file:
        file.close()  # as decoders do


@posix
def test_pipe_is_not_looked_at(here: Path) -> None:
    assert here.exists()
    reader, writer = os.pipe()
    os.write(writer, b"piped")
    os.close(writer)
    with open_seekable(Path(f"/dev/fd/{reader}")) as file:
        assert file.read() == b"piped"
    os.close(reader)


@pytest.mark.parametrize(
    ("error", "told"),
    [(PictureError("is truncated"), "was changed"), (RuntimeError("defect"), "defect")],
)
def test_damage_of_a_changed_source_is_blamed_on_the_change(
    here: Path, error: Exception, told: str
) -> None:
    (here / "a").write_bytes(b"old")

    def fail() -> None:
        with open_unchanged(here / "a"):
            append(here / "a")
            raise error

    with pytest.raises(type(error), match=told):
        fail()


def saved(path: Path, x: Array) -> Path:
    np.save(path, x)
    return path


@posix
@pytest.mark.parametrize("order", ["C", "F"])
def test_array_is_read_from_one_file(here: Path, order: Order) -> None:
    """Whoever replaces the file changes nothing of what is read: not even its first part."""
    old = np.asarray(np.ones((40, 700), "u1"), order=order)
    saved(here / "a.npy", old)

    def read() -> Array:
        with open_array(here / "a.npy") as source:
            first = source[(slice(0, 20),)]
            saved(here / "b.npy", old + 1)
            (here / "b.npy").replace(here / "a.npy")
            second = source[(slice(20, 40),)]
            assert same(np.concatenate([first, second]), old)
            return first

    with pytest.raises(PictureError, match="was replaced"):
        read()


@posix
@pytest.mark.parametrize("key", [(slice(30, 40),), (slice(None), slice(699, 700))])
def test_array_that_is_cut_meanwhile(here: Path, key: tuple[slice, ...]) -> None:
    """Read as a whole and through a mapping, of which a page that is gone kills the process."""
    saved(here / "a.npy", np.ones((40, 700), "u1"))

    def read() -> None:
        with open_array(here / "a.npy") as source:
            os.truncate(here / "a.npy", 5000)
            source[key]

    with pytest.raises(PictureError, match=r"^was c\w+ while it was read"):
        read()


@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("dtype", ["u1", ">f4", "?"])
def test_every_part_of_an_array(here: Path, dtype: str, order: Order) -> None:
    x = np.asarray((np.arange(2 * 3 * 700) % 251).reshape(2, 3, 700).astype(dtype), order=order)
    spans = [slice(None), slice(0, 1), slice(1, None), slice(1, 1), slice(None, None, 2)]
    with open_array(saved(here / "a.npy", x)) as source:
        for key in product(spans, spans, [*spans, slice(9, 650)]):
            assert same(source[key], x[key]), key
        assert same(source[()], x)


@pytest.mark.parametrize("shape", [(), (0, 4), (4, 0), (1, 1)])
def test_small_arrays(here: Path, shape: tuple[int, ...]) -> None:
    x = np.ones(shape, "i2")
    with open_array(saved(here / "a.npy", x)) as source:
        assert same(source[()], x)
