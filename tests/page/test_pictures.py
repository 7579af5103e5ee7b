"""Pages of pictures: shown, pooled, walked over, and never heavy."""

from pathlib import Path

import numpy as np
from PIL import Image

from poolcli.core.types import Array
from poolcli.studies.first_frame import FirstFrame
from poolcli.views.page.contents import shrink_factor
from tests.commands import Outcome, Run
from tests.page.browser import Page
from tests.page.conftest import Opened
from tests.pictures import Photo


def pixels(page: Page, selector: str) -> Array:
    page.wait("!document.getElementById('pooled').hasAttribute('aria-busy')")
    return page.pixels(f"{selector} canvas")


def test_a_picture_is_pooled_as_poolcli_does(explained: Opened, run: Run, photo: Photo) -> None:
    photo("RGB", (60, 40)).save("photo.png")
    page = explained("photo.png", "median", "-k", 3, "-s", 2, "--window", "2,3", "--channel", 1)
    assert run("median", "photo.png", "pooled.png", "-k", 3, "-s", 2).code == 0
    np.testing.assert_array_equal(
        pixels(page, "#picture")[..., :3], np.array(Image.open("photo.png"))
    )
    np.testing.assert_array_equal(
        pixels(page, "#pooled")[..., :3], np.array(Image.open("pooled.png"))
    )
    told = " ".join(
        run(
            "explain", "photo.png", "median", "-k", 3, "-s", 2, "--window", "2,3", "--channel", 1
        ).out.split()
    )
    assert page.texts("#arithmetic p")[0] in told
    page.choose("#channel", "2")
    assert page.fragment == "op=median&k=3&s=2&channel=2&at=2,3"
    page.choose("#op", "max")
    page.find("#pooled").send_keys("\ue014")  # the right arrow
    assert page.fragment == "op=max&k=3&s=2&channel=2&at=2,4"
    assert (
        page.find("#pooled").get_attribute("aria-label").startswith("pooled picture; window 2,4: (")
    )
    page.point("#picture", click_at=(1, 1))
    assert page.fragment.endswith("at=9,14")
    page.run("document.getElementById('speed').value = 10")
    page.click("#play")
    page.wait("document.querySelector('#arithmetic p').textContent.startsWith('window 1')")
    page.click("#play")


def test_alpha_and_depth(explained: Opened, run: Run, here: Path) -> None:
    made = np.random.default_rng(3)
    colours = made.integers(0, 256, (12, 14, 4), np.uint8)
    colours[..., 3] = made.choice(np.array([0, 255], np.uint8), (12, 14))
    Image.fromarray(colours).save(here / "alpha.png")
    assert run("avg", "alpha.png", "pooled.png", "-k", 4, "-s", 3).code == 0
    page = explained("alpha.png", "avg", "-k", 4, "-s", 3)
    expected = np.array(Image.open("pooled.png"))
    seen = pixels(page, "#pooled")
    np.testing.assert_array_equal(seen[..., 3], expected[..., 3])
    results = page.run("return poolWindow(view.map, view.settings, view.layout, [1, 2])")
    assert results == expected[1, 2].tolist()
    assert (
        page.text("#torch-line") == "PyTorch has no pooling in which invisible pixels have no vote."
    )
    np.save("deep.npy", made.integers(0, 60000, (30, 40)).astype("u2"))
    page = explained("deep.npy", "max", "-k", 3)
    assert page.run("return poolWindow(view.map, view.settings, view.layout, [0, 0])") == [
        int(np.load("deep.npy")[:3, :3].max())
    ]


def test_a_large_picture_makes_no_heavy_page(run: Run, here: Path) -> None:
    noise = np.random.default_rng(1).integers(0, 256, (1100, 1300), np.uint8)
    Image.fromarray(noise).save(here / "large.png")
    done = run("explain", "large.png", "-k", 2, "--window", "1,9", "--save", "page.html")
    assert done == Outcome(
        0,
        "page.html: Max pooling, kernel 2, stride 2: 1100×1300 → 550×650\n",
        "poolcli: note: large.png: shown smaller, as 550×650: each pixel stands for 2×2\n",
    )
    assert (here / "page.html").stat().st_size < 800_000
    flat = FirstFrame(np.zeros((5, 9_000_000, 1), np.uint8), "L")
    assert shrink_factor(flat) == (5, 9)


def test_what_a_page_cannot_show(run: Run, photo: Photo) -> None:
    photo("L", (1500, 1500)).save("large.png")
    done = run("explain", "large.png", "-k", 900, "--save", "page.html")
    assert done.failure == (
        "large.png: kernel 900 is taller than the image (750 rows); use -k 750 or less, "
        "or --padding: a page shows the picture as 750×750; use such a kernel, or save a .svg"
    )
    done = run("explain", "--size", "50x3", "--save", "page.html")
    assert done.failure.startswith("size 50x3 is too large for a page; use 48x48 or less")
    assert not Path("page.html").exists()
