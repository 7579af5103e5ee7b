"""poolcli explain --save: figures as files, read back."""

from collections import Counter
from math import sqrt
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PIL import Image

from poolcli.jobs.operation import Operation
from poolcli.studies.explanation import Explanation
from poolcli.studies.number_map import NumberMap, classic_map, parse_map
from poolcli.studies.shown_part import choose_part
from poolcli.views.boards.figure import board_figure
from poolcli.views.boards.forward import Forward
from poolcli.views.drawing.lettering import text_width
from poolcli.views.drawing.scene import Box, Label, Line, Polygon, Scene
from tests.commands import Outcome, Run

SVG = "{http://www.w3.org/2000/svg}"


FIVE = "1 2 3 4 5; 6 7 8 9 1; 2 3 4 5 6; 7 8 9 1 2; 3 4 5 6 7"


def figure(numbers: NumberMap, operation: Operation) -> Scene:
    """Draw a whole small map."""
    explanation = Explanation(numbers, operation)
    part = choose_part(explanation, (0, 0), (5, 5))
    return board_figure(Forward(explanation).board(part, (0, 0)))


def texts(svg: str) -> list[str]:
    return [str(element.text) for element in ElementTree.fromstring(svg).iter(f"{SVG}text")]


def test_svg(run: Run) -> None:
    assert run("explain", "--save", "f.svg") == Outcome(
        0, "f.svg: Max pooling, kernel 2, stride 2: 4×4 → 2×2\n", ""
    )
    text = Path("f.svg").read_text(encoding="utf-8")
    root = ElementTree.fromstring(text)
    assert root.findtext(f"{SVG}title") == "Max pooling, kernel 2, stride 2: 4×4 → 2×2"
    counted = Counter(texts(text))
    for value, times in Counter(
        [1, 3, 2, 1, 4, 6, 5, 0, 3, 3, 1, 2, 1, 9, 2, 7, 6, 5, 9, 7]
    ).items():
        rulers = 2 * (value < 4)
        assert counted[str(value)] == times + rulers
    assert "window 0,0: max(1, 3, 4, 6) = 6, found at row 1, column 1" in counted
    rings = [box for box in root.iter(f"{SVG}rect") if float(box.get("rx", "0")) > 10]
    assert len(rings) == 4
    width = float(root.get("width", "0"))
    assert all(0 <= float(box.get("x", "0")) <= width for box in root.iter(f"{SVG}rect"))


def test_png_and_html(run: Run) -> None:
    assert run("explain", "avg", "-k", 3, "-p", 1, "--save", "f.png").code == 0
    with Image.open("f.png") as image:
        scene = figure(classic_map(), Operation("avg", (3, 3), padding=(1, 1)))
        assert image.size == (2 * scene.width, 2 * scene.height)
        assert len(image.getcolors(1 << 16) or []) > 10
    assert run("explain", "--backward", "--save", "f.html").code == 0
    page = Path("f.html").read_text(encoding="utf-8")
    assert page.startswith("<!doctype html>")
    assert "<script" not in page
    start, end = page.index("<svg"), page.index("</svg>") + 6
    assert "9" in texts(page[start:end])


def test_everything_in_a_figure_is_inside(run: Run) -> None:
    for words in ("-k 2", "-k 3 -s 1 -p 1", "-k 2 -d 2 -s 1 --ceil", "--global"):
        assert run("explain", *words.split(), "--save", "f.svg").code == 0
        root = ElementTree.parse("f.svg").getroot()
        height = float(root.get("height", "0"))
        assert all(float(text.get("y", "0")) < height for text in root.iter(f"{SVG}text"))
    scene = figure(parse_map(FIVE), Operation("max", (3, 3), dilation=(2, 2)))
    assert any(isinstance(item, Label) and item.text == "dilation hole" for item in scene.items)


def of_size(scene: Scene, size: float) -> list[str]:
    return [item.text for item in scene.items if isinstance(item, Label) and item.size == size]


@pytest.mark.parametrize(("name", "zeros"), [("avg", 20), ("max", 0)])
def test_padding_that_counts_is_drawn_as_zeros(name: str, zeros: int) -> None:
    scene = figure(parse_map("1 2 3 4; 5 6 7 8; 9 9 9 9; 9 9 9 9"), Operation(name, 3, padding=1))
    assert of_size(scene, 18).count("0") == zeros


def test_a_legend_shows_the_marks_themselves() -> None:
    scene = figure(parse_map(FIVE), Operation("max", 3, 1, padding=1, dilation=2))
    at = {item.text: item for item in scene.items if isinstance(item, Label) and item.size == 13}
    for text, kind in (("winner", Box), ("dilation hole", Line), ("padding", Line)):
        label = at[text]
        swatch = [
            item
            for item in scene.items
            if isinstance(item, kind) and label.x - 32 <= _left_of(item) < label.x
            and abs(_top_of(item) - label.y) < 20
        ]  # fmt: skip
        assert swatch, text


def _left_of(item: Box | Line) -> float:
    return item.x if isinstance(item, Box) else min(x for x, _ in item.points)


def _top_of(item: Box | Line) -> float:
    return item.y if isinstance(item, Box) else min(y for _, y in item.points)


def test_the_window_is_joined_to_its_result() -> None:
    """From the right edge of the first window, 2 of 4 cells wide, to the left one of its result."""
    scene = figure(classic_map(), Operation("max", 2))
    (beam,) = [item for item in scene.items if isinstance(item, Polygon) and len(item.points) == 4]
    left, top, cell = 78, 124, 46
    result = left + 4 * cell + 104
    assert beam.points == (
        (left + 2 * cell, top), (result, top + cell), (result, top + 2 * cell),
        (left + 2 * cell, top + 2 * cell),
    )  # fmt: skip


@pytest.mark.parametrize("number", ["7", "42", "119", "−1234.5"])
def test_a_ring_is_clear_of_its_number(number: str) -> None:
    scene = figure(parse_map(f"{number.replace('−', '-')} -9999; -9999 -9999"), Operation("max", 2))
    (ring,) = [item for item in scene.items if isinstance(item, Box) and item.radius > 12]
    (label,) = [item for item in scene.items if isinstance(item, Label) and item.text == number][:1]
    half = text_width(number, 18) / 2
    # As high as a digit, the chord of the round end is shorter than the ring by so much:
    lost = ring.radius - sqrt(ring.radius**2 - 7**2)
    assert ring.x + lost + 4 <= label.x - half
    assert label.x + half <= ring.x + ring.width - lost - 4
