"""Catalogues of translated texts, as they are edited.

They are read from the .po itself: compiled ones would be binaries to keep in step with it, or a
step of the build that a checkout does not have.
"""

import ast
from functools import cache
from gettext import NullTranslations
from importlib.resources import files

__all__ = ["LANGUAGES", "Catalogue", "load_catalogue"]

LANGUAGES = ("en", "zh")
"""The languages that there are words in; English needs no catalogue."""


class Catalogue(NullTranslations):
    r"""The texts of a .po file, of which comments and entries without a translation are left out.

    Examples
    --------
    >>> Catalogue.parse('msgid "win"\n"dow"\nmsgstr "窗口"').gettext("window")
    '窗口'
    """

    def __init__(self, texts: dict[str, str]) -> None:
        super().__init__()
        self.texts = texts

    @classmethod
    def parse(cls, source: str) -> "Catalogue":
        """Read the entries of a .po file."""
        texts: dict[str, str] = {}
        entry = {"msgid": "", "msgstr": ""}
        key = "msgstr"
        for line in [*source.splitlines(), 'msgid ""']:
            word, _, quoted = line.partition(" ")
            if word == "msgid":
                texts[entry["msgid"]] = entry["msgstr"]
            if word in entry:
                key, entry[word] = word, ast.literal_eval(quoted)
            elif line.startswith('"'):
                entry[key] += ast.literal_eval(line)
        return cls({text: words for text, words in texts.items() if text and words})

    def gettext(self, message: str) -> str:
        """Give a text in the catalogue's language; as it is if it is not translated."""
        return self.texts.get(message, message)


@cache
def load_catalogue(language: str) -> NullTranslations:
    """Load the catalogue of one of `LANGUAGES`."""
    if language == "en":
        return NullTranslations()
    source = files("poolcli.views.words").joinpath(f"{language}.po").read_text("utf-8")
    return Catalogue.parse(source)
