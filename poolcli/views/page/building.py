"""A page put together: one file of HTML that asks nothing of any network."""

import base64
import hashlib
import json
import re
from html import escape
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

from poolcli.media.file_names import escaped
from poolcli.studies.explanation import Explanation, Place
from poolcli.views.page.contents import page_contents
from poolcli.views.page.sources import SMALLER
from poolcli.views.titles import heading
from poolcli.views.words.catalogue import load_catalogue
from poolcli.views.words.language import speaking

__all__ = ["SCRIPTS", "Page", "build_page", "explanation_page"]

SCRIPTS = (
    "windows.js", "pooling.js", "words.js", "state.js", "commands.js", "boards.js", "pictures.js",
    "controls.js", "editing.js", "walking.js", "lens.js", "fitting.js", "page.js",
)  # fmt: skip
"""The scripts in the order in which they are loaded."""

_TAGS = {"zh": "zh-CN"}
"""Languages that browsers know by a longer name."""


class Page(NamedTuple):
    """A page as HTML, and a note on how a large picture is shown in it."""

    html: str
    note: str = ""

    def save(self, path: Path) -> None:
        """Write the page, as a whole or not at all.

        Raises
        ------
        OSError
            If the folder cannot be written to, or the disk is full.
        """
        from poolcli.media.replacing import atomic_write

        with atomic_write(path) as file:
            file.write(self.html.encode())


def explanation_page(
    explanation: Explanation,
    picked: Place | None = None,
    source: Path | None = None,
    language: str = "en",
) -> Page:
    """Make the page of an explanation, in which all of its settings can be changed.

    Parameters
    ----------
    picked : (int, int), optional
        The window to light first; unless given the first one, or that in the middle of a picture.
    source : Path, optional
        The file that the map was read from.
    language : str
        One of `LANGUAGES`.

    Raises
    ------
    WindowError
        If a page cannot show as large a result, or the windows do not fit the smaller picture
        that stands for a large one.

    Examples
    --------
    >>> from poolcli.jobs.operation import Operation
    >>> from poolcli.studies.number_map import classic_map
    >>> page = explanation_page(Explanation(classic_map(), Operation("max", 2)))
    >>> page.html[:15], "://" in page.html
    ('<!doctype html>', False)
    """
    contents = page_contents(explanation, picked, source, load_catalogue(language).gettext)
    with speaking(language):
        html = build_page(contents, heading(explanation), _TAGS.get(language, language))
    shrunk = contents["source"]["shrunk"]
    return Page(html, SMALLER.format(**shrunk) if shrunk else "")


def build_page(contents: dict[str, Any], title: str, lang: str = "en") -> str:
    """Put a page together of its data, and of the template, style and scripts beside this module.

    Only the scripts and the style that are part of poolcli are allowed to work, by their digests:
    whatever a file's name or its numbers hold, the browser takes none of it for a script.
    """
    style = _text("style.css")
    scripts = [_text(name) for name in SCRIPTS]
    policy = (
        f"default-src 'none'; script-src {' '.join(map(_digest, scripts))}; "
        f"style-src {_digest(style)}; img-src data:; base-uri 'none'; form-action 'none'"
    )
    # JSON in HTML: a "<" could begin the end of the script.
    words = contents["words"]
    others = {text: word for text, word in words.items() if text != word}
    data = json.dumps({**contents, "words": others}, separators=(",", ":")).replace("<", "\\u003c")
    values = {
        "lang": escape(lang),
        "title": escape(escaped(title)),
        "kind": escape(str(contents["kind"])),
        "policy": escape(policy),
        "style": style,
        "contents": data,
        "scripts": "\n".join(f"<script>{script}</script>" for script in scripts),
    }

    def fill(match: re.Match[str]) -> str:
        name, text = match.groups()
        return values[name] if name else escape(words[text])

    return re.sub(r"\{\{(\w+)\}\}|\[\[(.+?)\]\]", fill, _text("template.html"))


def _text(name: str) -> str:
    return files("poolcli.views.page").joinpath(name).read_text("utf-8")


def _digest(text: str) -> str:
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return f"'sha256-{digest}'"
