"""Formats that are opened: those of the list, whatever a file is named, and no program is run."""

import io
import struct
import sys
from pathlib import Path

import pytest
from PIL import Image, features

from poolcli.media.pillow.formats import READABLE, format_of, is_readable
from tests.commands import Run, Shell, Word, posix, with_small_files
from tests.pictures import photo

EPS = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 20 20\n%%EndComments\n(x) print\nshowpage\n"
REFUSED = "is PostScript, a program that would have to be run; render it to PNG first"


def binary_eps() -> bytes:
    return b"\xc5\xd0\xd3\xc6" + struct.pack("<6I2x", 32, len(EPS), 0, 0, 0, 0) + bytes(2) + EPS


def field(number: int, data: bytes) -> bytes:
    return bytes((0x1C, number // 100, number % 100)) + struct.pack(">H", len(data)) + data


def iptc() -> bytes:
    """A file of IPTC fields around a PostScript file, which Pillow would open by its content."""
    fields = [
        (120, b"A"),
        (300, b"\x02"),
        (320, struct.pack(">H", 20)),
        (330, b"\0\x14"),
        (360, b"\x01\0"),
    ]
    inner = b"".join(field(number, data) for number, data in fields)
    return inner + field(365, b"\x01") + field(810, EPS)


@posix
@pytest.mark.parametrize("name", ["photo.png", "photo.jpg", "drawing.eps", "drawing.ps", "x"])
@pytest.mark.parametrize("data", [EPS, binary_eps()], ids=["text", "binary"])
def test_postscript_runs_nothing(
    here: Path, shell: Shell, monkeypatch: pytest.MonkeyPatch, name: str, data: bytes
) -> None:
    program = here / "bin" / "gs"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\necho run >>{here}/gs.log\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:/usr/bin:/bin")
    Path(name).write_bytes(data)
    commands: list[list[Word]] = [
        ["max", name, "o.png", "-k", 2],
        ["show", name],
        ["explain", name],
    ]
    for words in commands:
        done = shell(*words)
        assert (done.code, done.failure.split(" if you")[0]) == (1, f"{name}: {REFUSED}")
    assert not (here / "gs.log").exists()


def test_postscript_in_a_folder_is_passed_over(source: Path, run: Run) -> None:
    Path("in").mkdir()
    source.rename("in/a.png")
    Path("in/b.eps").write_bytes(EPS)
    done = run("max", "in", "out", "-k", 2)
    assert (done.code, done.out) == (0, "out/a.png: 3×15×20 → 3×7×10 (1 row unused)\n")
    assert done.err.startswith("1 done, 0 skipped, 0 failed")
    assert not is_readable(".eps")


def test_no_format_is_opened_that_opens_others(run: Run) -> None:
    Path("a.png").write_bytes(iptc())
    assert (
        "is not a picture in a format that can be read"
        in run("max", "a.png", "o.png", "-k", 2).failure
    )


def test_only_formats_of_the_list_are_opened(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = []

    def factory(*_: object) -> None:
        opened.append(1)
        raise SyntaxError

    Image.init()
    monkeypatch.setattr(Image, "ID", ["STRANGE", *Image.ID])
    monkeypatch.setitem(Image.OPEN, "STRANGE", (factory, lambda begin: begin[:4] == b"\x7fODD"))
    Path("a.png").write_bytes(b"\x7fODD" + bytes(100))
    assert "is not a picture" in run("max", "a.png", "o.png", "-k", 2).failure
    assert opened == []


def test_the_list_names_formats_that_there_are() -> None:
    Image.init()
    missing = {"HEIF"} | ({"AVIF"} if not features.check("avif") else set())  # HEIF is an extra
    assert READABLE - missing <= set(Image.OPEN)
    assert not READABLE & {"EPS", "IPTC", "WMF", "HDF5", "GRIB", "BUFR", "MPEG"}


@posix
@pytest.mark.skipif(sys.platform == "darwin", reason="macOS ends a process that exceeds this limit")
@pytest.mark.parametrize("suffix", ["jp2", "j2k", "avif", "webp", "tif", "pdf", "qoi", "blp", "im"])
def test_a_full_disk_ends_every_encoder(source: Path, shell: Shell, suffix: str) -> None:
    photo("RGB", (200, 150)).save(source)
    words: list[Word] = ["max", source, f"o.{suffix}", "-k", 1]
    done = shell(
        *words, "--convert", "P" if suffix == "blp" else "RGB", preexec_fn=with_small_files
    )
    assert done.code == 1
    assert done.failure.startswith(f"o.{suffix}: ")
    assert not Path(f"o.{suffix}").exists()


def test_what_is_encoded_in_memory_is_whole(source: Path, run: Run) -> None:
    assert run("max", source, "o.jp2", "-k", 2).code == 0
    with Image.open(io.BytesIO(Path("o.jp2").read_bytes())) as image:
        assert image.size == (10, 7)
        image.load()


def test_the_readme_lists_the_formats() -> None:
    text = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    listed = text.partition("| formats | read: ")[2].partition(", by content")[0]
    assert listed.split(", ") == sorted(READABLE)


def test_no_extension_names_a_format_after_another_was_written() -> None:
    for _ in range(2):
        assert format_of("") is None
        Image.new("F", (2, 2)).save(io.BytesIO(), "SPIDER")
