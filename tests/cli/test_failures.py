"""What goes wrong, in one line: the right exit code, and every file as it was before."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from poolcli.media import files
from poolcli.media.pillow import image_rows
from tests.commands import HANG, Outcome, Run, Shell, posix, with_small_files, without_privileges
from tests.pictures import Photo, pooled, read, same


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (
            "-k 300",
            "kernel 300 is taller than the image (15 rows); use -k 15 or less, or --padding",
        ),
        (
            "-k 2x21",
            "kernel 21 is wider than the image (20 columns); use -k 20 or less, or --padding",
        ),
        (
            "-k 30 -p 2",
            "kernel 30 is taller than the padded image (15 rows and 2 on each side); "
            "use a smaller kernel",
        ),
        (
            "-k 8 -d 3",
            "kernel 8 with dilation 3 spans 22 rows and is taller than the image (15 rows); "
            "use a smaller kernel or dilation",
        ),
    ],
)
def test_window_that_does_not_fit(source: Path, run: Run, words: str, complaint: str) -> None:
    Path("out.png").write_bytes(b"old")
    done = run("max", source, "out.png", *words.split())
    assert done.code == 1
    assert done.failure == f"in.png: {complaint}"
    assert Path("out.png").read_bytes() == b"old"


MISSING = "no such file or folder; check the name"
UNKNOWN = "does not name a format that can be written; use .png, .jpg, .tif, .webp …"


def test_source_that_is_no_picture(source: Path, run: Run) -> None:
    whole = source.read_bytes()
    Path("cut.png").write_bytes(whole[: len(whole) // 2])
    Path("empty.png").write_bytes(b"")
    Path("text.png").write_text("no picture\n")
    Path("loop.png").symlink_to("loop.png")
    Path("out.png").write_bytes(b"old")
    for name, complaint in (
        ("cut.png", "is truncated or damaged (image file is truncated"),
        ("empty.png", "is empty (0 bytes); give a file that holds a picture"),
        ("text.png", "is not a picture in a format that can be read"),
        ("missing.png", MISSING),
        ("missing/in.png", MISSING),
        ("two  blanks.png", MISSING),
        ("in.png/in.png", "not a directory"),
        ("loop.png", "too many levels of symbolic links"),
    ):
        done = run("max", name, "out.png", "-k", 2)
        assert done.code == 1
        assert done.failure.startswith(f"{name}: {complaint}")
        assert Path("out.png").read_bytes() == b"old"


def test_destination_that_cannot_be(source: Path, run: Run) -> None:
    Path("folder.png", source).mkdir(parents=True)
    for name, code, complaint in (
        ("missing/out.png", 1, f"missing/out.png: {MISSING}"),
        ("in.png/out.png", 1, "in.png/out.png: not a directory"),
        ("folder.png", 1, "folder.png/in.png: is a directory"),
        (f"{'a' * 300}.png", 1, f"{'a' * 300}.png: file name too long"),
        ("out.xyz", 2, f"out.xyz: extension '.xyz' {UNKNOWN}"),
        ("out.h", 2, f"out.h: extension '.h' {UNKNOWN}"),
        ("out", 2, f"out: a name without extension {UNKNOWN}"),
    ):
        done = run("max", source, name, "-k", 2)
        assert done.code == code
        assert done.failure == complaint
    assert sorted(path.name for path in Path().iterdir()) == ["folder.png", "in.png"]


@pytest.mark.parametrize("name", ["out.jpg", "out.pcx"])
def test_format_that_fails_halfway(photo: Photo, run: Run, name: str) -> None:
    """Pillow itself would leave 0 bytes behind."""
    photo("RGBA").save("in.png")
    Path(name).write_bytes(b"old")
    done = run("max", "in.png", name, "-k", 2)
    assert done.code == 1
    assert done.failure.startswith(f"{name}: {'JPEG' if 'jpg' in name else 'PCX'} cannot hold mode")
    assert Path(name).read_bytes() == b"old"


@posix
@pytest.mark.parametrize(
    ("prepare", "complaint"),
    [
        (
            without_privileges,
            "permission denied; check who may read the file and write to the folder",
        ),
        (with_small_files, "file too large"),
    ],
)
@pytest.mark.parametrize(("mode", "name"), [(0o555, "out.png"), (0o000, "out.jpg")])
def test_no_permission_and_no_room(
    photo: Photo,
    shell: Shell,
    prepare: Callable[[], None],
    complaint: str,
    mode: int,
    name: str,
) -> None:
    folder = Path("folder")
    folder.mkdir()
    photo("RGB", (200, 150)).save("in.png")
    (folder / name).write_bytes(b"old")
    folder.chmod(mode if prepare is without_privileges else 0o755)
    done = shell("max", "in.png", folder / name, "-k", 2, preexec_fn=prepare)
    folder.chmod(0o755)
    assert done.code == 1
    assert done.failure == f"folder/{name}: {complaint}"
    assert (folder / name).read_bytes() == b"old"
    assert [path.name for path in folder.iterdir()] == [name]


@posix
def test_source_without_permission(source: Path, shell: Shell) -> None:
    source.chmod(0o000)
    done = shell("max", source, "out.png", "-k", 2, preexec_fn=without_privileges)
    assert done.code == 1
    assert done.failure.startswith("in.png: permission denied; ")


@pytest.mark.parametrize("way", ["in.png", "./in.png", "soft.png", "hard.png", "."])
def test_own_destination(source: Path, run: Run, way: str) -> None:
    Path("soft.png").symlink_to("in.png")
    Path("hard.png").hardlink_to(source)
    before, x = source.read_bytes(), read(source)[1]
    done = run("max", source, way, "-k", 2)
    assert done.code == 2
    assert done.failure == (
        "in.png would be replaced by its own pooled version; "
        "give another destination, or --in-place"
    )
    assert source.read_bytes() == before

    done = run("max", source, way, "-k", 2, "--in-place")
    assert done.code == 0
    assert done.out.endswith(": 3×15×20 → 3×7×10 (1 row unused)\n")
    assert same(read(way if way != "." else source)[1], pooled("max", x, 2))
    assert Path("soft.png").is_symlink()


def test_name_with_a_line_break(run: Run) -> None:
    assert run("max", "a\nb.png", "o.png", "-k", 2).failure == rf"$'a\nb.png': {MISSING}"


@posix
def test_output_that_cannot_be_written(source: Path, shell: Shell) -> None:
    for words in (["max", source, "out.png", "-k", 2], ["--help"], []):
        with Path("/dev/full").open("wb") as full:
            done = shell(*words, stdout=full)
        assert done.code == 1
        assert done.failure == "standard output: No space left on device"
        reader, writer = os.pipe()
        os.close(reader)
        assert shell(*words, stdout=writer) == Outcome(141, "", "")
        os.close(writer)
    assert read("out.png")[1].shape == (7, 10, 3)


@posix
def test_interrupt(here: Path) -> None:
    os.mkfifo(here / "in.png")
    command = [sys.executable, "-m", "poolcli", "max", "in.png", "out.png", "-k", "2"]
    with (
        subprocess.Popen(
            command,
            stderr=subprocess.PIPE,
            text=True,
            # What a shell starts in the background ignores the signal.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        ) as running,
        Path("in.png").open("wb"),  # waits until it is read from
    ):
        running.send_signal(signal.SIGINT)
        assert running.communicate(timeout=HANG)[1] == "poolcli: interrupted\n"
    assert running.returncode == 130
    assert [path.name for path in here.iterdir()] == ["in.png"]


def test_interrupt_while_writing(source: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object, **__: object) -> None:
        assert len(list(Path().glob(f"{files.TEMPORARY_PREFIX}*"))) == 1
        raise KeyboardInterrupt

    monkeypatch.setattr(Image.Image, "save", interrupt)
    Path("out.png").write_bytes(b"old")
    assert run("max", source, "out.png", "-k", 2) == Outcome(130, "", "poolcli: interrupted\n")
    assert Path("out.png").read_bytes() == b"old"


def test_no_memory(source: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise MemoryError

    monkeypatch.setattr(image_rows.ImageRows, "fastest_source", fail)
    done = run("max", source, "out.png", "-k", 2)
    assert done.code == 1
    assert done.failure == "in.png: needs more memory than there is; use a smaller picture"
