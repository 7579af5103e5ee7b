"""Frames: every one is pooled, and what is seen over time is the pooled frames exactly."""

import io
import shutil
import subprocess
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests import alpha, pictures
from tests.commands import Run
from tests.oracle import Array
from tests.pictures import photo, pixels
from tests.programs import needs_ffmpeg, needs_imagemagick

Shown = list[tuple[bytes, int]]
"""What is seen, and for how many milliseconds, while it changes."""


def frames(path: Path | str) -> list[Image.Image]:
    """Every frame as it is seen, composed by Pillow."""
    found = []
    with Image.open(path) as image:
        for number in range(getattr(image, "n_frames", 1)):
            image.seek(number)
            image.load()
            found.append(image.copy())
            found[-1].info = dict(image.info)
    return found


def seen(image: Image.Image) -> Array:
    """RGBA, with no colour where nothing is to be seen."""
    x = np.array(image.convert("RGBA"))
    x[x[..., 3] == 0] = 0
    return x


def shown(images: Sequence[tuple[Array, float]]) -> Shown:
    """Frames that look alike, one after another, are one; writers may join them."""
    runs = groupby(images, key=lambda one: one[0].tobytes())
    return [(look, round(sum(time for _, time in run))) for look, run in runs]


def shown_in(path: Path | str) -> Shown:
    return shown([(seen(one), one.info.get("duration", 0)) for one in frames(path)])


def shown_when_pooled(path: Path | str, operation: str, kernel: int) -> Shown:
    return shown(
        [
            (alpha.pooled(operation, seen(one), kernel), one.info.get("duration", 0))
            for one in frames(path)
        ]
    )


def blocks(seed: int, *, holes: bool, count: int = 5) -> list[Image.Image]:
    """Frames of few colours, each like the last one but for a part."""
    rng = np.random.default_rng(seed)
    colours = rng.integers(0, 256, (6, 4), np.uint8)
    colours[:, 3] = 255
    if holes:
        colours[0] = 0
    canvas = rng.integers(0, 6, (12, 16))
    found = []
    for _ in range(count):
        top, left = rng.integers(0, 8, 2)
        canvas[top : top + 6, left : left + 7] = rng.integers(
            0, 6, canvas[top : top + 6, left : left + 7].shape
        )
        found.append(
            Image.fromarray(
                np.kron(colours[canvas].transpose(2, 0, 1), np.ones((2, 2), np.uint8))
                .transpose(1, 2, 0)
                .copy()
            )
        )
    return found


DURATIONS = [40, 80, 120, 1000, 60]


