"""poolcli explain --save: figures as files, read back."""

from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

from PIL import Image

from poolcli.jobs.operation import Operation
from poolcli.studies.explanation import Explanation
from poolcli.studies.number_map import NumberMap, classic_map, parse_map
from poolcli.studies.shown_part import choose_part
from poolcli.views.boards.figure import board_figure
from poolcli.views.boards.forward import Forward
from poolcli.views.drawing.scene import Label, Scene
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
    assert run("explain", "--save", "f.html").code == 0
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
