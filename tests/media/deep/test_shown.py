"""Colours of 16 bits on the screen and in the studies: as their kin of 8 bits."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from poolcli.studies.first_frame import FirstFrame
from poolcli.views.drawing.to_rgb import to_rgb
from tests.commands import Run
from tests.media.deep.files import CHANNELS, samples
from tests.pictures import deep_png

pytestmark = pytest.mark.usefixtures("here")


def test_colours_are_shown_from_their_lowest_to_their_highest_value() -> None:
    x = np.array([[[1000, 2000, 3000]]], "u2")
    assert to_rgb(FirstFrame(x, "RGB")).tolist() == [[[0, 128, 255]]]


def test_alpha_has_the_range_of_its_type() -> None:
    x = np.array([[[1000, 2000, 3000, 65535], [3000, 3000, 3000, 0]]], "u2")
    assert to_rgb(FirstFrame(x, "RGBA"), (9, 9, 9)).tolist() == [[[0, 128, 255], [9, 9, 9]]]


def test_inks_are_shown_as_colours() -> None:
    x = np.array([[[0, 65535, 65535, 0]]], "u2")
    assert to_rgb(FirstFrame(x, "CMYK")).tolist() == [[[255, 0, 0]]]


@pytest.mark.parametrize("mode", CHANNELS)
def test_every_view(run: Run, mode: str) -> None:
    Path("in.png").write_bytes(deep_png(samples(mode, (16, 20))))
    channels = CHANNELS[mode]
    assert run("show", "in.png").out.endswith(f"in.png: {channels}×16×20\n")
    assert run("compare", "in.png", "sheet.png", "-k", 2).code == 0
    with Image.open("sheet.png") as sheet:
        assert sheet.mode == "RGB"
    assert run("invariance", "in.png", "-k", 2).code == 0
    assert run("invariance", "in.png", "plot.svg", "-k", 2).code == 0
    assert run("max", "in.png", "out.png", "-k", 2, "--preview").code == 0


def test_the_window_explained_has_the_stored_values(run: Run) -> None:
    x = samples("RGB", (16, 20))
    Path("in.png").write_bytes(deep_png(x))
    told = run("explain", "in.png", "-k", 2).out
    assert f"= {x[:2, :2, 0].max()}, found at" in told