def save(path: str, images: Sequence[Image.Image], **options: object) -> None:
    first, *others = images
    first.save(path, save_all=True, append_images=others, duration=DURATIONS, loop=3, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize("holes", [False, True])
@pytest.mark.parametrize("disposal", [0, 1, 2, 3, [0, 2, 1, 3, 2], [3, 0, 2, 2, 1]])
@pytest.mark.parametrize("operation", ["max", "mode"])
def test_gif(run: Run, operation: str, disposal: int | list[int], holes: bool) -> None:
    save("in.gif", blocks(1, holes=holes), disposal=disposal)
    assert run(operation, "in.gif", "out.gif", "-k", 2).err == ""
    assert shown_in("out.gif") == shown_when_pooled("in.gif", operation, 2)
    with Image.open("out.gif") as image:
        assert image.info["loop"] == 3


@pytest.mark.parametrize("seed", range(12))
def test_gif_of_any_kind(run: Run, seed: int) -> None:
    """Local palettes, offsets and disposals as they come."""
    rng = np.random.default_rng(seed)
    images = blocks(seed, holes=bool(seed % 2))
    save("in.gif", images, disposal=rng.integers(0, 4, 5).tolist(), optimize=bool(seed % 3))
    assert run("min", "in.gif", "out.gif", "-k", "2").err == ""
    assert shown_in("out.gif") == shown_when_pooled("in.gif", "min", 2)


@pytest.mark.parametrize("default_image", [False, True])
@pytest.mark.parametrize("blend", [0, 1])
@pytest.mark.parametrize("disposal", [0, 1, 2])
@pytest.mark.parametrize("operation", ["avg", "mode"])
def test_apng(run: Run, operation: str, disposal: int, blend: int, default_image: bool) -> None:
    rng = np.random.default_rng(5)
    images = [Image.fromarray(rng.integers(0, 256, (12, 16, 4), np.uint8)) for _ in range(5)]
    images.insert(3, images[2])
    first, *others = images
    first.save(
        "in.png", save_all=True, append_images=others, default_image=default_image, loop=2,
        duration=[10, 20, 30, 40, 500, 60][default_image:], disposal=disposal, blend=blend,
    )  # fmt: skip
    assert run(operation, "in.png", "out.png", "-k", 2).err == ""
    want = shown_when_pooled("in.png", operation, 2)
    got = shown(
        [(np.array(one.convert("RGBA")), one.info.get("duration", 0)) for one in frames("out.png")]
    )
    assert got == want
    with Image.open("out.png") as image:
        assert image.info["loop"] == 2
        assert bool(image.info.get("default_image")) == default_image


@pytest.mark.parametrize(
    ("source", "suffix"),
    [
        ("gif", "webp"),
        ("png", "webp"),
        ("webp", "png"),
        ("webp", "webp"),
        ("webp", "gif"),
        ("gif", "png"),
        ("png", "gif"),
    ],
)
def test_from_one_animation_to_another(run: Run, source: str, suffix: str) -> None:
    options = {"lossless": True, "exact": True} if source == "webp" else {}
    save(f"in.{source}", blocks(2, holes=True), **options)
    lossless = ["--lossless"] * (suffix == "webp")
    assert run("max", f"in.{source}", f"out.{suffix}", "-k", 2, *lossless).err == ""
    assert shown_in(f"out.{suffix}") == shown_when_pooled(f"in.{source}", "max", 2)
    plays = 4 if source == "gif" else 3  # a GIF counts repetitions
    with Image.open(f"out.{suffix}") as image:
        assert image.info["loop"] == plays - (suffix == "gif")


def test_avif_sequence(run: Run) -> None:
    save("in.avif", blocks(2, holes=False), quality=100)
    assert run("avg", "in.avif", "out.avif", "-k", 2, "--quality", 100).err == ""
    before, after = frames("in.avif"), frames("out.avif")
    assert [one.info["duration"] for one in after] == DURATIONS
    for one, other in zip(before, after, strict=True):
        want = pictures.pooled("avg", pixels(one.convert("L")), 2).astype(int)
        assert np.abs(pixels(other.convert("L")) - want).mean() < 6


def test_many_colours_in_a_gif(run: Run) -> None:
    """More than 256 colours cannot be kept, but the nearest are near."""
    rng = np.random.default_rng(1)
    images = [
        Image.fromarray(rng.integers(0, 256, (8, 8, 3), np.uint8)).resize((40, 40), 3)
        for _ in range(5)
    ]
    save("in.webp", images, lossless=True)
    assert run("avg", "in.webp", "out.gif", "-k", 2).code == 0
    for one, other in zip(frames("in.webp"), frames("out.gif"), strict=True):
        want = pictures.pooled("avg", pixels(one.convert("RGB")), 2).astype(int)
        assert np.abs(pixels(other.convert("RGB")) - want).mean() < 12


PAGES = [("RGB", (20, 15), "tiff_lzw"), ("1", (30, 12), "group4"), ("I;16", (9, 8), "raw"),
         ("P", (14, 20), "packbits"), ("F", (8, 8), "raw"), ("RGBA", (7, 9), None)]  # fmt: skip


def multipage(path: str) -> list[Image.Image]:
    """A TIFF of pages that differ in all."""
    pages = [photo(mode, size) for mode, size, _ in PAGES]
    parts = io.BytesIO()
    from PIL.TiffImagePlugin import AppendingTiffWriter

    with AppendingTiffWriter(parts, True) as writer:
        for page, (_, _, compression) in zip(pages, PAGES, strict=True):
            page.save(writer, "TIFF", compression=compression, dpi=(300, 150))
            writer.newFrame()
    Path(path).write_bytes(parts.getvalue())
    return pages


def test_pages(run: Run) -> None:
    pages = multipage("in.tif")
    assert run("max", "in.tif", "out.tif", "-k", "2x4").err == ""
    results = frames("out.tif")
    assert [one.mode for one in results] == ["RGB", "L", "I;16", "RGB", "F", "RGBA"]
    for page, result in zip(pages, results, strict=True):
        assert np.array_equal(
            pixels(result),
            pictures.pooled("max", pixels(page), (2, 4))
            if page.mode != "RGBA"
            else alpha.pooled("max", pixels(page), (2, 4)),
        )
        assert result.info["dpi"] == pytest.approx((75, 75))


@pytest.mark.parametrize("number", [0, 1, 3, -1, -6])
def test_one_page(run: Run, number: int) -> None:
    pages = multipage("in.tif")
    assert run("min", "in.tif", "out.png", "-k", 1, "--frame", number, "--convert", "RGB").code == 0
    with Image.open("out.png") as image:
        assert image.size == pages[number].size


@pytest.mark.parametrize("number", [5, -6])
def test_no_such_frame(run: Run, number: int) -> None:
    save("in.gif", blocks(1, holes=False))
    done = run("max", "in.gif", "out.gif", "-k", 2, "--frame", number)
    assert done.failure == f"in.gif: has no frame {number}; use 0 to 4"
    assert run("max", "in.gif", "out.gif", "-k", 2, "--frame", -1).code == 0
    assert frames("out.gif")[0].size == (16, 12)
    photo("RGB").save("one.png")
    done = run("max", "one.png", "out.png", "-k", 2, "--frame", 1)
    assert done.failure == "one.png: has no frame 1, only frame 0; use 0, or omit --frame"


def test_destinations_of_one_frame(run: Run) -> None:
    save("in.gif", blocks(1, holes=False))
    for suffix in ("jpg", "bmp", "ppm", "tga", "npy", "jp2"):
        done = run("max", "in.gif", f"out.{suffix}", "-k", 2)
        assert done.code == 1
        assert "--frame N" in done.failure
        assert not Path(f"out.{suffix}").exists()
    multipage("in.tif")
    done = run("max", "in.tif", "out.gif", "-k", 2)
    assert done.failure == (
        "out.gif: GIF cannot hold the 6 pages of this picture; use .tif, or --frame N to take one"
    )


def test_phone_pictures(run: Run) -> None:
    """An MPO holds another view or a preview behind the picture."""
    photo("RGB", (32, 24)).save("in.mpo", save_all=True, append_images=[photo("RGB", (16, 12))])
    shutil.copy("in.mpo", "in.jpg")
    for name in ("in.mpo", "in.jpg"):
        assert run("max", name, "out.png", "-k", 2).out == "out.png: 3×24×32 → 3×12×16\n"
        assert run("max", name, "two.png", "-k", 2, "--frame", 1).code == 0
        assert frames("two.png")[0].size == (8, 6)


@pytest.mark.parametrize("suffix", ["ico", "icns"])
def test_icons(run: Run, suffix: str) -> None:
    photo("RGBA", (128, 128)).save(f"in.{suffix}", sizes=[(16, 16), (128, 128)])
    assert run("max", f"in.{suffix}", "out.png", "-k", 64).code == 0
    assert frames("out.png")[0].size == ((2, 2) if suffix == "ico" else (16, 16))


@needs_imagemagick
@pytest.mark.parametrize("suffix", ["gif", "tif", "psd", "ico"])
def test_written_by_imagemagick(run: Run, suffix: str) -> None:
    for number, one in enumerate(blocks(4, holes=suffix != "tif")):
        one.save(f"{number}.png")
    names = [f"{number}.png" for number in range(5)]
    line = ["convert", "-delay", "7", "-dispose", "previous", *names, "-loop", "4", f"in.{suffix}"]
    subprocess.run(line, check=True, capture_output=True)
    assert (
        run(
            "max",
            f"in.{suffix}",
            "out.png" if suffix in ("psd", "ico") else f"out.{suffix}",
            "-k",
            2,
        ).code
        == 0
    )
    if suffix == "gif":
        assert shown_in("out.gif") == shown_when_pooled("in.gif", "max", 2)
    if suffix == "tif":
        assert len(frames("out.tif")) == 5


@needs_ffmpeg
@pytest.mark.parametrize("suffix", ["gif", "apng"])
def test_written_by_ffmpeg(run: Run, suffix: str) -> None:
    line = ["ffmpeg", "-loglevel", "error", "-f", "lavfi", "-i", "testsrc=s=32x24:r=5:d=1"]
    subprocess.run([*line, f"in.{suffix}"], check=True)
    assert run("max", f"in.{suffix}", f"out.{suffix}", "-k", 2).err == ""
    want, got = shown_when_pooled(f"in.{suffix}", "max", 2), shown_in(f"out.{suffix}")
    assert got == want
