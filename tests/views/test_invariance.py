"""poolcli invariance: the measure by its definition, the table, the plot; the winners' mask."""

import json
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image, ImageFilter

from poolcli.core.pooling import max_pool
from poolcli.jobs.found import winners_mask
from poolcli.jobs.operation import Operation
from poolcli.studies.first_frame import FirstFrame
from poolcli.studies.invariance import measure_sensitivity
from tests.commands import Outcome, Run, Shell
from tests.oracle import Array
from tests.pictures import Photo, read

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def smooth(photo: Photo, here: Path) -> Path:
    """A picture in which neighbours are alike, as in any photo."""
    photo("RGB", (70, 50)).filter(ImageFilter.GaussianBlur(3)).save(here / "in.png")
    return Path("in.png")


def change(still: Array, shifted: Array) -> float:
    still, shifted = still.astype(float), shifted.astype(float)
    return float(abs(shifted - still).mean() / abs(still - still.mean(axis=(0, 1))).mean())


@pytest.mark.parametrize(
    ("name", "kernel", "stride"), [("max", 6, 2), ("avg", 4, 4), ("min", 3, 5)]
)
def test_measure_is_that_of_shifted_pictures(
    smooth: Path, name: str, kernel: int, stride: int
) -> None:
    """Each shifted picture is cut out and pooled by itself."""
    x = read(smooth)[1]
    found = measure_sensitivity(FirstFrame(x, "RGB"), Operation(name, (kernel,) * 2, (stride,) * 2))
    for shift in range(9):
        cuts = [x[:, at : x.shape[1] - 8 + at] for at in (0, shift)]
        assert found.input[shift] == pytest.approx(change(*cuts))
        thin = [Operation(name, (kernel,) * 2, (stride,) * 2).apply(cut) for cut in cuts]
        assert found.pooled[shift] == pytest.approx(change(*thin))
        dense = [Operation(name, (kernel,) * 2, (1, 1)).apply(cut) for cut in cuts]
        assert found.dense[shift] == pytest.approx(change(*dense))
        common = thin[0].shape[1] - -(-8 // stride)
        moved = [
            change(thin[0][:, by : by + common], thin[1][:, :common])
            for by in {shift // stride, -(-shift // stride)}
        ]
        assert found.pooled_moved[shift] == pytest.approx(min(moved))


def test_what_a_stride_costs(smooth: Path, run: Run) -> None:
    """About invariant in place; moved back, the same at every multiple of the stride."""
    done = run("invariance", smooth, "-k", 6, "-s", 4, "--json")
    told = json.loads(done.out)
    assert told["source"] == "in.png"
    assert (told["operation"], told["kernel"], told["stride"]) == ("max", [6, 6], [4, 4])
    assert told["shifts"] == list(range(9))
    assert told["dense_moved"] == [0] * 9
    assert [shift for shift in range(9) if told["pooled_moved"][shift] == 0] == [0, 4, 8]
    assert told["input"][0] == told["pooled"][0] == told["dense"][0] == 0
    assert all(a < b for a, b in pairwise(told["input"]))


def test_avg_is_steadier_than_its_input(smooth: Path, run: Run) -> None:
    told = json.loads(run("invariance", smooth, "--op", "avg", "-k", 6, "-s", 2, "--json").out)
    assert all(a < b for a, b in zip(told["pooled"][1:], told["input"][1:], strict=True))


def test_table(smooth: Path, run: Run) -> None:
    done = run("invariance", smooth, "-k", 6, "-s", 2)
    assert (done.code, done.err) == (0, "")
    lines = done.out.splitlines()
    assert lines[0] == "Max pooling of in.png, kernel 6, with the input shifted left"
    assert lines[3].split() == ["shift", "input", *2 * ["stride", "2", "stride", "1"]]
    rows = [line.split() for line in lines[4:13]]
    assert [row[0] for row in rows] == list("012345678")
    assert [row[5] for row in rows] == ["0.0"] * 9
    assert [row[4] == "0.0" for row in rows] == [True, False] * 4 + [True]
    text = " ".join(done.out.split())
    assert f"changes the input by {rows[1][1]}% and the pooled picture by {rows[1][2]}%" in text
    assert "with stride 2, and by 0.0% with stride 1: that is what the stride costs." in text
    assert (
        "Change: the mean difference from the unshifted result, in percent of that result's" in text
    )
    assert max(map(len, lines)) <= 100


def test_stride_1_costs_nothing(smooth: Path, run: Run) -> None:
    text = " ".join(run("invariance", smooth, "-k", 3, "-s", 1).out.split())
    assert "With stride 1 pooling is shift-equivariant: moved back, the result is" in text


def test_plot(smooth: Path, run: Run) -> None:
    assert run("invariance", smooth, "plot.svg", "-k", 6, "-s", 2).code == 0
    root = ElementTree.parse("plot.svg").getroot()
    curves = [
        line for line in root.iter(f"{SVG}polyline") if len(str(line.get("points")).split()) == 9
    ]
    assert len(curves) == 3  # those of stride 2 are dotted, to be told from those of stride 1
    rings = [box for box in root.iter(f"{SVG}rect") if box.get("stroke") == "#f0a202"]
    dots = [box for box in root.iter(f"{SVG}rect") if box.get("fill") == "#0077b6"]
    assert (len(rings), len(dots)) == (2 * 9 + 2, 2 * 9 + 2)
    assert {"In place", "stride 1", "stride 2", "input"} <= {
        t.text for t in root.iter(f"{SVG}text")
    }
    assert run("invariance", smooth, "plot.png", "-k", 6, "-s", 2).code == 0
    with Image.open("plot.png") as image:
        assert image.size == tuple(2 * int(root.get(name, "0")) for name in ("width", "height"))
        colours = {colour for _, colour in image.getcolors(1 << 20) or []}
    assert {(0x00, 0x77, 0xB6), (0xF0, 0xA2, 0x02), (255, 255, 255)} <= colours


def test_stream_that_is_not_unicode(smooth: Path, shell: Shell) -> None:
    done = shell("invariance", smooth, "-k", "3x2", env={"PYTHONIOENCODING": "ascii"})
    assert done.out.startswith("Max pooling of in.png, kernel 3x2, with the input shifted")


def test_wrong_words(smooth: Path, run: Run, photo: Photo) -> None:
    photo("L", (12, 12)).save("narrow.png")
    Image.new("L", (40, 40), 7).save("flat.png")
    assert run("invariance", smooth, "plot.gif", "-k", 2) == Outcome(
        2, "", "poolcli: plot.gif: a plot is .png, .svg or .html; use one of these\n"
    )
    for words, complaint in {
        "narrow.png -k 2": "narrow.png: is 12 columns wide, too narrow for shifts of up to 8;",
        "flat.png -k 2": "flat.png: has the same value everywhere, so that a shift changes",
        "missing.png -k 2": "missing.png: no such file or folder",
        "in.png -k 60": "in.png: is 70 columns wide, too narrow",
        "in.png -k 52x2": "in.png: kernel 52 is taller than the image (50 rows)",
        "in.png no/plot.png -k 2": "no/plot.png: no such file or folder",
    }.items():
        done = run("invariance", *words.split())
        assert done.code == 1
        assert done.failure.startswith(complaint)
    assert run("invariance", smooth, smooth, "-k", 2).failure == (
        "in.png is the source; give another destination"
    )
    assert run("invariance", smooth).failure.startswith("Missing option '-k'")


def test_winners_mask(photo: Photo) -> None:
    x = np.asarray(photo("RGB", (20, 15)))
    _, indices = max_pool(x, 3, 2, 1, axes=(0, 1), return_indices=True)
    mask = winners_mask(indices, x.shape, (0, 1))
    assert mask.shape == (15, 20, 1)
    assert mask.dtype == np.uint8
    want = np.zeros((15, 20), np.uint8)
    for channel in range(3):
        for row in range(indices.shape[0]):
            for column in range(indices.shape[1]):
                want[divmod(indices[row, column, channel], 20)] = 255
    assert np.array_equal(mask[..., 0], want)
    assert set(np.unique(mask)) == {0, 255}


def test_winners_mask_without_any_tap() -> None:
    x = np.ones((1, 2, 2), np.uint8)
    _, indices = max_pool(x, 2, 4, 1, 5, ceil_mode=True, return_indices=True)
    assert indices.tolist() == [[[-1]]]
    assert not winners_mask(indices, x.shape).any()
