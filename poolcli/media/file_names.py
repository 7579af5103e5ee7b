"""File names as they are shown to people: on one line, whatever is in them."""

import re
from os import PathLike
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from poolcli.media.places.remote_path import RemotePath

__all__ = ["escaped", "shown", "without_secrets"]

_UNSHOWABLE = (
    r"[\0-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
"""Characters that end a line, move the cursor, or turn the direction of the text after them; and
those that no text holds: bytes of a name that is not UTF-8, and non-characters."""

_SHORT = {"\n": r"\n", "\r": r"\r", "\t": r"\t"}


def shown(path: "str | PathLike[str] | RemotePath") -> str:
    r"""Write a name so that it stays on its line and can be typed in the shell.

    A name is left as it is unless it holds what cannot be shown, or looks as if it did. Of a URL,
    what may be a password or a signature is left out.

    >>> shown("plain name.png"), shown("two\nlines.png"), shown("it's\x1b.png")
    ('plain name.png', "$'two\\nlines.png'", "$'it\\'s\\x1b.png'")
    """
    name = without_secrets(str(path))
    if not name.startswith("$'") and escaped(name) == name:
        return name
    quoted = name.replace("\\", r"\\").replace("'", r"\'")
    return f"$'{escaped(quoted)}'"


def without_secrets(text: str) -> str:
    """Leave out what a URL in a text holds that only its owner should see.

    >>> without_secrets("a.png"), without_secrets("https://host/a.png?Signature=1234")
    ('a.png', 'https://host/a.png?***')
    """
    if "://" not in text:
        return text
    from poolcli.media.places.redaction import redacted

    return redacted(text)


def escaped(text: str) -> str:
    r"""Replace what cannot be shown by its escape; for text that is not a name alone.

    >>> escaped("one\nline")
    'one\\nline'
    """
    # Most texts are, and compiling the expression takes as long as importing a module.
    return text if text.isprintable() else re.sub(_UNSHOWABLE, _escape, text)


def _escape(match: re.Match[str]) -> str:
    character = match[0]
    code = ord(character)
    if 0xDC80 <= code <= 0xDCFF:  # a byte that Python could not decode
        code -= 0xDC00
        return f"\\x{code:02x}"
    # The shell takes \x for a byte, and \u for a character.
    return _SHORT.get(character) or (f"\\x{code:02x}" if code < 0x80 else f"\\u{code:04x}")
