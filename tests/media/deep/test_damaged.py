"""Damaged files of 16-bit colours: one line, and no picture; never other values."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest

from poolcli.errors import PictureError
from poolcli.media.pictures import open_picture
from tests.commands import Run
from tests.media.deep.files import grey_and_alpha_tiff, plain_ppm, ppm, samples
from tests.oracle import Array
from tests.pictures import deep_png, deep_tiff

pytestmark = pytest.mark.usefixtures("here")

KINDS: dict[str, tuple[str, str, Callable[[Array], bytes]]] = {
    "RGB png": ("RGB", "png", deep_png),
    "LA png": ("LA", "png", deep_png),
    "tiff": ("RGB", "tif", deep_tiff),
    "planar tiff": ("RGB", "tif", lambda x: deep_tiff(x, planar=True)),
    "grey and alpha tiff": ("LA", "tif", grey_and_alpha_tiff),
    "ppm": ("RGB", "ppm", ppm),
    "plain ppm": ("RGB", "ppm", plain_ppm),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("share", [0.5, 0.9, 0.99])
def test_a_cut_file_is_refused(run: Run, kind: str, share: float) -> None:
    mode, suffix, write = KINDS[kind]
    data = write(samples(mode))
    Path(f"in.{suffix}").write_bytes(data[: int(len(data) * share) - 12])
    done = run("max", f"in.{suffix}", "out.npy", "-k", 2)
    assert done.code == 1
    assert done.err.count("\n") == 1
    assert not Path("out.npy").exists()


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_but_an_error_for_users_comes_of_a_flipped_byte(kind: str) -> None:
    mode, suffix, write = KINDS[kind]
    data = write(samples(mode, (5, 6)))
    rng = np.random.default_rng(3)
    for at in rng.choice(len(data), 60, replace=False):
        broken = bytearray(data)
        broken[at] ^= int(rng.integers(1, 256))
        path = Path(f"in.{suffix}")
        path.write_bytes(broken)
        with suppress(PictureError), open_picture(path) as picture:
            for frame in picture.frames:
                np.array(frame.pixels[(slice(None),)])


@pytest.mark.parametrize(
    ("text", "told"),
    [("1 2 x", "damaged"), ("1 2 -3", "negative"), ("1 2 65536", "too large"), ("1 2", "damaged")],
)
def test_a_plain_ppm_of_what_are_no_samples(run: Run, text: str, told: str) -> None:
    Path("in.ppm").write_text(f"P3 1 1 65535 {text}\n")
    assert told in run("max", "in.ppm", "out.png", "-k", 1).failure
