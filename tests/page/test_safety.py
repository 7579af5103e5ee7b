"""Whatever a file is called and holds, it stays text, and the page asks no network for anything."""

import json
import re
import sys
from pathlib import Path

import pytest

from tests.commands import Run, unicode_names
from tests.page.conftest import Opened
from tests.pictures import Photo

NASTY = "<!--<script>a<b>&\"'</script><script>alert(1)</script>{{style}}[[map]].png"
odd_names = pytest.mark.skipif(sys.platform == "win32", reason="no file can be named so there")

SLASHLESS = NASTY.replace("/", "∕")

INTRUDERS = """
document.body.insertAdjacentHTML("beforeend", `<img src=x onerror="document.title='got you'">`);
const script = document.createElement("script");
script.textContent = "document.title = 'got you'";
document.body.append(script);
fetch("https://example.com/").catch(() => { document.body.dataset.refused = "yes"; });
"""


@odd_names
@unicode_names
def test_names_stay_text(explained: Opened, photo: Photo, here: Path) -> None:
    photo("RGB").save(here / "plain.png")
    (here / "plain.png").rename(here / SLASHLESS)
    page = explained(SLASHLESS)
    assert page.text("#source") == SLASHLESS
    assert page.run("return document.scripts.length") == page.run(
        "return document.querySelectorAll('body > script').length"
    )


@odd_names
def test_contents_stay_text(explained: Opened, run: Run, here: Path) -> None:
    header = "</script><script>document.title='got you'</script>,<!--<script>,&amp;\n"
    (here / '</b> & "it\'s".csv'.replace("/", "∕")).write_text(header + "1,2,3\n4,5,6\n", "utf-8")
    name = next(here.glob("*.csv")).name
    page = explained(name)
    assert page.driver.title == "Max pooling, kernel 2, stride 2"
    assert page.text("#source") == name
    assert page.result == [["5"]]
    refused = run("explain", "--matrix", "1 </script>", "--save", "other.html")
    assert refused.code == 2


def test_nothing_else_is_allowed_to_run(explained: Opened, here: Path) -> None:
    page = explained()
    page.run(INTRUDERS)
    page.wait("document.body.dataset.refused")
    assert page.driver.title == "Max pooling, kernel 2, stride 2"
    assert "Content Security Policy" in "".join(page.heard())
    html = (here / "page.html").read_text("utf-8")
    assert not re.search(r"(?i)\b(https?:)?//[a-z]+\.|@import|url\(", html)
    contents = re.search(r'id="contents">(.*?)</script>', html)
    assert contents is not None
    assert set(json.loads(contents[1])) == {
        "kind", "words", "settings", "at", "channel", "channels", "map", "source",
    }  # fmt: skip
