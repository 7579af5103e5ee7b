"""The address's fragment: what is seen can be linked to, and no link does harm."""

from tests.page.conftest import Opened

LINKS = [
    "op=max&k=2&at=0,0",
    "op=avg&k=3x2&s=1&p=1x0&ceil=1&pad=0&at=1,1",
    "op=avg&k=2&divisor=-3&at=1,0",
    "op=gem&k=2&power=inf&at=0,0",
    "op=quantile&size=3x2&quantile=0.29&at=2,1",
    "op=median&k=2&s=1&d=2&at=0,0&map=1,2.5,nan;-inf,5,6;7,1e-7,9",
]


def test_round_trip(explained: Opened) -> None:
    page = explained("min", "-k", 4)
    for link in LINKS:
        page.run("location.hash = arguments[0]", link)
        page.wait(f"document.getElementById('link').textContent.endsWith('#{link}')")
        assert page.fragment == link
        assert page.texts("#notices p") == [], link
    page.run("location.hash = ''")
    page.wait("document.getElementById('heading').textContent.startsWith('Min')")
    assert page.fragment == "op=min&k=4&at=0,0", "the page as it was saved"


GARBAGE: list[tuple[str, str, list[str]]] = [
    ("op=avg&k=2&op=rm&at=9,9", "op=avg&k=2&at=1,1", ["“op=rm” is not understood"]),
    ("op=avg&k=2&at=0%2C1", "op=avg&k=2&at=0,1", []),
    ("k=99", "op=max&k=2&at=0,0", ["cannot be: kernel 99 does not fit the map (4 rows)"]),
    ("k=2&p=2", "op=max&k=2&at=0,0", ["cannot be: padding 2 is not between 0 and half"]),
    ("%&=&&%zz=%E0%A4&k=", "op=max&k=2&at=0,0", ["“%”", "“=”", "“%zz=", "“k=”"]),
    ("map=1,2;3", "op=max&k=2&at=0,0", ["“map=1,2;3” is not understood"]),
    ("map=1", "op=max&k=2&at=0,0", ["cannot be: kernel 2 does not fit the map (1 row)"]),
    ("at=-1,0&channel=7&quantile=2", "op=max&k=2&at=0,0", ["“at=-1,0”", "“quantile=2”"]),
    ("size=100000&__proto__=1", "op=max&k=2&at=0,0", ["“__proto__=1”", "too large"]),
    ("k=2&<script>alert(1)</script>", "op=max&k=2&at=0,0", ["“<script>alert(1)</script>”"]),
]


def test_garbage(explained: Opened) -> None:
    page = explained()
    for fragment, kept, complaints in GARBAGE:
        page.follow(fragment)
        assert page.fragment == kept
        told = page.texts("#notices .notice")
        assert len(told) == len(complaints), told
        for one, text in zip(told, complaints, strict=True):
            assert text in one
    assert page.run("return document.querySelectorAll('#notices script').length") == 0


def test_garbage_at_first(explained: Opened) -> None:
    page = explained(fragment="op=min&%&k=x&at=0,1")
    assert page.fragment == "op=min&k=2&at=0,1"
    assert len(page.texts("#notices .notice")) == 2
