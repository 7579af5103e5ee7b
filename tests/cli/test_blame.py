"""Each error begins with the path that it is about: of the files read, and of each one written."""

from pathlib import Path

import numpy as np
import pytest

from tests.commands import Run, Shell, Word, posix, with_small_files, without_privileges
from tests.pictures import Photo

MISSING = "no such file or folder; check the name"


def array(name: str) -> str:
    np.save(name, np.arange(3 * 15 * 20, dtype="f4").reshape(3, 15, 20))
    return name


@pytest.mark.parametrize("read", ["in.png", "in.npy"])
@pytest.mark.parametrize("option", ["--indices", "--winners"])
def test_a_file_beside_that_cannot_be_written_is_named(
    source: Path, run: Run, option: str, read: str
) -> None:
    assert source.exists()
    array("in.npy")
    beside = {"--indices": "no/i.npz", "--winners": "no/mask.png"}[option]
    for written in ("out.png", "out.npy"):
        if (read, written) == ("in.npy", "out.png"):
            continue  # floats are no picture
        done = run("max", read, written, "-k", 5, option, beside)
        assert (done.code, done.failure) == (1, f"{beside}: {MISSING}")
        assert not Path(written).exists()


@pytest.mark.parametrize("read", ["in.png", "in.npy"])
def test_winners_are_blamed_and_not_the_indices_which_are_not_written_either(
    source: Path, run: Run, read: str
) -> None:
    assert source.exists()
    array("in.npy")
    done = run("max", read, "out.npy", "-k", 5, "--indices", "i.npz", "--winners", "no/mask.png")
    assert done.failure == f"no/mask.png: {MISSING}"
    assert not Path("i.npz").exists()


def test_winners_that_no_format_holds_are_named(source: Path, run: Run) -> None:
    done = run("max", source, "out.png", "-k", 5, "--winners", "mask.xyz")
    assert done.failure.startswith("mask.xyz: extension '.xyz' does not name a format")


@pytest.mark.parametrize("option", ["--indices", "--winners"])
def test_the_destination_is_named_although_a_file_beside_could_be_written(
    source: Path, run: Run, option: str
) -> None:
    beside = {"--indices": "i.npz", "--winners": "mask.png"}[option]
    done = run("max", source, "no/out.png", "-k", 5, option, beside)
    assert done.failure == f"no/out.png: {MISSING}"


def test_an_array_that_is_read_or_written_is_named(run: Run) -> None:
    array("in.npy")
    assert run("max", "in.npy", "no/out.npy", "-k", 2).failure == f"no/out.npy: {MISSING}"
    assert run("max", "no/in.npy", "out.npy", "-k", 2).failure == f"no/in.npy: {MISSING}"
    assert run("max", "in.npy", "out.npy", "-k", 99).failure.startswith("in.npy: kernel 99 is")
    np.save("words.npy", np.array([["a", "b"], ["c", "d"]]))
    assert run("max", "words.npy", "out.npy", "-k", 2).failure.startswith("words.npy: cannot pool")
    np.save("below.npy", np.full((4, 4), -1, np.int16))
    done = run("gem", "below.npy", "out.npy", "-k", 2, "--power", "2.5")  # found by the first band
    assert done.failure.startswith("below.npy: negative values have no power 2.5")
    assert not Path("out.npy").exists()


def test_a_later_frame_that_is_damaged_is_the_sources_fault(run: Run, photo: Photo) -> None:
    """By then the destination was begun; it is not there, and not named."""
    frames = [photo("RGB", (64, 48)).rotate(90 * number) for number in range(3)]
    frames[0].save("in.tif", save_all=True, append_images=frames[1:], compression="tiff_lzw")
    whole = Path("in.tif").read_bytes()
    Path("in.tif").write_bytes(whole[: len(whole) * 2 // 3])
    done = run("max", "in.tif", "out.tif", "-k", 2)
    assert done.code == 1
    assert done.failure.startswith("in.tif: ")
    assert not Path("out.tif").exists()


def test_frames_that_the_destination_cannot_hold_are_its_fault(run: Run, photo: Photo) -> None:
    photo("P").save("in.gif", save_all=True, append_images=[photo("L"), photo("1")])
    assert run("max", "in.gif", "out.jpg", "-k", 2).failure.startswith("out.jpg: JPEG cannot hold")
    assert run("max", "in.gif", "out.npy", "-k", 2).failure.startswith("out.npy: a .npy cannot")
    done = run("max", "in.gif", "out.gif", "-k", 2, "--indices", "i.npz")
    assert done.failure.startswith("in.gif: has several frames; use --frame N where indices")
    assert run("max", "in.gif", "out.gif", "-k", 99).failure.startswith("in.gif: kernel 99 is")


def test_mode_into_a_format_that_blends_is_the_destinations_fault(source: Path, run: Run) -> None:
    assert run("mode", source, "out.jpg", "-k", 2).failure.startswith("out.jpg: .jpg would blend")


@posix
def test_no_room_is_told_of_the_file_that_has_none(photo: Photo, shell: Shell) -> None:
    photo("RGB", (200, 150)).save("in.png")
    line: list[Word] = ["max", "in.png", "out.png", "-k", 50]  # whose result is small
    for beside in (["--indices", "i.npz"], []):
        done = shell(*line, *beside, preexec_fn=with_small_files)
        assert done.failure == "i.npz: file too large" if beside else done.code == 0
    done = shell(*line[:4], 2, preexec_fn=with_small_files)
    assert done.failure == "out.png: file too large"


@posix
def test_no_permission_is_told_of_the_folder_that_gives_none(source: Path, shell: Shell) -> None:
    Path("shut").mkdir()
    Path("shut").chmod(0o555)
    line: list[Word] = ["max", source, "out.png", "-k", 2, "--winners", "shut/mask.png"]
    done = shell(*line, preexec_fn=without_privileges)
    Path("shut").chmod(0o755)
    assert done.code == 1
    assert done.failure.startswith("shut/mask.png: permission denied; check who may")
