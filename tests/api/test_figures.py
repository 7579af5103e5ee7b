"""poolcli.explain and poolcli.compare: figures that notebooks show, and files that they write."""

import json
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image

import poolcli
from poolcli.errors import PictureError, PoolingError, WindowError
from tests.commands import Run
from tests.pictures import noise

anything: Any = poolcli  # its arguments as a type checker would not have them
NOTEBOOK = Path(__file__).parents[2] / "samples" / "pooling.ipynb"


def test_a_figure_is_shown_in_three_forms() -> None:
    shown = poolcli.explain(np.array([[1.0, 3], [4, 6]]), "avg", kernel=2)
    root = ElementTree.fromstring(shown._repr_svg_())
    texts = [element.text for element in root.iter("{http://www.w3.org/2000/svg}text")]
    assert texts[0] == "Average pooling, kernel 2, stride 2: 2×2 → 1×1"
    assert "3.5" in texts
    assert shown._repr_html_().startswith('<svg style="max-width:100%;height:auto" ')
    with Image.open(BytesIO(shown._repr_png_())) as image:
        assert image.size == (2 * shown.scene.width, 2 * shown.scene.height)
    assert repr(shown) == "<Explained: Average pooling, kernel 2, stride 2: 2×2 → 1×1>"


@pytest.mark.parametrize(
    ("words", "arguments"),
    [
        ("", {}),
        ("avg -k 3 -s 1 -p 1 --backward --window 1,2",
         {"operation": "avg", "kernel": 3, "stride": 1, "padding": 1, "view": "backward",
          "window": (1, 2)}),
        ("--gradient 1,2;3,4", {"gradient": [[1, 2], [3, 4]]}),
        ("min unpool", {"operation": "min", "view": "unpool"}),
        ("stride", {"view": "stride"}),
        ("--size 3 --at 2,2", {"size": 3, "at": (2, 2)}),
    ],
)  # fmt: skip
def test_the_command_prints_and_writes_the_same(
    run: Run, words: str, arguments: dict[str, Any]
) -> None:
    shown = poolcli.explain(**arguments)
    said = run("explain", *words.split()).out
    assert said.split() == str(shown).split()
    assert run("explain", *words.split(), "--save", "a.svg").code == 0
    shown.save("b.svg")
    assert Path("a.svg").read_bytes() == Path("b.svg").read_bytes()


@pytest.mark.parametrize(
    ("given", "shape"), [([1.0, 3, 2, 5], "4 → 2"), (np.ones((2, 2, 4)), "2×2×4 → 1×1×2")]
)
def test_rows_and_stacks(given: Any, shape: str) -> None:
    assert poolcli.explain(given).telling.title == f"Max pooling, kernel 2, stride 2: {shape}"


@pytest.mark.usefixtures("here")
def test_pictures_are_compared_and_saved(run: Run) -> None:
    x = noise((40, 60, 3))
    Image.fromarray(x).save("in.png")
    sheet = poolcli.compare("in.png", ["max", "avg"], kernel=4)
    assert sheet.scene.title == "Poolings of in.png, kernel 4, stride 4"
    sheet.save("a.png")
    assert run("compare", "in.png", "b.png", "-k", 4, "--ops", "max,avg").code == 0
    assert Path("a.png").read_bytes() == Path("b.png").read_bytes()
    assert run("compare", "in.png", "b.svg", "-k", 4, "--ops", "max,avg").code == 0
    assert Path("b.svg").read_text("utf-8") == sheet._repr_svg_()
    for given in (x, Image.fromarray(x)):
        title = poolcli.compare(given, kernels=[2, (4, 2)]).scene.title
        assert title == "Poolings of an array with 2 kernels"
    told = poolcli.explain(Image.fromarray(x), "min", channel=2, kernel=4)
    assert told.board.source == "image, blue, rows 0 to 11, columns 0 to 11"


@pytest.mark.parametrize(
    ("call", "kind", "told"),
    [
        (lambda: poolcli.explain(np.zeros((2, 2, 2, 2))), PictureError, r"shape \(2, 2, 2, 2\) ca"),
        (lambda: poolcli.explain([[1j]]), PictureError, "an array of complex128 cannot be drawn"),
        (lambda: poolcli.explain([]), PictureError, r"shape \(0,\) cannot be drawn"),
        (lambda: poolcli.explain(window=(5, 0)), WindowError, "window 5,0 is not among the 2×2"),
        (lambda: anything.explain(view="sideways"), WindowError, "view 'sideways' is unknown"),
        (lambda: poolcli.explain(kernel=9), WindowError, "kernel 9 is taller than the image"),
        (lambda: poolcli.explain().save("a.tif"), WindowError, "a.tif: a figure is .svg, .png or"),
        (lambda: poolcli.explain().save("a.gif", fps=0), WindowError, "fps 0 is not between 0.1"),
        (lambda: poolcli.explain("none.png"), PoolingError, "none.png: no such file or folder"),
        (lambda: poolcli.compare(np.zeros((2, 2, 5)), kernel=2), PictureError, "is not a picture"),
        (lambda: anything.compare([[1, 2]], theme="pink", kernel=1), WindowError, "theme .pink"),
        (
            lambda: poolcli.compare([[1]], kernels=[1], kernel=1),
            WindowError,
            "kernels replaces ker",
        ),
    ],
)
@pytest.mark.usefixtures("here")
def test_what_does_not_suit_is_refused(call: Any, kind: type[Exception], told: str) -> None:
    with pytest.raises(kind, match=told):
        call()
    assert not [*Path().iterdir()]


def test_the_notebook_of_the_samples_runs() -> None:
    nbclient = pytest.importorskip("nbclient", reason="nbclient is not installed")
    nbformat = pytest.importorskip("nbformat", reason="nbformat is not installed")
    nbconvert = pytest.importorskip("nbconvert", reason="nbconvert is not installed")
    pytest.importorskip("ipykernel", reason="ipykernel is not installed")
    notebook = nbformat.reads(NOTEBOOK.read_text("utf-8"), as_version=4)
    nbclient.NotebookClient(
        notebook, timeout=600, resources={"metadata": {"path": str(NOTEBOOK.parent)}}
    ).execute()
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    shown = [set(cell.outputs[0].get("data", {})) for cell in cells]
    forms = {"image/svg+xml", "text/html", "image/png", "text/plain"}
    assert shown == [forms, forms, set(), forms]
    assert cells[2].outputs[0].text.startswith("Max pooling, kernel 2, stride 2: 4 → 2\n")
    page, _ = nbconvert.HTMLExporter().from_notebook_node(notebook)
    assert page.count("max-width:100%;height:auto") == 3


def test_the_notebook_holds_no_results() -> None:
    """They would be out of date before anybody saw it."""
    cells = json.loads(NOTEBOOK.read_text("utf-8"))["cells"]
    assert [cell.get("outputs", []) for cell in cells] == [[] for _ in cells]
