"""The files that a page is made of, without a browser."""

import json
import re
from importlib.resources import files
from pathlib import Path

import poolcli
from poolcli.jobs.operation import Operation
from poolcli.studies.explanation import Explanation
from poolcli.studies.number_map import classic_map
from poolcli.views.page.building import SCRIPTS, explanation_page
from poolcli.views.page.words import TEXTS, page_words
from poolcli.views.words.catalogue import load_catalogue
from tests.pictures import Photo

FOLDER = files("poolcli.views.page")
TEXT_OF = {name: FOLDER.joinpath(name).read_text("utf-8") for name in (*SCRIPTS, "template.html")}


def test_every_script_is_loaded_and_small() -> None:
    assert {path.name for path in FOLDER.iterdir() if path.name.endswith(".js")} == set(SCRIPTS)
    for name in SCRIPTS:
        assert len(TEXT_OF[name].splitlines()) <= 300, name
        assert "</script" not in TEXT_OF[name]
        assert "<!--" not in TEXT_OF[name]
        assert "innerHTML" not in TEXT_OF[name], "what a file holds must stay text"


def test_every_word_is_in_the_catalogue() -> None:
    said = set(re.findall(r"\[\[(.+?)\]\]", TEXT_OF["template.html"]))
    quoted = set()
    for name in SCRIPTS:
        said |= set(re.findall(r'\b(?:say|tell)\(\s*"([^"]+)"', TEXT_OF[name]))
        quoted |= set(re.findall(r'"([^"\n]+)"', TEXT_OF[name]))
    assert said - set(TEXTS) == set()
    braced = {text for text in quoted if re.search(r"(?<!\$)\{\w+\}", text)}
    assert braced - set(TEXTS) == set()
    from_python = {"grey", "alpha", "red", "green", "blue", "cyan", "magenta", "yellow", "black"}
    assert set(TEXTS) - said - quoted - from_python == set(), "nobody says these"


def test_from_python(photo: Photo, here: Path) -> None:
    photo("RGB").save("photo.png")
    poolcli.explain("photo.png", "avg", kernel=3, window=(1, 2)).save("page.html")
    html = (here / "page.html").read_text("utf-8")
    contents = re.search(r'id="contents">(.*?)</script>', html)
    assert contents is not None
    told = json.loads(contents[1])
    assert (told["source"]["label"], told["at"]) == ("photo.png", [1, 2])
    assert (told["kind"], told["settings"]["op"]) == ("picture", "avg")
    poolcli.explain([[1, 2], [3, 4]], view="backward").save("figure.html")
    assert "<script" not in (here / "figure.html").read_text("utf-8")


def test_every_word_is_translated() -> None:
    kept = {"# NaNs of the map itself are left out here", "{name} {formula}"}
    for text, word in page_words(load_catalogue("zh").gettext).items():
        assert word != text or text in kept, text


def test_another_language() -> None:
    explanation = Explanation(classic_map(), Operation("max", 2))
    html = explanation_page(explanation, language="zh").html
    assert '<html lang="zh-CN">' in html
    assert "<title>最大池化，池化核 2，步长 2：4×4 → 2×2</title>" in html
    assert "<span>操作</span>" in html or "<span>运算</span>" in html
    assert not re.search(r"\[\[|\{\{", html.split("<script")[0])
