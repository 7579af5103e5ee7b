"""A page on a phone, in the dark, on paper, for readers of every kind."""

import pytest

from tests.page.browser import Page
from tests.page.conftest import Opened
from tests.pictures import Photo

CONTRASTS = """
const light = ([r, g, b]) => [r, g, b].map((c) => c / 255)
  .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
  .reduce((sum, c, n) => sum + c * [0.2126, 0.7152, 0.0722][n], 0);
const parse = (text) => text.match(/[\\d.]+/g).map(Number);
const groundOf = (element) => {
  for (let one = element; one; one = one.parentElement) {
    const colour = parse(getComputedStyle(one).backgroundColor);
    if (colour.length === 3 || colour[3] === 1) return colour;
  }
  return [255, 255, 255];
};
const poor = [];
for (const element of document.querySelectorAll("body *")) {
  const text = Array.from(element.childNodes).some((n) => n.nodeType === 3 && n.data.trim());
  if (!text || element.closest("script, noscript, :disabled")) continue;
  if (!element.getClientRects().length) continue;
  const style = getComputedStyle(element);
  const [one, other] = [light(parse(style.color)), light(groundOf(element))].sort((a, b) => a - b);
  const contrast = (other + 0.05) / (one + 0.05);
  if (contrast < 4.5) poor.push(`${contrast.toFixed(2)} ${element.outerHTML}`);
}
return poor;
"""

NAMELESS = """
const named = (e) => e.getAttribute("aria-label") || e.textContent.trim()
  || (e.labels && e.labels[0] && e.labels[0].textContent.trim());
const parts = "button, input, select, textarea, [tabindex], [role=grid], svg, canvas";
return Array.from(document.querySelectorAll(parts))
  .filter((e) => !e.closest("[aria-hidden=true], [role=application]") && !named(e))
  .map((e) => e.outerHTML);
"""

SMALL = """
return Array.from(document.querySelectorAll("button, select, #result .cell"))
  .filter((e) => e.getClientRects().length && e.getBoundingClientRect().height < 32)
  .map((e) => e.outerHTML);
"""

MIDDLE = """
const cell = document.querySelector('#result .cell[data-row="2"][data-column="1"]');
cell.scrollIntoView({ block: "center" });
const box = cell.getBoundingClientRect();
return { x: box.left + box.width / 2, y: box.top + box.height / 2 };
"""


def all_settings(page: Page) -> None:
    """Show a page on which every kind of cell is seen."""
    page.run("location.hash = 'op=median&k=3&s=2&p=1&d=2&ceil=1&at=1,1'")
    page.wait("document.querySelector('[data-kind=overhang]')")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_contrast_and_names(explained: Opened, theme: str) -> None:
    page = explained(
        "--matrix", "1 2 3 4 5 6; 7 8 9 10 11 12; 1 2 3 4 5 6; 7 8 9 1 2 3; 4 5 6 7 8 9"
    )
    page.prefer(color_scheme=theme, reduced_motion="reduce")
    ground = page.run("return getComputedStyle(document.documentElement).backgroundColor")
    assert ground == {"light": "rgb(255, 255, 255)", "dark": "rgb(18, 22, 28)"}[theme]
    assert page.run(CONTRASTS) == []
    all_settings(page)
    assert page.run(CONTRASTS) == []
    assert page.run(NAMELESS) == []
    assert (
        page.run("return getComputedStyle(document.querySelector('.frame')).transitionDuration")
        == "0s"
    )


def test_phone(explained: Opened, photo: Photo) -> None:
    page = explained()
    page.resize(360, 740, mobile=True)
    width = "return [document.documentElement.scrollWidth, document.documentElement.clientWidth]"
    assert page.run(width) == [360, 360]
    assert page.run(SMALL) == []
    stacked = "return document.getElementById('stage').classList.contains('stacked')"
    assert page.run(stacked) is False
    page.run("location.hash = 'op=avg&k=3&s=1&p=1&at=0,0'")
    page.wait("document.getElementById('stage').classList.contains('stacked')")
    assert page.run(width) == [360, 360]
    page.command("Emulation.setTouchEmulationEnabled", enabled=True, maxTouchPoints=1)
    point = page.run(MIDDLE)
    page.command("Input.dispatchTouchEvent", type="touchStart", touchPoints=[point])
    page.command("Input.dispatchTouchEvent", type="touchEnd", touchPoints=[])
    page.wait("location.hash.endsWith('at=2,1')")
    page.command("Emulation.setTouchEmulationEnabled", enabled=False)
    page.follow("map=" + ";".join(["12345,-20" + ",3" * 26] * 20))
    assert page.run(width) == [360, 360]
    photo("RGB", (60, 40)).save("photo.png")
    page = explained("photo.png")
    assert page.run(width) == [360, 360]


def test_paper(explained: Opened) -> None:
    page = explained()
    page.prefer(color_scheme="dark")
    page.command("Emulation.setEmulatedMedia", media="print")
    seen = page.run(
        "return ['heading', 'stage', 'told', 'poolcli-line', 'controls', 'bar', 'link'].filter("
        "(id) => document.getElementById(id).getClientRects().length)"
    )
    assert seen == ["heading", "stage", "told", "poolcli-line"]
    assert page.run("return getComputedStyle(document.documentElement).color") == "rgb(29, 36, 48)"
    page.command("Emulation.setEmulatedMedia", media="")
