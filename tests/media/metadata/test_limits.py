"""What a header cannot hold is told in one sentence, or dropped with a note."""

from typing import Any

import numpy as np
import pytest
from PIL import Image

from tests.commands import Run
from tests.media.test_frames import frames
from tests.pictures import photo

SIDES = {"gif": 65535, "jpg": 65500, "webp": 16383, "tga": 65535, "pcx": 65534, "sgi": 65535}


@pytest.mark.parametrize("suffix", SIDES)
def test_sides(run: Run, suffix: str) -> None:
    limit = SIDES[suffix]
    for extra, code in ((0, 0), (1, 1)):
        Image.new("L", (limit + extra, 1)).save("in.png")
        done = run("max", "in.png", f"out.{suffix}", "-k", 1)
        assert done.code == code
    name = {"jpg": "JPEG"}.get(suffix, suffix.upper())
    assert done.failure == (
        f"out.{suffix}: {name} holds at most {limit} rows and columns, and the result is "
        f"1×{limit + 1}; use .png or .tif, or a larger stride"
    )


@pytest.mark.parametrize(
    ("dpi", "suffix", "note"),
    [
        (4e9, "png", "4e+09 dpi dropped: PNG holds at most 54546084"),
        (4e9, "bmp", "4e+09 dpi dropped: BMP holds at most 54546084"),
        (70000, "jpg", "70000 dpi dropped: JPEG holds at most 65535"),
        (0.25, "jpg", "0.25 dpi dropped: JPEG holds at least 0.5"),
        (300, "gif", "dropped: GIF has no place for it"),
    ],
)
def test_resolutions(run: Run, dpi: float, suffix: str, note: str) -> None:
    photo("L").save("in.tif", dpi=(dpi, dpi))
    done = run("max", "in.tif", f"out.{suffix}", "-k", 1)
    assert done.code == 0
    assert done.err.startswith("poolcli: note: in.tif: resolution ")
    assert done.err.endswith(f"{note}\n")


def test_durations(run: Run) -> None:
    """655.35 s are 65535 hundredths, the most that 16 bits count."""
    for duration, code in ((655350, 0), (655360, 1)):
        first, second = photo("RGB", (8, 8)), Image.new("RGB", (8, 8))
        first.save("in.webp", save_all=True, append_images=[second], duration=[duration, 100])
        done = run("max", "in.webp", "out.gif", "-k", 2, "--convert", "L")
        assert done.code == code
    assert done.failure == (
        "out.gif: GIF holds at most 655.35 s a frame, and one is shown for 655.36 s; "
        "use .png or .webp, or --frame N to take one"
    )


def blink(path: str) -> None:
    """Write three frames whose maxima are alike."""
    images = [np.zeros((4, 4), np.uint8) for _ in range(3)]
    for number, image in enumerate(images):
        image[0, number % 2] = 200
    first, *others = map(Image.fromarray, images)
    first.save(path, save_all=True, append_images=others, duration=[100, 200, 300], loop=0)


@pytest.mark.parametrize("suffix", ["gif", "png", "webp"])
@pytest.mark.parametrize("words", ["-k 2", "--global"])
def test_frames_that_are_all_alike(run: Run, suffix: str, words: str) -> None:
    blink("in.gif")
    lossless = ["--lossless"] * (suffix == "webp")
    assert run("max", "in.gif", f"out.{suffix}", *words.split(), *lossless).err == ""
    shown = frames(f"out.{suffix}")
    assert {np.asarray(one.convert("L")).max() for one in shown} == {200}
    if suffix == "gif":
        assert [one.info["duration"] for one in shown] == [600]


@pytest.mark.parametrize(("source", "loop"), [("gif", None), ("gif", 2), ("png", 3), ("webp", 3)])
@pytest.mark.parametrize("suffix", ["gif", "png", "webp"])
def test_number_of_plays(run: Run, source: str, loop: int | None, suffix: str) -> None:
    """A GIF counts repetitions, and plays once without a count; the others count plays."""
    images = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue")]
    options: dict[str, Any] = {} if loop is None else {"loop": loop}
    images[0].save(f"in.{source}", save_all=True, append_images=images[1:], duration=50, **options)
    assert run("max", f"in.{source}", f"out.{suffix}", "-k", 2).err == ""
    plays = 1 if loop is None else 3
    told = frames(f"out.{suffix}")[0].info.get("loop")
    assert told == (plays if suffix != "gif" else None if plays == 1 else plays - 1)


def test_durations_are_rounded_to_what_a_gif_counts(run: Run) -> None:
    images = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue", "white")]
    images[0].save("in.webp", save_all=True, append_images=images[1:], duration=[33, 33, 34])
    err = run("max", "in.webp", "out.gif", "-k", 2).err
    assert err == "poolcli: note: in.webp: durations were rounded to hundredths of a second\n"
    assert [one.info["duration"] for one in frames("out.gif")] == [30, 40, 30]
