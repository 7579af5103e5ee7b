"""Limits: what would take all memory or all day is refused in a sentence; and what is asked of an
encoder is what it does."""

import struct
import sys
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from poolcli.cli.value_types import PixelLimit
from tests import pictures
from tests.commands import Run, Shell, posix
from tests.pictures import photo, pixels, read, same

HINT = "or --max-pixels none if you trust the file"


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png(wide: int, high: int, *extra: bytes, rows: bytes = bytes(8000)) -> bytes:
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", wide, high, 8, 2, 0, 0, 0))
    data = chunk(b"IDAT", zlib.compress(rows))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(extra) + data + chunk(b"IEND", b"")


def long_gif(frames: int) -> bytes:
    """An animation of one pixel."""
    head = b"GIF89a" + struct.pack("<HHBBB", 1, 1, 0x80, 0, 0) + bytes(3) + b"\xff" * 3
    frame = (
        b"\x21\xf9\x04\0\x01\0\0\0" + b"\x2c" + bytes(4) + b"\x01\0\x01\0\0" + b"\x02\x02\x44\x01\0"
    )
    return head + frame * frames + b";"


def long_tiff(pages: int) -> bytes:
    """Directories, one behind the other, of one strip of one pixel that they share."""
    tags = [
        (256, 1),
        (257, 1),
        (258, 8),
        (259, 1),
        (262, 1),
        (273, 8),
        (277, 1),
        (278, 1),
        (279, 1),
    ]
    entries = b"".join(struct.pack("<HHIHH", tag, 3, 1, value, 0) for tag, value in tags)
    size = 2 + len(entries) + 4
    parts = [b"II*\0", struct.pack("<I", 10), b"\x07\0"]
    for number in range(pages):
        following = 10 + size * (number + 1) if number + 1 < pages else 0
        parts += [struct.pack("<H", len(tags)), entries, struct.pack("<I", following)]
    return b"".join(parts)


def with_little_memory() -> None:
    """For ``preexec_fn``: half a gigabyte is for everything."""
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (1 << 29, 1 << 29))


BOMBS: dict[str, tuple[Callable[[], bytes], str]] = {
    "square.png": (lambda: png(50_000, 50_000), "has 2500000000 pixels or more"),
    "long.gif": (lambda: long_gif(100_000), "has 409600000 pixels or more"),
    "pages.tif": (lambda: long_tiff(100_000), "has 409600000 pixels or more"),
    "text.png": (
        lambda: png(9, 9, chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(10**8), 9))),
        "is truncated or damaged (",
    ),
    "profile.png": (
        lambda: png(9, 9, chunk(b"iCCP", b"a\0\0" + zlib.compress(bytes(10**8), 9))),
        "",
    ),
}


@posix
@pytest.mark.skipif(sys.platform == "darwin", reason="RLIMIT_AS is not kept there")
@pytest.mark.parametrize("name", BOMBS)
def test_bombs(shell: Shell, name: str) -> None:
    write, text = BOMBS[name]
    Path(name).write_bytes(write())
    suffix = Path(name).suffix
    done = shell("max", name, f"out{suffix}", "-k", 1, preexec_fn=with_little_memory)
    if done.code == 0:  # Pillow itself passes over such a profile
        assert name in ("profile.png", "text.png")
        assert Path(f"out{suffix}").stat().st_size < 10_000
    else:
        assert done.failure.startswith(f"{name}: {text}")
        if "pixels" in text:
            assert done.failure.endswith(HINT)
        assert not Path(f"out{suffix}").exists()


def test_limit(run: Run) -> None:
    photo("RGB", (20, 15)).save("in.png")
    assert run("max", "in.png", "out.png", "-k", 2, "--max-pixels", 300).code == 0
    done = run("max", "in.png", "out.png", "-k", 2, "--max-pixels", 299)
    assert done.failure == (
        "in.png: has 300 pixels or more, above the limit of 299; use --max-pixels 300 " + HINT
    )
    assert run("max", "in.png", "out.png", "-k", 2, "--max-pixels", "none").code == 0
    for wrong in ("-1", "0", "many", "1.5", "0.0001k", "10MB", "M", "1e6", "1.M", ""):
        told = run("max", "in.png", "out.png", "-k", 2, "--max-pixels", wrong)
        assert told.code == 2
        assert f"{wrong!r} is not a number of pixels; use 1 or more, as in 500k" in told.failure


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("7", 7),
        ("0.299k", 299),
        ("500k", 500_000),
        ("500K", 500_000),
        ("1.5M", 1_500_000),
        ("10m", 10**7),
        ("1G", 10**9),
    ],
)
def test_limit_in_thousands_and_millions(text: str, limit: int) -> None:
    assert PixelLimit().convert(text, None, None) == limit


def test_limit_of_all_frames(run: Run) -> None:
    """A frame counts as 4096 pixels at least; they add up."""
    frames = [photo("L", (100, 100)).rotate(90 * n) for n in range(3)]
    frames[0].save("in.gif", save_all=True, append_images=frames[1:], duration=50)
    assert run("max", "in.gif", "out.gif", "-k", 2, "--max-pixels", 30_000).code == 0
    done = run("max", "in.gif", "out.gif", "-k", 2, "--max-pixels", 29_999)
    assert done.failure.startswith("in.gif: has 30000 pixels or more")
    assert run("max", "in.gif", "out.gif", "-k", 2, "--frame", 1, "--max-pixels", 10_000).code == 0


def test_pillows_own_limit_is_no_matter(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """One limit, with one flag; and Pillow's stays what it was."""
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 10)
    photo("RGB").save("in.png")
    assert run("max", "in.png", "out.png", "-k", 2).err == ""
    assert Image.MAX_IMAGE_PIXELS == 10


def test_quality(run: Run) -> None:
    photo("RGB", (64, 64)).resize((256, 256), 3).save("in.png")
    for suffix in ("jpg", "webp", "avif"):
        sizes = []
        for quality in (10, 50, 95):
            done = run("avg", "in.png", f"out.{suffix}", "-k", 2, "--quality", quality)
            assert done.code == 0
            sizes.append(Path(f"out.{suffix}").stat().st_size)
        assert sizes == sorted(set(sizes))
    for wrong in ("0", "101", "best"):
        assert run("avg", "in.png", "out.jpg", "-k", 2, "--quality", wrong).code == 2


def test_lossless(run: Run) -> None:
    image = photo("RGBA", (32, 32))
    image.save("in.png")
    want = pictures.pooled("max", pixels(image), 2)
    assert run("max", "in.png", "out.webp", "-k", 2, "--lossless", "--alpha", "channel").code == 0
    assert same(read("out.webp")[1], want)
    assert run("max", "in.png", "out.avif", "-k", 2, "--lossless", "--alpha", "channel").code == 0
    got = read("out.avif")[1]
    assert np.abs(got.astype(int) - want).max() <= 4


def test_compress_level(run: Run) -> None:
    photo("RGB", (24, 24)).resize((96, 96), 0).save("in.png")
    sizes = {}
    for level in (0, 1, 9):
        assert run("max", "in.png", "out.png", "-k", 2, "--compress-level", level).code == 0
        sizes[level] = Path("out.png").stat().st_size
        assert same(read("out.png")[1], pictures.pooled("max", read("in.png")[1], 2))
    assert sizes[0] > 48 * 48 * 3 > sizes[1] >= sizes[9]
    assert run("max", "in.png", "out.png", "-k", 2, "--compress-level", 10).code == 2
