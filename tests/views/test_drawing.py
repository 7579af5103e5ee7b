"""Scenes as SVG, HTML and pixels: what is written is what was meant, and lies where it belongs."""

from base64 import b64decode
from io import BytesIO
from itertools import pairwise
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image

from poolcli.studies.first_frame import FirstFrame
from poolcli.views.drawing.lettering import draw_text, text_width, wrap_text
from poolcli.views.drawing.scene import Box, Label, Raster, Scene
from poolcli.views.drawing.svg import html, svg
from poolcli.views.drawing.to_rgb import fit_size, resize, to_rgb
from tests.oracle import Array
from tests.pictures import photo, pixels

ODD = 'a <b> & "c" .png'


def test_names_with_signs_of_markup_are_text() -> None:
    scene = Scene(10, 10, "#ffffff", ODD, [Label(1, 9, ODD, 12, "#000000")])
    root = ElementTree.fromstring(svg(scene))
    assert [element.text for element in root if element.text and element.text.strip()] == [ODD] * 2
    assert root.get("aria-label") == ODD
    page = html(scene)
    assert ODD not in page
    assert page.count("a &lt;b&gt; &amp; &quot;c&quot; .png") == 4


def test_a_picture_is_embedded_in_svg() -> None:
    image = photo("RGB", (3, 2))
    (element,) = ElementTree.fromstring(
        svg(Scene(9, 9, "#ffffff", "", [Raster(1, 2, image)]))
    ).iter("{http://www.w3.org/2000/svg}image")
    assert [element.get(name) for name in ("x", "y", "width", "height")] == ["1", "2", "3", "2"]
    kind, _, data = str(element.get("href")).partition(",")
    assert kind == "data:image/png;base64"
    with Image.open(BytesIO(b64decode(data))) as embedded:
        assert np.array_equal(np.asarray(embedded), np.asarray(image))


def test_lines_are_broken_between_words_and_fit() -> None:
    text = "the mean absolute difference from the unshifted result in percent"
    for width in (60, 120, 300, 10_000):
        lines = wrap_text(text, 15, width)
        assert " ".join(lines) == text
        assert all(text_width(line, 15) <= width or " " not in line for line in lines)
        for one, other in pairwise(lines):
            assert text_width(f"{one} {other.split()[0]}", 15) > width


def inked(text: str, anchor: str = "start", *, bold: bool = False) -> tuple[Array, Array]:
    """Which rows and which columns of 60 × 200 a text takes, begun in the middle."""
    image = Image.new("RGB", (200, 60), "#ffffff")
    draw_text(image, (100, 40), text, 20, "#000000", anchor, bold)
    dark = np.asarray(image)[..., 0] < 128
    return np.flatnonzero(dark.any(1)), np.flatnonzero(dark.any(0))


@pytest.mark.parametrize("text", ["result", "3×4 → 1", "−1 ≈ –2"])
def test_text_begins_ends_or_is_centred_at_its_place(text: str) -> None:
    width = text_width(text, 20)
    for anchor, begin in (("start", 100.0), ("middle", 100 - width / 2), ("end", 100 - width)):
        rows, columns = inked(text, anchor)
        assert begin - 1 <= columns.min() <= begin + 6
        assert begin + width - 6 <= columns.max() <= begin + width + 1
        assert 20 <= rows.min() < rows.max() <= 46


def test_bold_text_has_more_ink() -> None:
    for text in ("result", "×", "→"):
        thin, heavy = (sum(map(len, inked(text, bold=bold))) for bold in (False, True))
        assert heavy >= thin


def test_what_the_font_lacks_is_written_otherwise() -> None:
    assert text_width("∞", 20) == text_width("inf", 20)
    assert text_width("—", 20) == text_width("–", 20)
    assert np.array_equal(inked("∞")[1], inked("inf")[1])


@pytest.mark.parametrize("scale", [1, 2])
def test_a_box_has_its_lines_on_its_edges(scale: int) -> None:
    from poolcli.views.drawing.raster import rasterise

    box = Box(2, 3, 4, 2, fill="#00ff00", stroke="#ff0000", weight=1)
    image = np.asarray(rasterise(Scene(10, 8, "#ffffff", "", [box]), scale))
    assert image.shape == (8 * scale, 10 * scale, 3)
    green = np.argwhere((image == (0, 255, 0)).all(-1))
    red = np.argwhere((image == (255, 0, 0)).all(-1))
    assert (green.min(0) >= (3 * scale, 2 * scale)).all()
    assert (green.max(0) < (5 * scale, 6 * scale)).all()
    assert red.min(0).tolist() == [3 * scale - scale // 2, 2 * scale - scale // 2]
    assert (red.max(0) >= green.max(0)).all()


@pytest.mark.parametrize(
    ("size", "room", "fitted"),
    [
        ((6, 7), (40, 80), (36, 42)),  # whole pixels: 6 times, not 6.67
        ((6, 7), (13, 80), (12, 14)),
        ((6, 7), (6, 7), (6, 7)),
        ((6, 7), (5, 80), (5, 6)),
        ((201, 250), (40, 80), (40, 50)),
        ((1, 1000), (10, 10), (1, 10)),
    ],
)
def test_a_size_grows_by_whole_pixels_and_shrinks_in_proportion(
    size: tuple[int, int], room: tuple[int, int], fitted: tuple[int, int]
) -> None:
    assert fit_size(size, room) == fitted


def test_a_picture_shrinks_by_means_and_grows_by_whole_pixels() -> None:
    x = np.zeros((2, 2, 3), np.uint8)
    x[0, 0] = 200
    assert resize(x, (1, 1)).tolist() == [[[50] * 3]]
    assert resize(x, (4, 4))[:, :, 0].tolist() == np.kron(x[..., 0], np.ones((2, 2))).tolist()


def test_alpha_lets_the_ground_through() -> None:
    x = np.array([[[200, 100, 0, 255], [200, 100, 0, 0], [200, 100, 0, 51]]], np.uint8)
    got = to_rgb(FirstFrame(x, "RGBA"), (10, 20, 30))
    assert got.tolist() == [[[200, 100, 0], [10, 20, 30], [48, 36, 24]]]
    grey = to_rgb(FirstFrame(x[..., 2:], "LA"), (10, 20, 30))
    assert grey.tolist() == [[[0, 0, 0], [10, 20, 30], [8, 16, 24]]]


def test_inks_are_shown_as_colours() -> None:
    image = photo("CMYK")
    assert np.array_equal(
        to_rgb(FirstFrame(pixels(image), "CMYK")), np.asarray(image.convert("RGB"))
    )
