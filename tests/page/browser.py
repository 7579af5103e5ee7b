"""A real browser without a screen, and a page in it as a user has it: clicks, keys, sights."""

import json
import shutil
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from poolcli.core.types import Array

__all__ = ["Page", "browser_path", "driver_path", "opened_browser"]

_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")


def browser_path() -> str | None:
    """The browser to test with, if there is one."""
    return next(filter(None, map(shutil.which, _BROWSERS)), None)


def driver_path() -> str | None:
    """The program that steers the browser. It is named to Selenium, which would fetch one."""
    return shutil.which("chromedriver")


class Page:
    """A page in the browser."""

    def __init__(self, driver: Any) -> None:
        self.driver, self.opened = driver, 0

    def open(self, path: Path, fragment: str = "") -> "Page":
        """Open a file afresh, with a fragment, and wait until it is ready."""
        self.heard()
        self.opened += 1  # or only the fragment of the same page would change
        self.driver.get(f"{path.resolve().as_uri()}?{self.opened}#{fragment}".removesuffix("#"))
        self.wait("document.body.classList.contains('ready')")
        return self

    def run(self, script: str, *arguments: Any) -> Any:
        """What a script returns."""
        return self.driver.execute_script(script, *arguments)

    def wait(self, condition: str) -> None:
        """Wait until an expression is true."""
        from selenium.webdriver.support.ui import WebDriverWait

        waiting = WebDriverWait(self.driver, 60, poll_frequency=0.05)
        waiting.until(lambda _: self.run(f"return Boolean({condition})"), condition)

    def command(self, name: str, **parameters: Any) -> Any:
        """A command of the browser's own protocol."""
        return self.driver.execute_cdp_cmd(name, parameters)

    def resize(self, width: int, height: int = 800, *, mobile: bool = False) -> None:
        self.command(
            "Emulation.setDeviceMetricsOverride",
            width=width, height=height, deviceScaleFactor=1, mobile=mobile,
        )  # fmt: skip

    def prefer(self, **features: str) -> None:
        """Prefer a theme or less motion: ``prefer(color_scheme="dark")``."""
        listed = [
            {"name": f"prefers-{name.replace('_', '-')}", "value": value}
            for name, value in features.items()
        ]
        self.command("Emulation.setEmulatedMedia", features=listed)

    def find(self, selector: str) -> Any:
        return self.driver.find_element("css selector", selector)

    def click(self, selector: str) -> None:
        self.find(selector).click()

    def point(self, selector: str, click_at: tuple[int, int] | None = None) -> None:
        """Point at the middle of something; or click so far from its middle."""
        from selenium.webdriver.common.action_chains import ActionChains

        pointer = ActionChains(self.driver, duration=0)
        pointer.move_to_element_with_offset(self.find(selector), *(click_at or (0, 0)))
        (pointer.click() if click_at else pointer).perform()

    def type(self, selector: str, text: str) -> None:
        """Replace what is in a field, key by key."""
        field = self.find(selector)
        field.clear()
        field.send_keys(text)

    def fill(self, selector: str, text: str) -> None:
        """Replace what is in a field at once, which takes far less time than keys."""
        script = (
            "const field = document.querySelector(arguments[0]); field.value = arguments[1];"
            "field.dispatchEvent(new Event('input', { bubbles: true }))"
        )
        self.run(script, selector, text)

    def press(self, *keys: str) -> None:
        """Press keys in what has the focus: "a", or "ARROW_LEFT"."""
        from selenium.webdriver.common.keys import Keys

        focus = self.driver.switch_to.active_element
        focus.send_keys(*(getattr(Keys, key, key) for key in keys))

    def text(self, selector: str) -> str:
        return str(self.run("return document.querySelector(arguments[0]).innerText", selector))

    def texts(self, selector: str) -> list[str]:
        script = "return Array.from(document.querySelectorAll(arguments[0]), (e) => e.textContent)"
        return list(self.run(script, selector))

    def choose(self, selector: str, value: str) -> None:
        """Choose one of a list, by its value."""
        from selenium.webdriver.support.ui import Select

        Select(self.find(selector)).select_by_value(value)

    @property
    def fragment(self) -> str:
        return str(self.run("return location.hash.slice(1)"))

    @property
    def result(self) -> list[list[str]]:
        """The numbers of the result, row by row."""
        script = (
            "return Array.from(document.querySelectorAll('#result .row'), (row) =>"
            " Array.from(row.querySelectorAll('.cell'), (cell) => cell.textContent)).slice(1)"
        )
        return list(self.run(script))

    def pixels(self, selector: str) -> Array:
        """What a canvas shows, (H, W, 4) uint8."""
        script = "return document.querySelector(arguments[0]).toDataURL().split(',')[1]"
        with Image.open(BytesIO(b64decode(self.run(script, selector)))) as image:
            return np.array(image.convert("RGBA"))

    def follow(self, fragment: str) -> None:
        """Follow a link within the page."""
        self.run("follow(arguments[0])", fragment)

    def heard(self) -> list[str]:
        """What the console was told, and which addresses were asked for, since the last time."""
        told = [entry["message"] for entry in self.driver.get_log("browser")]
        events = [json.loads(entry["message"]) for entry in self.driver.get_log("performance")]
        asked = [
            event["message"]["params"]["request"]["url"]
            for event in events
            if event["message"]["method"] == "Network.requestWillBeSent"
        ]
        return told + [url for url in asked if not url.startswith(("file:", "data:", "about:"))]


@contextmanager
def opened_browser() -> Iterator[Page]:
    """A browser, or a skip that says what is missing."""
    selenium = pytest.importorskip("selenium.webdriver", reason="Selenium is not installed")
    from selenium.webdriver.chrome.service import Service

    binary, driver = browser_path(), driver_path()
    if binary is None or driver is None:
        pytest.skip("there is no Chromium with its chromedriver")
    options = selenium.ChromeOptions()
    options.binary_location = binary
    for word in (
        "headless=new", "no-sandbox", "disable-dev-shm-usage", "disable-gpu",
        "disable-background-networking", "disable-extensions", "no-first-run", "process-per-site",
    ):  # fmt: skip
        options.add_argument(f"--{word}")
    options.add_experimental_option(
        "perfLoggingPrefs", {"enableNetwork": True, "enablePage": False}
    )
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    made = selenium.Chrome(options=options, service=Service(driver))
    try:
        yield Page(made)
    finally:
        made.quit()
