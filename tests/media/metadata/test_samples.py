"""Samples that a format would change: kept, scaled on request, refused or noted."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.commands import Run
from tests.pictures import noise, photo, read

DEPTH = [[0, 257, 4095, 65535]]


def depth_map() -> None:
    Image.fromarray(np.array(DEPTH, np.uint16)).save("in.png")


@pytest.mark.parametrize(
    ("words", "values", "note"),
    [
        ([], [0, 255, 255, 255], "uint16 values were converted to uint8: what is outside 0 to 255 "
         "was clipped; --scale keeps it in proportion"),
        (["--scale"], [0, 1, 16, 255], ""),
        (["--scale", "full"], [0, 1, 16, 255], ""),
        (["--scale", "0,65535"], [0, 1, 16, 255], ""),
        (["--scale", "257,4095"], [0, 0, 255, 255], "what is outside 257 to 4095 was clipped"),
    ],
)  # fmt: skip
def test_16_bits_to_8(run: Run, words: list[str], values: list[int], note: str) -> None:
    depth_map()
    done = run("max", "in.png", "out.png", "-k", 1, "--convert", "L", *words)
    assert done.err == (f"poolcli: note: in.png: {note}\n" if note else "")
    assert read("out.png")[1][0, :, 0].tolist() == values


def test_refusal_advises_to_scale(run: Run) -> None:
    depth_map()
    done = run("max", "in.png", "out.jpg", "-k", 1)
    assert done.failure == (
        "out.jpg: JPEG cannot hold mode I;16; use another format, or --convert L --scale"
    )


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["--scale"], "--scale needs a --convert to 8 bits; add --convert L"),
        (["--convert", "F", "--scale"], "--scale needs a --convert to 8 bits; add --convert L"),
        (
            ["--convert", "L", "--scale", "9,3"],
            "Invalid value for '--scale': '9,3' is not a range; "
            "use LOW,HIGH, as in 0,4095, or full",
        ),
    ],
)
def test_scale_that_means_nothing(run: Run, words: list[str], complaint: str) -> None:
    depth_map()
    done = run("max", "in.png", "out.png", "-k", 1, *words)
    assert (done.code, done.failure) == (2, complaint)


def test_floats_have_no_full_range(run: Run) -> None:
    photo("F").save("in.tif")
    done = run("max", "in.tif", "out.png", "-k", 1, "--convert", "L", "--scale")
    assert done.failure == (
        "in.tif: has float32 samples, whose whole range means nothing; use --scale LOW,HIGH"
    )


def test_8_bits_have_no_other_range(run: Run) -> None:
    photo("RGB").save("in.png")
    assert run("max", "in.png", "out.png", "-k", 1, "--convert", "L", "--scale").err == ""
    done = run("max", "in.png", "out.png", "-k", 1, "--convert", "L", "--scale", "0,9")
    assert done.failure == "in.png: has samples of 8 bits; --scale LOW,HIGH is for deeper ones"


@pytest.mark.parametrize(
    ("words", "suffix"),
    [
        ("--lossless", "png"),
        ("--lossless", "jpg"),
        ("--lossless", "npy"),
        ("--quality 80", "png"),
        ("--quality 80", "tif"),
        ("--compress-level 9", "jpg"),
        ("--compress-level 9", "webp"),
    ],
)
def test_option_that_a_format_lacks(run: Run, words: str, suffix: str) -> None:
    photo("RGB").save("in.png")
    done = run("max", "in.png", f"out.{suffix}", "-k", 2, *words.split())
    assert done.code == 2
    assert done.failure.startswith(f"{words.split()[0]} is for ")
    assert not Path(f"out.{suffix}").exists()


def test_option_that_some_files_of_a_folder_have(run: Run) -> None:
    photo("RGB").save("a.png")
    photo("RGB").save("b.jpg")
    assert run("max", "a.png", "b.jpg", "out/", "-k", 2, "--quality", 50).code == 0
    done = run("max", "a.png", "b.jpg", "out/", "-k", 2, "--lossless")
    assert done.code == 2
    assert "--lossless is for AVIF and WEBP" in done.err


def test_lossless_has_no_quality(run: Run) -> None:
    photo("RGB").save("in.png")
    done = run("max", "in.png", "out.webp", "-k", 2, "--lossless", "--quality", 50)
    assert (done.code, done.failure) == (2, "--lossless has no --quality; give one or the other")


@pytest.mark.parametrize("several", [False, True])
def test_lossless_webp_stays_lossless(run: Run, several: bool) -> None:
    images = [Image.fromarray(noise((16, 16, 3))) for _ in range(2)]
    more = {"save_all": True, "append_images": images[1:]} if several else {}
    images[0].save("in.webp", lossless=True, **more)  # type: ignore[arg-type]
    assert run("max", "in.webp", "out.webp", "-k", 1).err == ""
    assert np.array_equal(read("out.webp")[1], read("in.webp")[1])
    assert run("max", "in.webp", "lossy.webp", "-k", 1, "--quality", 50).err == ""
    assert not np.array_equal(read("lossy.webp")[1], read("in.webp")[1])


def test_mode_into_a_gif(run: Run) -> None:
    """256 colours fit, 257 do not."""
    for count, code in ((256, 0), (257, 1)):
        colours = np.stack([np.arange(257) % 256, np.arange(257) // 256, np.zeros(257)], 1)
        Image.fromarray(colours[None, :count].astype(np.uint8)).save("in.png")
        done = run("mode", "in.png", "out.gif", "-k", 1)
        assert done.code == code
        if code == 0:
            assert read("out.gif")[1].tolist() == read("in.png")[1].tolist()
    assert "GIF holds 256 colours a frame" in done.failure


def test_other_colours_of_a_gif_are_noted(run: Run) -> None:
    Image.fromarray(noise((40, 40, 3))).save("in.png")
    err = run("max", "in.png", "out.gif", "-k", 1).err
    assert "colours were replaced by the nearest of the 256" in err
