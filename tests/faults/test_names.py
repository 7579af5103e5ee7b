"""Names that would be obeyed by a terminal or break a figure, in every command that prints one."""

import os
import re
import xml.etree.ElementTree as ET
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from poolcli.media.file_names import escaped, shown
from poolcli.views.drawing.scene import Label, Scene
from poolcli.views.drawing.svg import html, svg
from tests.commands import Run, Shell, Word, posix, unicode_names
from tests.pictures import photo

ODD = "".join(
    map(chr, [*range(1, 0x20), *range(0x7F, 0xA0), 0x202E, 0x2066, 0x2028, 0x2029, 0xFFFE, 0xFFFF])
).replace("/", "")
FORBIDDEN = re.compile(r"[\0-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe]")
NAMES = {
    "controls": ODD[:20],
    "more controls": ODD[20:50],
    "directions": ODD[50:],
    "escape": "a\x1b]0;owned\x07\x1b[2J",
    "forger": "a\nout.png: 3×8×8 → 3×4×4",
    "not UTF-8": os.fsdecode(b"a\xff\xfe\x80"),
    "surrogates": os.fsdecode(b"a\xed\xa0\x80"),
}


def test_bytes_that_are_not_text_can_be_typed() -> None:
    assert shown("a\udcff.png") == r"$'a\xff.png'"
    assert escaped("\ud800\ufffe") == r"\ud800\ufffe"


def commands(name: str) -> list[list[Word]]:
    return [
        ["max", name, "o.png", "-k", 2],
        ["max", name, "good.png", "out", "-k", 2],
        ["max", "good.png", f"{name}.out.png", "-k", 2],
        ["max", "good.png", "o.png", "-k", 2, "--indices", f"{name}.npz"],
        ["max", f"missing{name}", "o.png", "-k", 2],
        ["max", "good.png", f"{name}/o.png", "-k", 2],
        ["max", "good.png", "o.png", "-k", f"2{name}"],
        ["max", "--files-from", f"missing{name}", "out", "-k", 2],
        ["max", "good.png", "out", "-k", 2, "--resume", f"missing{name}/r"],
        ["max", "good.png", "out", "-k", 2, "--include", name],
        ["show", name],
        ["explain", name, "--window", "0,0"],
        ["explain", name, "--save", f"{name}.svg"],
        ["explain", f"table{name}.csv"],
        ["compare", name, f"{name}.sheet.png", "-k", 2],
        ["invariance", name, "-k", 2],
        ["invariance", name, f"{name}.plot.svg", "-k", 2],
        [name],
        ["max", f"--{name}"],
        ["shape", name, "-k", 2],
    ]


@posix
@unicode_names
@pytest.mark.parametrize("kind", NAMES)
def test_no_command_prints_what_a_terminal_obeys(run: Run, kind: str) -> None:
    name = f"{NAMES[kind]}.png"
    photo("RGB", (40, 40)).save("good.png")
    Path(name).write_bytes(Path("good.png").read_bytes())
    table = f"{NAMES[kind]};b\x1b[2J\n1;2\n3;4\n"
    Path(f"table{name}.csv").write_text(table, encoding="utf-8", errors="surrogateescape")
    for words in commands(name):
        done = run(*words)
        assert FORBIDDEN.search(done.out + done.err) is None, words
        assert "internal error" not in done.err, words
        assert "\nout.png: 3×8×8" not in done.out


@posix
@unicode_names
@pytest.mark.parametrize("kind", ["escape", "not UTF-8"])
def test_a_pipe_is_told_no_more_than_a_terminal(here: Path, shell: Shell, kind: str) -> None:
    assert here
    name = f"{NAMES[kind]}.png"
    photo("RGB").save("good.png")
    Path(name).write_bytes(Path("good.png").read_bytes())
    for words in ([name, "o.png"], [name, "good.png", "out"], ["good.png", f"missing{name}/o.png"]):
        done = shell("max", *words, "-k", 2)
        assert FORBIDDEN.search(done.out + done.err) is None


@posix
@unicode_names
@pytest.mark.parametrize("kind", NAMES)
@pytest.mark.parametrize("suffix", ["svg", "html", "png"])
def test_figures_of_odd_names_are_valid(run: Run, kind: str, suffix: str) -> None:
    name = f"{NAMES[kind]}.npy"
    with Path(name).open("wb") as file:
        np.save(file, np.arange(16).reshape(4, 4))
    assert run("explain", name, "--save", f"f.{suffix}").code == 0
    data = Path(f"f.{suffix}").read_bytes()
    if suffix == "png":
        Image.open(f"f.{suffix}").load()
    elif suffix == "svg":
        assert ET.fromstring(data).tag.endswith("svg")
    else:
        HTMLParser().feed(data.decode())
        assert FORBIDDEN.search(data.decode()) is None


def test_any_text_in_a_figure_is_xml() -> None:
    text = "".join(map(chr, range(0x100))) + "\ufffe\uffff\ud800\u2028]]>&<'\""
    scene = Scene(9, 9, "#fff", text, [Label(0, 0, text, 9, "#000")])
    root = ET.fromstring(svg(scene))
    labels = [item.text for item in root.iter() if item.tag.endswith("text")]
    assert labels == [escaped(text)]
    assert root.attrib["aria-label"] == escaped(text)
    assert FORBIDDEN.search(html(scene)) is None
