"""Animations of 16-bit samples: no frame is lost, and none of its bits."""

from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from poolcli.media.picture import Frame, Picture
from poolcli.media.pictures import save_picture
from poolcli.media.pillow.writing.png.animated import write_animated_png
from tests.commands import Run
from tests.oracle import Array
from tests.pictures import noise

TIMES = [100, 50, 70]


def written(x: Array, **options: object) -> bytes:
    frames = [Frame(one[..., None], "I;16") for one in x]
    default = bool(options.get("default_image"))
    buffer = BytesIO()
    write_animated_png(buffer, frames, {"duration": TIMES[default:], "loop": 3, **options})
    return buffer.getvalue()


def told(data: bytes) -> tuple[list[list[list[int]]], list[float | None], int]:
    found, times = [], []
    with Image.open(BytesIO(data)) as image:
        for number in range(getattr(image, "n_frames", 1)):
            image.seek(number)
            found.append(np.asarray(image).tolist())
            times.append(image.info.get("duration"))
        return found, times, image.info["loop"]


def test_frames_that_differ_above_eight_bits_are_all_there() -> None:
    x = noise((3, 5, 4), "u2") | 256
    assert told(written(x)) == (x.tolist(), TIMES, 3)


def test_a_first_frame_outside_the_animation() -> None:
    x = noise((3, 5, 4), "u2")
    found, times, _ = told(written(x, default_image=True))
    assert found == x.tolist()
    assert times[1:] == TIMES[1:]


@pytest.mark.parametrize("kernel", [1, 2])
def test_pooled_animations_keep_their_frames(run: Run, kernel: int) -> None:
    x = noise((3, 4, 4), "u2") | 256
    Path("in.png").write_bytes(written(x))
    assert run("max", "in.png", "out.png", "-k", kernel).err == ""
    want = x.reshape(3, 4 // kernel, kernel, 4 // kernel, kernel).max((2, 4))
    assert told(Path("out.png").read_bytes()) == (want.tolist(), TIMES, 3)


def test_colours_of_16_bits(here: Path) -> None:
    codecs = pytest.importorskip("imagecodecs", reason="the extra [tiff] is not installed")
    x = noise((2, 5, 4, 3), "u2")
    picture = Picture([Frame(one, "RGB", duration=50.0) for one in x])
    save_picture(picture, here / "out.png")
    np.testing.assert_array_equal(codecs.apng_decode(Path("out.png").read_bytes()), x)
