"""A page under the hands of its user: pointing, keys, typing, choosing, walking."""

from tests.page.conftest import Opened

LIT = """
const lit = {};
for (const cell of document.querySelectorAll("#map .cell")) {
  if (cell.dataset.tapped) (lit.taps ??= []).push(cell.textContent);
  if (cell.dataset.winner === "here") (lit.winners ??= []).push(cell.textContent);
  if (cell.dataset.hole) (lit.holes ??= []).push(cell.textContent);
}
lit.result = document.querySelector('#result [aria-selected="true"]').textContent;
return lit;
"""


def cell(row: int, column: int, board: str = "result") -> str:
    return f'#{board} .cell[data-row="{row}"][data-column="{column}"]'


def test_the_classic_map(explained: Opened) -> None:
    page = explained()
    assert page.text("#heading") == page.driver.title == "Max pooling, kernel 2, stride 2"
    assert page.text("#shape") == "4×4 → 2×2"
    assert page.result == [["6", "5"], ["9", "7"]]
    assert page.run(LIT) == {
        "taps": ["1", "3", "4", "6"], "winners": ["6", "5", "9", "7"], "result": "6",
    }  # fmt: skip
    assert page.text("#arithmetic") == "window 0,0: max(1, 3, 4, 6) = 6, found at row 1, column 1"
    assert page.text("#legend") == "winner"


def test_pointing_and_clicking(explained: Opened) -> None:
    page = explained()
    page.point(cell(1, 0))
    assert page.text("#arithmetic").startswith("window 1,0: max(3, 3, 1, 9) = 9")
    assert page.fragment == "op=max&k=2&at=0,0", "pointing does not choose"
    page.point("#heading")
    assert page.text("#arithmetic").startswith("window 0,0")
    page.click(cell(0, 1))
    assert page.text("#arithmetic").startswith("window 0,1: max(2, 1, 5, 0) = 5")
    assert page.fragment == "op=max&k=2&at=0,1"


def test_arrow_keys(explained: Opened) -> None:
    page = explained("-k", 2, "-s", 1)
    page.click(cell(0, 0))
    for keys, at in [
        (["ARROW_RIGHT"], "0,1"), (["ARROW_DOWN"], "1,1"), (["END"], "1,2"),
        (["ARROW_RIGHT"], "1,2"), (["ARROW_LEFT", "ARROW_UP"], "0,1"), (["PAGE_DOWN"], "2,1"),
        (["HOME"], "2,0"),
    ]:  # fmt: skip
        page.press(*keys)
        assert page.fragment.endswith(f"at={at}"), keys
        focus = page.run(
            "const { row, column } = document.activeElement.dataset; return [row, column]"
        )
        assert ",".join(focus) == at
        assert page.text("#arithmetic").startswith(f"window {at}: ")
    assert page.run("return document.querySelectorAll('#result [tabindex=\"0\"]').length") == 1


def test_numbers_typed_over(explained: Opened) -> None:
    page = explained()
    page.click(cell(0, 0, "map"))
    page.press("8", "ENTER")
    assert page.result == [["8", "5"], ["9", "7"]]
    assert page.fragment.endswith("map=8,3,2,1;4,6,5,0;3,3,1,2;1,9,2,7")
    assert page.find("#matrix").get_property("value").startswith("8 3 2 1\n")
    page.press("ARROW_RIGHT", "-", "2", ".", "5", "ENTER")
    assert page.text(cell(0, 1, "map")) == "−2.5"
    page.press("ENTER", "x", "y", "ENTER")
    assert page.text("#complaint") == "“xy” is not a number"
    assert page.text(cell(0, 1, "map")) == "−2.5", "what cannot be changes nothing"
    page.press("7", "ESCAPE")
    assert page.text(cell(0, 1, "map")) == "−2.5"
    page.type("#matrix", "1 nan 2\n4,5,6\n7 8 9")
    assert page.result == [["nan"]]
    assert page.text("#unused") == "1 row and 1 column unused: in no window"
    page.fill("#matrix", "1 2; 3")
    assert page.text("#complaint").startswith("row 1 has 2 numbers and row 2 has 1; give rows")
    page.click("#reset")
    assert (page.result, page.text("#complaint")) == ([["6", "5"], ["9", "7"]], "")
    page.click("#shuffle")
    assert "map=" in page.fragment


