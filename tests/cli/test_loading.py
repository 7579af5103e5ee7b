"""Decoding beside the import of NumPy: nothing but the time tells it from decoding after it."""

import subprocess
import sys
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, PngImagePlugin

from tests.commands import HANG

SIDE = 1024

NO_THREADS = """
import threading
def start(self):
    raise RuntimeError("can't start new thread")
threading.Thread.start = start
"""

WATCH = """
import sys, threading
from PIL import ImageFile
plain, start, started = ImageFile.ImageFile.load, threading.Thread.start, []
def starting(thread):
    start(thread)
    started.append(thread)
threading.Thread.start = starting
def load(image):
    if image.tile:
        with open("told", "a") as told:
            print(len(started), file=told)
    return plain(image)
ImageFile.ImageFile.load = load
from poolcli.__main__ import run
run()
"""


def picture(side: int = SIDE) -> Image.Image:
    """A slope in each channel, so that files are small and rows and columns differ."""
    down, across = np.indices((side, side), np.uint16)
    return Image.fromarray(
        np.stack([down >> 2, across >> 2, (down ^ across) & 255], 2).astype("u1")
    )


def encoded(form: str, image: Image.Image | None = None, **options: object) -> bytes:
    memory = BytesIO()
    (image or picture()).save(memory, form, **options)
    return memory.getvalue()


def turned() -> bytes:
    exif = Image.Exif()
    exif[274], exif[270] = 6, "lying"
    return encoded("JPEG", exif=exif, dpi=(72, 36), comment=b"hello")


def described() -> bytes:
    """A PNG with a text after its pixels, which is known once it is decoded."""
    text = PngImagePlugin.PngInfo()
    text.add(b"tEXt", b"Title\0slopes", after_idat=True)
    return encoded("PNG", pnginfo=text)


def deep() -> bytes:
    return encoded(
        "PNG", Image.fromarray(np.arange(SIDE * SIDE, dtype="u4").astype("u2").reshape(SIDE, SIDE))
    )


def pages() -> bytes:
    several = [picture(), picture().rotate(90)]
    return encoded("TIFF", several[0], save_all=True, append_images=several[1:])


CASES: dict[str, tuple[Callable[[], bytes], list[str]]] = {
    "turned.jpg": (turned, []),
    "cut.jpg": (lambda: turned()[:9000], []),
    "described.png": (described, []),
    "cut.png": (lambda: described()[:5000], []),
    "spoilt.png": (lambda: described().replace(b"IDAT", b"IDAX", 1), []),
    "deep.png": (deep, ["--convert", "L"]),
    "large.png": (described, ["--max-pixels", "1M"]),
    "pages.tif": (pages, ["--frame", "1"]),
    "all.tif": (pages, []),
    "none.tif": (pages, ["--frame", "2"]),
}


def command(*words: str, first: str = "") -> tuple[int, bytes, bytes, bytes | None]:
    """Run the command in a process that does ``first``; return also the file that it writes."""
    code = f"{first}\nimport sys; sys.argv[1:] = {list(words)}\n{WATCH}"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, timeout=HANG, check=False
    )
    made = Path(words[2])
    content = made.read_bytes() if made.exists() else None
    made.unlink(missing_ok=True)
    return done.returncode, done.stdout, done.stderr, content


@pytest.mark.parametrize("name", CASES)
def test_picture_and_failure_are_the_same_beside_the_import(here: Path, name: str) -> None:
    data, options = CASES[name]
    (here / name).write_bytes(data())
    words = ["max", name, f"out{Path(name).suffix}", "-k", "2", *options]
    assert command(*words) == command(*words, first="import numpy")


@pytest.mark.parametrize(
    ("first", "threads"), [("", "1\n"), ("import numpy", "0\n"), (NO_THREADS, "0\n")]
)
def test_numpy_is_imported_in_a_thread_while_the_picture_is_decoded(
    here: Path, first: str, threads: str
) -> None:
    picture().save("in.jpg")
    code, *_ = command("max", "in.jpg", "out.jpg", "-k", "2", first=first)
    assert (code, (here / "told").read_text()) == (0, threads)
