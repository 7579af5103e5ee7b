"""Damaged files: cut short anywhere, or with any byte wrong: a picture, or one line; no more."""

import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.commands import Run
from tests.pictures import photo

pytestmark = pytest.mark.filterwarnings("default")

FORMATS = "jpg png gif tif webp bmp ppm tga jp2 avif ico sgi pcx dds qoi".split()  # noqa: SIM905
ANIMATED = ["gif", "png", "webp", "tif", "avif"]
ROUNDS = 24


def whole(suffix: str, *, frames: int = 1) -> bytes:
    data = io.BytesIO()
    name = Image.registered_extensions()[f".{suffix}"]
    mode = "RGBA" if suffix in ("png", "webp", "ico") else "RGB"
    first, *others = [photo(mode, (20, 15)).rotate(90 * n) for n in range(frames)]
    options = {"save_all": True, "append_images": others, "duration": 40} if others else {}
    if suffix == "ico":
        options["sizes"] = [first.size]
    if suffix == "tif":
        options["compression"] = "tiff_lzw"
    first.save(data, name, **options)
    return data.getvalue()


def broken(data: bytes, seed: int) -> Iterator[bytes]:
    rng = np.random.default_rng(seed)
    for place in rng.integers(1, len(data), ROUNDS).tolist():
        yield data[:place]
    for place in [
        *rng.integers(0, min(len(data), 100), ROUNDS),
        *rng.integers(0, len(data), ROUNDS),
    ]:
        flipped = bytearray(data)
        flipped[place] ^= 1 << int(rng.integers(8))
        yield bytes(flipped)
    for place in rng.integers(0, len(data), ROUNDS // 2).tolist():
        yield data[:place] + rng.bytes(4) + data[place + 4 :]


def check(run: Run, name: str, data: bytes, out: str) -> int:
    Path(name).write_bytes(data)
    Path(out).unlink(missing_ok=True)
    done = run("max", name, out, "-k", 1, "--max-pixels", 10**6)
    if done.code == 0:
        assert "Traceback" not in done.err
        assert Path(out).exists()
        return 0
    assert done.code == 1
    assert done.failure.startswith((f"{name}: ", f"{out}: "))
    assert len(done.failure) < 400
    assert not Path(out).exists()
    return 1


@pytest.mark.parametrize("suffix", FORMATS)
def test_one_picture(run: Run, suffix: str) -> None:
    data = whole(suffix)
    assert check(run, f"in.{suffix}", data, "out.png") == 0
    assert sum(check(run, f"in.{suffix}", one, "out.png") for one in broken(data, 1)) > 0


@pytest.mark.parametrize("suffix", ANIMATED)
def test_frames(run: Run, suffix: str) -> None:
    data = whole(suffix, frames=3)
    assert check(run, f"in.{suffix}", data, f"out.{suffix}") == 0
    assert sum(check(run, f"in.{suffix}", one, f"out.{suffix}") for one in broken(data, 2)) > 0


@pytest.mark.parametrize("suffix", ["png", "jpg", "gif", "tif", "bmp", "webp"])
def test_no_picture_at_all(run: Run, suffix: str) -> None:
    for data in (b"", b"\0", b"hello\n", b"\xff" * 5000, whole(suffix)[:12]):
        assert check(run, f"in.{suffix}", data, "out.png") == 1
