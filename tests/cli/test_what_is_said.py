"""What is said beside the results: notes, what -q leaves of them, and one line for each failure."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.commands import Run, Word, posix
from tests.folders import fill
from tests.pictures import photo

NOTE = (
    "uint16 values were converted to uint8: what is outside 0 to 255 was clipped; "
    "--scale keeps it in proportion"
)
WORDS: list[Word] = ["-k", 5, "--convert", "L"]


@pytest.fixture
def deep(here: Path) -> Path:
    """A folder of two pictures of 16 bits, of which a conversion tells something."""
    (here / "p").mkdir()
    for name in ("a.png", "b.png"):
        photo("I;16").save(here / "p" / name)
    return Path("p")


def test_notes_of_a_folder_are_said_on_standard_error(deep: Path, run: Run) -> None:
    done = run("max", deep, "out", *WORDS)
    assert done.out == "out/a.png: 1×15×20 → 1×3×4\nout/b.png: 1×15×20 → 1×3×4\n"
    notes = done.err.splitlines()[:-1]
    assert notes == [f"poolcli: note: p/a.png: {NOTE}", f"poolcli: note: p/b.png: {NOTE}"]


def test_notes_of_one_file_are_said_on_standard_error(deep: Path, run: Run) -> None:
    done = run("max", deep / "a.png", "out.png", *WORDS)
    assert (done.code, done.out) == (0, "out.png: 1×15×20 → 1×3×4\n")
    assert done.err == f"poolcli: note: p/a.png: {NOTE}\n"


@pytest.mark.parametrize("words", [["p", "out"], ["p/a.png", "out.png"]])
def test_quiet_says_no_note(deep: Path, run: Run, words: list[Word]) -> None:
    assert deep.exists()
    done = run("max", *words, *WORDS, "-q")
    assert (done.code, done.out, done.err) == (0, "", "")


@pytest.mark.parametrize("words", [["p", "out"], ["p/a.png", "out.png"]])
def test_quiet_json_has_the_notes_in_its_objects_alone(
    deep: Path, run: Run, words: list[Word]
) -> None:
    assert deep.exists()
    done = run("max", *words, *WORDS, "-q", "--json")
    assert done.err == ""
    assert [json.loads(line)["notes"] for line in done.out.splitlines()] == [[NOTE]] * (
        2 if words[0] == "p" else 1
    )


def test_json_says_notes_twice(deep: Path, run: Run) -> None:
    """To scripts in the objects, to people on standard error."""
    done = run("max", deep / "a.png", "out.png", *WORDS, "--json")
    assert json.loads(done.out)["notes"] == [NOTE]
    assert done.err == f"poolcli: note: p/a.png: {NOTE}\n"


def test_json_tells_the_shape_of_the_first_frame_and_how_many_there_are(
    here: Path, run: Run
) -> None:
    pages = [photo("RGB"), photo("L", (9, 8)), photo("I;16", (30, 12))]
    pages[0].save(here / "in.tif", save_all=True, append_images=pages[1:])
    told = json.loads(run("max", "in.tif", "out.tif", "-k", 2, "--json").out)
    assert (told["frames"], told["dtype"]) == (3, "uint8")
    assert (told["input_shape"], told["output_shape"]) == ([3, 15, 20], [3, 7, 10])
    assert told["unused"] == [1, 0]


def test_quiet_says_failures_all_the_same(here: Path, run: Run) -> None:
    fill(here / "p", 2)
    Path("p/bad.png").write_bytes(b"no picture")
    done = run("max", "p", "out", "-k", 2, "-q")
    told = "poolcli: p/bad.png: is not a picture in a format that can be read\n"
    assert (done.code, done.out, done.err) == (1, "", told)
    done = run("max", "p/bad.png", "out.png", "-k", 2, "-q")
    assert (done.code, done.out, done.err) == (1, "", told)


@posix
def test_a_name_with_line_breaks_is_one_line_among_failures(here: Path, run: Run) -> None:
    fill(here / "p", 1)
    Path("p/a\nb\nc.png").write_bytes(b"no picture")
    done = run("max", "p", "out", "-k", 2)
    assert done.code == 1
    failure, count = done.err.splitlines()
    assert failure == r"poolcli: $'p/a\nb\nc.png': is not a picture in a format that can be read"
    assert count.startswith("1 done, 0 skipped, 1 failed in ")


@posix
def test_a_name_with_a_line_break_is_one_line_among_notes(here: Path, run: Run) -> None:
    photo("I;16").save(here / "a\nb.png")
    done = run("max", "a\nb.png", "out.png", *WORDS)
    assert done.err == rf"poolcli: note: $'a\nb.png': {NOTE}" "\n"
    done = run("max", "a\nb.png", "a\nb.png", "out/", *WORDS)
    note, count = done.err.splitlines()
    assert note == rf"poolcli: note: $'a\nb.png': {NOTE}"
    assert count.startswith("1 done, ")


def test_notes_of_what_is_left_out_are_said(here: Path, run: Run) -> None:
    photo("RGBA", (64, 64)).save(here / "in.ico", sizes=[(16, 16), (64, 64)])
    done = run("max", "in.ico", "out.png", "-k", 2)
    told = "holds 2 sizes, of which the largest was taken, 64×64"
    assert done.err == f"poolcli: note: in.ico: {told}\n"
    photo("RGB").save("in.mpo", save_all=True, append_images=[photo("RGB")])
    done = run("max", "in.mpo", "out.png", "-k", 2)
    told = "holds 2 pictures, of which the first was taken; --frame N takes another"
    assert done.err == f"poolcli: note: in.mpo: {told}\n"
    assert run("max", "in.mpo", "out.png", "-k", 2, "--frame", 1).err == ""


def test_a_dry_run_says_what_it_may_know_and_writes_nothing(deep: Path, run: Run) -> None:
    done = run("max", deep, "out", *WORDS, "-n")
    assert done.out == "out/a.png: 1×15×20 → 1×3×4\nout/b.png: 1×15×20 → 1×3×4\n"
    assert not Path("out").exists()
    np.save("x.npy", np.zeros((2, 4, 6)))
    assert run("max", "x.npy", "y.npy", "-k", 2, "-n").out == "y.npy: 2×4×6 → 2×2×3\n"
    assert not Path("y.npy").exists()
    Image.new("L", (4, 4)).save("one.png")
    assert run("max", "one.png", "two.png", "-k", 9, "-n").failure.startswith("one.png: kernel 9")
