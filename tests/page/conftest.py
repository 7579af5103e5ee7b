"""One browser for all tests of pages, and pages as `poolcli explain` writes them."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.commands import Run, Word
from tests.page.browser import Page, opened_browser

Opened = Callable[..., Page]


@pytest.fixture(scope="session")
def browser() -> Iterator[Page]:
    """One browser, started by the first test that asks for it."""
    with opened_browser() as page:
        yield page


@pytest.fixture
def page(browser: Page) -> Page:
    """The browser at a desk, in the light; what moves would take most of a test's time."""
    browser.resize(1000, 500)
    browser.prefer(color_scheme="light", reduced_motion="reduce")
    return browser


@pytest.fixture
def explained(page: Page, run: Run, here: Path) -> Iterator[Opened]:
    """``explained("avg", "-k", 3, fragment="at=1,1")``: its page, which says and asks nothing."""

    def explained(*words: Word, fragment: str = "") -> Page:
        done = run("explain", *words, "--save", "page.html")
        assert done.code == 0, done.err
        return page.open(here / "page.html", fragment)

    yield explained
    assert page.heard() == []
