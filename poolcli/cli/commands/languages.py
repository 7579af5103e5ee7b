"""The language of what is drawn and explained: the option, and what the system can show of it."""

import os
import sys
from typing import TYPE_CHECKING, Any

import click

from poolcli.cli.headings import option_under
from poolcli.cli.printing import write
from poolcli.errors import WindowError
from poolcli.media.file_names import shown

if TYPE_CHECKING:
    from poolcli.media.places.remote_path import Place

__all__ = ["lang_option", "language_for", "printed_language"]

_SAMPLE = {"zh": "最大池化"}

lang_option = option_under("Output")(
    "--lang",
    metavar="LANG",
    help="Language of the words: en or zh  [default: as LC_ALL, LC_MESSAGES or LANG say]",
)


def language_for(options: dict[str, Any], saved: "Place | None") -> str:
    """Find the language to speak; English, with a note, where another one cannot be written.

    Parameters
    ----------
    saved : Path or None
        The figure or film that is written; None for text.
    """
    from poolcli.views.words.language import checked_language, language_of

    try:
        asked = options["lang"]
        language = language_of(os.environ) if asked is None else checked_language(asked)
    except WindowError as error:
        raise click.UsageError(f"--lang: {error}") from error
    if language == "en":
        return language
    if saved is None:
        found = printed_language(language)
        if found != language and asked is not None:
            write("poolcli: note: printed in English, as the encoding has no Chinese", err=True)
        return found
    from poolcli.views.drawing.drawn import drawable_language

    found = drawable_language(language, saved)
    if found != language:
        write(
            f"poolcli: note: {shown(saved)} is in English, as no font with Chinese characters was "
            "found; install one, such as Noto Sans CJK, or write an .svg",
            err=True,
        )
    return found


def printed_language(language: str) -> str:
    """Find the language of what is printed: English where the encoding lacks characters."""
    from poolcli.views.ascii_fallback import can_write

    return language if can_write(sys.stdout, _SAMPLE.get(language, "")) else "en"
