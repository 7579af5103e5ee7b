"""The language that is spoken, and texts in it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from poolcli.errors import WindowError
from poolcli.views.words.catalogue import LANGUAGES, load_catalogue

__all__ = ["checked_language", "current_language", "language_of", "say", "say_count", "speaking"]

_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")

_current: ContextVar[str] = ContextVar("language", default="en")


def current_language() -> str:
    """Tell which of the languages is spoken."""
    return _current.get()


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak a language for as long as the block lasts.

    >>> with speaking("zh"):
    ...     say("window")
    '窗口'
    """
    token = _current.set(language)
    try:
        yield
    finally:
        _current.reset(token)


def say(text: str, /, **values: Any) -> str:
    """Give a text in the language that is spoken, with the names in braces filled in.

    >>> say("row {row}, column {column}", row=1, column=2)
    'row 1, column 2'
    """
    return load_catalogue(_current.get()).gettext(text).format(**values)


def say_count(count: int, one: str, many: str) -> str:
    """Give one of two texts, by a count, which replaces ``{count}``.

    >>> say_count(2, "1 row", "{count} rows")
    '2 rows'
    """
    return say(one if count == 1 else many, count=count)


def checked_language(name: str) -> str:
    """Find the language that a name stands for: ``zh``, ``zh_CN``, ``zh-Hans`` are one.

    Raises
    ------
    WindowError
        If there are no words in it.

    Examples
    --------
    >>> checked_language("zh-CN")
    'zh'
    """
    if (found := _known(name)) is None:
        raise WindowError(f"language {name!r} is not spoken here; use {' or '.join(LANGUAGES)}")
    return found


def language_of(environment: Mapping[str, str]) -> str:
    """Find the language that the environment asks for; English if it is not spoken here.

    >>> language_of({"LANG": "zh_CN.UTF-8"}), language_of({"LANG": "zh_CN", "LC_ALL": "C"})
    ('zh', 'en')
    """
    named = next(filter(None, map(environment.get, _VARIABLES)), "C")
    return _known(named.partition(".")[0].partition("@")[0]) or "en"


def _known(name: str) -> str | None:
    language = name.replace("-", "_").partition("_")[0].lower()
    return language if language in LANGUAGES else None