def test_settings(explained: Opened) -> None:
    page = explained()
    page.choose("#op", "avg")
    assert page.result == [["3.5", "2"], ["4", "3"]]
    page.click("#follow")
    page.type("#stride-0", "1")
    page.fill("#kernel-0", "3")
    page.click("#padding-0 + button")
    assert page.text("#heading") == "Average pooling, kernel 3, stride 1, padding 1"
    assert page.result[1] == ["2.22", "3.11", "2.56", "1.22"]
    page.click("#countPad")
    assert page.texts("#arithmetic p") == [
        "window 0,0: (1 + 3 + 4 + 6) / 4 = 14 / 4 = 3.5",
        "5 of 9 taps in the padding: not counted",
    ]
    page.fill("#divisor", "-7")
    assert page.result[0][0] == "−2"
    page.choose("#op", "median")
    page.fill("#dilation-0", "2")
    page.click("#ceil")
    assert (
        page.text("#heading")
        == "Median pooling, kernel 3, stride 1, padding 1, dilation 2, ceil mode"
    )
    assert len(page.run(LIT)["holes"]) > 3
    page.choose("#form", "global")
    assert page.result == [["2"]]
    page.choose("#form", "size")
    page.click("#apart")
    page.fill("#size-1", "3")
    assert page.text("#shape") == "4×4 → 2×3"
    assert page.texts("#formulas p") == ["height 2, as asked for", "width 3, as asked for"]


WRONG = [
    (
        "padding",
        "2",
        "padding 2 is not between 0 and half the kernel (1 for kernel 2); use a larger",
    ),
    ("kernel", "5", "kernel 5 does not fit the map (4 rows); use 4 or less, or padding"),
    ("kernel", "0", "kernel 0 is too small; use 1 or more"),
    ("dilation", "9", "kernel 2 with dilation 9 spans 10 rows and does not fit the map (4 rows)"),
    ("kernel", "two", "“two” is not a whole number; use one, as in 2"),
]


def test_settings_that_cannot_be(explained: Opened) -> None:
    page = explained()
    for field, value, complaint in WRONG:
        page.follow("")
        page.fill(f"#{field}-0", value)
        assert page.text("#complaint").startswith(complaint)
        assert page.find(f"#{field}-0").get_attribute("aria-invalid") == "true"
        assert page.result == [["6", "5"], ["9", "7"]], "the last good result stays"
        page.fill(f"#{field}-0", "1")
        assert page.text("#complaint") == ""
        assert page.find(f"#{field}-0").get_attribute("aria-invalid") is None


WATCH = """
window.seen = [];
const told = document.getElementById("arithmetic");
new MutationObserver(() => {
  const waiting = document.querySelectorAll("#result [data-waiting=yes]").length;
  seen.push([told.textContent.slice(7, 10), waiting, document.getElementById("play").innerText]);
}).observe(told, { childList: true });
"""
"""The window that is told of, how many results are not reached yet, and the button's word."""


def test_walking(explained: Opened) -> None:
    page = explained("-k", 2, "-s", 1)
    page.run("document.getElementById('speed').value = 10")
    page.run(WATCH)
    page.click("#play")
    page.wait("seen.length > 8 && !document.body.classList.contains('playing')")
    assert page.text("#play") == "Play"
    places = [f"{row},{column}" for row in range(3) for column in range(3)]
    seen = [[at, 8 - n, "Pause"] for n, at in enumerate(places)]
    assert page.run("return seen.slice(0, 9)") == seen
    assert page.fragment.endswith("at=2,2")
    page.click("#forth")
    assert page.fragment.endswith("at=0,0"), "after the last comes the first"
    page.click("#back")
    assert page.fragment.endswith("at=2,2")
    page.click("#play")
    page.click("#play")
    assert page.run("return document.querySelectorAll('[data-waiting=yes]').length") == 0
